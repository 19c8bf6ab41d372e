"""Facts about earlier procedures: land, planning, award, drawing review."""

from __future__ import annotations

from decimal import Decimal

from jianguan.kernel.messages import message
from jianguan.licensing.rules.finding import Application, Finding, fact
from jianguan.registry.dictionaries import service as dictionaries
from jianguan.registry.projects import service as projects
from jianguan.registry.projects.service import StageRecord

ON_RECORD, DECLARED, MISSING = "on_record", "declared", "missing"


def _found(application: Application, kind: str, number: str = "") -> StageRecord | None:
    """The newest record of a kind in the project's library, with this number where one is given."""
    records = application.ask(projects.records_of, application.project.id) if application.project else []
    fitting = (r for r in records if r.kind == kind and (not number or number in (r.number, r.national_number)))
    return next(fitting, None)


def _record(application: Application, kind: str, number: str) -> Finding:
    """Whether a number given in the form is in the project's library, only declared, or missing."""
    if not number:
        return Finding(MISSING, message("No number was given."))
    found = _found(application, kind, number)
    if found is None:
        return Finding(
            DECLARED, message("%(number)s is declared by the applicant and not in the project library.", number=number)
        )
    return Finding(
        ON_RECORD,
        message(
            "%(number)s, recorded on %(day)s by %(source)s.",
            number=found.number,
            day=found.recorded_on,
            source=found.source,
        ),
    )


@fact("text", ON_RECORD, DECLARED, MISSING, answers=["land_approval_number"])
def land_approval(application: Application) -> Finding:
    """用地批准手续."""
    return _record(application, "land", application.text("land_approval_number"))


@fact("text", ON_RECORD, DECLARED, MISSING, answers=["planning_permit_number"])
def planning_permit(application: Application) -> Finding:
    """建设工程规划许可证."""
    return _record(application, "planning", application.text("planning_permit_number"))


@fact("text", ON_RECORD, DECLARED, MISSING, answers=["award_notice_number"])
def award_notice(application: Application) -> Finding:
    """中标通知书."""
    return _record(application, "award_notice", application.text("award_notice_number"))


@fact("text", ON_RECORD, DECLARED, MISSING, answers=["drawing_review_number"])
def drawing_review(application: Application) -> Finding:
    """施工图设计文件审查合格."""
    return _record(application, "drawing_review", application.text("drawing_review_number"))


@fact("text", "same", "differs", "unknown", answers=["award_notice_number", "contract_price"])
def award_price(application: Application) -> Finding:
    """Whether the contract price is that of the award notice."""
    number = application.text("award_notice_number")
    found = _found(application, "award_notice", number) if number else None
    awarded = found.data.get("price") if found else None
    if awarded is None:
        return Finding("unknown", message("The project library has no award price to compare with."))
    price = Decimal(application.text("contract_price") or "0")
    says = message(
        "Contract %(price)s, award %(awarded)s (10,000 yuan).",
        price=_plain(price),
        awarded=_plain(Decimal(str(awarded))),
    )
    return Finding("same" if price == Decimal(str(awarded)) else "differs", says)


def _plain(number: Decimal) -> str:
    """A number as people write it: thousands apart, no idle zeros."""
    return f"{number.normalize():,f}"


def _declare_results() -> None:
    """`has_<kind>`: whether the project's library has a record of a kind, for every kind there is."""
    for kind in dictionaries.shipped().codes("stage_record"):

        def find(application: Application, kind: str = kind) -> Finding:
            found = _found(application, kind)
            name = dictionaries.shipped().name("stage_record", kind, "zh-hans")
            if found is None:
                return Finding(False, message("The project library has no record: %(kind)s.", kind=name))
            says = message(
                "%(kind)s %(number)s, recorded on %(day)s.", kind=name, number=found.number, day=found.recorded_on
            )
            return Finding(True, says)

        find.__name__ = f"has_{kind}"
        fact("boolean")(find)


_declare_results()
