"""What is changed most in `matter.yaml`, as inputs. An input is named by its place in the file: `limits/promised/basis/zh`.

Only the entries a page shows are written again (`yamltext`); everything else of the file stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from jianguan.kernel.messages import Message, message

PAIRS = ("name", "short", "summary", "kind", "applicant", "authority", "fee")
LIMITS = ("promised", "statutory")
CONFIDENCE = ("sourced", "recalled", "observed", "computed", "proposal")
SOURCES = ("upload", "shared", "commitment")
CLOCKS = ("receipt", "acceptance")
UNITS = ("WD", "D")
_DURATION = re.compile(r"P([0-9]{1,4})(W?D)")
Document = dict[str, Any]
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A text in both languages at a place of the file; `removable` where it is one of a list."""

    name: str
    zh: str
    en: str
    label: str = ""
    removable: bool = False


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A time limit."""

    key: str
    name: str
    there: bool
    days: str
    unit: str
    basis: Line
    confidence: str


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """A document that is asked for; `when` says under which answers, as the file has it."""

    name: str
    key: str
    words: Line
    source: str
    record: str
    required: bool
    when: str


@dataclass(frozen=True, slots=True)
class StepLines:
    """The words of a step: the title of its panel and the usual phrases."""

    key: str
    name: str
    title: Line
    phrases: Sequence[Line]


def parsed(text: str) -> Document | None:
    """The matter in a file as far as inputs can show it; None where only the text can be changed."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
            return None  # what repeats itself by reference can be small and still without limits; the gate refuses it
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) and _has_shape(document) else None


def _has_shape(d: Document) -> bool:
    """Whether every entry the pages show is of the kind they expect: words are mappings, lists are lists of them."""
    lists = [d.get(key, []) for key in ("materials", "basis", "clauses")]
    acts, limits = d.get("acts", {}), d.get("limits", {})
    if not all(isinstance(one, list) for one in lists) or not all(isinstance(one, dict) for one in (acts, limits)):
        return False
    words = [d.get(key, {}) for key in PAIRS] + [one for several in lists for one in several]
    words += [*acts.values(), *limits.values()] + [
        limit.get("basis", {}) for limit in limits.values() if isinstance(limit, dict)
    ]
    words += [
        one for act in acts.values() if isinstance(act, dict) for one in (act.get("title", {}), *act.get("phrases", []))
    ]
    return all(isinstance(one, dict) for one in words)


# --- to the page


def pairs(document: Document) -> list[Line]:
    """Names and other words of the matter as a whole."""
    return [_line(key, document.get(key, {}), label=key) for key in PAIRS]


def limits(document: Document) -> list[LimitLine]:
    """The time limits; that of the law may be missing."""
    return [_limit(key, document.get("limits", {}).get(key)) for key in LIMITS]


def _limit(key: str, limit: Mapping[str, Any] | None) -> LimitLine:
    name, known = f"limits/{key}", limit or {}
    found = _DURATION.fullmatch(str(known.get("duration", "")))
    days, unit = found.groups() if found else (str(known.get("duration", "")).strip("PWD"), "WD")
    return LimitLine(
        key, name, limit is not None, days, unit, _line(f"{name}/basis", known.get("basis", {})),
        str(known.get("confidence", "proposal")),
    )  # fmt: skip


def materials(document: Document) -> list[MaterialLine]:
    """The documents asked for."""
    return [
        MaterialLine(
            f"materials/{n}", str(one.get("key", "")), _line(f"materials/{n}", one), str(one.get("source", "")),
            str(one.get("record", "")), one.get("required", True) is True, _conditions(one.get("when", {})),
        )
        for n, one in enumerate(document.get("materials", []))
    ]  # fmt: skip


def _conditions(when: Any) -> str:
    return yaml.safe_dump(when, allow_unicode=True, default_flow_style=True).strip("{}\n") if when else ""


def steps(document: Document, names: Mapping[str, str]) -> list[StepLines]:
    """The words of every step people do, in the order of `names`; steps without any so far included."""
    acts = document.get("acts", {})
    return [
        StepLines(
            key, names.get(key, key), _line(f"acts/{key}/title", acts.get(key, {}).get("title", {})),
            lines(f"acts/{key}/phrases", acts.get(key, {}).get("phrases", [])),
        )
        for key in [*names, *(key for key in acts if key not in names)]
    ]  # fmt: skip


