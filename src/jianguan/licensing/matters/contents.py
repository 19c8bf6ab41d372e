"""What a pack consists of, thing by thing: limits, documents, questions, steps, flows, rows; to be held against another.

A thing has an identity that survives its being renamed or moved, words by which people know it, and facets, each with the
value the file has. Nothing of a file is left out: what this module has no word for stands under its own key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

import yaml

from jianguan.kernel.clock import Limit, Unit, parse_limit
from jianguan.kernel.expressions import Condition
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Kind
from jianguan.kernel.process.net import MultiInstance, Net, Node
from jianguan.kernel.tables import Localized, Table
from jianguan.licensing.matters.gate import FORM, MATTER, PROCESS
from jianguan.licensing.matters.pack import Pack

Word = Message | Localized | str
Identity = tuple[str, ...]
_DURATION = re.compile(r"P[0-9]{1,4}W?D")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a pack.

    Attributes:
        part: `matter`, `form`, `process`, `rules` or `other`.
        file: where it stands.
        identity: what makes it the same thing in another version; all but the last say in which list it stands.
        where: by which words people know it, from the whole to the thing.
        facets: by key, the values of the file.
        words: of facets that are called by a name of the pack, such as the columns of a table.
        ordered: whether its place in its list means something.
    """

    part: str
    file: str
    identity: Identity
    where: tuple[Word, ...]
    facets: Mapping[str, object]
    words: Mapping[str, Word] = field(default_factory=dict)
    ordered: bool = True


def contents(pack: Pack) -> Iterator[Thing]:
    """All things of a pack, in the order of its files."""
    yield from _matter(yaml.safe_load(pack.files[MATTER]))
    yield from _form(json.loads(pack.files[FORM]))
    yield from _process(pack.net)
    for key in sorted(pack.tables):
        yield from _table(pack.tables[key])


# --- matter.yaml

_LISTS: Mapping[str, Message] = MappingProxyType(
    {
        "basis": message("legal basis"),
        "limits": message("time limit"),
        "materials": message("document"),
        "acts": message("words of a step"),
        "outcomes": message("result of a step"),
        "clauses": message("clause"),
        "derive": message("derived value"),
        "effects": message("effect"),
    }
)
_SINGLE: Mapping[str, Message] = MappingProxyType(
    {
        "subject": message("what is applied for"),
        "certificate": message("certificate"),
        "group": message("group"),
        "promise": message("promise"),
    }
)
LIMITS: Mapping[str, Message] = MappingProxyType({"statutory": message("by law"), "promised": message("promised")})


def _matter(document: Mapping[str, Any]) -> Iterator[Thing]:
    alone = {key: value for key, value in document.items() if key not in _LISTS and key not in _SINGLE}
    yield Thing("matter", MATTER, ("matter",), (message("Matter"),), alone)
    for key, word in _SINGLE.items():
        if key in document:
            whole = document[key] if isinstance(document[key], Mapping) else {"kind": document[key]}
            yield Thing("matter", MATTER, (key,), (word,), whole)
    for key, word in _LISTS.items():
        for name, entry in _entries(document.get(key, {})):
            where = LIMITS.get(name) or _called(entry, name)
            yield Thing(
                "matter", MATTER, (key, name), (word, where), entry, ordered=key in ("materials", "clauses", "basis")
            )


