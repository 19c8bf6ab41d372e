"""Menus: rooms register entries, people see those that are theirs and lead somewhere."""

from __future__ import annotations

import pytest

from jianguan.platform.web import menus
from jianguan.platform.web.menus import LIBRARIES, TABS, WORKBENCH, MenuEntry, Shell


@pytest.fixture(autouse=True)
def _no_other_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    menus._discover()
    monkeypatch.setattr(menus, "_entries", [])


def entry(section: menus.Section, label: str, url_name: str = "design", **more: object) -> MenuEntry:
    return MenuEntry(section, label, icon="table", url_name=url_name, **more)


def labels(shell: Shell, path: str = "/") -> list[tuple[str, list[str]]]:
    return [(str(s.title), [str(i.label) for i in s.items]) for s in menus.menu(shell, None, path)]


def test_sections_and_entries_stand_in_order() -> None:
    menus.register(
        entry(LIBRARIES, "projects", position=30),
        entry(LIBRARIES, "enterprises", position=10),
        entry(WORKBENCH, "to do"),
        entry(LIBRARIES, "people", position=10),
    )
    assert labels(Shell.OFFICER) == [("工作台", ["to do"]), ("四库", ["enterprises", "people", "projects"])]


def test_nothing_leads_nowhere() -> None:
    menus.register(entry(WORKBENCH, "planned", "a-page-nobody-has-built"))
    assert labels(Shell.OFFICER) == []


def test_a_shell_shows_its_own_sections_only() -> None:
    menus.register(entry(TABS, "home"))
    assert labels(Shell.OFFICER) == []
    assert labels(Shell.ENTERPRISE) == [("", ["home"])]


def test_an_entry_decides_whom_it_is_for() -> None:
    menus.register(entry(WORKBENCH, "mine", shows=lambda actor: actor is not None), entry(WORKBENCH, "everyone's"))
    assert labels(Shell.OFFICER) == [("工作台", ["everyone's"])]


def test_an_entry_brings_its_count() -> None:
    menus.register(entry(WORKBENCH, "to do", count=lambda _actor: 86))
    assert menus.menu(Shell.OFFICER, None, "/")[0].items[0].count == 86


def test_the_entry_with_the_longest_matching_address_is_current() -> None:
    menus.register(entry(WORKBENCH, "guide"), entry(WORKBENCH, "form", "design-form"), entry(TABS, "portal"))
    current = [i.label for s in menus.menu(Shell.OFFICER, None, "/design/form/x/") for i in s.items if i.current]
    assert current == ["form"]
    assert not [i for s in menus.menu(Shell.OFFICER, None, "/elsewhere/") for i in s.items if i.current]
