"""The publication gate: everything that must hold before a pack decides a real case.

In order: the form, the drawing of the process, every marking it can reach, the tables, what the parts say about each
other, and where all of this is sound, the scenarios. All of it is automatic, and all that is found is reported, with
file and line where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jianguan.kernel.certificates import CertificateError, Template
from jianguan.kernel.messages import message
from jianguan.kernel.process import Domain, Kind, Severity, explore, lint
from jianguan.kernel.tables import Table
from jianguan.kernel.tables import gate as table_gate
from jianguan.licensing.forms import service as forms
from jianguan.licensing.matters import scenarios
from jianguan.licensing.matters.effects import EFFECTS
from jianguan.licensing.matters.numbers import unknown_parts
from jianguan.licensing.matters.pack import Matter, Pack
from jianguan.licensing.matters.prefill import LIBRARIES, paths
from jianguan.licensing.matters.reading import Problem
from jianguan.licensing.rules import service as rules
from jianguan.platform.workdays import service as workdays
from jianguan.registry.dictionaries import service as dictionaries

FORM, PROCESS, MATTER = "form.schema.json", "process.bpmn", "matter.yaml"
CONSTANTS = {"kind"}  # what effects are told as it is, not as the name of an answer
NUMBERED = {"issue_certificate", "record_result", *(code for code in EFFECTS if code.startswith("grant_"))}
NUMBERING = {"permit_works", "register_project"}  # effects that give the certificate its number
CHECK_VARIABLES = ("checks_failed", "checks_hinted")


def gate(pack: Pack) -> list[Problem]:
    """All that is wrong with a pack; it may be published if none of it is an error."""
    problems = [problem for examine in _EXAMINATIONS for problem in examine(pack)]
    if any(problem.is_error for problem in problems):
        return problems
    return [*problems, *scenarios.run_all(pack, workdays.shipped())]


def _form(pack: Pack) -> Iterator[Problem]:
    file = json.loads(pack.files[FORM])
    for defect in forms.gate(file, dictionaries.shipped(), paths(), LIBRARIES):
        yield Problem(FORM, None, message("At %(place)s: %(why)s", place=defect.place, why=defect.says))


def _process(pack: Pack) -> Iterator[Problem]:
    declared = declared_variables(pack)
    for problem in lint(pack.net, declared):
        yield Problem(PROCESS, problem.line or None, problem.message, problem.severity is Severity.ERROR)
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
    available = {**_answers(pack), **facts}
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
    kinds = {"yes-no": "boolean", "number": "number", "date": "date"}
    return {f.key: kinds.get(f.widget, "text") for f in pack.form.fields if not f.several and not f.columns}


def _references(pack: Pack) -> Iterator[Problem]:
    matter = pack.matter
    for node in pack.net.nodes.values():
        if node.kind is Kind.USER and node.id not in matter.acts:
            yield Problem(MATTER, None, message("acts does not describe the step %(node)s.", node=node.id))
        for outcome in set(node.outcomes) - set(matter.outcomes) if node.kind is Kind.USER else ():
            yield Problem(MATTER, None, message("outcomes does not describe %(outcome)s.", outcome=outcome))
        if node.effect and node.effect not in EFFECTS:
            yield Problem(PROCESS, node.line, message("There is no effect called %(effect)s.", effect=node.effect))
    known = {field.key for field in pack.form.fields}
    for place, answer in _answers_named(matter):
        if answer not in known:
            says = message("%(place)s names %(answer)s, which the form does not ask.", place=place, answer=answer)
            yield Problem(MATTER, None, says)


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
    for part in (*unknown_parts(form.number), *unknown_parts(form.document)):
        yield Problem(MATTER, None, message("No number knows the part %(part)s.", part=part))
    if not form.number and not used & NUMBERING and form.key not in pack.matter.subject.certificates:
        yield Problem(MATTER, None, message("Nothing gives the certificate its number."))


_EXAMINATIONS: tuple[Callable[[Pack], Iterator[Problem]], ...] = (
    _form,
    _process,
    _tables,
    _references,
    _effects,
    _certificate,
)
