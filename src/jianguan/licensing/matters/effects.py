"""What service tasks of a process do, within the transaction of the move that reached them.

Nothing here leaves the database: rendering, sealing and messages are jobs and reactions that follow. What an effect
needs to know stands in matter.yaml under its code: a text names an answer of the form, `{const: …}` is itself.

    effects:
      record_result: {kind: fire_design, data: {category: fire_category}}
      grant_qualification: {category: category, grade: grade}
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jianguan.kernel.identifiers import NumberError, permit, project
from jianguan.kernel.messages import message
from jianguan.kernel.process import Effect
from jianguan.licensing.certificates import service as certificates
from jianguan.licensing.matters import numbers
from jianguan.licensing.matters.face import face
from jianguan.platform import clock
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Organisation
from jianguan.platform.errors import Conflict
from jianguan.platform.numbering.service import next_in
from jianguan.registry.enterprises import service as enterprises
from jianguan.registry.people import service as people
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import Participant, PermitWorks

if TYPE_CHECKING:
    from jianguan.licensing.matters.moving import Happening


# What effects of one move tell each other and the journal.
GENERIC = {"licence", "decision"}  # templates that print holder and document number themselves
NUMBER, DOCUMENT, REPLACES = "certificate_number", "document_number", "replaces"


@dataclass(frozen=True, slots=True)
class Handler:
    """An effect: what carries it out, and what it must (`needs`) or may (`takes`) be told by the pack."""

    carry_out: Callable[[Happening, Effect], None]
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()


def _nothing(_happening: Happening, _effect: Effect) -> None:
    """The course of the case says it all (acceptance, refusal, completion)."""


def told(happening: Happening, effect: Effect, name: str, default: Any = "") -> Any:
    """What the pack tells an effect: the answer it names, or its constant."""
    source = happening.pack.matter.effects.get(effect.code, {}).get(name)
    return default if source is None else value_of(source, happening.record)


def value_of(source: Any, record: Mapping[str, Any]) -> Any:
    """A value as a pack names it: an answer of the form, or `{const: …}`."""
    return source["const"] if isinstance(source, dict) else record.get(source, "")


def number_of(happening: Happening) -> str:
    """The number of what is issued; one and the same however many effects of a move ask for it.

    Where the pack has no format, this is the next edition of the certificate the case is about, and its numbers stay
    (变更后证号不变、版本号加一).
    """
    notes, form = happening.notes, happening.pack.matter.certificate
    if NUMBER not in notes:
        assert form is not None
        if form.number:
            notes[NUMBER] = _issue(happening, NUMBER, form.number)
        else:
            held = _certificate(happening)
            notes |= {NUMBER: held.number, DOCUMENT: held.national_number, REPLACES: str(held.id)}
    return str(notes[NUMBER])


def document_of(happening: Happening) -> str:
    """The number written on the paper 文号, where it differs from the one the register knows."""
    notes, form = happening.notes, happening.pack.matter.certificate
    number = number_of(happening)
    if form is not None and form.document and DOCUMENT not in notes:
        notes[DOCUMENT] = _issue(happening, DOCUMENT, form.document)
    return str(notes.get(DOCUMENT) or number)


def _issue(happening: Happening, which: str, pattern: str) -> str:
    case = happening.case
    further = {
        field.key: str(happening.record.get(field.key) or "") for field in happening.pack.form.fields if field.options
    }
    if f"{{{numbers.PROJECT}}}" in pattern:
        project_id = case.project_id
        further[numbers.PROJECT] = found.code if project_id and (found := projects.by_id(project_id)) else ""
    return numbers.issue(f"{case.matter}:{which}", pattern, case.region, clock.legal_day(happening.at), further)


def valid_until(happening: Happening) -> date | None:
    """The last day of what is granted: what was answered, or by the years of the pack from today or after what is left.

    A next edition that extends begins where the one before ends; one that only changes keeps its last day.
    """
    form, held = happening.pack.matter.certificate, happening.certificate
    before = held.valid_until if held and form and not form.number else None
    if form and form.until and (said := happening.record.get(form.until)):
        return date.fromisoformat(said)
    if form is None or form.years is None:
        return before
    return _years_later(before + timedelta(days=1) if before else clock.legal_day(happening.at), form.years)


def _years_later(day: date, years: int) -> date:
    """The last day of so many years that begin on a day."""
    same_day = min(day.day, monthrange(day.year + years, day.month)[1])
    return date(day.year + years, day.month, same_day) - timedelta(days=1)


def _permit_works(happening: Happening, _effect: Effect) -> None:
    """Give the permit its numbers, enter the permitted works, lock the key people."""
    case, record = happening.case, happening.record
    assert case.project_id is not None
    found = projects.by_id(case.project_id)
    assert found is not None
    day = clock.legal_day(happening.at)
    number = _permit_number(case.region[:6], day, record["permit_category"])
    national = project.make_record(found.code, "SX", next_in(f"SX:{found.code}"))
    happening.notes |= {NUMBER: number, DOCUMENT: national}
    projects.permit_works(
        PermitWorks(
            project_id=found.id, section_id=None, works_ids=[UUID(works_id) for works_id in record["works_ids"]],
            name=record["works_name"], permit_number=number, national_number=national,
            contract_price=Decimal(record["contract_price"]), planned_start=date.fromisoformat(record["start"]),
            planned_finish=date.fromisoformat(record["finish"]), permitted_on=day, participants=_participants(record, case.region),
            case_id=case.id,
        )
    )  # fmt: skip


def _permit_number(division: str, day: date, category: str) -> str:
    try:
        return permit.make(division, day, serial=next_in(f"permit:{division}:{day}"), category=category)
    except NumberError as error:  # more than 99 on one day: never wrapped around
        raise Conflict(error.message) from error


def _participants(record: Mapping[str, Any], region: str) -> list[Participant]:
    """The units with their key people; whom the libraries do not know yet, the permit enters (四库自动归集)."""
    posts: dict[str, list[tuple[UUID, str, str]]] = {}
    for row in record.get("staff", []):
        employer = row.get("uscc", "")
        person = people.enter_declared(row.get("name", ""), row.get("identity") or "", region, employer)
        if person:
            posts.setdefault(employer, []).append((person.id, person.name, row["post"]))
    units = record.get("units", [])
    known = enterprises.known([unit["uscc"] for unit in units])
    for unit in units:
        if unit["uscc"] not in known:
            enterprises.enter_declared(unit["uscc"], unit["name"], region, unit["role"])
    return [Participant(u["role"], u["uscc"], u["name"], posts.pop(u["uscc"], [])) for u in units]


def _register_project(happening: Happening, _effect: Effect) -> None:
    """Enter the project into the library and give it its code for life 赋码, which is the number of the certificate."""
    record = happening.record
    optional: dict[str, Any] = {
        **{name: Decimal(record[name]) for name in ("total_area", "total_length") if record.get(name)},
        **{name: record[name] for name in ("investment_code", "scale", "fund_source") if record.get(name)},
    }
    entered = projects.enter_project(
        projects.RegisterProject(
            happening.case.id, record["project_name"], record["project_type"], record["nature"], record["use"],
            record["region"], record["address"], _uscc(happening), Decimal(record["total_investment"]), **optional,
        )
    )  # fmt: skip
    happening.notes[NUMBER] = entered.code
    happening.case.project_id = UUID(entered.id)
    happening.case.save(update_fields=["project_id"])


def _change_permit(happening: Happening, effect: Effect) -> None:
    """The permit the case is about says something else from today; its number stays."""
    case = happening.case

    def day_of(name: str) -> date | None:
        said = told(happening, effect, name)
        return date.fromisoformat(said) if said else None

    units = [(row["role"], row["uscc"], row["name"]) for row in told(happening, effect, "units", [])]
    for role, uscc, name in units:
        enterprises.enter_declared(uscc, name, case.region, role)
    projects.change_permit(
        projects.ChangePermit(
            _certificate(happening).number, told(happening, effect, "name"), Decimal(told(happening, effect, "price")),
            day_of("start"), day_of("finish"), [UUID(one) for one in told(happening, effect, "works", [])], units,
            clock.legal_day(happening.at), case.id,
        )
    )  # fmt: skip


def _suspend_permit(happening: Happening, effect: Effect) -> None:
    """Construction under the permit the case is about stands still since the day reported."""
    since, cause = date.fromisoformat(told(happening, effect, "since")), told(happening, effect, "cause")
    projects.suspend(_certificate(happening).number, since, cause, happening.case.id)


def _resume_permit(happening: Happening, effect: Effect) -> None:
    """Construction under the permit the case is about goes on from the day reported."""
    since, day = (date.fromisoformat(told(happening, effect, name)) for name in ("since", "day"))
    projects.resume(_certificate(happening).number, since, day, happening.case.id)


def _complete_works(happening: Happening, effect: Effect) -> None:
    """Leave the result in the library of the project; works, people and track record follow."""
    _record_result(happening, effect)
    case = happening.case
    assert case.project_id is not None
    works = [UUID(one) for one in told(happening, effect, "works", [])]
    projects.complete(case.project_id, works, date.fromisoformat(told(happening, effect, "day")), case.id)


def _change_enterprise(happening: Happening, effect: Effect) -> None:
    """The library follows what the certificate says of the enterprise that applies."""
    capital = told(happening, effect, "registered_capital")
    texts = {name: told(happening, effect, name) for name in ("name", "address", "legal_representative")}
    enterprises.change_particulars(
        enterprises.ChangeParticulars(
            _uscc(happening), clock.legal_day(happening.at), happening.case.id,
            registered_capital=Decimal(capital) if capital else None, **texts,
        )
    )  # fmt: skip


def _end_permit(happening: Happening, effect: Effect) -> None:
    """End the permit the case is about: works and people are free, the certificate is cancelled."""
    held = _certificate(happening)
    projects.end_permit(held.number, clock.legal_day(happening.at), happening.case.id)
    _end_certificate(happening, effect)


def _change_key_person(happening: Happening, effect: Effect) -> None:
    """Another person takes a key post under the permit the case is about."""
    leaving = people.by_identity(told(happening, effect, "leaving"))
    coming = people.by_identity(told(happening, effect, "coming"))
    if leaving is None or coming is None:
        raise Conflict(message("Both people must be in the library of people before the post can change hands."))
    projects.change_key_person(
        projects.ChangeKeyPerson(
            _certificate(happening).number, told(happening, effect, "post"), told(happening, effect, "uscc"), leaving.id,
            (coming.id, coming.name), clock.legal_day(happening.at), happening.case.id,
        )
    )  # fmt: skip


def _record_result(happening: Happening, effect: Effect) -> None:
    """Leave the result in the library of the project, for the procedures that follow."""
    case = happening.case
    assert case.project_id is not None
    settings = happening.pack.matter.effects[effect.code]
    data = {name: value_of(source, happening.record) for name, source in settings.get("data", {}).items()}
    projects.enter_result(
        projects.Result(
            case.project_id, settings["kind"], document_of(happening), clock.legal_day(happening.at),
            _authority(happening).name, data, case.id, valid_until(happening),
        )
    )  # fmt: skip


def _grant_qualification(happening: Happening, effect: Effect) -> None:
    category, grade = told(happening, effect, "category"), told(happening, effect, "grade")
    enterprises.grant_qualification(_granted_to_enterprise(happening), category, grade)


def _grant_safety_licence(happening: Happening, _effect: Effect) -> None:
    enterprises.grant_safety_licence(_granted_to_enterprise(happening))


def _granted_to_enterprise(happening: Happening) -> enterprises.Granted:
    return enterprises.Granted(
        _uscc(happening), document_of(happening), _authority(happening).name, clock.legal_day(happening.at),
        valid_until(happening), happening.case.id,
    )  # fmt: skip


def _grant_registration(happening: Happening, effect: Effect) -> None:
    professions = told(happening, effect, "professions", [])
    listed = professions if isinstance(professions, list) else [professions]
    people.grant_registration(_granted_to_person(happening, effect), told(happening, effect, "type"), listed)


def _grant_post_certificate(happening: Happening, effect: Effect) -> None:
    people.grant_post_certificate(_granted_to_person(happening, effect), told(happening, effect, "category"))


def _change_paper(happening: Happening, effect: Effect) -> None:
    """The paper the case is about says something else of its holder; who applies is the employer now."""
    professions = told(happening, effect, "professions", [])
    listed = professions if isinstance(professions, list) else [professions]
    people.change_paper(_granted_to_person(happening, effect), listed)


def _granted_to_person(happening: Happening, effect: Effect) -> people.Granted:
    case, identity = happening.case, told(happening, effect, "identity")
    _refuse_wrong_holder(happening, identity)
    return people.Granted(
        told(happening, effect, "name"), identity, case.region, _uscc(happening),
        document_of(happening), clock.legal_day(happening.at), valid_until(happening), case.id,
    )  # fmt: skip


def _refuse_wrong_holder(happening: Happening, identity: str) -> None:
    """A paper is extended or ended for the person who holds it, whatever number was typed."""
    held = happening.certificate
    if held is None:
        return
    holder = people.holder_of(held.national_number or held.number)
    if holder is not None and holder != people.by_identity(identity):
        raise Conflict(message("The identity number in the form is not that of the person who holds this certificate."))


def _end_papers(happening: Happening, effect: Effect) -> None:
    """End what the library holds under the number of the certificate the case is about, and the certificate."""
    held, case, day = _certificate(happening), happening.case, clock.legal_day(happening.at)
    number = held.national_number or held.number
    identity = told(happening, effect, "identity")
    if identity:
        _refuse_wrong_holder(happening, identity)
        people.end_papers(identity, number, day, case.id)
    else:
        enterprises.end_papers(held.holder_uscc, number, day, case.id)
    _end_certificate(happening, effect)


def _end_certificate(happening: Happening, _effect: Effect) -> None:
    """Cancel the certificate the case is about 注销."""
    case = happening.case
    reason = f"{happening.pack.matter.name.zh} {case.number}"
    certificates.end(_certificate(happening).id, certificates.Status.CANCELLED, reason, happening.at)


def _issue_certificate(happening: Happening, effect: Effect) -> None:
    """Request the certificate; the process waits until it is sealed."""
    case, pack = happening.case, happening.pack
    form = pack.matter.certificate
    assert form is not None
    assert isinstance(effect.token, UUID)
    authority = _authority(happening)
    number, document = number_of(happening), document_of(happening)
    replaces = happening.notes.get(REPLACES)
    data = face(pack, case, happening.record, happening.certificate)
    if form.template in GENERIC:
        data |= {"holder": data.get("holder") or case.applicant_name, "document": document}
    certificate = certificates.request(
        certificates.Request(
            kind=form.key, template=form.template, type_code=form.type_code, name=form.name.zh, name_en=form.name.en,
            number=number, national_number=document if document != number else "", holder_name=str(data.get("holder") or case.applicant_name),
            holder_uscc=_uscc(happening), also_held_by=_other_holders(happening), subject_name=case.title, project_id=case.project_id, case_id=case.id,
            token_id=effect.token, region=case.region, issuer_id=authority.id, issuer_name=authority.name,
            issuer_uscc=authority.uscc or "", issued_on=clock.legal_day(happening.at),
            valid_until=valid_until(happening), replaces=UUID(replaces) if replaces else None, batch=happening.batch,
            data=data,
        )
    )  # fmt: skip
    happening.notes["certificate"] = str(certificate.id)


def _other_holders(happening: Happening) -> list[str]:
    """Credit codes of those the certificate is for besides who applied, such as the winner of an award."""
    form = happening.pack.matter.certificate
    said = [happening.record.get(answer) for answer in form.holders] if form else []
    return [uscc for uscc in dict.fromkeys(said) if uscc and uscc != _uscc(happening)]


def _certificate(happening: Happening) -> certificates.Certificate:
    """The certificate the case is about, as it stands now."""
    if happening.certificate is None or happening.certificate.status != certificates.Status.VALID:
        raise Conflict(message("The certificate this application is about is not valid any more."))
    return happening.certificate


def _authority(happening: Happening) -> Organisation:
    return accounts.authority_for(happening.case.region)


def _uscc(happening: Happening) -> str:
    return accounts.organisation(happening.case.applicant_id).uscc or ""


_PERSON = frozenset({"name", "identity"})
_PARTICULARS = frozenset({"name", "address", "legal_representative", "registered_capital"})
EFFECTS: Mapping[str, Handler] = {
    "accept": Handler(_nothing),
    "not_accept": Handler(_nothing),
    "refuse": Handler(_nothing),
    "complete": Handler(_nothing),
    "permit_works": Handler(_permit_works),
    "register_project": Handler(_register_project),
    "end_permit": Handler(_end_permit),
    "change_permit": Handler(
        _change_permit, frozenset({"name", "price", "works", "units"}), frozenset({"start", "finish"})
    ),
    "suspend_permit": Handler(_suspend_permit, frozenset({"since"}), frozenset({"cause"})),
    "resume_permit": Handler(_resume_permit, frozenset({"since", "day"})),
    "complete_works": Handler(_complete_works, frozenset({"kind", "works", "day"}), frozenset({"data"})),
    "change_enterprise": Handler(_change_enterprise, takes=_PARTICULARS),
    "change_key_person": Handler(_change_key_person, frozenset({"post", "uscc", "leaving", "coming"})),
    "record_result": Handler(_record_result, frozenset({"kind"}), frozenset({"data"})),
    "grant_qualification": Handler(_grant_qualification, frozenset({"category", "grade"})),
    "grant_safety_licence": Handler(_grant_safety_licence),
    "grant_registration": Handler(_grant_registration, _PERSON | {"type"}, frozenset({"professions"})),
    "grant_post_certificate": Handler(_grant_post_certificate, _PERSON | {"category"}),
    "change_paper": Handler(_change_paper, _PERSON, frozenset({"professions"})),
    "end_papers": Handler(_end_papers, takes=frozenset({"identity"})),
    "end_certificate": Handler(_end_certificate),
    "issue_certificate": Handler(_issue_certificate),
}
