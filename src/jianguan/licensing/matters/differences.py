"""What is different between two versions of a matter, in words: decided on the files alone.

Complete by construction: things are matched by identity, every facet of every thing is compared, and a file that differs
in nothing that is read is named as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from jianguan.kernel.messages import message
from jianguan.licensing.matters.contents import Identity, Speech, Thing, contents, facet_word
from jianguan.licensing.matters.gate import FORM, MATTER, PROCESS
from jianguan.licensing.matters.pack import Pack

PARTS = ("matter", "form", "process", "rules", "other")
WITH_ROLES = frozenset({"role", "assigns"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing, or one facet of a thing, that is not as it was.

    Attributes:
        part: of `PARTS`.
        where: from the whole to the thing and its facet.
        before, after: how it is said in each version; of what is added or gone as a whole, what identifies it.
    """

    part: str
    file: str
    kind: Literal["added", "gone", "changed"]
    where: tuple[str, ...]
    before: str = ""
    after: str = ""


def differences(old: Pack, new: Pack, speech: Speech) -> list[Difference]:
    """All that differs, part by part."""
    before = {thing.identity: thing for thing in contents(old)}
    after = {thing.identity: thing for thing in contents(new)}
    found = [difference for key, thing in after.items() for difference in _compared(before.get(key), thing, speech)]
    found += [_whole(thing, "gone", speech) for key, thing in before.items() if key not in after]
    found += _orders(before, after, speech)
    found += _files(old, new, {difference.file for difference in found}, speech)
    return sorted(found, key=lambda difference: PARTS.index(difference.part))


def _compared(old: Thing | None, new: Thing, speech: Speech) -> Iterator[Difference]:
    if old is None:
        yield _whole(new, "added", speech)
        return
    for key in sorted(old.facets.keys() | new.facets.keys()):
        sides = old.facets.get(key), new.facets.get(key)
        if _canonical(sides[0]) != _canonical(sides[1]):
            where = (*map(speech.word, new.where), speech.word(facet_word(new, key)))
            yield Difference(new.part, new.file, "changed", where, *_said(key, sides, speech))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def _said(key: str, sides: tuple[object, object], speech: Speech) -> tuple[str, str]:
    """Both values in words; where those are the same, in the other language, or as the files have it."""
    if key == "drawing":
        return "", ""
    speech = speech if key in WITH_ROLES else replace(speech, roles={})
    other = replace(speech, language="zh" if speech.language == "en" else "en")
    for say in (speech.value, other.value):
        first, second = map(say, sides)
        if first != second:
            return first, second
    return _canonical(sides[0]), _canonical(sides[1])


def _whole(thing: Thing, kind: Literal["added", "gone"], speech: Speech) -> Difference:
    where, name = tuple(map(speech.word, thing.where)), thing.identity[-1]
    return Difference(thing.part, thing.file, kind, where, *(("", name) if kind == "added" else (name, "")))


def _orders(before: Mapping[Identity, Thing], after: Mapping[Identity, Thing], speech: Speech) -> Iterator[Difference]:
    """Lists whose common things stand in another order."""
    lists: dict[Identity, list[Thing]] = {}
    for key, thing in after.items():
        if thing.ordered and key in before:
            lists.setdefault(key[:-1], []).append(thing)
    for group, things in lists.items():
        earlier = [thing for key, thing in before.items() if key[:-1] == group and key in after]
        if [thing.identity for thing in earlier] != [thing.identity for thing in things]:
            first = things[0]
            where = (*map(speech.word, first.where[:-1]), speech.word(message("order")))
            texts = [", ".join(speech.word(thing.where[-1]) for thing in side) for side in (earlier, things)]
            yield Difference(first.part, first.file, "changed", where, *texts)


def _files(old: Pack, new: Pack, told: set[str], speech: Speech) -> Iterator[Difference]:
    """Files that are compared as a whole: scenarios, templates, and what is only written differently."""
    for name in sorted(old.files.keys() | new.files.keys()):
        first, second = old.files.get(name), new.files.get(name)
        if first == second or name in told:
            continue
        part = _PARTS.get(name) or ("rules" if name.startswith("rules/") else "other")
        if first is None or second is None:
            yield Difference(part, name, "added" if first is None else "gone", (name,))
        elif part == "other":
            yield Difference(part, name, "changed", (name,))
        else:
            only = speech.word(message("as it is written only: comments, spacing, order"))
            yield Difference(part, name, "changed", (name, only))


_PARTS = {MATTER: "matter", FORM: "form", PROCESS: "process"}
