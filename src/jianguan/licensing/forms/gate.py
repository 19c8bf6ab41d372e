"""What stands between a form and its publication: everything `defects` finds, and what only a reader would notice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms.checking import errors
from jianguan.licensing.forms.defects import Defect, File, defects
from jianguan.licensing.forms.form import Dictionaries, Form
from jianguan.licensing.forms.sample import leading_to, sample
from jianguan.licensing.forms.schema import compile_form

_HAN = re.compile("[一-龥]")
_HALF_WIDTH = re.compile(r"(?<=[一-龥])[,;:!?()]|[,;:!?()](?=[一-龥])|(?<=[一-龥])\.(?:$|\s)")


def gate(
    file: Any, dictionaries: Dictionaries, prefill_paths: Collection[str], libraries: Collection[str]
) -> list[Defect]:
    """Everything that keeps a form from being published.

    `prefill_paths` are the paths the platform can fill in, `libraries` those that the fill buttons can ask.
    """
    if found := defects(file, dictionaries):
        return found
    return [
        *_languages(file),
        *_sources(file["properties"], prefill_paths, libraries),
        *_dead_ends(compile_form(file, dictionaries)),
    ]


def _languages(file: File) -> Iterator[Defect]:
    for place, chinese, english in _texts(file, ""):
        for says in _untranslated(chinese, english):
            yield Defect(place, says)


def _texts(node: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Every pair of texts, with its place."""
    if isinstance(node, list):
        for n, item in enumerate(node):
            yield from _texts(item, f"{place}.{n}")
    if not isinstance(node, Mapping):
        return
    if "x-title-en" in node:
        yield f"{place}.title".lstrip("."), node["title"], node["x-title-en"]
    if "zh" in node and "en" in node and isinstance(node["zh"], str):
        yield place.lstrip("."), node["zh"], node["en"]
    for key, item in node.items():
        yield from _texts(item, f"{place}.{key}")


def _untranslated(chinese: str, english: str) -> Iterator[Message]:
    if _HAN.search(english):
        yield message("The English text “%(text)s” is not in English.", text=english)
    if chinese == english and re.search("[A-Za-z]{3}", english):
        yield message("“%(text)s” is the same in both languages.", text=english)
    if _HALF_WIDTH.search(chinese):
        yield message("“%(text)s” has half-width punctuation; Chinese takes ，。：；（）.", text=chinese)


def _sources(
    fields: File, prefill_paths: Collection[str], libraries: Collection[str], place: str = "properties"
) -> Iterator[Defect]:
    for key, field in fields.items():
        here = f"{place}.{key}"
        path, library = field.get("x-prefill", ""), field.get("x-fill", {}).get("from", "")
        if path and path not in prefill_paths:
            yield Defect(f"{here}.x-prefill", message("The platform cannot fill in %(path)s.", path=path))
        if library and library not in libraries:
            yield Defect(f"{here}.x-fill", message("There is no library %(library)s to ask.", library=library))
        if field["x-widget"] == "rows":
            yield from _sources(field["items"]["properties"], prefill_paths, libraries, f"{here}.items.properties")


def _dead_ends(form: Form) -> Iterator[Defect]:
    """Questions that no answer can satisfy, so that nobody could ever submit the form."""
    told: set[str] = set()
    for field in form.fields:
        for name, problem in errors(form, sample(form, answers=leading_to(field))).items():
            if name not in told:
                told.add(name)
                yield Defect(name, message("No answer passes here: %(problem)s", problem=problem.says))
