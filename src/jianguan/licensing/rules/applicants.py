"""Facts about who applies, whom they employ, and the certificate an application is about."""

from __future__ import annotations

from decimal import Decimal

from django.utils.crypto import salted_hmac

from jianguan.kernel.messages import message
from jianguan.licensing.promises import service as promises
from jianguan.licensing.rules.finding import Application, Finding, fact
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.people.service import Person
from jianguan.registry.projects import service as projects


@fact("boolean")
def applicant_known(application: Application) -> Finding:
    """Whether the applicant is in the library of enterprises."""
    found = application.ask(enterprises.by_uscc, application.applicant)
    if found is None:
        return Finding(False, message("%(uscc)s is not in the library of enterprises.", uscc=application.applicant))
    return Finding(True, message("%(name)s (%(uscc)s).", name=found.name, uscc=found.uscc))


@fact("boolean")
def promise_barred(application: Application) -> Finding:
    """Whether the applicant may not apply by promise for a time, since it promised what was not so 失信承诺."""
    bar = promises.barred(application.applicant)
    if bar is None:
        return Finding(False, message("Nothing keeps the applicant from promising."))
    return Finding(True, message("The applicant may not promise until %(day)s.", day=bar.last_day))


@fact("number")
def registered_capital(application: Application) -> Finding:
    """Registered capital of the applicant in the library, in 10,000 yuan; 0 where it is not known."""
    found = application.ask(enterprises.by_uscc, application.applicant)
    capital = (found.registered_capital if found else None) or Decimal()
    return Finding(capital, message("Registered capital %(capital)s (10,000 yuan).", capital=f"{capital:,f}"))


@fact("text", "valid", "missing")
def own_safety_licence(application: Application) -> Finding:
    """Whether the applicant has a safety production licence in force 安全生产许可证."""
    found = enterprises.safety_licence_on(application.applicant, application.day)
    if found is None:
        return Finding("missing", message("The library has no safety production licence in force."))
    return Finding("valid", message("%(number)s, valid until %(until)s.", number=found.number, until=found.valid_until))


@fact("text", "held", "missing")
def own_qualification(application: Application) -> Finding:
    """Whether the applicant has any qualification in force 企业资质."""
    held = enterprises.qualifications_on(application.applicant, application.day)
    if not held:
        return Finding("missing", message("The library has no qualification in force."))
    shown = [f"{q.category}{dictionaries.name('qualification_grade', q.grade, 'zh-hans')}" for q in held[:3]]
    return Finding("held", message("%(held)s.", held="、".join(shown)))


@fact("number")
def registered_people(application: Application) -> Finding:
    """How many people with a professional registration the applicant employs."""
    employed = people.employed_by(application.applicant)
    count = sum(bool(people.registrations_on(person.id, application.day)) for person in employed)
    return Finding(Decimal(count), message("%(count)s people with a registration in force.", count=count))


def _person(application: Application) -> Person | None:
    return application.ask(people.by_identity, application.text("identity"))


@fact("text", "employed", "elsewhere", "unknown", answers=["identity"])
def employment(application: Application) -> Finding:
    """Whether the library knows the person as employed by the applicant 聘用单位."""
    person = _person(application)
    if person is None:
        return Finding("unknown", message("The library does not know this person yet."))
    if person.employer_uscc in ("", application.applicant):
        return Finding("employed", message("%(name)s is employed by the applicant.", name=person.name))
    known = application.ask(enterprises.by_uscc, person.employer_uscc)
    name = known.name if known else person.employer_uscc
    return Finding("elsewhere", message("The library has the person employed by %(name)s.", name=name))


@fact("text", "none", "same", "other", answers=["identity", "registration_type"])
def registration(application: Application) -> Finding:
    """Whether the person has the registration applied for already, has another one, or has none."""
    person = _person(application)
    held = people.registrations_on(person.id, application.day) if person else []
    if not held:
        return Finding("none", message("The library has no registration of this person in force."))
    wanted = next((r for r in held if r.type == application.text("registration_type")), None)
    shown = wanted or held[0]
    kind = dictionaries.name("registration_type", shown.type, "zh-hans")
    return Finding("same" if wanted else "other", message("%(kind)s %(number)s.", kind=kind, number=shown.number))


@fact("text", "free", "locked", "unknown", answers=["identity"])
def post_lock(application: Application) -> Finding:
    """Whether the person holds a key post on a project today 在建锁定."""
    person = _person(application)
    if person is None:
        return Finding("unknown", message("The library does not know this person yet."))
    posts = projects.posts_now([person.id]).get(person.id, [])
    if not posts:
        return Finding("free", message("%(name)s holds no key post.", name=person.name))
    project = posts[0].project.name
    return Finding("locked", message("%(name)s holds a key post on %(project)s.", name=person.name, project=project))


@fact("number", answers=["identity"])
def age(application: Application) -> Finding:
    """Age of the person in whole years, from the identity number; 0 where it cannot be read."""
    born = application.text("identity")[6:14]
    if not (len(born) == len("19850607") and born.isdigit()):
        return Finding(Decimal(), message("The identity number does not say a date of birth."))
    day = application.day
    years = day.year - int(born[:4]) - (f"{day:%m%d}" < born[4:])
    return Finding(Decimal(years), message("%(years)s years old.", years=years))


@fact("number")
def days_left(application: Application) -> Finding:
    """Days until the certificate the application is about runs out; negative once it has, 99999 if it never does."""
    held = application.held
    if held is None or held.valid_until is None:
        return Finding(Decimal(99999), message("The certificate has no last day."))
    days = (held.valid_until - application.day).days
    return Finding(Decimal(days), message("Valid until %(day)s.", day=held.valid_until))


@fact("number")
def days_since_issue(application: Application) -> Finding:
    """Days since the certificate the application is about was issued."""
    if application.held is None:
        return Finding(Decimal(), message("The application is not about a certificate."))
    issued = application.held.issued_on
    return Finding(Decimal((application.day - issued).days), message("Issued on %(day)s.", day=issued))


@fact("number")
def editions(application: Application) -> Finding:
    """Which edition the certificate the application is about is: 1 where it was never changed."""
    edition = application.held.edition if application.held else 0
    return Finding(Decimal(edition), message("Edition %(edition)s.", edition=edition))


@fact("boolean")
def under_permit(application: Application) -> Finding:
    """Whether some of the project's works are under a construction permit today 已取得施工许可."""
    works = projects.works_of(application.project.id) if application.project else []
    taken = projects.under_permit([w.id for w in works])
    if taken is None:
        return Finding(False, message("No works of this project are under a construction permit."))
    return Finding(True, message("Works of this project are under a construction permit."))


@fact("boolean")
def suspended(application: Application) -> Finding:
    """Whether construction under the permit the application is about is suspended today 中止施工."""
    permit = projects.permit_numbered(application.held.number) if application.held else None
    if permit is None or permit.suspended_since is None:
        return Finding(False, message("The project library has no suspension under this permit."))
    return Finding(True, message("Suspended since %(day)s.", day=permit.suspended_since))


@fact("number")
def draw(application: Application) -> Finding:
    """A number from 0 to 99 drawn for the application 抽查随机数: foreseen by nobody, the same whenever it is asked for."""
    number = int(salted_hmac("draw", str(application.case_id), algorithm="sha256").hexdigest(), 16) % 100
    return Finding(Decimal(number), message("Drawn: %(number)s.", number=number))
