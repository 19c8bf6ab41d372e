"""Assembling packs from stencils: what many matters share is written once.

A stencil is part of a pack: a process with the words of its steps and its scenarios. A pack that `extends` it brings
what is its own, and fills in the stencil's placeholders `${name}`:

    extends: licence
    with: {reviewer: fire_reviewer, checks: scope drawings}
    include: {form: [project, contact], rules: [builder]}

Assembled, a pack is complete in itself: what is published and pinned by cases holds no reference to a stencil.

    packs/stencils/<name>/      parts of packs: process.bpmn, matter.yaml, tests/*.yaml; defaults.yaml of placeholders
    packs/stencils/forms/       fields that several forms ask: <name>.json with x-sections, properties, required, allOf
    packs/stencils/rules/       tables that several matters ask: <name>.table.json
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any
from xml.sax.saxutils import quoteattr

import yaml

from jianguan.kernel.messages import Message, message

MATTER, FORM = "matter.yaml", "form.schema.json"
DEFAULTS = "defaults.yaml"  # of a stencil: values of placeholders that need not be given
OWN = "..."  # where a form's own sections stand among those included
INSTRUCTIONS = ("extends", "with", "include")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class AssemblyError(ValueError):
    """A pack that cannot be put together: in which file, and why."""

    def __init__(self, file: str, says: Message) -> None:
        super().__init__(f"{file}: {says}")
        self.file, self.says = file, says


def assemble(files: Mapping[str, bytes], stencils: Path) -> dict[str, bytes]:
    """The complete files of a pack; a pack that takes nothing from stencils comes back as it is.

    Raises:
        AssemblyError: there is no such stencil or part, it is not named but pointed at, or a placeholder was not given.
    """
    matter = _yaml(files, MATTER)
    if not any(name in matter for name in INSTRUCTIONS):
        return dict(files)
    _refuse_paths(matter)
    values = {"key": matter.get("key", ""), **matter.get("name", {}), **matter.get("with", {})}
    base = _stencil(stencils, matter["extends"], values) if "extends" in matter else {}
    include = matter.get("include", {})
    rules = {
        f"rules/{name}.table.json": _part(stencils, f"rules/{name}.table.json") for name in include.get("rules", [])
    }
    whole = {**base, **rules, **files}
    whole[MATTER] = _merged_matter(_yaml(base, MATTER), matter)
    if "form" in include:
        whole[FORM] = _merged_form(files.get(FORM, b"{}"), stencils, include["form"])
    return whole


def _refuse_paths(matter: Mapping[str, Any]) -> None:
    """Stencils and parts are named, never pointed at."""
    include = matter.get("include") or {}
    named = [matter["extends"]] if "extends" in matter else []
    named += [part for kind in ("form", "rules") for part in include.get(kind) or [] if part != OWN]
    for name in named:
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise AssemblyError(MATTER, message("“%(name)s” names no stencil or part.", name=str(name)[:80]))


def _yaml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(files.get(name, b""))
    except yaml.YAMLError:
        return {}  # reading the pack says what is wrong with it
    return document if isinstance(document, dict) else {}


def _stencil(stencils: Path, name: str, values: Mapping[str, Any]) -> dict[str, bytes]:
    folder = stencils / name
    if not (folder / MATTER).is_file():
        raise AssemblyError(MATTER, message("There is no stencil called %(name)s.", name=name))
    paths = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    defaults = paths.pop(DEFAULTS, None)
    values = {**(_yaml({DEFAULTS: defaults.read_bytes()}, DEFAULTS) if defaults else {}), **values}
    return {name: _filled(path, values) for name, path in paths.items()}


def _filled(path: Path, values: Mapping[str, Any]) -> bytes:
    """A file of a stencil with its placeholders filled in."""
    if path.suffix == ".bpmn":
        values = {name: quoteattr(str(value))[1:-1] for name, value in values.items()}
    else:
        values = {name: "null" if value is None else value for name, value in values.items()}
    try:
        return Template(path.read_text("utf-8")).substitute(values).encode()
    except KeyError as error:
        raise AssemblyError(MATTER, message("The stencil wants a value for %(name)s.", name=error.args[0])) from error


def _part(stencils: Path, name: str) -> bytes:
    path = stencils / name
    if not path.is_file():
        raise AssemblyError(MATTER, message("There is no shared part called %(name)s.", name=name))
    return path.read_bytes()


def _merged_matter(base: Mapping[str, Any], own: Mapping[str, Any]) -> bytes:
    merged = _merged(base, {key: value for key, value in own.items() if key not in INSTRUCTIONS})
    return yaml.safe_dump(merged, allow_unicode=True, sort_keys=False, width=1000).encode()


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; where both say something, the pack's own counts."""
    both = {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in own.items()
    }
    return {**base, **both}


def _merged_form(own: bytes, stencils: Path, names: list[str]) -> bytes:
    """The pack's form with the fields included, in the order of `names`."""
    document = json.loads(own)
    parts = [document if name == OWN else json.loads(_part(stencils, f"forms/{name}.json")) for name in names]
    if OWN not in names:
        parts.append(document)
    whole = {**document, "type": "object"}
    whole["x-sections"] = [section for part in parts for section in part.get("x-sections", [])]
    whole["properties"] = {key: value for part in parts for key, value in part.get("properties", {}).items()}
    for keyword in ("required", "allOf"):
        listed = [one for part in parts for one in part.get(keyword, [])]
        if listed:
            whole[keyword] = listed
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()
