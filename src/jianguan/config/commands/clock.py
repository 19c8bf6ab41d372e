"""`jianguan clock`: when something is due, and why."""

from __future__ import annotations

from datetime import date

import click

from jianguan.config.commands.output import answer, json_option
from jianguan.kernel.clock import Clock, Limit, Stop, Unit, derive_due, explain
from jianguan.platform.clock import today


class LegalDay(click.ParamType):
    """A day written 2026-11-20."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-11-20", param, context)


class Interval(click.ParamType):
    """A stop of the clock, written FROM:TO, or FROM: while it lasts."""

    name = "from:to"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Stop:
        first, colon, last = str(value).partition(":")
        try:
            stop = Stop(date.fromisoformat(first), date.fromisoformat(last) if last else None, "stop")
        except ValueError as error:
            self.fail(
                f"{value!r} is not an interval; write FROM:TO like 2026-09-26:2026-10-15 ({error})", param, context
            )
        if not colon:
            self.fail(f"{value!r} has no end; write FROM:TO, or FROM: while the clock is stopped", param, context)
        return stop


@click.group()
def clock() -> None:
    """The legal clock."""


@clock.command()
@click.option("--start", type=LegalDay(), required=True, help="day of the event; counting begins the day after")
@click.option("--days", type=click.IntRange(0, 9999), required=True, help="length of the limit")
@click.option("--unit", type=click.Choice([unit.value for unit in Unit]), default=Unit.WORKING.value, show_default=True)
@click.option(
    "--stop", "stops", type=Interval(), multiple=True, metavar="FROM:TO", help="the clock stands still (repeatable)"
)
@click.option("--explain", "explained", is_flag=True, help="show every day")
@json_option
def due(start: date, days: int, unit: str, stops: tuple[Stop, ...], explained: bool, as_json: bool) -> None:
    """The day something is due: START plus DAYS working days, without the days the clock was stopped."""
    from jianguan.kernel.clock.seed import known_calendar

    calendar = known_calendar(today().year)
    running = Clock(start, Limit(days, Unit(unit)), stops)
    try:
        found = derive_due(running, calendar)
        until = found.day or (max(calendar.known_until, found.stopped_by.first) if found.stopped_by else start)
        lines = explain(running, calendar, until) if explained or as_json else []
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"The due day is beyond the calendar: {error}") from error
    document = {
        "start": start,
        "days": days,
        "unit": unit,
        "stops": [{"from": stop.first, "to": stop.last} for stop in stops],
        "due": found.day,
        "stopped": found.stopped_by is not None,
        "provisional": found.provisional,
        "explanation": [{"date": line.day, "number": line.number, "why": str(line.why)} for line in lines],
    }
    words = f"due {found.day}" if found.day else "stopped: no due date while the clock stands still"
    if found.provisional:
        words += f" (provisional: working days are known until {calendar.known_until})"
    if explained:
        words += "".join(
            f"\n{line.day}  {line.number if line.number is not None else '':>4}  {line.why}" for line in lines
        )
    answer(document, words, as_json=as_json)
