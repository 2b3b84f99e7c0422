"""The results for people, as tables of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def shown(title: str, told: dict[str, Any]) -> Group:
    """Everything that `staff` found out."""
    parts: list[RenderableType] = [
        _day_table(days, rows, told["shrinkage"]) for days, rows in _days(told["half_hours"])
    ]
    parts.append(_check(title, told))
    if told["why_not"]:
        parts.append(Text("\n".join(told["why_not"])))
    if "shifts" in told:
        parts += [_shift_table(told["shifts"]), Text("\n".join(_shift_lines(told["shifts"])))]
    if "curve" in told:
        parts.append(_curve_table(told["curve"]))
    return Group(*parts)


def _days(half_hours: Iterable[dict[str, Any]]) -> Iterator[tuple[list[str], list[dict[str, Any]]]]:
    """Days that are alike, with their half-hours."""
    days: dict[str, list[dict[str, Any]]] = {}
    for row in half_hours:
        days.setdefault(row["date"], []).append(row)
    alike: dict[tuple[Any, ...], list[str]] = {}
    for day, rows in days.items():
        alike.setdefault(tuple((row["from"], row["calls"], row["seats"]) for row in rows), []).append(day)
    for same in alike.values():
        yield same, days[same[0]]


def _day_table(days: list[str], rows: list[dict[str, Any]], shrinkage: float) -> Table:
    others = f" and {len(days) - 1} more like it, the last {days[-1]}" if len(days) > 1 else ""
    table = Table(title=f"{days[0]}{others}")
    for name in ("half-hour", "calls", "seats", "people", "Erlang A", "simulated"):
        if name != "people" or shrinkage:
            table.add_column(name, justify="left" if name == "half-hour" else "right")
    for row in rows:
        people = [f"{row['people']:,}"] if shrinkage else []
        table.add_row(
            row["from"],
            f"{row['calls']:,.1f}",
            f"{row['seats']:,}",
            *people,
            percent(row["erlang_a"]),
            percent(row["rate"]),
        )
    return table


def _check(title: str, told: dict[str, Any]) -> Table:
    table = Table(title=title, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for period in told["periods"]:
        table.add_row(f"answer rate {period['period']}", _rate(period))
        table.add_row("  promise met in", _share(period))
    table.add_row("seat-hours", f"{told['seat_hours']:,.1f}")
    if told["shrinkage"]:
        table.add_row("shrinkage", percent(told["shrinkage"]))
    if told["outside"]:
        table.add_row(
            "calls expected outside the hours", f"{told['outside']:,.0f}: no seats are planned there"
        )
    table.add_row("wished for", f"{percent(told['probability'])} of the months: {_met(told['met'])}")
    table.add_row("seconds", f"{told['seconds']:.1f}")
    return table


def _rate(period: dict[str, Any]) -> str:
    rate = period["rate"]
    width = "" if rate["half_width"] is None else f" ± {100 * rate['half_width']:.2f}"
    return f"{percent(rate['mean'])}{width}, promised {percent(period['promise'])}"


def _share(period: dict[str, Any]) -> str:
    known = f"95 %: {percent(period['low'])} to {percent(period['high'])}"
    return f"{percent(period['met_share'])} of {period['rate']['times']} months ({known})"


def _met(met: bool) -> str:
    return "met" if met else "NOT met"


def _shift_table(shifts: dict[str, Any]) -> Table:
    table = Table(title="shifts")
    for name in ("staff", "from", "to", "breaks", "people there", "days"):
        table.add_column(name, justify="right" if name == "people there" else "left")
    for row in shifts["plan"]:
        breaks = ", ".join(f"{one['at']} ({one['minutes']} min)" for one in row["breaks"])
        table.add_row(row["staff"], row["from"], row["to"], breaks, str(row["seats"]), _dates(row["dates"]))
    return table


def _dates(dates: list[str]) -> str:
    return dates[0] if len(dates) == 1 else f"{len(dates)} from {dates[0]} to {dates[-1]}"


def _shift_lines(shifts: dict[str, Any]) -> Iterator[str]:
    cost = f", {shifts['cost']:,.0f} yen" if shifts["cost"] is not None else ""
    yield f"{shifts['hours']:,.1f} hours of work{cost}; at most {percent(shifts['gap'])} dearer than the best plan"
    if shifts["reserve_short"]:
        yield f"For those who will be absent {shifts['reserve_short']} more people would be needed on some days."
    for missing in shifts["missing"][:10]:
        yield f"{missing['date']} {missing['from']}: {missing['there']} of {missing['needed']} seats: nobody is left"
    if len(shifts["missing"]) > 10:
        yield f"... and {len(shifts['missing']) - 10} more half-hours"
    for period in shifts["periods"]:
        yield f"simulated with these shifts, {period['period']}: {_rate(period)}; met in {_share(period)}"


def _curve_table(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="what one more percent costs")
    money = "cost" in rows[0]
    for name in ("rate", "seat-hours", "more", *(("yen", "more yen") if money else ())):
        table.add_column(name, justify="right")
    for row in rows:
        cells = [row["seat_hours"], row["more"], *((row["cost"], row["cost_more"]) if money else ())]
        table.add_row(percent(row["rate"]), *(_amount(cell) for cell in cells))
    return table


def _amount(number: float | None) -> str:
    return "-" if number is None else f"{number:,.0f}"


def percent(rate: float | None) -> str:
    """0.8 -> '80.0 %'; a rate that nobody knows is '-'."""
    return "-" if rate is None else f"{100 * rate:.1f} %"


def mailing_shown(title: str, told: dict[str, Any]) -> Group:
    """Everything that `mailing-plan` found out."""
    table = Table(title=title)
    for name in ("posted", "letters"):
        table.add_column(name, justify="right")
    for one in told["batches"]:
        table.add_row(one["posted"], f"{one['letters']:,}")
    return Group(table, Text("\n".join(_mailing_lines(told))))


def _mailing_lines(told: dict[str, Any]) -> Iterator[str]:
    for name, proposal in (("all at once", told["whole"]), ("this way", told)):
        for period in proposal["periods"]:
            yield f"{name}, {period['period']}: {_rate(period)}; met in {_share(period)}"
    yield f"wished for {percent(told['probability'])} of the months: {_met(told['met'])}"
    if not told["met"]:
        yield f"With these seats no split within {told['window']} days holds."
        yield f"A split would need {_seats(told['more_seats'])} all day long (by Erlang A)."
    if not told["whole"]["met"]:
        yield f"All at once would need {_seats(told['whole']['more_seats'])} all day long (by Erlang A)."


def _seats(number: int | None) -> str:
    return "more than 500 further seats" if number is None else f"{number} further seats"
