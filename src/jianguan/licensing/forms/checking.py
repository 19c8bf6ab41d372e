"""Whether a record answers its form, and what is still missing.

The schema is held against the record first. What it cannot know comes after it: locked values and the choices of the
case. One problem is told per input, the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from jianguan.kernel.messages import Message, message
from jianguan.licensing.forms import notation
from jianguan.licensing.forms.form import NOTHING, Field, Form, Known, Path, Record, Text, input_name, leaves, row_title
from jianguan.licensing.forms.vocabulary import SpokenError, Validator


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer; `missing` if it is only not there yet."""

    title: Text | Message | str
    says: Message
    missing: bool = False


def errors(form: Form, record: Any, known: Known = NOTHING) -> dict[str, Problem]:
    """Problems by input name, in the order of the page; none if the record may be submitted."""
    if _deeper_than(_LEVELS, record):  # jsonschema quotes what it refuses, and Python cannot quote without end
        return {"": Problem(form.title, message("The answers are nested too deeply."))}
    found: dict[Path, Problem] = {}
    for error in Validator(form.schema).iter_errors(record):
        for path, problem in _problems(form, error):
            found.setdefault(path, problem)
    given = record if isinstance(record, dict) else {}
    for path in _own(form, given, known):
        found.pop(path, None)
    for path, problem in _against_the_case(form, given, known):
        found.setdefault(path, problem)
    return {input_name(*path): found[path] for path in sorted(found, key=_place_on(form))}


def sound(form: Form, record: Mapping[str, Any], known: Known = NOTHING) -> Record:
    """The record without the answers that are wrong, for whoever asks rules about an application still being written."""
    kept: Record = {key: _copied(answer) for key, answer in record.items()}
    for name in errors(form, record, known):
        key, *cell = name.split("-")
        if len(cell) == 2:
            kept[key][int(cell[0])].pop(cell[1], None)
        elif key in kept and not _is_group(form, key):
            del kept[key]
    return kept


def _copied(answer: Any) -> Any:
    return [dict(row) if isinstance(row, dict) else row for row in answer] if isinstance(answer, list) else answer


def _is_group(form: Form, key: str) -> bool:
    field = form.field(key)
    return bool(field and field.columns)


def missing(form: Form, record: Any, known: Known = NOTHING) -> dict[str, int]:
    """How many answers each section still lacks, for sections that lack any."""
    return count(form, {name: problem for name, problem in errors(form, record, known).items() if problem.missing})


def count(form: Form, problems: Mapping[str, Problem]) -> dict[str, int]:
    """How many of the problems each section has, for sections that have any."""
    home = {field.key: section.key for section in form.sections for field in section.fields}
    return dict(Counter(home[key] for name in problems if (key := name.split("-")[0]) in home))


def warnings(form: Form, record: Mapping[str, Any]) -> dict[str, Message]:
    """Doubts about numbers by input name. They never refuse: the rules behind them are recalled or observed only."""
    found: dict[str, Message] = {}
    for path, field, answer in leaves(form, record):
        if field.format and isinstance(answer, str) and (says := notation.check(field.format, answer).warnings):
            found[input_name(*path)] = says[0]
    return found


_LEVELS: Final = 4  # record, rows, row, answer


def _deeper_than(levels: int, value: Any) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [item for node in layer if isinstance(node, dict | list) for item in _items(node)]
    return bool(layer)


