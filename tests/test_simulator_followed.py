"""`docs/simulator.md` is true: every command of it is run, in their order, and prints what the page says.

The days that the page calls recorded are simulated here. What needs Asterisk (```console live) is run by
`tests/live/test_simulator_followed_live.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import denwaban
from calls.journal import Entry
from sim.erlang import erlang_a
from sim.scenario import load_scenario
from tests.sim.learn.days import House, day_of
from tests.simulator_page import PAGE, ROOT, commands, missing, parts, run

pytestmark = pytest.mark.unit

FIGURE = re.compile(
    r"^\| (give up|have to wait|seats busy|mean wait) \| ([\d.]+) [%s] ± ([\d.]+) \| ([\d.]+) ", re.MULTILINE
)


def recorded(first: int, last: int, seats: int, seed: int) -> list[Entry]:
    """Some days of May as they were: calls took longer than was assumed, and fewer operators were there."""
    scenario = load_scenario(ROOT / "config/scenarios/saitama-autotax-may.yaml")
    changes = {
        "first": dt.date(2026, 5, first),
        "last": dt.date(2026, 5, last),
        "seats": seats,
        "seed": seed,
        "handle": scenario.handle.model_copy(update={"mean": 450.0}),
    }
    return day_of(scenario.model_copy(update=changes)).entries


def test_every_command_does_what_the_page_says(tmp_path: Path) -> None:
    House(tmp_path, recorded(7, 8, 26, 2026), recorded(11, 11, 20, 511))
    followed = list(commands(""))
    for command, lines in followed:
        code, printed = run(command, tmp_path, f"--config {tmp_path / 'config'}")
        assert missing(lines, printed) == [], f"$ {command}\n{printed}"
        assert code == 0, f"$ {command}\n{printed}"
    assert len(followed) > 20
    for picture in ("may-34.png", "may-24.png", "cost.png"):
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
    assert "</html>" in (tmp_path / "may-34.html").read_text(encoding="utf-8")


def test_every_command_is_one_with_the_arguments_that_it_takes() -> None:
    ours = [
        command.removeprefix("denwaban ").split("; ")[0].split()
        for command, _ in [*commands(""), *commands("live")]
        if command.startswith("denwaban ")
    ]
    assert {words[0] for words in ours} == {
        "sim", "staff", "mailing-plan", "fit", "replay", "budget", "publish", "versions", "load", "compare",
    }  # fmt: skip
    for words in ours:
        denwaban._parser().parse_args(words)  # ends the program where they are wrong, and says why


@pytest.mark.parametrize(("file", "text"), parts())
def test_what_the_page_shows_of_a_file_stands_there(file: str, text: str) -> None:
    assert text in (ROOT / file).read_text(encoding="utf-8")


def test_the_formulas_say_what_the_page_says() -> None:
    exact = erlang_a(34, 193.8 / 3600, 600.0, 180.0)
    figures = {
        "give up": 100 * exact.abandoned,
        "have to wait": 100 * exact.waits,
        "seats busy": 100 * exact.occupancy,
        "mean wait": exact.mean_wait,
    }
    table = {name: (float(mean), float(half), said) for name, mean, half, said in FIGURE.findall(PAGE)}
    assert set(table) == set(figures)
    for name, (mean, half, said) in table.items():
        assert said == f"{figures[name]:.{len(said.partition('.')[2])}f}"
        assert abs(mean - figures[name]) < half


def test_pictures_and_files_that_the_page_names_are_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGE)
    assert len(pictures) == 3
    for name in pictures:
        assert 1_000 < (ROOT / "docs" / name).stat().st_size < 150_000
    linked = [name for name in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)", PAGE) if name not in pictures]
    named = re.findall(r"(?<![\w/.])(?:config|tests)/[\w/.-]+[\w]", PAGE)
    assert len(named) > 5
    assert [name for name in linked if not (ROOT / "docs" / name).exists()] == []
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_route_and_the_targets_that_the_page_names_exist() -> None:
    routes = re.findall(r"`GET (/v1/\S+)`", PAGE)
    api = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    assert [route for route in routes if f"`GET {route}`" not in api] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"`make (\w+)`", PAGE)
    assert (len(routes), len(targets) > 3) == (1, True)
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
