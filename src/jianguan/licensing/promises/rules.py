"""What a matter lets an applicant promise, what is wrong with a promise, and by which steps it is checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.clock import Clock, Limit, WorkingCalendar, derive_due
from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized
from jianguan.licensing.promises.models import State

OPEN = (State.WAITING, State.MENDING, State.HEARING)
TONES: Mapping[str, str] = MappingProxyType(
    {
        State.WAITING: "blue", State.MENDING: "orange", State.HEARING: "purple", State.KEPT: "green",
        State.MENDED: "green", State.SANCTIONED: "red", State.SPARED: "neutral",
    }
)  # fmt: skip
HOW: Mapping[str, Lazy] = MappingProxyType(
    {"data": _("by shared data"), "site": _("on site"), "sample": _("by spot checks")}
)
NAME_LIMIT, TEXT_LIMIT = 40, 2000
DECLARATION = Localized(
    "申请人已经知晓并理解告知的全部内容，符合并将持续符合上述条件；承诺内容真实；承诺不实的，愿意承担相应后果。",
    "We have read and understood what we were told. We meet these conditions and go on meeting them; what we promise is true; "
    "we bear the consequences if it is not.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A condition that may be promised: the documents nobody asks for then, and the checks that wait."""

    key: str
    name: Localized
    materials: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a matter tells whoever promises, and what follows (block `promise` of matter.yaml).

    Attributes:
        told: what the law requires.
        consequences: of a false promise.
        how: the promise is checked: `data`, `site` or `sample`; by the holders of `role` at the place.
        within: from the decision to the check; `mend`, `reply`, `bar`: limits to mend, to be heard, and of the bar.
    """

    items: tuple[Item, ...]
    told: Localized
    consequences: Localized
    how: str
    role: str
    within: Limit
    mend: Limit
    reply: Limit
    bar: Limit
    basis: Localized
    confidence: str

    @property
    def materials(self) -> frozenset[str]:
        """Documents that are not asked for."""
        return frozenset(key for item in self.items for key in item.materials)

    @property
    def checks(self) -> frozenset[str]:
        """Checks that wait until after the decision."""
        return frozenset(key for item in self.items for key in item.checks)


def last_day(begun: date, limit: Limit, calendar: WorkingCalendar) -> date:
    """The last day of a limit that begins with a day."""
    day = derive_due(Clock(begun, limit), calendar).day
    assert day is not None
    return day


def lacking(terms: Terms, confirmed: Sequence[str], signer: str) -> dict[str, Message]:
    """What a promise still lacks, by the name of its input: every condition by name, and a signature."""
    wrong: dict[str, Message] = {
        f"promise-item-{item.key}": message("Confirm this condition, or hand in the documents instead.")
        for item in terms.items
        if item.key not in confirmed
    }
    if not signer.strip():
        wrong["promise-signer"] = message("Type the name of the legal representative or of the person who handles it.")
    elif len(signer.strip()) > NAME_LIMIT:
        wrong["promise-signer"] = message("At most %(count)s characters.", count=NAME_LIMIT)
    return wrong


def document(terms: Terms, said: Mapping[str, Any]) -> dict[str, Any]:
    """The text of a promise, complete and in both languages: `said` names matter, version, applicant and signer."""
    return {
        **said,
        "told": terms.told.to_json(),
        "items": [{"key": item.key, **item.name.to_json()} for item in terms.items],
        "consequences": terms.consequences.to_json(),
        "how": terms.how,
        **{name: length(getattr(terms, name)) for name in ("within", "mend", "reply", "bar")},
        "basis": terms.basis.to_json(),
        "declaration": DECLARATION.to_json(),
        "materials": sorted(terms.materials),
        "checks": sorted(terms.checks),
    }


def length(limit: Limit) -> str:
    """A limit as it is written in packs: `P5WD`, `P60D`."""
    return f"P{limit.days}{'W' if limit.unit.value == 'working' else ''}D"