def lines(name: str, listed: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Texts of a list, and an empty one to write the next into."""
    found = [_line(f"{name}/{n}", one, removable=True) for n, one in enumerate(listed)]
    return [*found, Line(f"{name}/{len(found)}", "", "")]


def _line(name: str, words: Mapping[str, Any], *, label: str = "", removable: bool = False) -> Line:
    return Line(name, str(words.get("zh", "")), str(words.get("en", "")), label, removable)


# --- back from the page


def typed(part: str, document: Document, given: Given) -> dict[str, Any]:
    """The entries of the file that a part of the pages writes, as they were typed."""
    return _TYPED[part](document, given)


def _typed_names(_document: Document, given: Given) -> dict[str, Any]:
    return {key: _words(key, given) for key in PAIRS}


def _typed_limits(document: Document, given: Given) -> dict[str, Any]:
    made = {}
    for key in ("statutory", "promised"):
        name = f"limits/{key}"
        if key == "statutory" and f"{name}/there" not in given:
            continue
        days, unit = given.get(f"{name}/days", "").strip(), given.get(f"{name}/unit", "WD")
        made[key] = {
            "duration": f"P{days}{unit}",
            "basis": _words(f"{name}/basis", given),
            "confidence": given.get(f"{name}/confidence", ""),
        }
    corrections = given.get("corrections", "").strip()
    return {
        "limits": made,
        "clock": given.get("clock", document.get("clock")),
        "corrections": int(corrections) if corrections.isdecimal() else corrections,
    }


def _typed_materials(document: Document, given: Given) -> dict[str, Any]:
    before = document.get("materials", [])
    made = []
    for n in range(len(before) + 1):
        name = f"materials/{n}"
        key = given.get(f"{name}/key", "").strip()
        if f"{name}/remove" in given or not (n < len(before) or key):
            continue
        one = {
            "key": key, **_words(name, given), "source": given.get(f"{name}/source", "upload"),
            "record": given.get(f"{name}/record", "").strip(),
            "required": f"{name}/required" in given,
        }  # fmt: skip
        kept = {other: value for other, value in before[n].items() if other not in one} if n < len(before) else {}
        made.append({other: value for other, value in one.items() if value not in ("", True)} | kept)
    return {"materials": made}


def _typed_steps(document: Document, given: Given) -> dict[str, Any]:
    acts = {key: dict(act) for key, act in document.get("acts", {}).items()}
    for key in _steps_in(given):
        title = _words(f"acts/{key}/title", given)
        phrases = _listed(f"acts/{key}/phrases", given, acts.get(key, {}).get("phrases", []))
        if not any(title.values()) and not phrases and key not in acts:
            continue
        act = acts.setdefault(key, {})
        act["title"] = title
        act.pop("phrases", None)
        if phrases:
            act["phrases"] = phrases
    return {"acts": acts}


def _steps_in(given: Given) -> list[str]:
    return [name.split("/")[1] for name in given if name.startswith("acts/") and name.endswith("/title/zh")]


def _typed_clauses(document: Document, given: Given) -> dict[str, Any]:
    return {key: _listed(key, given, document.get(key, [])) for key in ("basis", "clauses")}


def _words(name: str, given: Given) -> dict[str, str]:
    return {language: given.get(f"{name}/{language}", "").strip() for language in ("zh", "en")}


def _listed(name: str, given: Given, before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Texts of a list without those ticked to be removed and those left empty; what else an entry says stays."""
    found = []
    n = 0
    while f"{name}/{n}/zh" in given:
        words = _words(f"{name}/{n}", given)
        if any(words.values()) and f"{name}/{n}/remove" not in given:
            found.append({**(before[n] if n < len(before) else {}), **words})
        n += 1
    return found


_TYPED: Mapping[str, Callable[[Document, Given], dict[str, Any]]] = {
    "names": _typed_names,
    "limits": _typed_limits,
    "materials": _typed_materials,
    "steps": _typed_steps,
    "clauses": _typed_clauses,
}
PARTS: Mapping[str, Message] = {
    "names": message("Names and summary"),
    "limits": message("Time limits"),
    "materials": message("Documents"),
    "steps": message("Words of the steps"),
    "clauses": message("Basis and clauses"),
}
