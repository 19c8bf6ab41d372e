"""What the gate says of files that are still being written: of all of them, of the process by element, scenario by scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings

from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import NetError
from jianguan.kernel.process.document import line_of, open_document, split_tag
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import PROCESS, Examined, PackError, Played, Problem
from jianguan.platform.workdays import service as workdays


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the process; `id` is the element it is about, where it is about one."""

    id: str
    line: int | None
    says: Message
    is_error: bool


def as_bytes(texts: Mapping[str, str]) -> dict[str, bytes]:
    """Files as packs have them."""
    return {name: text.encode() for name, text in texts.items()}


def digest(texts: Mapping[str, str]) -> str:
    """What identifies exactly these files."""
    return matters.digest_of(as_bytes(texts))


def gated(texts: Mapping[str, str]) -> Examined:
    """All that the publication gate says, scenarios included."""
    return matters.examine(as_bytes(texts), settings.PACKS_ROOT / "stencils")


def sound(texts: Mapping[str, str]) -> Examined:
    """What the gate says before it runs the scenarios: quick enough to be asked on every change."""
    return matters.examine(as_bytes(texts), settings.PACKS_ROOT / "stencils", matters.soundness)


def played(texts: Mapping[str, str]) -> list[Played]:
    """How every scenario goes now; none where the files make no pack."""
    pack = sound(texts).pack
    try:
        return list(matters.play(pack, workdays.shipped())) if pack else []
    except PackError:
        return []


def process_faults(texts: Mapping[str, str], examined: Examined) -> list[Fault]:
    """What concerns the process, each with the element it is about."""
    lines = _elements(texts.get(PROCESS, ""))
    found = [_fault(problem, lines) for problem in examined.problems if problem.file == PROCESS]
    found += [
        _fault(problem, lines)
        for problem in examined.problems
        if problem.file != PROCESS and str(problem.says.params.get("node", "")) in lines.values()
    ]
    if examined.pack is None and not found:
        says = message("Other files have faults, so that the process cannot be judged as a whole: see the overview.")
        found.append(Fault("", None, says, is_error=False))
    return found


def _fault(problem: Problem, lines: Mapping[int, str]) -> Fault:
    ids = set(lines.values())
    named = next((str(value) for value in _values(problem.says) if str(value) in ids), "")
    line = problem.line if problem.file == PROCESS else None
    return Fault(lines.get(line or 0, "") or named, line, problem.says, problem.is_error)


def _values(says: Message) -> Iterator[object]:
    for value in says.params.values():
        yield from _values(value) if isinstance(value, Message) else [value]


def _elements(text: str) -> dict[int, str]:
    """The ids of the elements of a process by their line; none where it cannot be read."""
    try:
        root = open_document(text.encode())
    except NetError:
        return {}
    return {line_of(one): one.get("id", "") for one in root.iter() if one.get("id") and split_tag(one)[1] not in _DRAWN}


_DRAWN = frozenset({"definitions", "BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge"})
