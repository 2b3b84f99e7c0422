"""Keys by menu: where a caller is, known by ear."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from calls.commands import PlayGuidance
from calls.events import DigitPressed
from calls.journal import Entry
from calls.lifecycle import State
from sim.habits.menus import NOWHERE, Whereabouts
from sim.run import Run
from sim.scenario import Scenario, load_scenario
from sim.scenario.project import project_of
from sim.world import build
from tests.sim.people import simulated
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit


TWINS = """\
project: city
name: City
numbers: [{number: 0480000001}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
guidance:
  hello: {ja: はい。}
  left: {ja: 左です。}
  right: {texts: {ja: 右です。}, to: 2026-01-01, otherwise: other}
  other: {ja: 反対です。}
  again: {ja: もう一度どうぞ。}
flow:
  start: hello
  nodes:
    hello: {type: menu, prompt: hello, keys: {"1": left, "2": skip}, attempts: 2, after: bye}
    left: {type: say, guidance: left, next: ask_left}
    skip: {type: goto, node: right}
    right: {type: say, guidance: right, next: ask_right}
    ask_left: {type: menu, prompt: again, keys: {"1": done}, invalid: hello, after: bye}
    ask_right: {type: menu, prompt: again, keys: {"1": done}, after: bye}
    done: {type: hangup, outcome: self_served}
    bye: {type: hangup, outcome: timed_out}
"""


def twins(folder: Path, **flow: Any) -> Scenario:
    """A flow of which two menus say the same, and a hundred callers of it."""
    (folder / "city.yaml").write_text(TWINS, encoding="utf-8")
    return Scenario.model_validate(
        {"project": str(folder / "city.yaml"), "calls": 100, "arrivals": {"per_hour": 60}, "seats": 1,
         "handle": {"mean": 60}, "flow": flow}
    )  # fmt: skip


def test_an_ear_knows_the_menu_by_the_way_that_led_there(tmp_path: Path) -> None:
    where = Whereabouts(project_of(twins(tmp_path)))

    def nodes(*texts: str) -> set[str]:
        place = NOWHERE
        for text in texts:
            place = where.heard(place, text)
        return set(where.nodes_at(place))

    assert nodes() == set()
    assert nodes("hello") == nodes("hello", "hello") == {"hello"}
    assert nodes("hello", "left", "again") == {"ask_left"}
    assert nodes("hello", "other", "again") == {"ask_right"}  # said in the place of `right` from this year on
    assert nodes("hello", "left", "again", "hello", "again") == {"ask_left"}  # the text for a wrong key
    assert nodes("hello", "position_3") == {"hello"}  # said in the line, by no node
    assert nodes("again") == {"ask_left", "ask_right"}  # who comes from nowhere may be anywhere


def test_each_menu_has_its_own_keys_and_all_others_the_general_ones(tmp_path: Path) -> None:
    menus = {"hello": {"1": 0.5, "2": 0.5}, "ask_left": {"1": 1.0}, "ask_right": {}}
    _, records = simulated(twins(tmp_path, menus=menus))
    ways = Counter((record.heard[1].partition("@")[0], str(record.outcome)) for record in records)
    assert set(ways) == {("left", "self_served"), ("other", "timed_out")}
    assert 30 < ways["left", "self_served"] < 70
    _, others = simulated(twins(tmp_path, menus={"hello": {"2": 1.0}}, keys={"1": 1.0}))
    assert {(record.heard[1].partition("@")[0], str(record.outcome)) for record in others} == {
        ("other", "self_served")
    }


def test_two_menus_of_the_tax_project_with_one_text_are_told_apart() -> None:
    """In hours, whom the line does not keep is offered the very menu that others hear after hours."""
    menus = {"info": {"1": 1.0}, "busy_menu": {"1": 1.0}, "busy_info": {"2": 1.0}}
    half_hours = {"09:00": 400, "18:00": 20}
    scenario = tax_day(
        arrivals={"by_half_hour": half_hours}, seats=1, patience={"mean": 1e5}, flow={"menus": menus}
    )
    entries, records = simulated(scenario)
    pressed = Counter(e.event.digit for e in entries if isinstance(e.event, DigitPressed))
    assert set(pressed) == {"1", "2"}
    for record in records:
        texts = {text.partition("@")[0] for text in record.heard}
        if "busy_menu" in texts:
            assert "change_of_address" in texts
            assert "reissue" not in texts
        elif "closed_notice" in texts:
            assert "reissue" in texts


CALLBACK = """\
project: city
name: City
numbers: [{number: 0480000001}]
hours: {weekly: {mon-sun: ["00:00-24:00"]}}
guidance: {waiting: {ja: 折り返しをご希望の方は一を押してください。}, thanks: {ja: はい。}, busy: {ja: 混雑です。}}
flow:
  start: line
  nodes:
    line: {type: enqueue, queue: main, keys: {"1": wish}, full: full, no_seats: full, timeout: full}
    full: {type: menu, prompt: busy, keys: {"2": thanks}, after: thanks}
    wish: {type: callback, queue: main, number: caller, accepted: thanks, refused: thanks}
    thanks: {type: hangup, guidance: thanks, outcome: self_served}
queues: {main: {max_waiting: 5, notices: NOTICES}}
"""


def crowd(folder: Path, notices: str = "{first_s: 10, guidance: waiting}", **flow: Any) -> Scenario:
    """More callers than the line has room for; who waits may ask to be called back."""
    (folder / "city.yaml").write_text(CALLBACK.replace("NOTICES", notices), encoding="utf-8")
    return Scenario.model_validate(
        {"project": str(folder / "city.yaml"), "calls": 200, "arrivals": {"per_hour": 40}, "seats": 2,
         "handle": {"mean": 300}, "flow": flow}
    )  # fmt: skip


def test_a_line_is_left_by_a_key_once_the_notice_has_told_of_it(tmp_path: Path) -> None:
    scenario = crowd(tmp_path, menus={"line": {"1": 0.5}, "full": {"2": 1.0}})
    _, records = simulated(scenario)
    callers = [record for record in records if record.direction == "in"]
    told = [record for record in callers if record.heard and record.heard[0].startswith("waiting")]
    wished = [record for record in told if record.heard[-1].startswith("thanks")]
    assert len(told) > 60
    assert abs(len(wished) / len(told) - 0.5) <= 3 * 0.5 / len(told) ** 0.5
    turned_away = [record for record in callers if record.heard and record.heard[0].startswith("busy")]
    assert {record.keys for record in turned_away} == {"2"}
    waits = {round((record.left_line_at or 0) - (record.queued_at or 0), 3) for record in wished}
    assert len(waits) == 1  # ten seconds and the length of the notice
    assert 12 < waits.pop() < 20
    assert sum(record.direction == "callback" for record in records) == len(wished)


def test_a_line_without_notices_tells_nobody_of_its_keys(tmp_path: Path) -> None:
    scenario = crowd(tmp_path, notices="null", menus={"line": {"1": 1.0}})
    path = tmp_path / "s.yaml"
    path.write_text(
        f"project: {scenario.project}\ncalls: 9\narrivals: {{per_hour: 9}}\nhandle: {{mean: 9}}\nseats: 1\n"
        "flow: {menus: {line: {'1': 1}}}\n",
        encoding="utf-8",
    )
    (remark,) = load_scenario(path).remarks
    assert "s.yaml:6:16: warning: the queue 'main' has no notices" in remark
    assert not any(isinstance(entry.event, DigitPressed) for entry in simulated(scenario)[0])


def test_what_the_ear_believes_is_what_the_engine_knows() -> None:
    """At every text of a day in the tax project, also for whom the line does not keep."""
    scenario = tax_day(seats=2, patience={"mean": 1e5}, flow={"keys": {"1": 0.4, "0": 0.3, "9": 0.1}})
    world = build(scenario)
    where, places, compared = Whereabouts(world.project), dict[str, int](), Counter[str]()

    def listen(entry: Entry) -> None:
        for command in entry.commands:
            if isinstance(command, PlayGuidance):
                place = where.heard(places.get(command.leg, NOWHERE), command.guidance)
                places[command.leg] = place
                call = run.engine.floor.callers[command.leg]
                if call.state is State.IVR:
                    assert where.nodes_at(place) == {call.position.node}
                    compared[call.position.node] += 1

    run = Run(world, listen)
    run.to_the_end()
    assert {"notice", "info", "busy_menu", "busy_info", "busy_reissue", "reissue"} <= set(compared)
