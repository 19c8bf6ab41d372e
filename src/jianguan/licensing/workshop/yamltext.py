"""Changing a YAML file at single places, so that everything else of it stays as it was written, comments included."""

from __future__ import annotations

from typing import Any

import yaml

Place = tuple[str | int, ...]


def with_section(text: str, key: str, value: Any) -> str:
    """The text with another value of an entry of the outermost mapping.

    Raises:
        ValueError: the text is no mapping.
    """
    written = yaml.safe_dump({key: value}, allow_unicode=True, sort_keys=False, width=1000)
    for name, content in _mapping(text):
        if name.value == key:
            start = name.start_mark.index
            return text[:start] + written.removesuffix("\n") + text[_end(text, start, content) :]
    return f"{text.rstrip()}\n{written}"


def _end(text: str, start: int, node: Any) -> int:
    """Where a node ends, without the blank lines after it and the comments that speak of what follows."""
    lines = text[start : node.end_mark.index].split("\n")
    skipped = ("#",) if isinstance(node, yaml.CollectionNode) else ()
    while not lines[-1].strip() or lines[-1].lstrip().startswith(skipped):
        lines.pop()
    return start + len("\n".join(lines))


def with_value(text: str, place: Place, value: Any) -> str:
    """The text with another value at a place (`(0, "acts", 2, "then", "due")`).

    Raises:
        ValueError: there is no such place.
    """
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    for step in place:
        node = _below(node, step)
    start = node.start_mark.index
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    indent = "  " if block else ""  # a list may stand no deeper than its key, what takes its place must
    return text[:start] + indent + _inline(value) + text[_end(text, start, node) :]


def _mapping(text: str) -> list[tuple[Any, Any]]:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("no mapping")  # noqa: TRY004 - the text is wrong, not its type
    return list(node.value)


def _below(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        found = next((content for name, content in node.value if name.value == step), None)
    else:
        found = node.value[step] if isinstance(node, yaml.SequenceNode) and isinstance(step, int) else None
    if found is None:
        raise ValueError(step)
    return found


def _inline(value: Any) -> str:
    written = yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100_000, default_flow_style=True)
    return written.removesuffix("\n").removesuffix("\n...")
