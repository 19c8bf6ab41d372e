"""The plan of the house, held as a test: floors, doors, the clock, sizes, names, licences, what files may say."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src/jianguan"
FLOORS = ("kernel", "platform", "registry", "licensing", "sites", "portal", "workbench", "config")
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def tracked_files(*patterns: str) -> list[Path]:
    """Files of the repository by `git ls-files`; what is only lying about does not count."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout of the repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


# --- floors and doors


def test_a_room_imports_only_from_floors_below(capsys):
    failed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert failed == 0, capsys.readouterr().out


def test_the_linter_knows_every_floor_and_package():
    (layers,) = (c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    known = {floor for line in layers["layers"] for floor in re.split(r"\s*[|:]\s*", line)}
    assert known == set(FLOORS) == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


# Doors beside service.py.
FACTS = "facts"  # the kinds of a room's journal entries: constants a reaction names
NO_DOOR_NEEDED = {"platform.database"}  # not a room: two tools of the machinery, each module its own door
MIGRATIONS_MAY = {"platform.privacy.fields"}  # Django writes the class's own module into migrations
# Imports that break the plan today and what mends each. A line that is no longer true must go.
TO_MEND = {
    ("platform.accounts.scope", "platform.regions.lookups"): "in_jurisdiction belongs into regions.service",
    ("platform.web.context", "platform.accounts.sessions"): "actor_of belongs into accounts.service",
    (
        "config.commands.packs",
        "licensing.matters.examining",
    ): "examining, reading and scenarios need a door of their own",
    ("config.commands.packs", "licensing.matters.reading"): "as above",
    ("config.commands.packs", "licensing.matters.scenarios"): "as above",
}


def room_of(module: str) -> str:
    """`jianguan.platform.journal.audit` → `platform.journal`; a floor itself has no room."""
    return ".".join(module.split(".")[1:3])


def imports_past_a_door() -> Iterator[tuple[str, str]]:
    graph = grimp.build_graph("jianguan", cache_dir=None)
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            source, target = importer.removeprefix("jianguan."), imported.removeprefix("jianguan.")
            inner = imported.split(".")[3:]
            if (
                room_of(importer) == room_of(imported)
                or target.startswith(
                    ("kernel", "config")
                )  # the kernel has packages with doors in their __init__, no rooms
                or not inner  # a room of one file is its own door
                or inner[0] in ("service", FACTS)
                or room_of(imported) in NO_DOOR_NEEDED
                or (".migrations." in importer and target in MIGRATIONS_MAY)
            ):
                continue
            yield source, target


def test_rooms_meet_at_the_door():
    past = set(imports_past_a_door())
    assert sorted(past - TO_MEND.keys()) == []
    assert sorted(TO_MEND.keys() - past) == [], "these are mended: take the lines out"


# --- the clock

CLOCKS = {"datetime": {"now", "utcnow", "today"}, "date": {"today"}, "time": {"time", "time_ns", "localtime", "gmtime"}}
OWN_CLOCK = {
    "platform/clock.py": "the one clock of the product",
    "kernel/certificates/timestamps.py": "the default of a port, which every caller of the product replaces",
}


def looks_at_the_clock(source: str) -> list[int]:
    """Lines that read the system clock, however the module calls it."""
    tree, found = ast.parse(source), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in CLOCKS.get(owner, ()) or (owner, node.attr) == ("timezone", "now"):
                found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom):
            taken = {alias.name for alias in node.names}
            if (node.module == "time" and taken & CLOCKS["time"]) or (
                node.module == "django.utils.timezone" and taken & {"now", "localdate", "localtime"}
            ):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import UTC, datetime\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.date.today()",
        "import time\ntime.time()",
        "from time import time",
        "from django.utils import timezone\ntimezone.now()",
        "from django.utils.timezone import now",
        "field(default_factory=datetime.utcnow)",
    ],
)
def test_a_look_at_the_system_clock_is_noticed(source):
    assert looks_at_the_clock(source)


def test_measuring_how_long_something_takes_is_no_look_at_the_clock():
    assert not looks_at_the_clock("import time\ntime.monotonic(); time.perf_counter(); time.sleep(1); clock.now()")


def test_nothing_but_the_clock_looks_at_the_system_clock():
    looking = {name_of(path): lines for path in MODULES if (lines := looks_at_the_clock(path.read_text()))}
    assert {name: lines for name, lines in looking.items() if name not in OWN_CLOCK} == {}
    assert looking.keys() == OWN_CLOCK.keys()


# --- sizes and names


def test_no_module_is_above_500_lines():
    long = {name_of(path): lines for path in MODULES if (lines := len(path.read_text().splitlines())) > 500}
    assert long == {}


