"""The matters of a package on one time axis: SVG as text, without script and without inline styles.

The look comes from the style sheet: `.spans` on the drawing; a bar has the class of what it shows: `done`, `now`, `next` for
what is only promised, `bad` for what was decided against, and `critical` where it makes the package as long as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from jianguan.kernel.clock import WorkingCalendar
from jianguan.licensing.packages.catalogue import Offer
from jianguan.licensing.packages.queries import Overview, Row
from jianguan.licensing.packages.rules import Saving
from jianguan.platform import clock
from jianguan.platform.web.service import words
from jianguan.platform.workdays import service as workdays

_LEFT, _WIDTH, _ROW, _HEAD, _THICK = 190, 620, 34, 26, 18
_MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row of the drawing: its label, its bar in working days from the beginning, how it looks, what stands beside it."""

    label: str
    begin: int
    end: int
    look: str
    note: str


def draw(overview: Overview) -> SafeString:
    """A package as it stands: what its matters took, and what is promised for those that are open or wait."""
    package, saving = overview.package, overview.saving
    if saving is None or package.submitted_at is None:
        return mark_safe("")
    start, calendar = clock.legal_day(package.submitted_at), workdays.calendar()
    rows = [
        Drawn(words(row.matter.short), row.bar.begin, row.bar.end, _look(row), _note(row, start, calendar))
        for row in overview.rows
        if row.bar
    ]
    today = calendar.count(start, clock.today()) if package.ended_at is None else None
    return _drawing(f"package-{package.id}", rows, _ticks(rows, start, calendar), today)


def draw_offer(offer: Offer, saving: Saving) -> SafeString:
    """A package as it is promised, in working days from its submission."""
    rows = [
        Drawn(words(offer.packs[bar.matter].matter.short), bar.begin, bar.end, _critical("next", bar.matter in saving.critical), _days(bar.days))
        for bar in saving.bars
    ]  # fmt: skip
    ticks = [(day, str(day)) for day in _every(max((row.end for row in rows), default=1))]
    return _drawing(f"offer-{offer.definition.key}", rows, ticks, None)


def _days(days: int) -> str:
    return ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}


def _look(row: Row) -> str:
    case = row.case
    if case is None or case.submitted_at is None:
        return _critical("next", row.critical)
    if case.decided_on is None:
        return _critical("now", row.critical)
    return _critical("done" if case.decision == "completed" else "bad", row.critical)


def _critical(look: str, critical: bool) -> str:
    return f"{look} critical" if critical else look


def _note(row: Row, start: date, calendar: WorkingCalendar) -> str:
    assert row.bar is not None
    last = calendar.add(start, row.bar.end)
    if row.case and row.case.decided_on:
        return f"{row.case.decided_on:%m-%d} · {_days(row.bar.days)}"
    return gettext("until %(day)s") % {"day": f"{last:%m-%d}"}


def _every(longest: int) -> range:
    step = max(1, -(-longest // _MOST_TICKS))
    return range(0, longest + 1, step)


def _ticks(rows: Sequence[Drawn], start: date, calendar: WorkingCalendar) -> list[tuple[int, str]]:
    days = _every(max((row.end for row in rows), default=1))
    return [(day, f"{calendar.add(start, day):%m-%d}") for day in days]


def _drawing(key: str, rows: Sequence[Drawn], ticks: Sequence[tuple[int, str]], today: int | None) -> SafeString:
    longest = max([row.end for row in rows] + [today or 0, 1])
    scale = _WIDTH / longest
    bottom = _HEAD + _ROW * len(rows)
    width = _LEFT + _WIDTH + 150
    parts = [
        f'<line class="tick" x1="{_LEFT + day * scale:.0f}" x2="{_LEFT + day * scale:.0f}" y1="{_HEAD - 6}" y2="{bottom}"/>'
        f'<text class="s" x="{_LEFT + day * scale:.0f}" y="14" text-anchor="middle">{escape(label)}</text>'
        for day, label in ticks
    ]
    parts += [_row(row, n, scale) for n, row in enumerate(rows)]
    if today is not None:
        at = _LEFT + today * scale
        parts.append(f'<line class="today" x1="{at:.0f}" x2="{at:.0f}" y1="{_HEAD - 6}" y2="{bottom}"/>')
    told = "\n".join(f"{row.label}: {row.note}" for row in rows)
    return mark_safe(  # noqa: S308 - every text is escaped here
        f'<svg xmlns="http://www.w3.org/2000/svg" class="spans" viewBox="0 0 {width} {bottom + 6}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{escape(gettext("Matters on one time axis"))}</title>'
        f'<desc id="{key}-desc">{escape(told)}</desc>{"".join(parts)}</svg>'
    )


def _row(row: Drawn, n: int, scale: float) -> str:
    top = _HEAD + n * _ROW + (_ROW - _THICK) / 2
    left, width = _LEFT + row.begin * scale, max(4.0, (row.end - row.begin) * scale)
    return (
        f'<g class="span {row.look}"><text x="0" y="{top + 14:.0f}">{escape(row.label)}</text>'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{_THICK}" rx="3"/>'
        f'<text class="s" x="{left + width + 6:.0f}" y="{top + 14:.0f}">{escape(row.note)}</text></g>'
    )
