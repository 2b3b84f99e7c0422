"""All figures of a scenario as one HTML page: Japanese with English beside, no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.show.charts import day_svg
from sim.show.console import below, margin, percent, seconds, signed
from sim.show.course import Course

_FIGURES = (
    ("callers", "発信者", "callers"),
    ("redials", "かけ直し", "redials"),
    ("offered", "着信", "offered"),
    ("answered", "応答", "answered"),
    ("abandoned", "放棄", "abandoned"),
    ("blocked", "話中", "blocked"),
    ("answer_rate", "応答率", "answer rate"),
    ("abandon_rate", "放棄率", "abandon rate"),
    ("wait_rate", "待ち発生率", "share that waits"),
    ("service_level.20", "20秒以内応答", "answered within 20 s"),
    ("mean_wait", "平均待ち時間", "mean wait"),
    ("mean_talk", "平均通話時間", "mean talk"),
    ("mean_wrapup", "平均後処理時間", "mean wrap-up"),
    ("occupancy", "稼働率", "occupancy"),
)
_COUNTS = ("callers", "redials", "offered", "answered", "abandoned", "blocked")


def page(course: Course, summary: dict[str, Any]) -> str:
    """The page of a summary (see `sim.many.together`); whatever comes from the scenario is escaped."""
    paper = Environment(
        loader=PackageLoader("sim.show", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    paper.filters |= {
        "percent": percent,
        "seconds": seconds,
        "number": _number,
        "below": partial(below, promise=summary["promise"]),
    }
    return paper.get_template("page.html.j2").render(
        course=course,
        summary={"shortfall": None, "against": None} | summary,
        figures=list(_figures(summary)),
        differences=list(_differences(summary.get("against"))),
        picture=day_svg(course),
    )


def _figures(summary: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for name, japanese, english in _FIGURES:
        first, _, inside = name.partition(".")
        if first in summary:
            figure = summary[first][inside] if inside else summary[first]
            yield japanese, english, _told(name, figure), margin(summary, name)


def _told(name: str, figure: float | None) -> str:
    if name in _COUNTS:
        return _number(figure)
    return seconds(figure) if name.startswith("mean_") else percent(figure)


def _differences(against: dict[str, Any] | None) -> Iterator[tuple[str, ...]]:
    found = against["differences"] if against else {}
    for name, japanese, english in _FIGURES:
        if name in found:
            told = (signed(name, found[name][end]) for end in ("mean", "low", "high"))
            reduction = found[name]["variance_reduction"]
            yield japanese, english, *told, "-" if reduction is None else f"{reduction:,.1f} x"


def _number(number: float | None) -> str:
    """Whole where it is whole."""
    if number is None:
        return "-"
    told = f"{number:,.1f}"
    return told.removesuffix(".0")