def test_no_function_is_above_complexity_8():
    assert PROJECT["tool"]["ruff"]["lint"]["select"] == ["ALL"]
    assert PROJECT["tool"]["ruff"]["lint"]["mccabe"]["max-complexity"] == 8
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or "ruff"
    line = "--isolated --no-cache --ignore-noqa --select C901 --output-format concise --config lint.mccabe.max-complexity=8"
    found = subprocess.run([ruff, "check", *line.split(), "src", "tools"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr


def test_every_module_is_named_for_what_it_is_about():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base", "core", "lib"}
    assert [name_of(path) for path in MODULES if {path.stem, *path.relative_to(PACKAGE).parent.parts} & drawers] == []


def test_no_behaviour_hides_behind_a_signal():
    hidden = re.compile(r"django\.(db\.models|dispatch|core|contrib\.auth)(\.| import ).*(signals|receiver|Signal)")
    assert [name_of(path) for path in MODULES if hidden.search(path.read_text())] == []


def test_no_model_saves_with_effects():
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.name in ("save", "delete")
        and "models" in (*path.parts, path.stem)
    ]
    assert found == []


# --- rooms are complete


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=3)


def test_a_room_with_templates_has_a_chinese_catalogue():
    rooms = [Path(config.path) for config in apps.get_app_configs() if config.name.startswith("jianguan.")]
    speaking = [room for room in rooms if any((room / "templates").rglob("*.html"))]
    assert speaking
    silent = [name_of(room) for room in speaking if not (room / "locale/zh_Hans/LC_MESSAGES/django.mo").exists()]
    assert silent == []


def test_every_room_is_installed():
    installed = {config.name for config in apps.get_app_configs()}
    rooms = {f"jianguan.{name_of(path.parent).replace('/', '.')}" for path in PACKAGE.glob("*/*/models.py")}
    assert rooms <= installed


# --- what we build on


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text()
    groups = re.findall(r"^(?:dependencies|build|dev) = \[\n(.*?)\n\]", text, re.DOTALL | re.MULTILINE)
    asked = [line.strip() for line in "\n".join(groups).splitlines() if line.strip().startswith('"')]
    assert (len(groups), len(asked) > 40) == (3, True)
    assert [line for line in asked if " # " not in line] == []


def shipped() -> Iterator[tuple[str, Distribution]]:
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE):
        try:
            yield name, distribution(name)
        except PackageNotFoundError:
            continue  # for other systems than this


def licence_of(package: Distribution) -> str:
    told = package.metadata
    classes = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([told.get("License-Expression") or "", (told.get("License") or "")[:200], *classes]).strip()


def is_copyleft(licence: str) -> bool:
    """GPL or AGPL. The LGPL of the PostgreSQL driver is used as a library, as it allows."""
    return bool(re.search(r"\bA?GPL|(?<!Lesser )General Public|Affero", licence.replace("LGPL", "")))


@pytest.mark.parametrize(
    ("licence", "copyleft"),
    [
        ("GPL-3.0-only", True),
        ("AGPLv3", True),
        ("License :: OSI Approved :: GNU General Public License v2 (GPLv2)", True),
        ("License :: OSI Approved :: GNU Affero General Public License v3", True),
        ("LGPL-3.0-only", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT", False),
    ],
)
def test_copyleft_licences_are_recognised(licence, copyleft):
    assert is_copyleft(licence) is copyleft


def test_nothing_we_ship_with_is_under_the_gpl():
    licences = {name: licence_of(package) for name, package in shipped()}
    assert len(licences) > 40
    assert {name: licence for name, licence in licences.items() if is_copyleft(licence)} == {}


def test_everything_we_ship_with_states_its_licence():
    files = re.compile(r"licen[cs]e|copying", re.IGNORECASE)
    silent = [
        name
        for name, package in shipped()
        if not licence_of(package) and not any(files.search(str(file)) for file in package.files or ())
    ]
    assert silent == []


def test_lock_files_pin_with_hashes_and_name_no_address():
    for lock in (ROOT / "requirements.lock", ROOT / "requirements-dev.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert "--index" not in text
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block or "==" not in block] == []
    for lock in tracked_files("*package-lock.json"):
        assert '"resolved"' not in lock.read_text()


# --- what files may say

FORBIDDEN = {
    "a path of one machine": r"(^|[^A-Za-z0-9_.])/(work|farm)/[a-z]",
    "a package download address": r'https?://[^ "]+\.(whl|tgz|tar\.gz)\b|^ *(--)?(extra-)?index-url|"resolved": *"http',
    "a package host": r"\b(pypi|npmjs)\.(org|com)\b|\bpythonhosted\.org\b|\bregistry\.(npm|yarn)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what):
    forbidden = re.compile(FORBIDDEN[what], re.MULTILINE)
    here = Path(__file__)
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:8000] and path != here and forbidden.search(data.decode(errors="replace")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []
