"""Every sentence for people has its Chinese, room by room."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools/messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


messages = _tool()
SOURCES = messages.sources()
by_room = pytest.mark.parametrize("home", SOURCES, ids=[str(home.relative_to(messages.PACKAGE)) for home in SOURCES])


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs GNU gettext: make test-deps")
@by_room
def test_the_chinese_catalogue_of_a_room_is_complete(home: Path) -> None:
    assert messages.complaints(home, SOURCES[home]) == []


@by_room
def test_chinese_sentences_use_full_width_punctuation(home: Path) -> None:
    catalogue = home / messages.CATALOGUE
    text = catalogue.read_text() if catalogue.exists() else ""
    translations = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', text, re.MULTILINE)
    assert [line for line in translations if re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!(][\u4e00-\u9fff]", line)] == []


def test_a_sentence_has_one_translation_whichever_room_says_it() -> None:
    """Django merges the catalogues of all rooms; what needs another word in another place has a context."""
    said: dict[tuple[str | None, ...], set[str]] = {}
    entry = re.compile(
        r'^(?:msgctxt (".*")\n)?msgid (".+")\n(?:msgid_plural (".+")\n)?msgstr(?:\[0\])? (".+")$', re.MULTILINE
    )
    for home in SOURCES:
        catalogue = home / messages.CATALOGUE
        for *key, chinese in entry.findall(catalogue.read_text() if catalogue.exists() else ""):
            said.setdefault(tuple(key), set()).add(chinese)
    assert {key: chinese for key, chinese in said.items() if len(chinese) > 1} == {}


def test_a_missing_translation_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text('message("A sentence nobody has translated, costing %(sum)s.")\n')
    assert messages.complaints(tmp_path, [tmp_path / "rules.py"]) == [
        "not translated: A sentence nobody has translated, costing %(sum)s."
    ]


def test_translations_survive_and_what_is_gone_goes(tmp_path: Path) -> None:
    source, catalogue = tmp_path / "rules.py", tmp_path / messages.CATALOGUE
    source.write_text('message("Kept.")\nmessage("Dropped.")\n')
    messages.update(tmp_path, [source])
    catalogue.write_text(catalogue.read_text().replace('"Kept."\nmsgstr ""', '"Kept."\nmsgstr "留下。"'))
    source.write_text('message("Kept.")\n')
    assert messages.complaints(tmp_path, [source]) == ["out of date: run make messages"]
    messages.update(tmp_path, [source])
    assert messages.complaints(tmp_path, [source]) == []
    assert "Dropped." not in catalogue.read_text()


def test_templates_and_plurals_are_extracted(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "Word" %}{% blocktranslate count n=2 %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}'
    )
    assert re.findall(r'^msgid(?:_plural)? "(.*)"$', messages.extract([page]), re.MULTILINE) == [
        "%(n)s case", "%(n)s cases", "Word",
    ]  # fmt: skip


def test_compiling_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    catalogue = messages.HEADER + 'msgid "Kept."\nmsgstr "留下。"\n'
    assert messages.compiled(catalogue) == messages.compiled(catalogue)
