"""Reading packs: from files to a `Pack`, or to all that is wrong with them."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from jsonschema import Draft202012Validator

from jianguan.kernel.clock import parse_limit
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import NetError, read_net
from jianguan.kernel.tables import Localized, Table, TableError
from jianguan.kernel.tables import load as load_table
from jianguan.licensing.forms.service import Form, FormError, compile_form
from jianguan.licensing.matters.pack import (
    ActForm,
    Assigns,
    CertificateForm,
    Clause,
    Material,
    Matter,
    MatterLimit,
    Outcome,
    Pack,
    Subject,
    digest_of,
)
from jianguan.licensing.matters.stencils import AssemblyError, assemble
from jianguan.licensing.promises.service import Item, Terms
from jianguan.licensing.rules.service import read_derivation
from jianguan.registry.dictionaries import service as dictionaries

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "matter.schema.json").read_text()))
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # zip archives of equal files are equal
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a pack: in which file, on which line if known, and what."""

    file: str
    line: int | None
    says: Message
    is_error: bool = True

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.says}"


class PackError(ValueError):
    """A pack that cannot be read; `problems` says all that is wrong."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def from_directory(path: Path) -> Pack:
    """The pack in a folder `<matter>/<version>`, put together with the stencils beside its matter.

    Raises:
        PackError: with everything that is wrong.
    """
    try:
        return from_files(assemble(files_in(path), stencils_of(path)))
    except AssemblyError as error:
        raise PackError([Problem(error.file, None, error.says)]) from error


def files_in(path: Path) -> dict[str, bytes]:
    """The files of a folder by their path in it."""
    return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}


def stencils_of(path: Path) -> Path:
    """Where the stencils of the pack in a folder `<matter>/<version>` are."""
    return path.absolute().parents[1] / "stencils"


def to_archive(pack: Pack) -> bytes:
    """The files of a pack as one archive, byte for byte the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(pack.files.items()):
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@functools.lru_cache(maxsize=256)
def from_archive(archive: bytes) -> Pack:
    """The pack in an archive; kept in memory, since a published pack never changes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return from_files({name: opened.read(name) for name in opened.namelist()})


def from_files(files: Mapping[str, bytes]) -> Pack:
    """The pack made of these files.

    Raises:
        PackError: with everything that is wrong.
    """
    problems: list[Problem] = []
    matter = _part(files, "matter.yaml", _matter, problems)
    form = _part(files, "form.schema.json", _form, problems)
    net = _part(files, "process.bpmn", read_net, problems)
    tables = {}
    for name in files:
        if name.startswith("rules/") and name.endswith(".table.json"):
            table = _part(files, name, load_table, problems)
            if table:
                tables[table.key] = table
    if problems or matter is None or form is None or net is None:
        raise PackError(problems)
    return Pack(matter, form, net, tables, dict(files), digest_of(files))


def _part(
    files: Mapping[str, bytes], name: str, read_part: Callable[[bytes], ResultT], problems: list[Problem]
) -> ResultT | None:
    """One file read, or its problems noted."""
    if name not in files:
        problems.append(Problem(name, None, message("The file is missing.")))
        return None
    try:
        return read_part(files[name])
    except PackError as error:
        problems.extend(error.problems)
    except NetError as error:
        problems.extend(Problem(name, one.line, one.message) for one in error.problems)
    except FormError as error:
        problems.extend(Problem(name, None, _sentence([one.place], one.says)) for one in error.defects)
    except TableError as error:
        problems.append(Problem(name, None, error.message))
    return None


def _form(text: bytes) -> Form:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PackError(
            [Problem("form.schema.json", getattr(error, "lineno", None), message("This is not JSON."))]
        ) from error
    return compile_form(document, dictionaries.shipped())


def _matter(text: bytes) -> Matter:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PackError(
            [Problem("matter.yaml", mark.line + 1 if mark else None, message("This is not YAML."))]
        ) from error
    wrong = sorted(SCHEMA.iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
    if wrong:
        raise PackError(Problem("matter.yaml", None, _sentence(e.absolute_path, e.message)) for e in wrong)
    return _build(document)


def _sentence(path: Iterable[str | int], why: str | Message) -> Message:
    return message("At %(place)s: %(why)s", place="/".join(map(str, path)) or "/", why=why)


def _build(d: dict[str, Any]) -> Matter:
    return Matter(
        key=d["key"], version=d["version"], name=_text(d["name"]), short=_text(d["short"]), group=d["group"]["key"],
        group_name=_text(d["group"]), icon=d["icon"], kind=_text(d["kind"]), applicant=_text(d["applicant"]),
        authority=_text(d["authority"]), number_prefix=d["number_prefix"], level=d.get("level", "place"),
        subject=_subject(d["subject"]), fee=_text(d["fee"]),
        basis=_texts(d["basis"]), summary=_text(d["summary"]), statutory=_limit(d["limits"]["statutory"]) if "statutory" in d["limits"] else None,
        promised=_limit(d["limits"]["promised"]), clock=d["clock"], corrections=d["corrections"],
        materials=tuple(map(_material, d["materials"])), acts={k: _act(v) for k, v in d["acts"].items()},
        outcomes={k: _outcome(k, v) for k, v in d["outcomes"].items()}, clauses=tuple(map(_clause, d["clauses"])),
        derive={name: read_derivation(one) for name, one in d.get("derive", {}).items()}, effects=d.get("effects", {}),
        certificate=_certificate(d["certificate"]) if "certificate" in d else None,
        promise=_promise(d["promise"]) if "promise" in d else None,
        promised_by_promise=_limit(d["promise"]["limit"]) if "limit" in d.get("promise", {}) else None,
    )  # fmt: skip


def _text(d: Mapping[str, str]) -> Localized:
    return Localized(d["zh"], d["en"])


def _texts(rows: Iterable[Mapping[str, str]]) -> tuple[Localized, ...]:
    return tuple(map(_text, rows))


def _clause(d: Mapping[str, Any]) -> Clause:
    return Clause(d["zh"], d["en"], tuple(d.get("for", ())))


def _limit(d: Mapping[str, Any]) -> MatterLimit:
    return MatterLimit(parse_limit(d["duration"]), _text(d["basis"]), d["confidence"])


def _subject(d: str | Mapping[str, Any]) -> Subject:
    whole = {"kind": d} if isinstance(d, str) else d
    return Subject(
        whole["kind"], whole.get("by", "owner"), frozenset(whole.get("certificates", [])),
        tuple(whole.get("told_apart_by", [])), whole.get("title", ""), whole.get("region", ""),
    )  # fmt: skip


def _material(d: Mapping[str, Any]) -> Material:
    return Material(d["key"], _text(d), d["source"], d.get("record", ""), d.get("required", True), d.get("when", {}))


def _act(d: Mapping[str, Any]) -> ActForm:
    assigns = Assigns(**d["assigns"]) if "assigns" in d else None
    return ActForm(_text(d["title"]), _texts(d.get("phrases", [])), assigns)


def _outcome(code: str, d: Mapping[str, Any]) -> Outcome:
    return Outcome(code, _text(d), d["tone"], d.get("needs", ""), _text(d["done"]))


def _certificate(d: Mapping[str, Any]) -> CertificateForm:
    return CertificateForm(
        d["key"], _text(d["name"]), d["type_code"], d.get("template", d["key"]), d.get("number", ""),
        d.get("document", ""), d.get("years"), d.get("until", ""), tuple(d.get("holders", ())), _text(d["statement"]), _texts(d["notes"]), d["face"],
    )  # fmt: skip


def _promise(d: Mapping[str, Any]) -> Terms:
    items = (
        Item(one["key"], _text(one), tuple(one.get("materials", ())), tuple(one.get("checks", ())))
        for one in d["items"]
    )
    check, limits = d["check"], {name: parse_limit(d[name]) for name in ("mend", "reply", "bar")}
    return Terms(
        tuple(items), _text(d["told"]), _text(d["consequences"]), check["how"], check["role"],
        parse_limit(check["within"]), basis=_text(d["basis"]), confidence=d["confidence"], **limits,
    )  # fmt: skip


def rule_tables(pack: Pack, node: str) -> list[Table]:
    """The tables a rule task of the process asks, in its order."""
    return [pack.tables[key] for key in pack.net.nodes[node].tables]
