"""The figures of a scenario for people, as tables of a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.many.compared import Comparison
from sim.many.together import FIGURES

_RATES = ("answer_rate", "abandon_rate", "wait_rate", "occupancy", "promise")
_SECONDS = ("mean_wait", "mean_talk", "mean_wrapup")
_CALLERS = ("callers", "redials")
WHOLE_DAY = 48


def shown(title: str, summary: dict[str, Any]) -> Group:
    """Everything about one scenario."""
    parts: list[RenderableType] = [table(title, summary)]
    if 0 < len(summary["half_hours"]) < WHOLE_DAY:
        parts.append(by_half_hour(summary))
    if summary.get("shortfall"):
        parts.append(Text("\n".join(told_shortfall(summary["shortfall"]))))
    return Group(*parts)


def table(title: str, summary: dict[str, Any]) -> Table:
    """The figures of the whole run, with their 95 % confidence intervals where there are replications."""
    rows = Table(title=title, show_header=False)
    rows.add_column()
    rows.add_column(justify="right")
    rows.add_column()
    for name, told, key in _lines(summary):
        rows.add_row(name, told, margin(summary, key))
    return rows


def margin(summary: dict[str, Any], name: str) -> str:
    """± half of the interval's width, in the unit of the figure; "" where it is not known."""
    known = summary["intervals"].get(name)
    if not known or known["half_width"] is None:
        return ""
    half = known["half_width"]
    if name in _SECONDS:
        return f"± {half:.1f} s"
    return f"± {half:,.1f}" if name == "offered" else f"± {100 * half:.2f}"


def _lines(summary: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("callers", "redials", "offered", "answered", "abandoned", "blocked"):
        if name not in _CALLERS or summary["redials"]:
            yield name, _count(summary[name]), name
    for outcome, count in summary["outcomes"].items():
        yield f"  {outcome}", _count(count), ""
    for name in _RATES:
        yield name.replace("_", " "), percent(summary[name]), name
    for limit, rate in summary["service_level"].items():
        yield f"answered within {limit} s", percent(rate), f"service_level.{limit}"
    for name in _SECONDS:
        yield name.replace("_", " "), seconds(summary[name]), name
    for period in summary["periods"]:
        yield f"promise {period['period']}", verdict(period), ""
    for spent in summary["budget"]:
        yield f"may still lose {spent['period']}", budget(spent), ""
    if summary["replications"] > 1:
        yield "replications", f"{summary['replications']:,}", ""
        yield "replications that met the promise", percent(summary["met_share"]), ""
        yield "verdict beyond chance (95 %)", "yes" if summary["verdict_sure"] else "no", ""
    yield "calls simulated per second", f"{summary['calls_per_second'] or 0:,.0f}", ""


def budget(spent: dict[str, Any]) -> str:
    """How many more calls might have been lost, or since when the promise cannot be kept any more."""
    calls = f"{_count(spent['may_lose'])} calls"
    return f"{calls}; broken at {spent['breaks_at']}" if spent["breaks_at"] else calls


def by_half_hour(summary: dict[str, Any]) -> Table:
    """One line for each half-hour, of all days together; `waiting` is the most at any time."""
    rows = Table(title="by half-hour, all days; ! is below the promise", box=SIMPLE, padding=(0, 1, 0, 0))
    for name in ("from", "offered", "answered", "lost", "rate %", "wait s", "waiting", "seats", "busy"):
        rows.add_column(name, justify="right", no_wrap=True)
    for row in summary["half_hours"]:
        low = below(row, summary["promise"])
        cells = (
            row["from"],
            *(_count(count) for count in (row["offered"], row["answered"], row["counted"] - row["kept"])),
            ("! " if low else "") + ("-" if row["rate"] is None else f"{100 * row['rate']:.1f}"),
            "-" if row["mean_wait"] is None else f"{row['mean_wait']:.1f}",
            str(row["most_waiting"]),
            f"{row['seats']:.4g}",
            f"{row['busy']:.1f}",
        )
        rows.add_row(*cells, style="bold red" if low else "")
    return rows


def below(row: dict[str, Any], promise: float) -> bool:
    """Whether a half-hour or a day is below the promise."""
    return row["rate"] is not None and row["rate"] < promise


def told_shortfall(short: dict[str, Any]) -> Iterator[str]:
    """What is missing, in sentences."""
    yield (
        f"{short['period']}: {percent(short['rate'])} where {percent(short['promise'])} are promised: "
        f"{100 * (short['promise'] - short['rate']):.2f} points are missing."
    )
    if short["possible"] is False:
        lost = ", ".join(f"{count} {name}" for name, count in short["lost_with_seats_for_all"].items())
        yield f"It cannot be met by seats: with one for everybody it is {percent(short['best_rate'])} ({lost})."
    elif short["possible"]:
        yield f"Seats can do it: with one for everybody it is {percent(short['best_rate'])}."
    for row in short["half_hours"]:
        needed = f", {row['needed']} are needed (Erlang A)" if row["needed"] is not None else ""
        yield f"  {row['from']} loses {row['lost']:.1f} calls a day: {row['seats']:g} seats{needed}"


def differences(name: str, other: str, comparison: Comparison) -> Table:
    """What changes from this scenario to the other, on the same callers."""
    rows = Table(title=f"{other} less {name}: the same callers on both")
    for heading in ("", "difference", "95 % from", "to", "runs saved by the same callers"):
        rows.add_column(heading, justify="right" if heading else "left")
    for figure in FIGURES:
        found = comparison.difference(figure)
        if found is not None:
            known, saved = found.interval, found.reduction
            told = (signed(figure, value) for value in (known.mean, known.low, known.high))
            rows.add_row(figure.replace("_", " "), *told, "-" if saved is None else f"{saved:,.1f} x")
    return rows


def signed(name: str, value: float | None) -> str:
    """A difference of a figure; rates in points."""
    if value is None or math.isinf(value):
        return "-"
    if name in _SECONDS:
        return f"{value:+.2f} s"
    return f"{value:+,.1f}" if name == "offered" else f"{100 * value:+.2f}"


def _count(count: float) -> str:
    return f"{count:,.1f}".removesuffix(".0")


def percent(rate: float | None) -> str:
    """0.9 -> "90.00 %"."""
    return "-" if rate is None else f"{100 * rate:.2f} %"


def seconds(duration: float | None) -> str:
    """12.34 -> "12.3 s"."""
    return "-" if duration is None else f"{duration:.1f} s"


def verdict(period: dict[str, Any]) -> str:
    """What became of one period's promise."""
    told = "met" if period["met"] else "NOT met"
    return f"{percent(period['rate'])} of {percent(period['promise'])}: {told}"
