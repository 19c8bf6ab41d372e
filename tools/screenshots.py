"""Pictures of a freshly started demonstration (`make demo`), for README and manuals.

usage: python tools/screenshots.py [--base http://127.0.0.1:8000] [--out docs/pictures] [NAME…]

Without names, all pictures of the table are taken. Needs Chromium and pdftoppm (`make test-deps`).
"""

from __future__ import annotations

import argparse
import base64
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / "src/jianguan/config/demonstration/world.yaml"
PERMITS = "/notices/?kind=construction_permit"
Road = Callable[[Page], object]


class Picture(NamedTuple):
    """What to show: `user` (empty: anyone) opens `path` and takes the roads from there."""

    name: str
    user: str
    path: str
    roads: tuple[Road, ...] = ()
    size: ViewportSize = {"width": 1440, "height": 900}
    language: str = "zh-hans"
    theme: str = "light"


def click(selector: str) -> Road:
    """Click the first such element of the page."""
    return lambda page: page.locator(f"main {selector}").first.click()


def scroll(selector: str) -> Road:
    """Scroll this element to the top, below the bar that stays."""
    script = "s => scrollBy(0, document.querySelector(s).getBoundingClientRect().top - 62)"
    return lambda page: page.evaluate(script, selector)


def _file(page: Page) -> bytes:
    address = page.locator("main td:last-child a").first.get_attribute("href")
    return page.request.get(f"{address}file/").body()


def verify(page: Page) -> None:
    """On the list of permits: have the file of the newest one verified."""
    content = _file(page)
    page.goto("/verify/")
    page.set_input_files("[type=file]", {"name": "permit.pdf", "mimeType": "application/pdf", "buffer": content})
    page.locator("form:has([type=file]) button").last.click()


def draw(page: Page) -> None:
    """On the list of permits: show the newest one as poppler draws it."""
    command = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", "1440", "-scale-to-y", "-1"]
    png = subprocess.run(command, input=_file(page), capture_output=True, check=True).stdout
    page.set_viewport_size({"width": 1440, "height": Image.open(io.BytesIO(png)).height})
    page.goto("about:blank")
    page.set_content(f'<body style="margin:0"><img src="data:image/png;base64,{base64.b64encode(png).decode()}">')


def sign_in(browser: Browser, base: str, picture: Picture) -> BrowserContext:
    """A browser of this person, in the language and theme of the picture."""
    context = browser.new_context(base_url=base, locale="zh-CN", viewport=picture.size)
    for name, value in (("theme", picture.theme), ("django_language", picture.language)):
        context.add_cookies([{"name": name, "value": value, "url": base}])
    if picture.user:
        page = context.new_page()
        page.goto("/login/")
        page.fill("[name=username]", picture.user)
        page.fill("[name=password]", yaml.safe_load(WORLD.read_text())["password"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
    return context


def take(page: Page, picture: Picture, file: Path) -> None:
    """Take the picture, in 256 colours that differ nowhere visibly."""
    page.goto(picture.path)
    for road in picture.roads:
        road(page)
        page.wait_for_load_state("networkidle")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/pictures")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--lang=zh-CN"])
        for picture in (p for p in PICTURES if p.name in (given.names or [p.name])):
            with sign_in(browser, given.base, picture) as context:
                take(context.new_page(), picture, given.out / f"{picture.name}.png")


CORRECTED, PERMITTED, FIRST = (click(f"tr:has-text('{words}') td:last-child a") for words in ("新埠岛", "滨江新城", ""))
SHOWN = (
    Picture("portal", "", "/"),
    Picture("workbench", "window", "/g/work/?list=open"),
    Picture("case", "approver", "/g/work/", (FIRST,)),
    Picture("apply", "agent", "/e/cases/", (CORRECTED,)),
    Picture("verify", "", PERMITS, (verify,)),
    Picture("permit", "", PERMITS, (draw,)),
)
PICTURES = (
    *(p._replace(name=f"{p.name}-zh") for p in SHOWN),
    *(p._replace(name=f"{p.name}-en", language="en") for p in SHOWN),
    Picture("agent-home", "agent", "/e/"),
    Picture("agent-begin", "agent", "/e/matters/construction_permit/"),
    Picture("agent-units", "agent", "/e/cases/", (CORRECTED, scroll("#sec-units"))),
    Picture("agent-materials", "agent", "/e/cases/", (CORRECTED, scroll("#files"))),
    Picture("agent-errors", "agent", "/e/cases/?list=draft", (FIRST, click("[value=check]"))),
    Picture("agent-correction", "agent", "/e/cases/?list=correction", (click("td:first-child a"),)),
    Picture("officer-correction", "window", "/g/work/", (FIRST, click("#decide label:has-text('补正')"))),
    Picture("officer-review", "quality", "/g/work/", (FIRST,)),
    Picture("officer-refusal", "head", "/g/work/", (FIRST, click("#decide label:has-text('不予')"))),
    Picture("officer-certificate", "approver", "/g/certs/", (PERMITTED, click('a[href$="/status/"]'))),
    Picture("supervision-file", "station", "/g/supervision/", (PERMITTED,)),
    Picture("supervision-handover", "station", "/g/supervision/", (PERMITTED, click('a[href*="/supervisors/"]'))),
    Picture("public-notice", "", PERMITS, (PERMITTED,)),
    Picture("public-log", "", "/log/"),
    Picture("admin-accounts", "security", "/g/conf/org/"),
    Picture("admin-account", "security", "/g/conf/org/?q=market", (FIRST,)),
    Picture("admin-matter", "admin", "/g/conf/matters/construction_permit/"),
    Picture("admin-preview", "admin", "/g/conf/matters/construction_permit/preview/"),
    Picture("admin-audit", "audit", "/g/conf/audit/?kind=case.approved"),
    Picture("admin-entry", "audit", "/g/conf/audit/?kind=case.approved", (FIRST,)),
)

if __name__ == "__main__":
    main()
