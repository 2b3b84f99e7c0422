"""A scenario's day as a picture (PNG or SVG), by matplotlib: seats, callers waiting, calls, and the rate against the
promise. Half-hours below the promise are shaded through all of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.extras import need
from sim.show.course import Course, ticks

# The colours of Okabe and Ito, which people of every colour vision can tell apart.
BLUE, SKY, ORANGE, RED, GREY, DARK = "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#BBBBBB", "#333333"
INCHES, DPI = (11.0, 9.0), 120
SHARES = (3, 2, 2.4, 2.4)


def draw(course: Course, file: Path) -> None:
    """Write the picture of a day; the name's ending says what it becomes. Raises MissingExtraError, OSError."""
    need("matplotlib", "drawing a plot")
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    # Its settings are for this picture only: nothing is left in the process. Text stays text, so it can be searched.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": course.file, "font.size": 10}):
        figure = Figure(figsize=INCHES, layout=ConstrainedLayoutEngine(h_pad=0.06))
        panels = figure.subplots(len(SHARES), 1, sharex=True, height_ratios=SHARES)
        _title(figure, course)
        for panel, paint in zip(panels, (_seats, _waiting, _calls, _rate), strict=True):
            _frame(panel, course)
            if course.hours:
                paint(panel, course)
        first, last = course.span
        panels[-1].set_xlim(first, last)
        panels[-1].set_xticks(ticks(first, last), [f"{whole:02d}:00" for whole in ticks(first, last)])
        metadata = {"Date": None} if file.suffix.lower() == ".svg" else {}
        figure.savefig(file, dpi=DPI, metadata=metadata)


def _title(figure: Any, course: Course) -> None:
    colour = DARK if course.met else RED
    headline = f"{course.project}: {course.headline}\n"  # the second line keeps the place for the details
    figure.suptitle(headline, x=0.01, ha="left", fontsize=15, weight="bold", color=colour)
    figure.text(0.01, 0.943, f"{course.file}: {course.details}", fontsize=10, color=DARK)


def _frame(panel: Any, course: Course) -> None:
    for start, end in course.bands:
        panel.axvspan(start, end, color=RED, alpha=0.10, lw=0)
    panel.grid(axis="both", color="#E5E5E5", lw=0.8)
    panel.set_axisbelow(True)
    panel.spines[["top", "right"]].set_visible(False)
    panel.margins(x=0)


def _seats(panel: Any, course: Course) -> None:
    panel.stairs(
        course.busy, course.hours, fill=True, color=SKY, alpha=0.8, label="busy: in conversation or wrap-up"
    )
    panel.stairs(course.seats, course.hours, baseline=None, color=DARK, lw=2, label="staffed")
    _scaled(panel, "Seats", max([*course.seats, *course.busy, 1]))


def _waiting(panel: Any, course: Course) -> None:
    panel.stairs(
        course.most_waiting, course.hours, fill=True, color=ORANGE, alpha=0.35, label="most at any time"
    )
    panel.stairs(course.waiting, course.hours, fill=True, color=RED, label="on average")
    _scaled(panel, "Callers waiting", max([*course.most_waiting, 1]))


def _calls(panel: Any, course: Course) -> None:
    under = [0.0] * len(course.bars)
    for name, colour in (("kept", BLUE), ("lost", RED), ("other", GREY)):
        heights = [getattr(bar, name) for bar in course.bars]
        if any(heights):
            middles = [(bar.start + bar.end) / 2 for bar in course.bars]
            panel.bar(middles, heights, width=0.44, bottom=under, color=colour, label=_NAMES[name])
        under = [below + height for below, height in zip(under, heights, strict=True)]
    _scaled(panel, "Calls per half-hour", max([*under, 1]))


_NAMES = {"kept": "answered", "lost": "lost", "other": "not counted (self-served, closed, ...)"}


def _rate(panel: Any, course: Course) -> None:
    known = [bar for bar in course.bars if bar.rate is not None]
    rates = [100 * bar.rate for bar in known if bar.rate is not None]
    middles = [(bar.start + bar.end) / 2 for bar in known]
    panel.plot(middles, rates, color=BLUE, lw=1.5, marker="o", ms=5, label="answered of those who count")
    low = [(at, rate) for at, rate, bar in zip(middles, rates, known, strict=True) if bar.below]
    if low:
        panel.plot(*zip(*low, strict=True), ls="", color=RED, marker="v", ms=9, label="below the promise")
    for at, rate in low:
        panel.annotate(
            f"{rate:.0f}", (at, rate), (0, -16), textcoords="offset points", ha="center", color=RED
        )
    promise = 100 * course.promise
    panel.axhline(promise, color=DARK, lw=1.5, ls="--", label=f"promised: {promise:g} %")
    lowest = min([*rates, promise])
    panel.set_ylim(lowest - max(2.0, 0.3 * (100 - lowest)), 100.9)
    _named(panel, "Answer rate, %")


def _scaled(panel: Any, name: str, highest: float) -> None:
    from matplotlib.ticker import MaxNLocator

    panel.set_ylim(0, highest * 1.08)
    panel.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    _named(panel, name)


def _named(panel: Any, name: str) -> None:
    panel.set_title(name, loc="left", fontsize=11, weight="bold", color=DARK)
    panel.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=4, frameon=False, fontsize=9, borderaxespad=0.1
    )
