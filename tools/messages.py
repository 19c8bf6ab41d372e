"""Keep the message catalogues: extract what people read, merge it into the Chinese catalogues, compile them.

    python tools/messages.py [room …]            bring catalogues up to date; translate what is empty, run it again
    python tools/messages.py --check [room …]    change nothing; say what is missing, fuzzy or out of date

A room is given by its folder, like platform/web; without any it is all of them.

English sentences are the keys. A text belongs to the catalogue of the room it stands in; what stands outside rooms
belongs to that of its floor (LOCALE_PATHS). Catalogues hold no line numbers and no dates, and are sorted, so that a
change of code that changes no sentence changes no catalogue. GNU gettext does the work.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/jianguan"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
KEYWORDS = (
    "gettext", "gettext_lazy", "gettext_noop", "_", "ngettext:1,2", "ngettext_lazy:1,2", "pgettext:1c,2",
    "pgettext_lazy:1c,2", "npgettext:1c,2,3",
    "message",  # kernel.messages
    "kind:2",  # names of journal entries
)  # fmt: skip
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
STYLE = ("--no-wrap", "--no-location", "--sort-output")


def sources() -> Mapping[Path, list[Path]]:
    """Python files and templates by the folder whose catalogue they belong to."""
    homes = _homes()
    found = defaultdict(list)
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/**/*.html")]):
        home = next((folder for folder in file.parents if folder in homes), None)
        if home and "migrations" not in file.parts:
            found[home].append(file)
    return found


def update(home: Path, files: list[Path]) -> None:
    """Bring the catalogue of a folder up to date."""
    merged = merge(home, extract(files))
    if merged is None:
        return
    catalogue = home / CATALOGUE
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_text(merged)
    catalogue.with_suffix(".mo").write_bytes(compiled(merged))


def complaints(home: Path, files: list[Path]) -> list[str]:
    """What is wrong with the catalogue of a folder, a line each."""
    merged = merge(home, extract(files))
    if merged is None:
        return []
    catalogue = home / CATALOGUE
    lines = [f"not translated: {key}" for key in _keys(merged, "--untranslated")]
    lines += [f"fuzzy: {key}" for key in _keys(merged, "--only-fuzzy")]
    if not lines and (not catalogue.exists() or catalogue.read_text() != merged):
        lines.append("out of date: run make messages")
    elif not lines and catalogue.with_suffix(".mo").read_bytes() != compiled(merged):
        lines.append("not compiled: run make messages")
    return lines


def extract(files: list[Path]) -> str:
    """The texts of some files as an empty catalogue; nothing where they have none."""
    from django.utils.translation.template import templatize

    with tempfile.TemporaryDirectory() as scratch:
        names = []
        for number, file in enumerate(files):
            text = file.read_text()
            copy = Path(scratch) / f"{number}.py"
            copy.write_text(text if file.suffix == ".py" else templatize(text, origin=str(file)))
            names.append(copy.name)
        options = [f"--keyword={keyword}" for keyword in KEYWORDS]
        found = _gettext(
            "xgettext", "--from-code=UTF-8", "--language=Python", "--output=-", "--keyword", *options, *STYLE, *names,
            folder=scratch,
        )  # fmt: skip
    return found.partition("\n\n")[2]  # without a header that carries the date


def merge(home: Path, texts: str) -> str | None:
    """The catalogue of a folder with exactly these texts, and the translations it has; None if there is nothing."""
    catalogue = home / CATALOGUE
    if not texts and not catalogue.exists():
        return None
    with tempfile.TemporaryDirectory() as scratch:
        old, template = Path(scratch) / "old.po", Path(scratch) / "new.pot"
        old.write_text(catalogue.read_text() if catalogue.exists() else HEADER)
        template.write_text(HEADER + texts)
        merged = _gettext(
            "msgmerge", "--quiet", "--no-fuzzy-matching", "--output-file=-", *STYLE, str(old), str(template)
        )
    return _gettext("msgattrib", "--no-obsolete", *STYLE, "-", given=merged)


def compiled(catalogue: str) -> bytes:
    """The catalogue as programs read it; the same text gives the same bytes."""
    with tempfile.NamedTemporaryFile(suffix=".mo") as target:
        _gettext("msgfmt", "--check", f"--output-file={target.name}", "-", given=catalogue)
        return Path(target.name).read_bytes()


def _homes() -> set[Path]:
    """The folders that have a catalogue: installed rooms, and those named in LOCALE_PATHS."""
    for line in (ROOT / "tests/test.env").read_text().splitlines():
        os.environ.setdefault(*line.split("=", 1))
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@localhost/nothing")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jianguan.config.settings")
    from django.conf import settings

    rooms = [name for name in settings.INSTALLED_APPS if name.startswith("jianguan.")]
    return {PACKAGE.parent.joinpath(*name.split(".")) for name in rooms} | {
        Path(folder).parent for folder in settings.LOCALE_PATHS
    }


def _keys(catalogue: str, which: str) -> list[str]:
    """Some of the sentences of a catalogue."""
    chosen = _gettext("msgattrib", which, "--no-wrap", "-", given=catalogue)
    return [key for key in re.findall(r'^msgid "(.+)"$', chosen, re.MULTILINE) if key]


def _gettext(tool: str, *arguments: str, given: str | None = None, folder: str | None = None) -> str:
    done = subprocess.run([tool, *arguments], input=given, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{tool}: {done.stderr}")
    return done.stdout


def main(arguments: list[str]) -> int:
    """Update, or check."""
    wanted = {PACKAGE / name for name in arguments if name != "--check"}
    chosen = {home: files for home, files in sources().items() if home in wanted or not wanted}
    if "--check" not in arguments:
        for home, files in chosen.items():
            update(home, files)
    lines = [
        f"{home.relative_to(PACKAGE)}: {line}" for home, files in chosen.items() for line in complaints(home, files)
    ]
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
