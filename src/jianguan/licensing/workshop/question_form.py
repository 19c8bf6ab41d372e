"""The questions of a form as a list of inputs: titles, hints, whether they must be answered, their limits, their place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jianguan.kernel.messages import Message
from jianguan.kernel.tables import Localized

Document = dict[str, Any]
LIMITS: Mapping[str, tuple[str, ...]] = {
    "text": ("minLength", "maxLength"),
    "textarea": ("minLength", "maxLength"),
    "number": ("x-minimum", "x-maximum", "x-decimals"),
    "checks": ("minItems", "maxItems"),
    "works": ("minItems", "maxItems"),
    "rows": ("minItems", "maxItems"),
}
AS_TEXT = frozenset({"x-minimum", "x-maximum"})  # numbers that are text, so that nothing is rounded
NEW_KINDS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "textarea": {"type": "string", "x-span": 12},
    "number": {"type": "string", "x-decimals": 2},
    "date": {"type": "string", "format": "date"},
    "yes-no": {"type": "boolean"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its inputs; `name` is the first part of theirs, `group` the repeating group it stands in."""

    name: str
    key: str
    widget: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    required: bool
    limits: Sequence[tuple[str, str]]
    section: str
    place: int
    group: str
    faults: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of the form."""

    name: str
    key: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str

    @property
    def title(self) -> Localized:
        """What heads the section."""
        return Localized(self.zh or self.key, self.en or self.key)


def parsed(text: str) -> Document | None:
    """The form in a file as far as inputs can show it; None where only the text can be changed."""
    try:
        document = json.loads(text)
        sections = {key for section in document["x-sections"] for key in section["fields"]}
        questions = [question for _, question in _questions(document)]
        whole = all(isinstance(one["title"], str) and isinstance(one["x-widget"], str) for one in questions)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return document if whole and sections <= document["properties"].keys() else None


def written(document: Document) -> str:
    """The text of a form file."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _questions(document: Document) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every question with its path, in the order of the page; those of a repeating group after it."""
    for section in document["x-sections"]:
        for key in section["fields"]:
            question = document["properties"][key]
            yield (key,), question
            for column in question.get("x-row", ()):
                yield (key, column), question["items"]["properties"][column]


def headings(document: Document) -> list[Heading]:
    """The sections in their order."""
    return [
        Heading(
            f"s-{n}", section["key"], *_pair(section.get("title")), *_pair(section.get("hint")),
        )
        for n, section in enumerate(document["x-sections"])
    ]  # fmt: skip


def questions(document: Document, told: Mapping[str, Sequence[Message]]) -> list[Question]:
    """The questions as the page shows them; `told` are faults by the place the gate names."""
    places = {
        key: (section["key"], n) for section in document["x-sections"] for n, key in enumerate(section["fields"], 1)
    }
    shown = []
    for path, source in _questions(document):
        section, place = places[path[0]]
        at = "properties." + ".items.properties.".join(path)
        found = [says for where, several in told.items() if _belongs(where, at, path) for says in several]
        limits = [(key, str(source.get(key, ""))) for key in LIMITS.get(source["x-widget"], ())]
        shown.append(
            Question(
                "q-" + "-".join(path), path[-1], source["x-widget"], source["title"], source.get("x-title-en", ""),
                *_pair(source.get("x-hint")), source.get("x-required", True), limits, section, place,
                path[0] if len(path) > 1 else "", found,
            )
        )  # fmt: skip
    return shown


def _belongs(where: str, at: str, path: tuple[str, ...]) -> bool:
    below = where.removeprefix(at)
    return where in (at, path[0] if len(path) == 1 else "") or (
        below != where and below[:1] == "." and ".items." not in below
    )


def _pair(words: Any) -> tuple[str, str]:
    return (str(words.get("zh", "")), str(words.get("en", ""))) if isinstance(words, dict) else ("", "")


def typed(document: Document, given: Mapping[str, str]) -> Document:
    """The form as it was typed over the one the page was drawn from; `document` is changed."""
    for path, source in _questions(document):
        _apply(source, "q-" + "-".join(path), given)
    for n, section in enumerate(document["x-sections"]):
        section["title"] = {"zh": given.get(f"s-{n}-zh", "").strip(), "en": given.get(f"s-{n}-en", "").strip()}
        _words(section, "hint", f"s-{n}-hint", given)
    _add(document, given)
    _arrange(document, given)
    return document


def _apply(source: dict[str, Any], name: str, given: Mapping[str, str]) -> None:
    source["title"], source["x-title-en"] = given.get(f"{name}-zh", "").strip(), given.get(f"{name}-en", "").strip()
    _words(source, "x-hint", f"{name}-hint", given)
    required = f"{name}-required" in given
    if required != source.get("x-required", True):
        source["x-required"] = required
    for key in LIMITS.get(source["x-widget"], ()):
        text = given.get(f"{name}-{key}", "").strip()
        if text == str(source.get(key, "")):
            continue
        source.pop(key, None)
        if text:
            source[key] = int(text) if text.isdecimal() and key not in AS_TEXT else text


def _words(source: dict[str, Any], key: str, name: str, given: Mapping[str, str]) -> None:
    words = {language: given.get(f"{name}-{language}", "").strip() for language in ("zh", "en")}
    source.pop(key, None)
    if any(words.values()):
        source[key] = words


def _add(document: Document, given: Mapping[str, str]) -> None:
    """The question typed into the last line; nothing where it has no key, or one that is taken."""
    key, widget = given.get("new-key", "").strip(), given.get("new-widget", "text")
    if not key or key in document["properties"] or widget not in NEW_KINDS:
        return
    words = {"title": given.get("new-zh", "").strip(), "x-title-en": given.get("new-en", "").strip()}
    document["properties"][key] = {**words, "x-widget": widget, **NEW_KINDS[widget], "x-required": False}
    section = next(
        (one for one in document["x-sections"] if one["key"] == given.get("new-section")), document["x-sections"][-1]
    )
    section["fields"].append(key)


def _arrange(document: Document, given: Mapping[str, str]) -> None:
    """Put questions into the sections and the order that were typed, and take away what was ticked."""
    known = {section["key"] for section in document["x-sections"]}
    placed: dict[str, list[tuple[float, int, str]]] = {key: [] for key in known}
    order = [
        (section["key"], n, key) for section in document["x-sections"] for n, key in enumerate(section["fields"], 1)
    ]
    for rank, (section, n, key) in enumerate(order):
        if f"q-{key}-remove" in given:
            document["properties"].pop(key)
            continue
        wanted, place = given.get(f"q-{key}-section", section), given.get(f"q-{key}-place", "")
        # a question that was moved up stands before the one whose number it took
        moved = place.isdecimal() and int(place) != n
        number = int(place) + (0.5 if int(place) > n else -0.5) if moved else float(n)
        placed[wanted if wanted in known else section].append((number, rank, key))
    for section in document["x-sections"]:
        section["fields"] = [key for _, _, key in sorted(placed[section["key"]])]
