"""Short forms in which facts are entered: declared with Django's forms, drawn with the product's own controls.

    class Renaming(entry.Form):
        name = entry.text(_("New name"), span=12)

    def act(given):
        rename_enterprise(actor, RenameEnterprise(given["command_id"], enterprise.id, given["name"]))
        return entry.Done(address, message("The new name was recorded."))

    return entry.enter(request, Renaming(entry.sent(request)), act, entry.Sheet(_("Rename"), crumbs, _("Record")))

What was typed stays, each mistake stands at its field (422), and a second click does nothing more: the form carries the
id of its command. Only what can be typed wrongly is told here; what is right is for the actions to decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import Message
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import Conflict, Refusal
from jianguan.platform.web.components import Field, Mistake, Options, Text
from jianguan.platform.web.messages import say
from jianguan.platform.web.posted import posted_id
from jianguan.platform.web.toasts import toast

Label = Any  # a Text; the stubs of Django's forms know lazy texts by another name
_MISSING = _("Fill in this field.")
_CHOOSE = _("Choose from the list.")
_TOO_LONG = _("At most %(limit_value)d characters; these are %(show_value)d.")


class Form(forms.Form):
    """A form of one command. Keyword arguments are choices that depend on who asks, or about what."""

    def __init__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None, **choices: Options
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]  # fields of choices have it

    @property
    def command_id(self) -> str:
        return str(self.data.get("command_id") or new_command_id())

    def controls(self) -> list[Field]:
        """Its fields as `web/components/field.html` draws them."""
        return [self._control(name, field) for name, field in self.fields.items()]

    def _control(self, name: str, field: forms.Field) -> Field:
        value, many = self[name].value(), isinstance(field, forms.MultipleChoiceField)
        kind, span, unit = field.widget.attrs["control"]
        return Field(
            name=name, label=field.label or "", kind=kind, span=span, unit=unit, hint=field.help_text or "",
            value="" if value is None or many else str(value), chosen=tuple(value or ()) if many else (),
            options=list(field.choices) if isinstance(field, forms.ChoiceField) else (),  # type: ignore[arg-type]
            required=field.required, error=self._error(name),
        )  # fmt: skip

    def _error(self, name: str) -> str:
        return str(self.errors[name][0]) if name in self.errors else ""

    def mistakes(self) -> list[Mistake]:
        """What has to be corrected, for `web/components/error_summary.html`."""
        return [
            Mistake(name, field.label or name, self._error(name))
            for name, field in self.fields.items()
            if name in self.errors
        ]

    def refuse(self, refusal: Refusal) -> None:
        """Take over what an action says is wrong; what belongs to no field here stands above the form."""
        for name, says in refusal.fields.items() or [("", refusal.says)]:
            self.add_error(name if name in self.fields else None, say(says))


class Number(forms.DecimalField):
    """A number as people type it: full-width digits and thousands separators are read."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_plain(value))


