"""Guides to matters 办事指南, out of the published packs and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.clock import Limit
from jianguan.kernel.tables import Localized, Table
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import Matter, Pack
from jianguan.licensing.packages import service as packages
from jianguan.platform import clock
from jianguan.platform.web.service import Step, words

CONFIDENCE = MappingProxyType(
    {
        "sourced": _("source confirmed"),
        "recalled": _("from memory, to be confirmed"),
        "observed": _("as observed in practice"),
        "computed": _("computed"),
        "proposal": _("proposed value, can be configured"),
    }
)
SUPPLIED = MappingProxyType(
    {
        "shared": _("Shared: no upload where the project library has the record"),
        "upload": _("Upload"),
        "commitment": _("Commitment made in the application"),
    }
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A matter in a few lines; `apply` is where one begins an application, past the sign-in."""

    matter: Matter
    steps: list[Step]
    apply: str


@dataclass(frozen=True, slots=True)
class Term:
    """A time limit with what it rests on and how sure that is."""

    name: str
    limit: Limit
    basis: Localized
    confidence: str | Promise


@dataclass(frozen=True, slots=True)
class Condition:
    """What is checked automatically; if it does not bind, it is a remark for the officer only."""

    name: Localized
    basis: str
    binds: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document asked for, how it is supplied, and under which answers."""

    name: Localized
    required: bool
    supplied: str | Promise
    asked: str


Stages = list[tuple[Localized, list[Summary]]]
"""Matters by stage of construction."""


def by_stage() -> Stages:
    """The matters one can apply for today, by stage of construction."""
    stages: dict[str, tuple[Localized, list[Summary]]] = {}
    packs = {version.matter: matters.of_version(version) for version in matters.all_current(clock.today())}
    for matter in matters.in_order(pack.matter for pack in packs.values()):
        pack = packs[matter.key]
        _name, summaries = stages.setdefault(pack.matter.group, (pack.matter.group_name, []))
        summaries.append(_summary(pack))
    return list(stages.values())


def count(stages: Stages) -> int:
    """How many matters there are."""
    return sum(len(summaries) for _name, summaries in stages)


def guides(request: HttpRequest) -> HttpResponse:
    """All matters."""
    return render(request, "portal/guides.html", {"stages": by_stage()})


def guide(request: HttpRequest, matter: str) -> HttpResponse:
    """One matter in full, fit to be printed."""
    pack = matters.of_version(matters.current(matter, clock.today()))
    context = {
        "summary": _summary(pack),
        "matter": pack.matter,
        "terms": _terms(pack),
        "conditions": _conditions(pack),
        "papers": _papers(pack),
        "picture": matters.picture_of(pack.net, []),
    }
    return render(request, "portal/guide.html", context)


def package_guide(request: HttpRequest, key: str) -> HttpResponse:
    """A package of matters 一件事: what takes part, what is promised, and what was saved so far."""
    offer = packages.offer(key)
    everything = offer.definition.chosen(offer.definition.matters)
    promise = offer.promise()
    begin = reverse("package-begin", args=[key])
    context = {
        "offer": offer,
        "members": [(member, offer.packs[member.matter].matter) for member in offer.definition.members],
        "promise": promise,
        "picture": packages.draw_offer(offer, promise),
        "questions": packages.questions(offer, everything),
        "statistics": packages.statistics().get(key),
        "apply": f"{reverse('sign-in')}?{urlencode({'next': begin})}",
    }
    return render(request, "portal/package_guide.html", context)


def _summary(pack: Pack) -> Summary:
    begin = reverse("begin", args=[pack.matter.key])
    return Summary(pack.matter, matters.steps_of_pack(pack), f"{reverse('sign-in')}?{urlencode({'next': begin})}")


def _terms(pack: Pack) -> list[Term]:
    named = [
        (gettext("Statutory time limit"), pack.matter.statutory),
        (gettext("Promised time limit"), pack.matter.promised),
    ]
    return [Term(name, one.limit, one.basis, CONFIDENCE[one.confidence]) for name, one in named if one]


def _conditions(pack: Pack) -> list[Condition]:
    """The tables the rule tasks of the process ask, in their order."""
    keys = dict.fromkeys(key for node in pack.net.nodes.values() for key in node.tables)
    return [Condition(pack.tables[key].name, pack.tables[key].basis, _binds(pack.tables[key])) for key in keys]


def _binds(table: Table) -> bool:
    return any(row.then.get("result") == "failed" for row in table.rows)


def _papers(pack: Pack) -> list[Paper]:
    return [Paper(m.name, m.required, SUPPLIED[m.source], _asked(m.when, pack)) for m in pack.matter.materials]


def _asked(when: Mapping[str, Any], pack: Pack) -> str:
    """The answers under which a document is asked for, in words."""
    return "；".join(_answer(key, value, pack) for key, value in when.items())


def _answer(key: str, value: Any, pack: Pack) -> str:
    field = pack.form.field(key)
    assert field is not None, "the gate lets no pack pass that asks by an unknown answer"
    names: dict[object, str] = {
        True: gettext("yes"),
        False: gettext("no"),
        **{option.code: str(option) for option in field.options},
    }
    answers = [names.get(one, str(one)) for one in (value if isinstance(value, list) else [value])]
    said = pgettext("between answers", ", ").join(answers)
    return gettext("%(question)s: %(answer)s") % {"question": words(field.title), "answer": said}
