"""The choice of whoever applies: hand in all documents 提交材料, or promise what they would prove 告知承诺."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import Localized
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import actions, promising
from jianguan.licensing.matters.models import Case
from jianguan.licensing.matters.pack import MatterLimit, Pack
from jianguan.licensing.promises import service as promises
from jianguan.licensing.promises.service import Item, Terms
from jianguan.platform.accounts.service import Actor
from jianguan.platform.web.service import words

WAY, ITEM, SIGNER = "promise-way", "promise-item-", "promise-signer"
PROMISE, DOCUMENTS = "promise", "documents"


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A condition to be confirmed by name, and the documents nobody asks for then."""

    item: Item
    input: str
    spared: Sequence[Localized]
    confirmed: bool
    fault: Message | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What the form page shows of the choice.

    Attributes:
        bar: why the applicant may not promise; None where it may.
        shorter: the time promised by promise, where it is another one.
    """

    terms: Terms
    how: str
    items: Sequence[ShownItem]
    promised: bool
    signer: str
    signer_fault: Message | None
    bar: Message | None
    limit: MatterLimit
    shorter: MatterLimit | None

    @property
    def faults(self) -> int:
        return sum(item.fault is not None for item in self.items) + (self.signer_fault is not None)


def choice(case: Case, pack: Pack, faults: Mapping[str, Message]) -> Choice | None:
    """The choice as it was kept last; None where nothing may be promised."""
    matter, terms = pack.matter, pack.matter.promise
    if terms is None:
        return None
    way = promises.way_of(case.id)
    bar = promises.barred(promising.application_of(case).applicant_uscc)
    names = {material.key: material.name for material in matter.materials}
    items = [
        ShownItem(
            item, ITEM + item.key, [names[key] for key in item.materials],
            way is not None and item.key in way.confirmed, faults.get(ITEM + item.key),
        )
        for item in terms.items
    ]  # fmt: skip
    return Choice(
        terms, str(promises.HOW[terms.how]), items, way is not None and way.promised, way.signer if way else "",
        faults.get(SIGNER), promises.says_barred(bar, words(Localized(**bar.matter_name))) if bar else None,
        matter.promised, matter.promised_by_promise,
    )  # fmt: skip


def keep(actor: Actor, case: Case, pack: Pack, post: QueryDict) -> None:
    """Keep what a post says of the choice; a post without it (another page, an old window) changes nothing."""
    terms = pack.matter.promise
    if terms is None or post.get(WAY) not in (PROMISE, DOCUMENTS):
        return
    confirmed, signer = [item.key for item in terms.items if post.get(ITEM + item.key)], post.get(SIGNER, "")
    promised, kept = post[WAY] == PROMISE, promises.way_of(case.id)
    if kept and not promised:  # what was typed waits, should they choose otherwise again
        confirmed, signer = kept.confirmed, kept.signer
    actions.choose_way(actor, case.id, promised=promised, confirmed=confirmed, signer=signer)


def lacking(case: Case, pack: Pack) -> dict[str, forms.Problem]:
    """What a promise still lacks, by the name of its input."""
    terms, way = pack.matter.promise, promises.way_of(case.id) if pack.matter.promise else None
    if terms is None or way is None or not way.promised:
        return {}
    titles = {ITEM + item.key: words(item.name) for item in terms.items}
    return {
        name: forms.Problem(titles.get(name, message("Signature")), says, missing=True)
        for name, says in promises.lacking(terms, way.confirmed, way.signer).items()
    }
