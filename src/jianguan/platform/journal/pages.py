"""The audit log 审计日志: entries of one's jurisdictions, and everything that proves a single one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import message
from jianguan.kernel.transparency.checkpoint import CheckpointError, verify
from jianguan.kernel.transparency.merkle import leaf_hash, verify_inclusion
from jianguan.platform.accounts import service as accounts
from jianguan.platform.accounts.service import Actor, demand, for_officers
from jianguan.platform.errors import NotFound
from jianguan.platform.journal import queries
from jianguan.platform.journal.keys import verifier_key
from jianguan.platform.journal.models import Entry
from jianguan.platform.journal.queries import Fact, InclusionProof, Sought
from jianguan.platform.journal.writing import kind_name, kinds
from jianguan.platform.web.service import Check, Filter, paginate, render_either, say

SUBJECTS: Mapping[str, Promise] = {
    "account": _("account"),
    "case": _("case"),
    "certificate": _("certificate"),
    "certificate_batch": _("batch of certificates"),
    "enterprise": _("enterprise"),
    "organisation": _("organisation"),
    "pack": _("matter"),
    "person": _("person"),
    "project": _("project"),
    "supervision": _("supervision file"),
}
NAMES = ("number", "code", "name", "username", "matter")  # of what entries say, by which people know a thing


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as people read it."""

    fact: Fact
    title: str
    who: str
    unit: str

    @property
    def about(self) -> str:
        """What kind of thing the entry is about, in words."""
        return str(SUBJECTS.get(self.fact.subject_type, self.fact.subject_type))

    @property
    def called(self) -> str:
        """By which number or name people know it, where the entry says it."""
        return next((str(value) for name in NAMES if (value := self.fact.data.get(name))), "")


@for_officers
def audit_log(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Entries, newest first, by what they are about, person, kind and day."""
    demand(actor, "journal.read")
    given = {name: request.GET.get(name, "").strip() for name in ("subject", "actor", "kind", "day")}
    sought = Sought(
        given["subject"], given["kind"], given["day"], accounts.ids_named(given["actor"]) if given["actor"] else None
    )
    rows = paginate(request, queries.matching(queries.visible(actor.prefixes("journal.read")), sought), "-id")
    names = ((kind.code, gettext(kind.name)) for kind in kinds())
    context = {
        "rows": rows,
        "lines": _lines(queries.facts(rows.rows)),
        "filters": [
            Filter("actor", _("User name or name"), given["actor"]),
            Filter("subject", _("Id of what it is about"), given["subject"]),
            Filter.among("kind", _("Kind"), given["kind"], _("All kinds"), names),
            Filter("day", _("Day"), given["day"], type="date"),
        ],
        "part": "journal/_rows.html",
    }
    return render_either(request, "journal/list.html", "journal/_rows.html", context)


def _lines(facts: list[Fact]) -> list[Line]:
    people = accounts.names({fact.actor_id for fact in facts if fact.actor_id})
    platform = (gettext("The platform"), "")
    return [
        Line(fact, gettext(kind_name(fact.kind)), *(people.get(fact.actor_id, platform) if fact.actor_id else platform))
        for fact in facts
    ]


@for_officers
def audit_entry(request: HttpRequest, actor: Actor, entry_id: UUID) -> HttpResponse:
    """One entry: the bytes that were hashed, its leaf, its place, and the proof that the signed head contains it."""
    demand(actor, "journal.read")
    entry = queries.visible(actor.prefixes("journal.read")).filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    inclusion = queries.inclusion(entry_id)
    context = {
        "line": _lines(queries.facts([entry]))[0],
        "text": bytes(entry.body).decode(),
        "leaf": bytes(entry.leaf).hex(),
        "inclusion": inclusion,
        "hashes": [value.hex() for value in inclusion.hashes] if inclusion else [],
        "root": bytes(inclusion.head.root).hex() if inclusion else "",
        "checks": _checks(entry, inclusion),
    }
    return render(request, "journal/entry.html", context)


def _checks(entry: Entry, inclusion: InclusionProof | None) -> list[Check]:
    """What proves the entry, each step worked out here and now."""
    hashed = leaf_hash(bytes(entry.body)) == bytes(entry.leaf)
    checks = [_check(_("The leaf is the hash of exactly these bytes."), good=hashed)]
    if inclusion is None:
        return [
            *checks,
            Check("waiting", _("The entry has no position yet; the sequencer gives it one within seconds.")),
        ]
    head = inclusion.head
    leads = verify_inclusion(bytes(entry.leaf), inclusion.position, head.size, list(inclusion.hashes), bytes(head.root))
    checks.append(_check(_("The leaf leads to the root of the tree over the hashes of the proof."), good=leads))
    try:
        signed = verify(head.checkpoint, verifier_key())
    except CheckpointError as error:
        return [*checks, Check("failed", _("The root stands in a head signed by the log's key."), say(error.sentence))]
    good = (signed.size, signed.root) == (head.size, bytes(head.root))
    says = say(message("%(key)s, %(size)s entries", key=verifier_key().name, size=head.size))
    return [*checks, _check(_("The root stands in a head signed by the log's key."), says, good=good)]


def _check(rule: object, evidence: str = "", *, good: bool) -> Check:
    return Check("passed" if good else "failed", str(rule), evidence)
