"""What all pages of a working copy share: whose it is, its files, its tabs, and saving with the revision that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jianguan.kernel.messages import Message, message
from jianguan.licensing.matters import service as matters
from jianguan.licensing.matters.service import MAY_PROPOSE
from jianguan.licensing.workshop import actions, judging, queries
from jianguan.licensing.workshop.models import CopyState, WorkingCopy, WorkingFile
from jianguan.platform.accounts.service import Actor, demand
from jianguan.platform.commands.service import new_command_id
from jianguan.platform.errors import NotFound
from jianguan.platform.web.service import Tab, toast, words

TABS = {
    "workshop-copy": _("Overview"),
    "workshop-process": _("Process"),
    "workshop-tables": _("Decision tables"),
    "workshop-form": _("Form"),
    "workshop-matter": _("Matter"),
    "workshop-scenarios": _("Scenarios"),
    "workshop-files": _("Files"),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A working copy on the table of its owner."""

    actor: Actor
    copy: WorkingCopy
    files: Mapping[str, WorkingFile]

    @property
    def texts(self) -> dict[str, str]:
        """The files as they are."""
        return {name: file.text for name, file in self.files.items()}

    @property
    def is_open(self) -> bool:
        """Whether it can be changed."""
        return self.copy.state == CopyState.OPEN

    def file(self, name: str) -> WorkingFile:
        """A file by its name.

        Raises:
            NotFound: there is none.
        """
        if name not in self.files:
            raise NotFound
        return self.files[name]

    def context(self, view: str, **more: Any) -> dict[str, Any]:
        """What every page of it shows, and what this one shows besides."""
        name = f"{self.copy.matter}/{self.copy.version}"
        return {
            "copy": self.copy,
            "name": name,
            "heading": matter_name(self.copy.matter),
            "is_open": self.is_open,
            "tabs": [Tab(word, reverse(key, args=[self.copy.pk]), current=key == view) for key, word in TABS.items()],
            "tabs_label": _("Working copy"),
            "command_id": new_command_id(),
            "crumbs": [
                *crumbs(),
                (name, reverse("workshop-copy", args=[self.copy.pk]) if view != "workshop-copy" else ""),
            ],
            **more,
        }

    def save(self, request: HttpRequest, name: str, text: str) -> int:
        """Keep a file over the revision the page was drawn from.

        Raises:
            Stale: it was changed meanwhile.
        """
        seen = request.POST.get("revision", "")
        return actions.save_file(self.actor, self.copy.pk, name, text, int(seen) if seen.isdecimal() else 0)


def bench(actor: Actor, copy_id: UUID) -> Bench:
    """The working copy of a page.

    Raises:
        Forbidden: no permission to propose packs.
        NotFound: there is none, or it is someone else's.
    """
    demand(actor, MAY_PROPOSE)
    copy = queries.own(actor, copy_id)
    return Bench(actor, copy, queries.files_of(copy))


def crumbs() -> list[tuple[str, str]]:
    """The way to the list of working copies."""
    return [(gettext("Matters"), reverse("conf-matters")), (gettext("Working copies"), reverse("workshop"))]


def matter_name(matter: str) -> str:
    """What people call a matter; its key where no version of it is in force."""
    return next((words(one.name) for one in matters.catalogue() if one.key == matter), matter)


def faults_of(examined: matters.Examined, file: str) -> list[matters.Problem]:
    """What the gate says of one file."""
    return [problem for problem in examined.problems if problem.file == file]


def by_place(problems: list[matters.Problem]) -> dict[str, list[Message]]:
    """Sentences by the place in the file they name."""
    told: dict[str, list[Message]] = {}
    for problem in problems:
        place, why = problem.says.params.get("place"), problem.says.params.get("why")
        says = why if isinstance(why, Message) else Message(str(why).replace("%", "%%")) if why else problem.says
        told.setdefault(str(place or ""), []).append(says)
    return told


def saved(request: HttpRequest, bench_: Bench, file: str, *address: object) -> HttpResponse:
    """On to the page again, with a word on what the gate says of the file now."""
    texts = {name: one.text for name, one in queries.files_of(bench_.copy).items()}
    count = sum(problem.is_error for problem in faults_of(judging.sound(texts), file))
    says = (
        message("Saved.") if not count else message("Saved. The gate finds %(count)s faults in this file.", count=count)
    )
    view, *arguments = address
    return toast(request, redirect(str(view), *arguments), says, "red" if count else "green")