def _entries(listed: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a list or mapping by what identifies them: their key, or else their Chinese text."""
    if isinstance(listed, Mapping):
        yield from ((str(key), value or {}) for key, value in listed.items())
    else:
        yield from ((str(entry.get("key") or entry["zh"]), entry) for entry in listed)


def _called(entry: Mapping[str, Any], name: str) -> Word:
    """The words of an entry: its own, or those of its title."""
    for words in (entry, entry.get("title"), entry.get("name")):
        if isinstance(words, Mapping) and {"zh", "en"} <= words.keys():
            return Localized(words["zh"], words["en"])
    return name


# --- form.schema.json


def _form(document: Mapping[str, Any]) -> Iterator[Thing]:
    alone = {key: value for key, value in document.items() if key not in ("properties", "x-sections")}
    yield Thing("form", FORM, ("form",), (message("Form"),), alone)
    for section in document["x-sections"]:
        words = Localized(**section["title"])
        yield Thing("form", FORM, ("section", section["key"]), (message("section"), words), section)
    for key, source in document["properties"].items():
        yield from _question(("question", key), (message("question"),), source)


def _question(identity: Identity, above: tuple[Word, ...], source: Mapping[str, Any]) -> Iterator[Thing]:
    where = (*above, Localized(source["title"], source["x-title-en"]))
    facets = {key: value for key, value in source.items() if key not in ("title", "x-title-en", "items")}
    rows = source.get("items") or {}
    facets |= {f"items/{key}": value for key, value in rows.items() if key != "properties"}
    facets["title"] = {"zh": source["title"], "en": source["x-title-en"]}
    yield Thing("form", FORM, identity, where, facets, ordered=False)  # its place is told by its section
    for key, column in rows.get("properties", {}).items():
        yield from _question((*identity, key), where, column)


# --- process.bpmn

_DRAWN = frozenset({"line", "bounds", "label", "waypoints", "element", "incoming", "outgoing", "boundaries"})
_NODES = frozenset({"separate_from", "scope", "host", "source", "target"})  # name other nodes
_KINDS: Mapping[Kind, Message] = MappingProxyType(
    {
        Kind.USER: message("step"),
        Kind.SERVICE: message("act of the system"),
        Kind.RULE: message("automatic check"),
        Kind.START: message("beginning"),
        Kind.END: message("end"),
        Kind.TERMINATE: message("end"),
        Kind.BOUNDARY: message("timer"),
        Kind.CATCH: message("timer"),
        Kind.SUBPROCESS: message("part of the process"),
        Kind.CALL: message("other process"),
    }
)


def _process(net: Net) -> Iterator[Thing]:
    name = {"zh": net.name, "en": net.name_en}
    yield Thing("process", PROCESS, ("process",), (message("Process"),), {"id": net.id, "name": name})
    for stage in net.stages:
        facets = {"name": {"zh": stage.name, "en": stage.name_en}}
        where = (message("main step"), Localized(stage.name or stage.code, stage.name_en or stage.code))
        yield Thing("process", PROCESS, ("stage", stage.code), where, facets)
    for node in net.nodes.values():
        where = (_KINDS.get(node.kind, message("branch")), node_words(node))
        yield Thing("process", PROCESS, ("node", node.id), where, _facets(node, net), ordered=False)
    for flow in net.flows.values():
        ends = [node_words(net.nodes[end]) for end in (flow.source, flow.target)]
        way = Localized(*(" → ".join(end.text(language) for end in ends) for language in ("zh", "en")))
        yield Thing("process", PROCESS, ("flow", flow.id), (message("flow"), way), _facets(flow, net), ordered=False)
    drawn = {f"{one.id}": [one.bounds, one.label] for one in net.nodes.values()} | {
        flow.id: [flow.waypoints, flow.label] for flow in net.flows.values()
    }
    yield Thing("process", PROCESS, ("drawing",), (message("Drawing"),), {"drawing": str(drawn)})


def node_words(node: Node) -> Localized:
    """What people call a node; one without a name by its id."""
    return Localized(node.name or node.name_en or node.id, node.name_en or node.name or node.id)


def _facets(part: Any, net: Net) -> dict[str, object]:
    """The fields of a node or flow that are set, without where it stands in file and drawing."""
    found = {one.name: _plain(getattr(part, one.name)) for one in fields(part) if one.name not in _DRAWN}
    found["name"] = {"zh": found.pop("name"), "en": found.pop("name_en")}
    for key in _NODES & found.keys():
        value = found[key]
        found[key] = [_known(net, one) for one in value] if isinstance(value, list) else _known(net, value)
    return {key: value for key, value in found.items() if value not in (None, "", [], False, {"zh": "", "en": ""})}


def _known(net: Net, node_id: object) -> object:
    """A node another one speaks of, by name and id: two may have the same name."""
    node = net.nodes.get(str(node_id))
    if node is None or not (node.name or node.name_en):
        return node_id
    words = node_words(node)
    return {"zh": f"{words.zh}（{node.id}）", "en": f"{words.en} ({node.id})"}


def _plain(value: object) -> object:
    if isinstance(value, MultiInstance):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name)}
    if isinstance(value, Condition):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


# --- rules/*.table.json


def _table(table: Table) -> Iterator[Thing]:
    file, document = f"rules/{table.key}.table.json", table.to_json()
    top = (message("table"), table.name)
    alone = {key: value for key, value in document.items() if key not in ("inputs", "outputs", "rows")}
    yield Thing("rules", file, ("table", table.key), top, alone, ordered=False)
    for kind, word in (("inputs", message("asks")), ("outputs", message("gives"))):
        for column in document[kind]:
            words = _called(column, column["key"])
            yield Thing("rules", file, ("rules", table.key, kind, column["key"]), (*top, word, words), column)
    heads: dict[str, Word] = {f"if {column.key}": column.name for column in table.inputs}
    heads |= {f"then {column.key}": column.name or column.key for column in table.outputs}
    for row in document["rows"]:
        cells = {f"if {column.key}": cell for column, cell in zip(table.inputs, row["when"], strict=True)}
        facets = cells | {f"then {key}": value for key, value in row["then"].items()}
        facets |= {key: row.get(key) for key in ("clause", "note")}
        where = (*top, message("row"), row["id"])
        yield Thing("rules", file, ("rules", table.key, "row", row["id"]), where, facets, heads)


# --- words of facets

FACETS: Mapping[str, Message] = MappingProxyType(
    {
        "authority": message("authority"),
        "applicant": message("applicant"),
        "assigns": message("names people for"),
        "basis": message("basis"),
        "called": message("calls"),
        "clause": message("clause"),
        "clock": message("the time limits run from"),
        "condition": message("condition"),
        "confidence": message("how sure"),
        "corrections": message("corrections"),
        "default": message("otherwise"),
        "done": message("word for it afterwards"),
        "drawing": message("places and lines"),
        "duration": message("length"),
        "effect": message("effect"),
        "fee": message("fee"),
        "fields": message("questions"),
        "for": message("for the results"),
        "hit": message("which rows decide"),
        "host": message("belongs to"),
        "icon": message("icon"),
        "id": message("identifier"),
        "interrupting": message("takes the step away"),
        "key": message("identifier"),
        "kind": message("kind"),
        "level": message("decided at"),
        "multi": message("for several at once"),
        "name": message("name"),
        "needs": message("what must be said with it"),
        "note": message("note"),
        "number_prefix": message("letters of the case number"),
        "outcomes": message("results"),
        "phrases": message("usual phrases"),
        "record": message("kind of record"),
        "required": message("required"),
        "role": message("role"),
        "scope": message("lies in"),
        "separate_from": message("another person than at"),
        "short": message("short name"),
        "source": message("comes from"),
        "stage": message("main step"),
        "stops": message("stops the clock for"),
        "summary": message("summary"),
        "tables": message("tables"),
        "target": message("leads to"),
        "timer": message("time limit"),
        "title": message("title"),
        "tone": message("colour"),
        "type": message("kind"),
        "values": message("closed list"),
        "variable": message("variable of the result"),
        "version": message("version"),
        "waits": message("waits for the answer"),
        "when": message("asked for if"),
        "maxLength": message("longest"),
        "minLength": message("shortest"),
        "maxItems": message("at most"),
        "minItems": message("at least"),
        "pattern": message("pattern"),
        "x-after": message("later than"),
        "x-decimals": message("decimals"),
        "x-dictionary": message("dictionary"),
        "x-fill": message("fetches"),
        "x-format": message("kind of number"),
        "x-hint": message("hint"),
        "x-layout": message("layout"),
        "x-lock": message("cannot be changed where known"),
        "x-maximum": message("at most"),
        "x-minimum": message("at least"),
        "x-above": message("more than"),
        "x-options": message("choices"),
        "x-prefill": message("filled in from"),
        "x-required": message("required"),
        "x-sensitive": message("encrypted and masked"),
        "x-show": message("asked if"),
        "x-span": message("width"),
        "x-unit": message("unit"),
        "x-widget": message("kind of input"),
    }
)


def facet_word(thing: Thing, key: str) -> Word:
    """What people call a facet; one without a word by its key."""
    return thing.words.get(key) or FACETS.get(key) or key


@dataclass(frozen=True, slots=True)
class Speech:
    """How what stands in files is said: the language of names, the translation of our own words, the names of roles."""

    language: str
    translate: Callable[[str], str]
    roles: Mapping[str, str]

    def word(self, word: Word) -> str:
        """A word in the reader's language."""
        if isinstance(word, Message):
            return word.render(self.translate)
        return word.text(self.language) if isinstance(word, Localized) else word

    def value(self, value: object) -> str:
        """A value of a file as people read it."""
        if value in (None, "", [], {}):
            return "—"
        if isinstance(value, bool):
            return self.word(message("yes") if value else message("no"))
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list):
            return self.word(message(", ")).join(map(self.value, value))
        if isinstance(value, Limit) or _DURATION.fullmatch(str(value)):
            return self._limit(value if isinstance(value, Limit) else parse_limit(str(value)))
        return self.roles.get(str(value), str(value))

    def _mapping(self, value: Mapping[str, object]) -> str:
        if value.keys() == {"zh", "en"}:
            return str(value["en" if self.language == "en" else "zh"])
        said = (f"{key}{self.word(message(': '))}{self.value(one)}" for key, one in value.items())
        return self.word(message("; ")).join(said)

    def _limit(self, limit: Limit) -> str:
        if limit.unit is Unit.WORKING:
            return self.word(message("%(days)s working days", days=limit.days))
        return self.word(message("%(days)s calendar days", days=limit.days))
