"""What every installation needs before anyone can apply: places, calendar, dictionaries, roles, matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import yaml
from django.conf import settings
from django.contrib.staticfiles import finders

from jianguan.config.demonstration.loading import ROLES
from jianguan.config.doctor.finding import Finding, fault, ok, warning
from jianguan.config.packs_folder import pack_folders, shipped_packs
from jianguan.licensing.matters import service as matters
from jianguan.platform import clock
from jianguan.platform.accounts.service import Role
from jianguan.platform.regions import service as regions
from jianguan.platform.workdays import service as workdays
from jianguan.registry.dictionaries import service as dictionaries

INIT = "Run: jianguan init"
BUILT = ("jianguan/app.css", "jianguan/app.js", "jianguan/icons.svg")


def places() -> Iterator[Finding]:
    """The places of the province are known."""
    province = settings.ENVIRONMENT.province
    known = len(regions.within(province))
    if known:
        yield ok(f"{known} places of {regions.name(province + '0000')}.")
    else:
        yield fault(f"No place of the province {province} is known.", f"{INIT}   or correct JIANGUAN_PROVINCE.")


def terms() -> Iterator[Finding]:
    """Every dictionary of the product is loaded, with all its items."""
    shipped = dictionaries.shipped()
    lacking = [
        about.key
        for about in shipped.dictionaries
        if set(shipped.codes(about.key)) - set(dictionaries.codes(about.key))
    ]
    if lacking:
        yield fault(f"Dictionaries lack items: {', '.join(lacking)}.", INIT)
    else:
        yield ok(f"{len(shipped.dictionaries)} dictionaries.")


def roles() -> Iterator[Finding]:
    """The roles of the product are loaded as they come with it."""
    shipped = {code: sorted(role["permissions"]) for code, role in yaml.safe_load(ROLES.read_text()).items()}
    loaded = {role.code: sorted(role.permissions) for role in Role.objects.all()}
    if missing := sorted(shipped.keys() - loaded.keys()):
        yield fault(f"Roles are missing: {', '.join(missing)}.", INIT)
    if changed := sorted(code for code in shipped.keys() & loaded.keys() if shipped[code] != loaded[code]):
        yield warning(
            f"Roles permit something else than the product says: {', '.join(changed)}.", f"{INIT}   to reset them."
        )
    if not missing and not changed:
        yield ok(f"{len(loaded)} roles.")


def packs() -> Iterator[Finding]:
    """Every matter of the product is published, and as it comes with it."""
    published = {(row.matter, row.version): row.digest for row in matters.PackVersion.objects.defer("content")}
    differing = 0
    for folder in pack_folders(settings.ENVIRONMENT.packs or shipped_packs()):
        pack = matters.from_directory(folder)
        digest = published.get((pack.matter.key, pack.matter.version))
        if digest != pack.digest:
            differing += 1
            yield _differs(pack.definition, published=digest is not None)
    if not published:
        yield fault("No matter is published: nobody can apply for anything.", INIT)
    elif not differing:
        yield ok(f"{len(published)} published packs, {len(matters.all_current(clock.today()))} matters in force.")


def _differs(definition: str, *, published: bool) -> Finding:
    if published:
        return warning(
            f"The files of {definition} differ from what is published under this number; cases follow what is published.",
            "Raise the version number of the changed pack, then run: jianguan init",
        )
    return warning(f"{definition} is not published.", INIT)


def calendar() -> Iterator[Finding]:
    """Working days are known far enough ahead."""
    until, today = workdays.known_until(), clock.today()
    shipped = workdays.shipped().known_until
    remedy = INIT if shipped > until else (
        "When the State Council has published the notice of the next year (November as a rule): update the package "
        "chinesecalendar, then run jianguan init."
    )  # fmt: skip
    if until < today:
        yield fault(f"Working days are known until {until} only: due dates can no longer be derived.", remedy)
    elif until < date(today.year + 1, 12, 31):
        yield warning(f"Working days are known until {until}; what is due later is provisional.", remedy)
    else:
        yield ok(f"Working days are known until {until}.")


def pages() -> Iterator[Finding]:
    """Scripts and styles are built, and errors are not shown to strangers."""
    missing = [name for name in BUILT if finders.find(name) is None]
    if missing:
        yield fault(
            f"Built files are missing: {', '.join(missing)}.", "Install the package again, or run: make frontend"
        )
    if settings.DEBUG:
        yield fault("DEBUG is on: error pages show settings and data to anyone.", "Use the settings of the product.")
    if not missing and not settings.DEBUG:
        yield ok("Scripts and styles are built.")


CHECKS = {
    "places": places,
    "dictionaries": terms,
    "roles": roles,
    "matters": packs,
    "calendar": calendar,
    "pages": pages,
}
