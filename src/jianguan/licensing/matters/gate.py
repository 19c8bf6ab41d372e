"""The publication gate: everything that must hold before a pack decides a real case.

In order: the form, the drawing of the process, every marking it can reach, the tables, what the parts say about each
other, and where all of this is sound, the scenarios. All of it is automatic, and all that is found is reported, with
file and line where there is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jianguan.kernel.certificates import CertificateError, Template
from jianguan.kernel.messages import Message, message
from jianguan.kernel.process import Domain, Kind, Severity, explore, lint
from jianguan.kernel.tables import Table
from jianguan.kernel.tables import gate as table_gate
from jianguan.licensing.forms import service as forms
from jianguan.licensing.forms.service import Field
from jianguan.licensing.matters import scenarios
from jianguan.licensing.matters.effects import EFFECTS
from jianguan.licensing.matters.numbers import unknown_parts
from jianguan.licensing.matters.pack import CertificateForm, Matter, Pack
from jianguan.licensing.matters.prefill import LIBRARIES, paths
from jianguan.licensing.matters.reading import Problem
from jianguan.licensing.promises.service import Item
from jianguan.licensing.rules import service as rules
from jianguan.platform.workdays import service as workdays
from jianguan.registry.dictionaries import service as dictionaries

FORM, PROCESS, MATTER = "form.schema.json", "process.bpmn", "matter.yaml"
CONSTANTS = {"kind"}  # what effects are told as it is, not as the name of an answer
_CODE = re.compile(r"[0-9A-Za-z]{1,8}")  # what a number may take from an answer
GRANTS = {code for code in EFFECTS if code.startswith("grant_")}
NUMBERED = {"issue_certificate", "record_result", "complete_works", *GRANTS}
NUMBERING = {"permit_works", "register_project"}  # effects that give the certificate its number
FIRST_LOOK = 2_000  # states of a process; shipped ones have at most 1,500
CHECK_VARIABLES = ("checks_failed", "checks_hinted")


def gate(pack: Pack) -> list[Problem]:
    """All that is wrong with a pack; it may be published if none of it is an error."""
    problems = soundness(pack)
    if any(problem.is_error for problem in problems):
        return problems
    return [*problems, *scenarios.run_all(pack, workdays.shipped())]


def soundness(pack: Pack) -> list[Problem]:
    """The gate without the scenarios: what it says while a pack is being written."""
    return [problem for examine in _EXAMINATIONS for problem in examine(pack)]


def _form(pack: Pack) -> Iterator[Problem]:
    file = json.loads(pack.files[FORM])
    for defect in forms.gate(file, dictionaries.shipped(), paths(), LIBRARIES):
        yield Problem(FORM, None, message("At %(place)s: %(why)s", place=defect.place, why=defect.says))


def _process(pack: Pack) -> Iterator[Problem]:
    declared = declared_variables(pack)
    for problem in lint(pack.net, declared):
        yield Problem(PROCESS, problem.line or None, problem.message, problem.severity is Severity.ERROR)
    exploration = explore(pack.net, declared, max_states=FIRST_LOOK)
    if not (exploration.complete or exploration.findings):  # what is found at once need not be looked for further
        exploration = explore(pack.net, declared)
    for finding in exploration.findings:
        path = "; ".join(map(str, finding.path))
        yield Problem(PROCESS, None, message("%(finding)s Path: %(path)s", finding=finding.message, path=path or "—"))
    if not exploration.complete:
        yield Problem(PROCESS, None, message("The process has too many states to be checked completely."))


def declared_variables(pack: Pack) -> dict[str, Domain]:
    """What rule tasks set: the counts of checks, and the outputs of tables that are no checks."""
    tasks = {node.id: node.tables for node in pack.net.nodes.values() if node.kind is Kind.RULE}
    declared = {name: Domain((), frozenset(tasks)) for name in CHECK_VARIABLES}
    for key, table in pack.tables.items():
        if not _is_check(table):
            for column in table.outputs:
                declared[column.key] = Domain(
                    column.values, frozenset(t for t, tables in tasks.items() if key in tables)
                )
    return declared


def _is_check(table: Table) -> bool:
    return any(column.key == rules.RESULT for column in table.outputs)


def _tables(pack: Pack) -> Iterator[Problem]:
    used = {key for node in pack.net.nodes.values() for key in node.tables}
    facts = {key: fact.kind for key, fact in rules.declared().items()}
    derived = {name: rules.OPERATIONS[one.operation].kind for name, one in pack.matter.derive.items()}
    available = {**_answers(pack), **derived, **facts}
    for key, table in pack.tables.items():
        file = f"rules/{key}.table.json"
        if key not in used:
            yield Problem(file, None, message("No step of the process asks this table."))
        for problem in table_gate(table, available):  # type: ignore[arg-type]  # kinds are the tables' own words
            yield Problem(file, None, problem.message, problem.severity == "error")
    for node in pack.net.nodes.values():
        for key in set(node.tables) - set(pack.tables):
            yield Problem(PROCESS, node.line, message("The table %(table)s is not in the pack.", table=key))


def _answers(pack: Pack) -> dict[str, str]:
    """Kinds of the form's answers, as tables know them; lists are not for tables."""
    return {field.key: _kind(field) for field in pack.form.fields if not field.several and not field.columns}


def _kind(field: Field) -> str:
    return {"yes-no": "boolean", "number": "number", "date": "date"}.get(field.widget, "text")


def _derivations(pack: Pack) -> Iterator[Problem]:
    """That what is derived rests on what there is, in its kind, and is asked for."""
    derive, answers = pack.matter.derive, _answers(pack)
    asked = {column.key for table in pack.tables.values() for column in table.inputs}
    asked |= {operand for one in derive.values() for operand in one.operands}
    asked |= {answer for _, answer in _answers_named(pack.matter)}
    taken = {*answers, *rules.declared(), *rules.DAYS, *CHECK_VARIABLES}
    offered = {**answers, **dict.fromkeys(rules.DAYS, "date")}
    groups = {field.key: {c.key: c for c in field.columns} for field in pack.form.fields if field.columns}
    for name, one in derive.items():
        wrong = list(_of_rows(one, groups) if one.over_rows else _of_operands(one, offered))
        if name in taken:
            wrong.append(message("Something else is called %(name)s already.", name=name))
        if name not in asked:
            wrong.append(message("Nothing asks for %(name)s.", name=name))
        place = f"derive/{name}"
        yield from (Problem(MATTER, None, message("At %(place)s: %(why)s", place=place, why=why)) for why in wrong)
        offered[name] = rules.OPERATIONS[one.operation].kind


def _of_operands(one: rules.Derivation, offered: Mapping[str, str]) -> Iterator[Message]:
    takes = rules.OPERATIONS[one.operation].takes
    for name in one.operands:
        if name not in offered:
            yield message("%(name)s is neither an answer, nor a day, nor derived further up.", name=name)
        elif offered[name] not in takes:
            yield message("%(name)s cannot be used for %(operation)s.", name=name, operation=one.operation)
    kinds = {offered[name] for name in one.operands if name in offered}
    if len(kinds) > 1:
        yield message("%(names)s are of different kinds.", names=", ".join(one.operands))


def _of_rows(one: rules.Derivation, groups: Mapping[str, Mapping[str, Field]]) -> Iterator[Message]:
    columns = groups.get(one.operands[0])
    if columns is None:
        yield message("The form has no group of rows called %(name)s.", name=one.operands[0])
        return
    for name in {*one.operands[1:], *one.where} - set(columns):
        yield message("The rows of %(group)s have no column %(name)s.", group=one.operands[0], name=name)
    for name in one.operands[1:]:
        if name in columns and _kind(columns[name]) not in rules.OPERATIONS[one.operation].takes:
            yield message("%(name)s cannot be used for %(operation)s.", name=name, operation=one.operation)
    for name, said in one.where.items():
        for value in set(said) - _choices(columns[name]) if name in columns else ():
            yield message("%(value)s is no answer of the column %(name)s.", value=str(value), name=name)


def _choices(field: Field) -> set[str | bool]:
    return {True, False} if _kind(field) == "boolean" else {option.code for option in field.options}


def _references(pack: Pack) -> Iterator[Problem]:
    matter = pack.matter
    for node in pack.net.nodes.values():
        if node.kind is Kind.USER and node.id not in matter.acts:
            yield Problem(MATTER, None, message("acts does not describe the step %(node)s.", node=node.id))
        for outcome in set(node.outcomes) - set(matter.outcomes) if node.kind is Kind.USER else ():
            yield Problem(MATTER, None, message("outcomes does not describe %(outcome)s.", outcome=outcome))
        if node.effect and node.effect not in EFFECTS:
            yield Problem(PROCESS, node.line, message("There is no effect called %(effect)s.", effect=node.effect))
    yield from clauses(matter)
    known = {field.key for field in pack.form.fields}
    for place, answer in _answers_named(matter):
        if answer not in known and not (answer in matter.derive and place.startswith(("effects", "certificate"))):
            says = message("%(place)s names %(answer)s, which the form does not ask.", place=place, answer=answer)
            yield Problem(MATTER, None, says)


def clauses(matter: Matter) -> Iterator[Problem]:
    """That clauses are for outcomes that need one, and each of these has one to choose."""
    needing = {code for code, outcome in matter.outcomes.items() if outcome.needs == "clause"}
    for code in {one for clause in matter.clauses for one in clause.outcomes} - needing:
        yield Problem(MATTER, None, message("A clause is for %(outcome)s, which asks for no clause.", outcome=code))
    for code in needing:
        if not any(clause.fits(code) for clause in matter.clauses):
            yield Problem(MATTER, None, message("No clause can be chosen for %(outcome)s.", outcome=code))


def _answers_named(matter: Matter) -> Iterator[tuple[str, str]]:
    """Every answer of the form that matter.yaml names, and where."""
    subject = matter.subject
    yield from (("subject", answer) for answer in (*subject.told_apart_by, subject.title, subject.region) if answer)
    yield from ((f"materials/{material.key}", answer) for material in matter.materials for answer in material.when)
    yield from _named_by_effects(matter)
    if matter.certificate:
        yield from _named_by_face(matter.certificate.face)


def _named_by_effects(matter: Matter) -> Iterator[tuple[str, str]]:
    for code, settings in matter.effects.items():
        told = {name: source for name, source in settings.items() if name not in CONSTANTS}
        told |= told.pop("data", {})
        yield from ((f"effects/{code}/{name}", source) for name, source in told.items() if isinstance(source, str))


