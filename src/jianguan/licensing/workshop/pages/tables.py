"""Decision tables as grids: changing them, and trying them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from jianguan.kernel.messages import Message, message
from jianguan.kernel.tables import EvaluationError, Input, Localized, Table
from jianguan.licensing.workshop import actions, judging, table_form
from jianguan.licensing.workshop.pages.frame import Bench, bench, faults_of, saved
from jianguan.platform.accounts.service import Actor, for_officers
from jianguan.platform.errors import Refusal, Stale
from jianguan.platform.web.service import toast, words

PREFIX, SUFFIX = "rules/", ".table.json"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a table gives for the inputs that were typed: sentences, or why it gives nothing."""

    values: Mapping[str, str]
    said: list[Message]
    fault: Message | None = None


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: HttpRequest, actor: Actor, copy_id: UUID) -> HttpResponse:
    """All tables of the matter; a new one is added here."""
    on = bench(actor, copy_id)
    fault, key = None, request.POST.get("key", "").strip()
    if request.method == "POST":
        fault = _refused(on, key)
        if fault is None:
            new = table_form.written(table_form.empty(key, table_form.CHECK_OUTPUTS))
            actions.save_file(actor, copy_id, f"{PREFIX}{key}{SUFFIX}", new, 0)
            return redirect("workshop-table", copy_id, key)
    examined = judging.sound(on.texts)
    rows = [
        (_key(name), *_told(file.text), sum(problem.is_error for problem in faults_of(examined, name)))
        for name, file in on.files.items()
        if name.startswith(PREFIX)
    ]
    context = on.context("workshop-tables", rows=rows, key=key, fault=fault)
    return render(request, "workshop/tables.html", context, status=Refusal.status if fault else 200)


def _told(text: str) -> tuple[str, int | None]:
    """Name and number of rows of a table, where its file tells them."""
    document = table_form.parsed(text)
    if document is None:
        return "", None
    name = document["name"]
    return words(Localized(str(name.get("zh", "")), str(name.get("en", "")))), len(document["rows"])


def _key(name: str) -> str:
    return name.removeprefix(PREFIX).removesuffix(SUFFIX)


def _refused(on: Bench, key: str) -> Message | None:
    if not _KEY.fullmatch(key):
        return message("A name of lower-case letters, digits and _ is expected.")
    if f"{PREFIX}{key}{SUFFIX}" in on.files:
        return message("There is a table of this name already.")
    return None


@for_officers
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, actor: Actor, copy_id: UUID, key: str) -> HttpResponse:
    """One table: its columns and rows, where they collide, and what it gives for inputs."""
    on, name = bench(actor, copy_id), f"{PREFIX}{key}{SUFFIX}"
    file = on.file(name)
    document = table_form.parsed(file.text)
    if document is None:
        return redirect(f"{reverse('workshop-files', args=[copy_id])}?file={name}")
    if request.method != "POST":
        return _page(request, on, name, document)
    if request.POST.get("_op") == "remove":
        actions.remove_file(actor, copy_id, name)
        return toast(request, redirect("workshop-tables", copy_id), message("The table was taken out."))
    typed = table_form.typed(document, request.POST.dict())
    try:
        on.save(request, name, table_form.written(typed))
    except Stale as refusal:
        return _page(request, on, name, typed, refusal)
    if not request.POST.get("_op", "save").startswith(("add", "up")):
        return saved(request, on, name, "workshop-table", copy_id, key)
    return redirect(f"{reverse('workshop-table', args=[copy_id, key])}#{request.POST['_op'].split(':')[1]}s")


def _page(
    request: HttpRequest, on: Bench, name: str, document: table_form.Document, refusal: Refusal | None = None
) -> HttpResponse:
    label = gettext("row %(row)s: %(column)s")
    shown = table_form.grid(document, label)
    problems = [one for one in faults_of(judging.sound(on.texts), name) if shown.table]
    context = on.context(
        "workshop-tables",
        key=_key(name),
        grid=shown,
        hits=table_form.HITS,
        input_types=table_form.INPUT_TYPES,
        output_types=table_form.OUTPUT_TYPES,
        revision=request.POST.get("revision") or on.files[name].revision,
        refusal=refusal,
        elsewhere=[one for one in problems if _of_whole(one.says)],
        tried=_tried(request, shown.table) if shown.table else None,
        crumb=_key(name),
    )
    return render(request, "workshop/table.html", context, status=refusal.status if refusal else 200)


def _of_whole(says: Message) -> bool:
    """Whether a sentence of the gate is about the table among the other files, not about its own rows."""
    return "input" in says.params or not says.params


# --- trying a table


def _tried(request: HttpRequest, table: Table) -> Tried:
    values = {column.key: request.GET.get(f"try-{column.key}", "") for column in table.inputs}
    if not any(values.values()):
        return Tried(values, [])
    try:
        inputs = {column.key: _value(column, values[column.key]) for column in table.inputs}
        return Tried(values, table.evaluate(inputs).explain("en" if get_language() == "en" else "zh"))
    except EvaluationError as error:
        return Tried(values, [], error.message)


def _value(column: Input, text: str) -> object:
    """What was typed as the table wants it; where it is none, the text, which the table refuses with its sentence."""
    try:
        match column.kind:
            case "boolean":
                return {"true": True, "false": False}.get(text, text)
            case "number":
                return Decimal(text)
            case "date":
                return date.fromisoformat(text)
    except (ValueError, InvalidOperation):
        pass
    return text
