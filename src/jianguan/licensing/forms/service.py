"""The door of forms.

A matters room does this. Publish: `gate(file, dictionaries, paths, libraries)`. Open a pack: `compile_form(file,
dictionaries)`. New draft: `start(form, known)`. Every post of the page:

    wanted = operation(form, request.POST.get("_op"))
    outcome = carry_out(form, read(form, request.POST, known), wanted, lookup)
    problems = errors(form, outcome.record, known) if wanted.verb in {"check", "submit"} else {}
    store(seal(form, outcome.record))
    page = draw(form, outcome.record, known, problems, outcome.remarks)

and later `present(form, open_record(form, sealed), known)` and `changes(form, first, second)` on the pages of the case.
A record a machine made is not read but checked as it is: `errors` refuses what the form does not know.
"""

from __future__ import annotations

from jianguan.licensing.forms.checking import Problem, count, errors, missing, sound, warnings
from jianguan.licensing.forms.defects import Defect, FormError
from jianguan.licensing.forms.drawing import DrawnForm, draw
from jianguan.licensing.forms.form import Dictionaries, Field, Form, Known, Option, Record, Section, Text
from jianguan.licensing.forms.gate import gate
from jianguan.licensing.forms.operations import Lookup, Operation, Outcome, carry_out, operation
from jianguan.licensing.forms.posting import prefilled, read, settle, start
from jianguan.licensing.forms.presenting import NO_ANSWER, Change, Group, Part, changes, present
from jianguan.licensing.forms.privacy import masked, open_record, seal
from jianguan.licensing.forms.sample import sample, sample_row
from jianguan.licensing.forms.schema import compile_form, read_file

__all__ = [
    "NO_ANSWER",
    "Change",
    "Defect",
    "Dictionaries",
    "DrawnForm",
    "Field",
    "Form",
    "FormError",
    "Group",
    "Known",
    "Lookup",
    "Operation",
    "Option",
    "Outcome",
    "Part",
    "Problem",
    "Record",
    "Section",
    "Text",
    "carry_out",
    "changes",
    "compile_form",
    "count",
    "draw",
    "errors",
    "gate",
    "masked",
    "missing",
    "open_record",
    "operation",
    "prefilled",
    "present",
    "read",
    "read_file",
    "sample",
    "sample_row",
    "seal",
    "settle",
    "sound",
    "start",
    "warnings",
]