def _named_by_face(face: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, source in face.items():
        for one in [row[1] for row in source] if name == "rows" else [source]:
            answer = one if isinstance(one, str) else one.get("answer") or one.get("works") or one.get("of")
            if answer:
                yield f"certificate/face/{name}", answer


def _effects(pack: Pack) -> Iterator[Problem]:
    """That every effect is told what it needs, and nothing else."""
    used = {node.effect for node in pack.net.nodes.values() if node.effect and node.effect in EFFECTS}
    for code in sorted(used | set(pack.matter.effects)):
        handler, told = EFFECTS.get(code), set(pack.matter.effects.get(code, {}))
        if handler is None or code not in used:
            yield Problem(MATTER, None, message("No step of the process has the effect %(effect)s.", effect=code))
            continue
        for name in sorted(handler.needs - told):
            yield Problem(MATTER, None, message("effects/%(effect)s does not say %(name)s.", effect=code, name=name))
        for name in sorted(told - handler.needs - handler.takes):
            yield Problem(MATTER, None, message("effects/%(effect)s knows no %(name)s.", effect=code, name=name))


def _certificate(pack: Pack) -> Iterator[Problem]:
    form, used = pack.matter.certificate, {node.effect for node in pack.net.nodes.values() if node.effect}
    if form is None:
        if numbered := sorted(used & NUMBERED):
            says = message("The effect %(effect)s needs a number, which certificate gives.", effect=numbered[0])
            yield Problem(MATTER, None, says)
        return
    try:
        Template.built_in(form.template)
    except (OSError, CertificateError):
        yield Problem(MATTER, None, message("There is no certificate template called %(key)s.", key=form.template))
    yield from _answers_of_certificate(pack, form)
    if form.key in pack.matter.subject.certificates:
        yield from _held_entries(form.face)
    if not form.number and not used & NUMBERING and form.key not in pack.matter.subject.certificates:
        yield Problem(MATTER, None, message("Nothing gives the certificate its number."))


def _answers_of_certificate(pack: Pack, form: CertificateForm) -> Iterator[Problem]:
    """That numbers, the last day and further holders come from answers that can say so."""
    fields = {field.key: field for field in pack.form.fields}
    coded = {
        key for key, field in fields.items() if field.options and all(_CODE.fullmatch(o.code) for o in field.options)
    }
    for part in (*unknown_parts(form.number, coded), *unknown_parts(form.document, coded)):
        yield Problem(MATTER, None, message("No number knows the part %(part)s.", part=part))
    named = [("until", form.until, "date"), *(("holders", answer, "uscc") for answer in form.holders)]
    for place, answer, widget in named:
        if answer and (answer not in fields or fields[answer].widget != widget):
            says = message(
                "certificate/%(place)s: %(answer)s is no such answer of the form.", place=place, answer=answer
            )
            yield Problem(MATTER, None, says)
    if form.until and form.years:
        yield Problem(
            MATTER, None, message("The certificate ends on a day that is answered, or after years: not both.")
        )


def _held_entries(face: Mapping[str, Any]) -> Iterator[Problem]:
    """A next edition can only take over what the certificate has: entries and rows of the same names."""
    said = {**face, **dict(face.get("rows", []))}
    for name, source in said.items():
        if isinstance(source, dict) and "held" in source and source["held"] not in said:
            says = message("%(name)s: the certificate has no %(held)s.", name=name, held=source["held"])
            yield Problem(MATTER, None, says)


def _promise(pack: Pack) -> Iterator[Problem]:
    """That what may be promised is asked for and checked, each once, and that its time counts the same days."""
    terms, promised, shorter = pack.matter.promise, pack.matter.promised.limit, pack.matter.promised_by_promise
    named: set[str] = set()
    for number, item in enumerate(terms.items if terms else ()):
        place = f"promise/items/{number}"
        wrong = _of_item(pack, item, named)
        yield from (Problem(MATTER, None, message("At %(place)s: %(why)s", place=place, why=why)) for why in wrong)
    if shorter and (shorter.limit.unit is not promised.unit or shorter.limit.days > promised.days):
        says = message("This time has to count the same days as the promised one, and no more of them.")
        yield Problem(MATTER, None, message("At %(place)s: %(why)s", place="promise/limit", why=says))


def _of_item(pack: Pack, item: Item, named: set[str]) -> Iterator[Message]:
    """What is wrong with a condition that may be promised; `named` are those before it, to which it is added."""
    uploads = {material.key for material in pack.matter.materials if material.source == "upload"}
    asked = {key for node in pack.net.nodes.values() for key in node.tables if key in pack.tables}
    for key in set(item.materials) - uploads:
        yield message("The matter asks for no upload called %(name)s.", name=key)
    for key in set(item.checks) - {key for key in asked if _is_check(pack.tables[key])}:
        yield message("No step makes a check called %(name)s.", name=key)
    here = {item.key, *(f"materials/{key}" for key in item.materials), *(f"checks/{key}" for key in item.checks)}
    for name in sorted(here & named):
        yield message("%(name)s may be promised only once.", name=name)
    named |= here


_EXAMINATIONS: tuple[Callable[[Pack], Iterator[Problem]], ...] = (
    _form,
    _process,
    _tables,
    _derivations,
    _references,
    _effects,
    _certificate,
    _promise,
)
