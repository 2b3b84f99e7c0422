"""The cost of one more percent as a picture."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

from sim.extras import need

INK, LINE, MARK, SOFT = "#1f2933", "#1b6ca8", "#c2410c", "#9aa5b1"


class Found(NamedTuple):
    """The plan that was found: its mean simulated rate and its seat-hours; and what is promised."""

    rate: float
    seat_hours: float
    promise: float


def plot(rows: list[dict[str, Any]], found: Found, title: str, file: Path, shrinkage: float) -> None:
    """Write the curve to a PNG or SVG file. Raises MissingExtraError, and OSError where it cannot be written."""
    need("matplotlib", "drawing a plot")
    from matplotlib.figure import Figure

    known = [row for row in rows if row["seat_hours"] is not None]
    money = "cost" in rows[0]
    unit = "yen" if money else "seat-hours"
    figure = Figure(figsize=(8.0, 6.5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    _total(above, known, "cost" if money else "seat_hours", found, unit)
    _more(below, known, "cost_more" if money else "more", found)
    above.set_ylabel(f"{unit}, with {shrinkage:.0%} shrinkage" if money and shrinkage else unit)
    below.set_ylabel(f"{unit} for the last percent")
    below.set_xlabel("answer rate (%), mean over the simulated months")
    figure.suptitle("What one more percent costs", x=0.01, ha="left", fontsize=14, color=INK, weight="bold")
    above.set_title(title, loc="left", fontsize=10, color=INK)
    for axes in (above, below):
        _plain(axes)
    figure.savefig(file, dpi=150, metadata={"Date": None} if file.suffix.lower() == ".svg" else {})


def _total(axes: Any, rows: list[dict[str, Any]], name: str, found: Found, unit: str) -> None:
    rates, costs = [100 * row["rate"] for row in rows], [row[name] for row in rows]
    here = found.seat_hours * (costs[0] / rows[0]["seat_hours"])
    axes.plot(rates, costs, color=LINE, linewidth=2, label="Erlang A, fitted to the simulation")
    axes.plot([100 * found.rate], [here], "o", color=MARK, markersize=8, label="the plan, simulated")
    axes.annotate(
        f"{100 * found.rate:.1f} %: {here:,.0f} {unit}",
        (100 * found.rate, here),
        xytext=(8, -16),
        textcoords="offset points",
        color=MARK,
        fontsize=9,
    )
    _promise(axes, found.promise)
    axes.legend(frameon=False, loc="upper left", fontsize=9)
    axes.set_ylim(bottom=max(0.0, min(costs) - (max(costs) - min(costs)) / 4))


def _more(axes: Any, rows: list[dict[str, Any]], name: str, found: Found) -> None:
    known = [row for row in rows if row["more"] is not None]
    rates = [100 * row["rate"] for row in known]
    next_one = math.ceil(100 * found.rate)
    bars = axes.bar(rates, [row[name] for row in known], width=0.8, color=LINE, alpha=0.6)
    for bar, rate, row in zip(bars, rates, known, strict=True):
        if round(rate) == next_one:
            bar.set_color(MARK)
            axes.annotate(
                f"up to {next_one} %: {row[name]:,.0f}",
                (rate, row[name]),
                xytext=(0, 10),
                textcoords="offset points",
                ha="right",
                color=MARK,
                fontsize=9,
            )
    _promise(axes, found.promise)
    axes.set_ylim(bottom=0)


def _promise(axes: Any, promise: float) -> None:
    axes.axvline(100 * promise, color=SOFT, linestyle="--", linewidth=1, label="promised")


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e4e7eb", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.tick_params(colors=INK, labelsize=9)
