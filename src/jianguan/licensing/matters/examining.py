"""What is wrong with a pack that someone sent: put together, read, put through the gate, every fault with its line."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters.gate import MATTER, gate
from jianguan.licensing.matters.pack import Pack
from jianguan.licensing.matters.reading import PackError, Problem, from_files
from jianguan.licensing.matters.stencils import AssemblyError, assemble

log = logging.getLogger(__name__)
_STEP = re.compile(r"[^/.\[\]]+")  # of a place: `a/b`, `a.b`, `rows[2]`
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Examined:
    """A pack that was sent: its complete files, the pack where they make one, and all that was found."""

    files: Mapping[str, bytes]
    pack: Pack | None
    problems: tuple[Problem, ...]

    @property
    def faults(self) -> int:
        """How many of the problems keep it from being published."""
        return sum(problem.is_error for problem in self.problems)


def examine(files: Mapping[str, bytes], stencils: Path, judge: Callable[[Pack], Iterable[Problem]] = gate) -> Examined:
    """Put a pack together and through the publication gate; whatever is in the files, the answer is a report."""
    whole = files
    try:
        _refuse_knots(files)
        whole = _assembled(files, stencils)
        pack = from_files(whole)
    except PackError as error:
        return Examined(whole, None, _with_lines({**whole, **files}, error.problems))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        return Examined(whole, None, (_unreadable(error),))
    try:
        problems = _with_lines({**whole, **files}, judge(pack))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        problems = (_unreadable(error),)
    return Examined(whole, pack, problems)


def _unreadable(error: Exception) -> Problem:
    log.warning("a proposed pack cannot be examined", exc_info=error)
    why = f"{type(error).__name__}: {error}"[:500]
    return Problem(MATTER, None, message("Something in the files is of another kind than expected: %(why)s", why=why))


def _assembled(files: Mapping[str, bytes], stencils: Path) -> dict[str, bytes]:
    try:
        return assemble(files, stencils)
    except AssemblyError as error:
        raise PackError([Problem(error.file, None, error.says)]) from error


def _refuse_knots(files: Mapping[str, bytes]) -> None:
    """YAML that repeats itself by reference, or is nested without end, can be small and still without limits."""
    for name in files:
        if not name.endswith(".yaml"):
            continue
        try:
            depth = 0
            for event in yaml.parse(files[name], Loader=yaml.CSafeLoader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
                    line = event.start_mark.line + 1 if event.start_mark else None
                    says = message("References (*name) and nesting this deep are not allowed here.")
                    raise PackError([Problem(name, line, says)])
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else None
            raise PackError([Problem(name, line, message("This is not YAML."))]) from error


# --- lines


def _with_lines(files: Mapping[str, bytes], problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(
        problem if problem.line else replace(problem, line=_line(problem.file, files.get(problem.file), problem.says))
        for problem in problems
    )


def _line(name: str, content: bytes | None, says: Message) -> int | None:
    """The line of what a sentence speaks of, as near as its words say."""
    if content is None:
        return None
    if name.endswith(".bpmn"):
        ids = "|".join(re.escape(str(value)) for value in _values(says))
        found = re.search(rf'\bid="({ids})"', content.decode(errors="replace"))
        return content.decode(errors="replace").count("\n", 0, found.start()) + 1 if ids and found else None
    try:
        node = yaml.compose(content, Loader=yaml.CSafeLoader)  # JSON is read as the YAML it is
    except (yaml.YAMLError, RecursionError):
        return None
    return next((line for steps in _places(says) if (line := _follow(node, steps))), None)


def _follow(node: Any, steps: Iterable[str]) -> int | None:
    """The line of the deepest entry along a place that is there."""
    line = None
    for step in steps:
        found = _below(node, step)
        if found is None:
            break
        line, node = found[0] + 1, found[1]
    return line


def _values(says: Message) -> Iterator[object]:
    for value in says.params.values():
        yield from _values(value) if isinstance(value, Message) else [value]


def _places(says: Message) -> Iterator[list[str]]:
    """Where a sentence may point: the place it names, the scenario it names, or its first word."""
    for name, value in says.params.items():
        if name == "place":
            yield _STEP.findall(str(value))
        elif isinstance(value, Message):
            yield from _places(value)
    if "name" in says.params:
        yield [str(says.params["name"])]
    yield _STEP.findall(str(says).partition(" ")[0])


def _below(node: Any, step: str) -> tuple[int, Any] | None:
    """Line and content of an entry: of a mapping by its key, of a list by its position or by its own key or id."""
    if isinstance(node, yaml.MappingNode):
        return next(((k.start_mark.line, v) for k, v in node.value if getattr(k, "value", None) == step), None)
    if not isinstance(node, yaml.SequenceNode):
        return None
    if step.isdecimal():
        return (node.value[int(step)].start_mark.line, node.value[int(step)]) if int(step) < len(node.value) else None
    return next(((n.start_mark.line, n) for n in node.value if step in _names(n)), None)


def _names(node: Any) -> list[str]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [str(v.value) for k, v in node.value if getattr(k, "value", None) in ("key", "id", "name")]


# --- kept reports


def to_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """A report as it is kept: sentences by template, so that every reader has them in their language."""
    return [{"file": p.file, "line": p.line, "error": p.is_error, "says": _kept(p.says)} for p in problems]


def from_json(report: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """The inverse of `to_json`."""
    return [Problem(row["file"], row["line"], _said(row["says"]), row["error"]) for row in report]


def _kept(value: object) -> Any:
    if isinstance(value, Message):
        return {"template": value.template, "params": {name: _kept(one) for name, one in value.params.items()}}
    return value if isinstance(value, int) else str(value).replace("\0", "")


def _said(kept: Any) -> Any:
    if isinstance(kept, dict):
        return Message(kept["template"], {name: _said(one) for name, one in kept["params"].items()})
    return kept
