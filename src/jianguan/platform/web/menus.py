"""Menus: rooms register their entries in a module `menu.py`, the shells show them.

    from jianguan.platform.web.service import LIBRARIES, MenuEntry, register

    register(MenuEntry(LIBRARIES, _("Enterprises"), icon="building", url_name="enterprises"))

Nothing leads nowhere: an entry whose address does not exist in this installation is not shown.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from jianguan.platform.accounts.service import Actor

Label = str | Promise


class Shell(Enum):
    """Where a menu stands."""

    OFFICER = auto()
    SHORTCUTS = auto()
    ENTERPRISE = auto()
    PUBLIC = auto()


@dataclass(frozen=True, slots=True)
class Section:
    """A group of entries; its place is that in `SECTIONS`."""

    shell: Shell
    title: Label = ""


WORKBENCH = Section(Shell.OFFICER, _("Workbench"))
BUSINESS = Section(Shell.OFFICER, _("Business"))
SITES = Section(Shell.OFFICER, _("Site supervision"))
LIBRARIES = Section(Shell.OFFICER, _("Four libraries"))
DECISIONS = Section(Shell.OFFICER, _("Decisions"))
CONFIGURATION = Section(Shell.OFFICER, _("Configuration"))
SHORTCUTS = Section(Shell.SHORTCUTS)
TABS = Section(Shell.ENTERPRISE)
PORTAL = Section(Shell.PUBLIC)
SECTIONS = (WORKBENCH, BUSINESS, SITES, LIBRARIES, DECISIONS, CONFIGURATION, SHORTCUTS, TABS, PORTAL)


def permitted(*permissions: str) -> Callable[[Actor | None], bool]:
    """For `MenuEntry.shows`: people who have one of the permissions somewhere."""
    return lambda actor: actor is not None and any(actor.may(permission) for permission in permissions)


def _everyone(_actor: Actor | None) -> bool:
    return True


def _nothing(_actor: Actor | None) -> None:
    return None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of a menu.

    Attributes:
        section: one of `SECTIONS`.
        label: the words, lazily translated.
        icon: name of a Tabler icon, written as a keyword like `icon="building"`, so that the build finds it.
        url_name: name of the page; entries of pages that do not exist are not shown.
        position: order within the section, then that of registration.
        covers: beginnings of further addresses whose pages belong to the entry, such as those its list leads to.
        shows: whether the entry is for this person (None on the portal, where nobody is signed in).
        count: the number beside the words, asked on every page and therefore cheap; None or 0 shows none.
        key: the letter that leads there after g, one entry each.
    """

    section: Section
    label: Label
    icon: str
    url_name: str
    position: int = 100
    covers: tuple[str, ...] = ()
    shows: Callable[[Actor | None], bool] = _everyone
    count: Callable[[Actor | None], int | None] = _nothing
    key: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry as one person sees it on one page."""

    label: Label
    icon: str
    url: str
    count: int | None = None
    current: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class MenuSection:
    """A section as one person sees it; never empty."""

    title: Label
    items: list[MenuItem]


_entries: list[MenuEntry] = []


def register(*entries: MenuEntry) -> None:
    """Add entries; called by a room's `menu.py` when it is loaded."""
    _entries.extend(entries)


def menu(shell: Shell, actor: Actor | None, path: str) -> list[MenuSection]:
    """What a person sees in a shell; the entry whose address is the longest beginning of `path` is the current one."""
    _discover()
    found = [
        (entry, address(entry.url_name)) for entry in _entries if entry.section.shell is shell and entry.shows(actor)
    ]
    lines = sorted(((entry, url) for entry, url in found if url), key=lambda line: line[0].position)
    leading = [(len(start), url) for entry, url in lines for start in (url, *entry.covers) if _leads_to(start, path)]
    here = max(leading, default=(0, None))[1]
    sections = []
    for section in SECTIONS:
        items = [
            MenuItem(entry.label, entry.icon, url, entry.count(actor), current=url == here, key=entry.key)
            for entry, url in lines
            if entry.section is section
        ]
        if items:
            sections.append(MenuSection(section.title, items))
    return sections


@functools.cache
def _discover() -> None:
    autodiscover_modules("menu")


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def address(url_name: str) -> str | None:
    """Address of a page, if this installation has it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