def _items(node: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return node.values() if isinstance(node, dict) else node


# --- the schema's refusals as sentences


def _problems(form: Form, error: Any) -> Iterator[tuple[Path, Problem]]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "required":
        for key in error.validator_value:
            field = _field(form, (*path, key))
            if field and key not in error.instance:
                yield (*path, key), Problem(_title(form, (*path, key)), _lacking(field), missing=True)
    elif error.validator == "additionalProperties":
        for key in sorted(set(error.instance) - set(error.schema["properties"])):
            yield (*path, key), Problem(key[:60], message("This form has no such field."))
    else:
        field = _field(form, path)
        place = path[:1] if field and field.several else path
        few = error.validator in {"minItems", "contains"}
        yield place, Problem(_title(form, place), _sentence(field, error), missing=few)


def _field(form: Form, path: Path) -> Field | None:
    field = form.field(str(path[0])) if path else None
    if field is None or len(path) < 3:
        return field
    return next((column for column in field.columns if column.key == path[2]), None)


def _title(form: Form, path: Path) -> Text | Message:
    group = _field(form, path[:1])
    if group is None or len(path) < 2:
        return group.title if group else form.title
    column = _field(form, path)
    return row_title(group, int(path[1]), None if column is group else column)


def _lacking(field: Field) -> Message:
    if field.columns:
        return _advice(field) or _too_few(field.least)
    return message("Please choose.") if field.chosen else message("Please fill this in.")


def _sentence(field: Field | None, error: Any) -> Message:
    """What a failed keyword means to the person who answered."""
    if isinstance(error, SpokenError):
        return error.says
    if error.validator in {"pattern", "minItems", "contains"} and (advice := _advice(field)):
        return advice
    return _SENTENCES.get(error.validator, _wrong_type)(error.validator_value)


def _advice(field: Field | None) -> Message | None:
    """The form's own sentence."""
    return Message("%(advice)s", {"advice": field.advice}) if field and field.advice else None


def _too_few(least: int) -> Message:
    return message("Expected here: at least %(count)s.", count=least)


def _too_short(least: int) -> Message:
    if least == 1:
        return message("Please fill this in.")
    return message("At least %(count)s characters are expected.", count=least)


def _wrong_type(expected: Any) -> Message:
    return message("The answer must be of type %(type)s.", type=str(expected))


_SENTENCES: Final[Mapping[str, Callable[[Any], Message]]] = MappingProxyType(
    {
        "enum": lambda _: message("Please choose one of the options."),
        "minLength": _too_short,
        "maxLength": lambda most: message("At most %(count)s characters are possible.", count=most),
        "minItems": _too_few,
        "contains": lambda _: _too_few(1),
        "uniqueItems": lambda _: message("An answer was chosen twice."),
        "maxItems": lambda most: message("Possible here: at most %(count)s.", count=most),
        "not": lambda _: message("After the other answers this is not asked; please leave it out."),
    }
)


# --- what only the case knows


def _own(form: Form, record: Mapping[str, Any], known: Known) -> Iterator[Path]:
    """Locked answers as the platform knows them: nobody could correct them, so nobody is asked to."""
    for field in form.fields:
        value = known.value(field.prefill)
        if field.locked and value is not None and record.get(field.key) == notation.from_library(value):
            yield (field.key,)


def _against_the_case(form: Form, record: Mapping[str, Any], known: Known) -> Iterator[tuple[Path, Problem]]:
    altered = message("The platform knows this, and it cannot be changed here.")
    for field in form.fields:
        answer, value = record.get(field.key), known.value(field.prefill)
        if not field.asked(record):
            continue
        if field.locked and value is not None:
            if answer != notation.from_library(value):
                yield (field.key,), Problem(field.title, altered)
        elif field.widget in known.offers and not _offered(answer, known, field):
            yield (field.key,), Problem(field.title, message("Please choose one of the options."))


def _offered(answer: Any, known: Known, field: Field) -> bool:
    codes = {option.code for option in known.options(field)}
    given = answer if isinstance(answer, list) else [answer]
    return answer is None or all(isinstance(code, str) and code in codes for code in given)


def _place_on(form: Form) -> Callable[[Path], tuple[int | str, ...]]:
    """Where the input of a path stands on the page; what the form does not know comes last."""
    place: dict[Path, int] = {}
    for field in form.fields:
        place[(field.key,)] = len(place)
        for column in field.columns:
            place[(field.key, column.key)] = len(place)
    last = len(place)

    def key(path: Path) -> tuple[int | str, ...]:
        row = path[1] if len(path) > 1 and isinstance(path[1], int) else -1
        return place.get(path[:1], last), row, place.get((*path[:1], *path[2:3]), last), input_name(*path)

    return key
