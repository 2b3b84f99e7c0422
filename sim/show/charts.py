"""A scenario's day as SVG text, drawn without any library: the same four panels as `sim.show.plot`, for a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape
from typing import NamedTuple

from sim.counting.day_sheet import clock_time
from sim.show.course import Bar, Course, stairs, ticks

# The colours of Okabe and Ito, which people of every colour vision can tell apart.
BLUE, SKY, ORANGE, RED, GREY, DARK, PALE = (
    "#0072B2", "#56B4E9", "#E69F00", "#D55E00", "#BBBBBB", "#333333", "#E5E5E5",
)  # fmt: skip
WIDTH, LEFT, RIGHT, HEADING, GAP, FOOT = 960.0, 44.0, 22.0, 26.0, 16.0, 26.0
BAR_SHARE = 0.88


class Panel(NamedTuple):
    """Where a panel lies (pixels from the top) and what its axes show: hours, and values from `low` to `high`."""

    top: float
    height: float
    first: float
    last: float
    low: float
    high: float

    def x(self, hour: float) -> float:
        """Pixels from the left."""
        return LEFT + (hour - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return self.top + self.height * (self.high - value) / (self.high - self.low)


Paint = Callable[[Panel, Course], Iterator[str]]


class Design(NamedTuple):
    """A panel: its height, its name, what its colours mean, the range of its values and who paints it."""

    height: float
    name: str
    keys: tuple[tuple[str, str], ...]
    low: Callable[[Course], float]
    high: Callable[[Course], float]
    paint: Paint


def day_svg(course: Course) -> str:
    """One <svg> element; whatever comes from the scenario is escaped."""
    first, last = course.span
    top, parts = 0.0, list[str]()
    for design in DESIGNS:
        panel = Panel(top + HEADING, design.height, first, last, design.low(course), design.high(course))
        parts += _heading(panel, design)
        parts += _frame(panel, course)
        parts += design.paint(panel, course)
        top += HEADING + design.height + GAP
    parts += [_text(panel.x(hour), top + 2, f"{hour:02d}:00", "middle") for hour in ticks(first, last)]
    told = escape(f"{course.project}: {course.headline}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {top + FOOT - GAP:g}" role="img" '
        f'aria-label="{told}" font-family="sans-serif" font-size="12">' + "".join(parts) + "</svg>"
    )


# ---- the panels


def _seats(panel: Panel, course: Course) -> Iterator[str]:
    yield _area(panel, course.hours, course.busy, SKY)
    corners = " ".join(
        f"{panel.x(at):.1f},{panel.y(value):.1f}" for at, value in stairs(course.hours, course.seats)
    )
    yield f'<polyline points="{corners}" fill="none" stroke="{DARK}" stroke-width="2"/>'


def _waiting(panel: Panel, course: Course) -> Iterator[str]:
    yield _area(panel, course.hours, [float(most) for most in course.most_waiting], ORANGE, 0.4)
    yield _area(panel, course.hours, course.waiting, RED)


def _calls(panel: Panel, course: Course) -> Iterator[str]:
    for bar in course.bars:
        under = 0.0
        parts = ""
        for height, colour in ((bar.kept, BLUE), (bar.lost, RED), (bar.other, GREY)):
            parts += _bar(panel, bar, under, under + height, colour) if height else ""
            under += height
        yield f"<g><title>{_told(bar)}</title>{parts}</g>"


def _rate(panel: Panel, course: Course) -> Iterator[str]:
    points = [
        (panel.x((bar.start + bar.end) / 2), panel.y(100 * bar.rate), bar)
        for bar in course.bars
        if bar.rate is not None
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    promise = panel.y(100 * course.promise)
    yield f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="1.5"/>'
    yield _line(LEFT, promise, WIDTH - RIGHT, promise, DARK, 'stroke-width="1.5" stroke-dasharray="6 4"')
    for x, y, bar in points:
        yield f"<g><title>{_told(bar)}</title>{_mark(x, y, bar)}</g>"


def _mark(x: float, y: float, bar: Bar) -> str:
    if not bar.below:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{BLUE}"/>'
    told = _text(x, y + 20, f"{100 * (bar.rate or 0.0):.0f}", "middle", RED)
    return f'<path d="M{x - 6:.1f} {y - 5:.1f}h12l-6 10z" fill="{RED}"/>{told}'


def _told(bar: Bar) -> str:
    rate = "" if bar.rate is None else f", {100 * bar.rate:.1f} %"
    calls = f"応答 {bar.kept:.1f}, 取りこぼし {bar.lost:.1f}, 対象外 {bar.other:.1f}"
    return f"{clock_time(round(60 * bar.start))} {calls}{rate}"


def _highest(*levels: list[float]) -> float:
    return 1.08 * max([1.0, *(value for level in levels for value in level)])


def _lowest_rate(course: Course) -> float:
    rates = [100 * bar.rate for bar in course.bars if bar.rate is not None]
    lowest = min([*rates, 100 * course.promise])
    return lowest - max(2.0, 0.3 * (100 - lowest))


DESIGNS = (
    Design(
        180,
        "座席 Seats",
        (("通話・後処理中 busy", SKY), ("配置 staffed", DARK)),
        lambda course: 0.0,
        lambda course: _highest(course.busy, course.seats),
        _seats,
    ),
    Design(
        110,
        "待ち呼 Callers waiting",
        (("最大 most at any time", "#F5D999"), ("平均 on average", RED)),
        lambda course: 0.0,
        lambda course: _highest([float(most) for most in course.most_waiting]),
        _waiting,
    ),
    Design(
        130,
        "30分ごとの着信 Calls per half-hour",
        (("応答 answered", BLUE), ("取りこぼし lost", RED), ("対象外 not counted", GREY)),
        lambda course: 0.0,
        lambda course: _highest([bar.kept + bar.lost + bar.other for bar in course.bars]),
        _calls,
    ),
    Design(
        130,
        "応答率 Answer rate, %",
        (("応答率 rate", BLUE), ("約束を下回る below the promise", RED), ("約束 promised", DARK)),
        _lowest_rate,
        lambda course: 101.0,
        _rate,
    ),
)


# ---- the paper


def _heading(panel: Panel, design: Design) -> Iterator[str]:
    y = panel.top - 8
    yield f'<text x="{LEFT:g}" y="{y:g}" font-weight="bold" fill="{DARK}">{escape(design.name)}</text>'
    x = WIDTH - RIGHT
    for told, colour in reversed(design.keys):
        yield _text(x, y, told, "end")
        x -= _width(told) + 18
        yield f'<rect x="{x:.1f}" y="{y - 10:g}" width="12" height="10" fill="{colour}"/>'
        x -= 16


def _width(text: str) -> float:
    """About so many pixels: letters of Japan are twice as wide as ours."""
    return sum(12.0 if ord(letter) > 0x2E80 else 6.4 for letter in text)


def _frame(panel: Panel, course: Course) -> Iterator[str]:
    bottom = panel.top + panel.height
    for start, end in course.bands:
        left, right = panel.x(start), panel.x(end)
        yield (
            f'<rect x="{left:.1f}" y="{panel.top:g}" width="{right - left:.1f}" height="{panel.height:g}" '
            f'fill="{RED}" opacity="0.1"/>'
        )
    for hour in ticks(panel.first, panel.last):
        yield _line(panel.x(hour), panel.top, panel.x(hour), bottom, PALE)
    for value in _round_values(panel.low, panel.high):
        yield _line(LEFT, panel.y(value), WIDTH - RIGHT, panel.y(value), PALE)
        yield _text(LEFT - 6, panel.y(value) + 4, f"{value:g}", "end")
    yield _line(LEFT, bottom, WIDTH - RIGHT, bottom, DARK)


def _round_values(low: float, high: float) -> list[float]:
    """At most six round numbers between."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(1.0, next(times * power for times in (1, 2, 5, 10) if times * power >= rough))
    return [step * number for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _area(panel: Panel, hours: list[float], values: list[float], colour: str, opacity: float = 1.0) -> str:
    if not values:
        return ""
    corners = [(hours[0], panel.low), *stairs(hours, values), (hours[-1], panel.low)]
    path = " ".join(f"{panel.x(at):.1f},{panel.y(value):.1f}" for at, value in corners)
    return f'<polygon points="{path}" fill="{colour}" opacity="{opacity:g}"/>'


def _bar(panel: Panel, bar: Bar, low: float, high: float, colour: str) -> str:
    width = (panel.x(bar.end) - panel.x(bar.start)) * BAR_SHARE
    middle = panel.x((bar.start + bar.end) / 2)
    top, bottom = panel.y(high), panel.y(low)
    return (
        f'<rect x="{middle - width / 2:.1f}" y="{top:.1f}" width="{width:.1f}" height="{bottom - top:.1f}" '
        f'fill="{colour}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = DARK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