class WholeNumber(forms.IntegerField):
    """The same without decimals."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(_plain(value))


def _plain(value: Any) -> Any:
    return unicodedata.normalize("NFKC", value).replace(",", "") if isinstance(value, str) else value


def text(label: Label, *, span: int = 4, required: bool = True, hint: Label = "", limit: int = 200) -> forms.CharField:
    """One line of text."""
    errors = {"required": _MISSING, "max_length": _TOO_LONG}
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=limit, error_messages=errors,
        widget=forms.TextInput(attrs=_drawn("text", span)),
    )  # fmt: skip


def words(label: Label, *, required: bool = True, hint: Label = "", limit: int = 1000) -> forms.CharField:
    """Some sentences."""
    errors = {"required": _MISSING, "max_length": _TOO_LONG}
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=limit, error_messages=errors,
        widget=forms.Textarea(attrs=_drawn("textarea", 12)),
    )  # fmt: skip


def number(label: Label, *, unit: Text = "", places: int = 2, required: bool = True, span: int = 4) -> Number:
    """A number that is not negative, with some decimals."""
    errors = {
        "required": _MISSING,
        "invalid": _("Enter a number, such as 12.5."),
        "min_value": _("This cannot be negative."),
        "max_decimal_places": _("At most %(max)s decimals."),
        "max_digits": _("This number is too large."),
        "max_whole_digits": _("This number is too large."),
    }
    return Number(
        label=label, required=required, min_value=0, max_digits=15, decimal_places=places, error_messages=errors,
        widget=forms.TextInput(attrs=_drawn("text", span, unit)),
    )  # fmt: skip


def count(label: Label, *, unit: Text = "", required: bool = True, span: int = 4) -> WholeNumber:
    """A whole number from 0 to 9999."""
    errors = {"required": _MISSING, "invalid": _("Enter a whole number."), "min_value": _("This cannot be negative.")}
    return WholeNumber(
        label=label, required=required, min_value=0, max_value=9999, error_messages=errors | {"max_value": _("This number is too large.")},
        widget=forms.TextInput(attrs=_drawn("text", span, unit)),
    )  # fmt: skip


def day(label: Label, *, required: bool = True, hint: Label = "", span: int = 4) -> forms.DateField:
    """A legal day."""
    errors = {"required": _MISSING, "invalid": _("Enter a day of the calendar, such as 2026-03-01.")}
    return forms.DateField(
        label=label, required=required, help_text=hint, error_messages=errors,
        widget=forms.DateInput(attrs=_drawn("date", span)),
    )  # fmt: skip


def choice(
    label: Label,
    options: Options | Callable[[], Options] = (),
    *,
    span: int = 4,
    required: bool = True,
    open_: bool = False,
) -> forms.ChoiceField:
    """One of a list; the option "" says that nothing is chosen. An open list shows all at once."""
    errors = {"required": _CHOOSE, "invalid_choice": _CHOOSE}
    return forms.ChoiceField(
        label=label, choices=options, required=required, error_messages=errors,
        widget=forms.Select(attrs=_drawn("radio" if open_ else "select", span)),
    )  # fmt: skip


def several(
    label: Label, options: Options | Callable[[], Options] = (), *, required: bool = True, hint: Label = ""
) -> forms.MultipleChoiceField:
    """Any number of a list."""
    errors = {"required": _("Choose at least one."), "invalid_choice": _CHOOSE}
    return forms.MultipleChoiceField(
        label=label, choices=options, required=required, help_text=hint, error_messages=errors,
        widget=forms.SelectMultiple(attrs=_drawn("ticks", 12)),
    )  # fmt: skip


def _drawn(kind: str, span: int, unit: Text = "") -> dict[str, Any]:
    return {"control": (kind, span, unit)}


def to_choose(options: Iterable[tuple[str, Text]]) -> Options:
    """Options below one that says that a choice is expected."""
    return [("", _("Please choose")), *options]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the fields.

    Attributes:
        crumbs: (words, address) of the pages above; one goes back to the last.
        submit: words of the button.
        note: what has to be kept in mind.
        terms: (term, value) pairs that say about what the form is.
    """

    heading: Text
    crumbs: list[tuple[Text, str]]
    submit: Text
    note: Text | Message = ""
    terms: list[tuple[Text, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Where to go on, and what is said there."""

    url: str
    says: Message


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted; None where the form is only asked for."""
    return request.POST if request.method == "POST" else None


def enter(
    request: HttpRequest,
    form: Form,
    act: Callable[[dict[str, Any]], Done],
    sheet: Sheet,
    template: str = "web/entry.html",
) -> HttpResponse:
    """Draw a form, or act on what was sent; what is refused is drawn again with the sentences at its fields (422)."""
    if form.is_bound and form.is_valid():
        try:
            done = act(form.cleaned_data | {"command_id": posted_id(form.command_id)})
        except Refusal as refusal:
            if refusal.status not in (Refusal.status, Conflict.status):
                raise  # no permission, or no such thing: that is not the form's to say
            form.refuse(refusal)
        else:
            return toast(request, redirect(done.url), done.says)
    context = {
        "form": form,
        "sheet": sheet,
        "crumbs": [*sheet.crumbs, (sheet.heading, "")],
        "back": sheet.crumbs[-1][1],
    }
    return render(request, template, context, status=Refusal.status if form.errors else 200)
