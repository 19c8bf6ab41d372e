"""How matters are defined 事项配置: what is published, its limits, process, rules and form, for those who answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from jianguan.kernel.tables import Localized, Table
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import packs, queries
from jianguan.licensing.matters.actions.proposing import MAY_PROPOSE, MAY_PUBLISH, OPEN
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.progress import node_name, picture_of
from jianguan.platform import clock
from jianguan.platform.accounts.service import Actor, demand, for_officers, role_names
from jianguan.platform.web.service import words


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A decision table to be read: what it asks, its rows as written, and where it is asked."""

    name: str
    basis: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@for_officers
@require_GET
def catalogue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The matters in force."""
    demand(actor, "pack.read")
    rows = [(version, packs.of_version(version)) for version in packs.all_current(clock.today())]
    context = {"rows": rows, "waiting": queries.proposals().filter(state__in=OPEN).count()}
    return render(request, "matters/conf/catalogue.html", context)


@for_officers
@require_GET
def definition(request: HttpRequest, actor: Actor, matter: str) -> HttpResponse:
    """One matter: limits with their sources, process, steps, rules, documents, versions."""
    demand(actor, "pack.read")
    version = packs.current(matter, clock.today())
    pack = packs.of_version(version)
    context = {
        "matter": pack.matter,
        "version": version,
        "versions": queries.versions(matter),
        "may_propose": actor.may(MAY_PROPOSE),
        "may_publish": actor.may(MAY_PUBLISH),
        "picture": picture_of(pack.net, []),
        "steps": shown_steps(pack),
        "tables": [shown_table(table) for table in pack.tables.values()],
        "crumbs": [(gettext("Matters"), reverse("conf-matters")), (words(pack.matter.name), "")],
    }
    return render(request, "matters/conf/definition.html", context)


@for_officers
@require_GET
def preview(request: HttpRequest, actor: Actor, matter: str) -> HttpResponse:
    """The form of a matter as applicants see it, with nothing behind its buttons."""
    demand(actor, "pack.read")
    pack = packs.of_version(packs.current(matter, clock.today()))
    crumbs = [
        (gettext("Matters"), reverse("conf-matters")),
        (words(pack.matter.name), reverse("conf-matter", args=[matter])),
        (gettext("Form"), ""),
    ]
    context = {"matter": pack.matter, "form": forms.draw(pack.form, {}), "crumbs": crumbs}
    return render(request, "matters/conf/preview.html", context)


def shown_steps(pack: Pack) -> list[dict[str, object]]:
    """The steps people do: who, with which results, and who must be somebody else."""
    roles = role_names()
    outcomes = pack.matter.outcomes
    return [
        {
            "name": node_name(pack, node.id),
            "role": roles.get(node.role, gettext("Applicant")),
            "outcomes": [words(outcomes[code].label) for code in node.outcomes],
            "separate": [node_name(pack, other) for other in node.separate_from],
            "stops": bool(node.stops),
        }
        for node in pack.net.nodes.values()
        if node.role
    ]


def shown_table(table: Table) -> ShownTable:
    """A table with what it asks and gives, row by row."""
    heads = [words(column.name) for column in table.inputs] + [gettext("Result"), gettext("Says"), gettext("Clause")]
    rows = []
    for row in table.rows:
        said = row.then.get("say")
        result = ", ".join(str(value) for key, value in row.then.items() if key != "say" and value is not None)
        words_ = words(said) if isinstance(said, Localized) else ""
        rows.append([*(cell.text for cell in row.cells), result, words_, row.clause])
    return ShownTable(words(table.name), table.basis, heads, rows)
