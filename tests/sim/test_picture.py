"""The day as a picture, the page, and the command that makes them."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

import denwaban
from sim.many.replications import replicate
from sim.many.together import together
from sim.shortfall import shortfall
from sim.show.charts import day_svg
from sim.show.course import Bar, Course, course_of, stairs, ticks
from sim.show.page import page
from sim.show.plot import draw
from tests.sim.scenarios import PROJECT, tax_day

pytestmark = pytest.mark.unit

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("1")</script>&'


@pytest.fixture(scope="module")
def summary() -> dict[str, Any]:
    """Two replications of the tax project with too few seats."""
    scenario = tax_day(seats=8)
    summary = together(replicate(scenario, times=2))
    return summary | {"shortfall": shortfall(scenario, summary)}


@pytest.fixture(scope="module")
def course(summary: dict[str, Any]) -> Course:
    """Its day."""
    return course_of("saitama-autotax", "may.yaml", summary)


class Reader(HTMLParser):
    """Takes a page apart: elements, what they would load, and that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.loads += [str(value) for name, value in attrs if name in ("src", "href", "action", "data")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One that has nothing inside."""

    def handle_endtag(self, tag: str) -> None:
        """An element ends: the one that began last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """What people read."""
        self.text += data


def read(html: str) -> Reader:
    """A page taken apart."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


# ---- the course of the day


def test_the_course_is_that_of_a_mean_day(course: Course, summary: dict[str, Any]) -> None:
    assert course.span == (8.0, 18.5)
    assert len(course.hours) == len(course.waiting) + 1
    calls = sum(bar.kept + bar.lost + bar.other for bar in course.bars)
    assert calls == pytest.approx(summary["offered"])
    assert course.headline.endswith("80 % promised: NOT met")
    assert "mean of 2 replications" in course.details
    for start, end in course.bands:
        inside = [bar for bar in course.bars if start <= bar.start < end]
        assert all(bar.below for bar in inside)
        assert len(inside) == (end - start) * 2


def test_half_hours_below_the_promise_that_touch_are_one_band(course: Course) -> None:
    lows = {9.0: True, 9.5: True, 10.0: True, 10.5: False, 11.0: True}
    bars = [Bar(start, 1.0, 1.0, 0.0, 0.5, low) for start, low in lows.items()]
    assert course._replace(bars=bars).bands == [(9.0, 10.5), (11.0, 11.5)]


def test_a_day_without_anybody_can_be_drawn_too(tmp_path: Path) -> None:
    nobody = tax_day(arrivals={"by_half_hour": {"20:00": 1e-9}})
    summary = together(replicate(nobody))
    empty = course_of("saitama-autotax", "nobody.yaml", summary)
    assert empty.headline == "nobody who counts called"
    ET.fromstring(day_svg(empty))  # noqa: S314  our own
    read(page(empty, summary))
    draw(empty, tmp_path / "nobody.png")


def test_the_marks_of_the_axis_are_full_hours() -> None:
    assert ticks(8.5, 18.0) == list(range(9, 19))
    assert ticks(0.0, 24.0) == list(range(0, 25, 2))
    assert stairs([1.0, 2.0, 3.0], [5.0, 7.0]) == [(1.0, 5.0), (2.0, 5.0), (2.0, 7.0), (3.0, 7.0)]


# ---- by matplotlib


def test_the_picture_is_written_by_its_name_and_leaves_no_setting_behind(
    course: Course, tmp_path: Path
) -> None:
    settings = dict(mpl.rcParams)
    draw(course, tmp_path / "day.png")
    draw(course, tmp_path / "day.svg")
    assert (tmp_path / "day.png").read_bytes().startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == settings
    text = (tmp_path / "day.svg").read_text(encoding="utf-8")
    for told in ("saitama-autotax: ", "NOT met", "Callers waiting", "promised: 80 %", "below the promise"):
        assert told in text
    draw(course, tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == text


# ---- without any library


def test_our_own_picture_has_a_bar_for_each_half_hour_and_a_mark_for_each_below(course: Course) -> None:
    svg = ET.fromstring(day_svg(course))  # noqa: S314  our own
    titles = [element.text or "" for element in svg.iter(f"{SVG}title")]
    assert sum(title.startswith("09:00 ") for title in titles) == 2  # its bar and its rate
    marks = list(svg.iter(f"{SVG}path"))
    assert len(marks) == sum(bar.below for bar in course.bars) > 0
    assert len(list(svg.iter(f"{SVG}circle"))) == sum(
        bar.rate is not None and not bar.below for bar in course.bars
    )
    _, _, width, height = (float(number) for number in svg.attrib["viewBox"].split())
    for element in svg.iter(f"{SVG}rect"):
        x, y, wide, high = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + wide <= width
        assert 0 <= y <= y + high <= height


# ---- the page


def test_the_page_stands_by_itself(course: Course, summary: dict[str, Any]) -> None:
    html = page(course, summary)
    reader = read(html)
    assert reader.loads == []
    assert "<script" not in html
    assert "url(" not in html
    assert '<html lang="ja">' in html
    told = " ".join(reader.text.split())
    for words in ("応答率", "未達", "not met", "足りないもの", "30分ごと", "2026-05-07", "± "):
        assert words in told
    assert len(re.findall('<tr class="below">', html)) >= sum(bar.below for bar in course.bars)


def test_what_comes_from_outside_is_escaped(course: Course, summary: dict[str, Any]) -> None:
    nasty = course._replace(project=NASTY, file=NASTY, headline=NASTY)
    against = {"scenario": NASTY, "differences": {}}
    html = page(nasty, summary | {"against": against})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    read(html)
    assert "<script" not in day_svg(nasty)


# ---- the command


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario file with a morning of calls."""
    path = tmp_path / "morning.yaml"
    path.write_text(
        f"project: {PROJECT}\nfrom: 2026-05-07\nto: 2026-05-07\n"
        'arrivals: {by_half_hour: {"09:00": 40, "09:30": 60}}\n'
        "handle: {mean: 300.0}\npatience: {mean: 90.0}\nseats: 12\n",
        encoding="utf-8",
    )
    return path


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """`denwaban sim ... --json`: its exit code and its object."""
    code = denwaban.main(["sim", *arguments, "--json"])
    told = capsys.readouterr()
    assert told.err == ""
    return code, json.loads(told.out)


def test_everything_is_written_and_told(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(scenario.read_text(encoding="utf-8").replace("seats: 12", "seats: 14"), encoding="utf-8")
    files = ["--plot", str(tmp_path / "day.svg"), "--html", str(tmp_path / "day.html")]
    times = ["--times", "2", "--workers", "1", "--against", str(other)]
    code = denwaban.main(["sim", str(scenario), *times, *files])
    told = capsys.readouterr()
    assert code in (0, 2)
    assert told.err == ""
    for words in ("answer rate", "by half-hour", "09:30", "replications", "other.yaml less"):
        assert words in told.out
    assert "saitama-autotax" in (tmp_path / "day.svg").read_text(encoding="utf-8")
    assert "比較" in (tmp_path / "day.html").read_text(encoding="utf-8")


def test_the_json_of_replications(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = as_json(capsys, str(scenario), "--times", "3", "--workers", "1")
    assert code == (0 if told["met"] else 2)
    assert told["replications"] == told["intervals"]["answer_rate"]["times"] == 3
    assert {"half_hours", "days", "met_share", "verdict_sure", "callers", "redials"} <= set(told)
    _, once = as_json(capsys, str(scenario))
    assert once["replications"] == 1
    _, seeded = as_json(capsys, str(scenario), "--seed", "7")
    assert seeded["offered"] != once["offered"]


def test_a_promise_that_is_not_met_ends_with_2_and_what_is_missing(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario.write_text(
        scenario.read_text(encoding="utf-8").replace("seats: 12", "seats: 2"), encoding="utf-8"
    )
    code, told = as_json(capsys, str(scenario))
    assert (code, told["met"], told["shortfall"]["possible"]) == (2, False, True)
    assert denwaban.main(["sim", str(scenario)]) == 2
    assert "are needed (Erlang A)" in capsys.readouterr().out


def test_an_interval_that_stays_too_wide_is_told(
    scenario: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.main.MOST", 2)
    denwaban.main(["sim", str(scenario), "--half-width", "0.0001", "--workers", "1"])
    assert "after 2 replications the answer rate is not known to +- 0.0001" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--times", "0"],
        ["--half-width", "0.7"],
        ["--plot", "day.pdf"],
        ["--workers", "x"],
        ["--times", "2", "--half-width", "0.1"],
    ],
)
def test_wrong_arguments_are_told_at_once(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        denwaban.main(["sim", "none.yaml", *wrong])
    assert "error: argument" in capsys.readouterr().err


def test_what_is_missing_on_this_machine_is_told_in_one_line(
    scenario: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert denwaban.main(["sim", str(scenario), "--plot", str(tmp_path / "day.png")]) == 1
    assert "drawing a plot needs matplotlib: run `make extras`" in capsys.readouterr().err
    monkeypatch.undo()
    assert denwaban.main(["sim", str(scenario), "--html", str(tmp_path / "no" / "day.html")]) == 1
    assert "day.html: cannot be written" in capsys.readouterr().err
    assert denwaban.main(["sim", str(scenario), "--against", str(tmp_path / "gone.yaml")]) == 1
    assert "gone.yaml:1:1: error: there is no such file" in capsys.readouterr().err
