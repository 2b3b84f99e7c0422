from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from calls.lifecycle import Outcome
from ivr.project import Project
from ivr.script import Circumstances, LineReason
from ivr.steps import QueueView
from ivr.transcript import as_lines, as_mapping
from ivr.walkthrough import Walk, walk
from tests.ivr.every_node import EVERY_NODE, project

pytestmark = pytest.mark.unit

OPEN = dt.datetime(2026, 5, 7, 12)  # noqa: DTZ001 (the project's local time)
LATE = dt.datetime(2026, 5, 7, 17, 10)  # noqa: DTZ001
CLOSED = dt.datetime(2026, 5, 7, 17, 20)  # noqa: DTZ001


@pytest.fixture
def city(tmp_path: Path) -> Project:
    return project(tmp_path)


def ids(walked: Walk) -> list[str]:
    return [heard.guidance for heard in walked.heard]


def test_into_the_line(city: Project) -> None:
    walked = walk(city, OPEN, ["1"])
    assert (walked.open, walked.end, walked.target, walked.keys) == (True, "queue", "main", ["1"])
    assert ids(walked) == ["hello", "top"]


def test_times_are_those_of_the_texts_and_the_keys(city: Project) -> None:
    first, second = walk(city, OPEN, ["1"]).heard
    assert first.at == 0
    assert 1.5 < second.at < 4
    assert walk(city, OPEN, ["1"]).pressed[0].at > second.at + 1


def test_silence_uses_up_the_attempts(city: Project) -> None:
    walked = walk(city, CLOSED)
    assert ids(walked) == ["hello", "top"] * 3 + ["bye"]
    assert (walked.end, walked.outcome, walked.keys) == ("hangup", Outcome.CLOSED, [])


def test_a_dash_lets_one_menu_pass(city: Project) -> None:
    walked = walk(city, OPEN, ["-", "1"])
    assert ids(walked) == ["hello", "top", "hello", "top"]
    assert [pressed.key for pressed in walked.pressed] == ["-", "1"]


def test_a_wrong_key_is_told(city: Project) -> None:
    assert ids(walk(city, OPEN, ["9", "1"])) == ["hello", "top", "wrong", "hello", "top"]


def test_keys_that_nobody_asks_for_are_told(city: Project) -> None:
    walked = walk(city, OPEN, ["1", "2", "3"])
    assert walked.unused == ("2", "3")
    assert as_lines(walked)[-1] == "Never asked for, so not pressed: 2, 3"


def test_another_language(city: Project) -> None:
    heard = walk(city, OPEN, ["2"]).heard[-1]
    assert (heard.language, heard.text) == ("en", "Thank you for calling.")


@pytest.mark.parametrize("presses", [["3", "35#"], ["3", "35"], ["3", "3", "5", "-"], ["3", "3", "5", "#"]])
def test_digits_of_an_extension(city: Project, presses: list[str]) -> None:
    walked = walk(city, OPEN, presses)
    assert (walked.end, walked.target, walked.unused) == ("transfer", "35", ())


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("35#,1", "35"),
        ("35,1", "35"),
        ("1234,1", "1234"),
        ("1234#,1", "1234"),
        ("35#1", "35"),
        ("9#,35#,7,1", "35"),
    ],
)
def test_a_confirmation_takes_the_entry_that_follows(tmp_path: Path, typed: str, target: str) -> None:
    confirmed = project(tmp_path, EVERY_NODE, ("into: number,", "into: number, confirm: typed,"))
    walked = walk(confirmed, OPEN, ["3", *typed.split(",")])
    assert (walked.end, walked.target, walked.unused) == ("transfer", target, ())
    assert ids(walked).count("confirm_keys") == 1


def test_a_confirmation_refused_and_typed_again(tmp_path: Path) -> None:
    confirmed = project(tmp_path, EVERY_NODE, ("into: number,", "into: number, confirm: typed,"))
    walked = walk(confirmed, OPEN, ["3", "36#", "2", "35#", "1"])
    assert (walked.end, walked.target, walked.unused) == ("transfer", "35", ())
    assert walked.keys == [*"336#2", *"35#1"]


def test_an_extension_that_nobody_has(city: Project) -> None:
    walked = walk(city, OPEN, ["3", "99#"], met=Circumstances(extensions=frozenset({"35"})))
    assert ids(walked)[-2:] == ["extension", "wrong"]
    assert walked.end == "queue"


def test_a_telephone_that_nobody_picks_up(city: Project) -> None:
    walked = walk(city, OPEN, ["3", "35#"], met=Circumstances(transfer="unanswered"))
    assert (walked.end, walked.nodes[-2:]) == ("queue", ("directory.ring", "line"))


def test_a_message(city: Project) -> None:
    walked = walk(city, OPEN, ["4"])
    assert (walked.end, [sent.gateway for sent in walked.sent]) == ("message", ["mail"])


@pytest.mark.parametrize("line", ["full", "no_seats"])
def test_called_back_where_the_line_is_full(city: Project, line: str) -> None:
    met = Circumstances(line="full" if line == "full" else "no_seats")
    walked = walk(city, OPEN, ["1"], caller="0312345678", met=met)
    assert (walked.end, walked.target, walked.sent[0].to) == ("callback", "main", "0312345678")


def test_no_call_back_to_a_withheld_number(city: Project) -> None:
    assert walk(city, OPEN, ["1"], met=Circumstances(line="full")).end == "message"


def test_the_longest_wait_passes(city: Project) -> None:
    walked = walk(city, OPEN, ["1"], met=Circumstances(line="timeout"))
    assert walked.end == "message"
    assert walked.seconds > 300


def test_a_line_that_is_tried_again_takes_the_caller(tmp_path: Path) -> None:
    again = project(tmp_path, EVERY_NODE, ("timeout: leave}", "timeout: in_english}"))
    assert walk(again, OPEN, ["1"], met=Circumstances(line="timeout")).end == "queue"


TELLING = ("max_wait_s: 300", "max_wait_s: 300, notices: {guidance: hello, position: true, first_s: 20}")


@pytest.mark.parametrize(
    ("queue", "told"),
    [
        (QueueView(0, 1), []),
        (QueueView(0, 0), ["hello", "position_1"]),
        (QueueView(3, 1), ["hello", "position_4"]),
    ],
)
def test_who_waits_hears_the_notices_once(tmp_path: Path, queue: QueueView, told: list[str]) -> None:
    walked = walk(project(tmp_path, EVERY_NODE, TELLING), OPEN, ["1"], met=Circumstances(queue=queue))
    assert (ids(walked)[2:], walked.end) == (told, "queue")


def test_notices_come_after_their_time_and_take_none_of_the_wait(tmp_path: Path) -> None:
    telling = project(tmp_path, EVERY_NODE, TELLING)
    quiet, loud = (
        walk(given, OPEN, ["1"], met=Circumstances(line="timeout")) for given in (project(tmp_path), telling)
    )
    [entered] = [step.at for step in loud.pressed if step.node == "top"]
    assert [round(heard.at - entered) for heard in loud.heard if heard.guidance == "hello"][1:] == [20]
    assert loud.seconds == quiet.seconds


@pytest.mark.parametrize(
    ("presses", "queue", "end", "keys", "unused"),
    [
        (["1", "5"], QueueView(0, 0), "message", ["1", "5"], ()),
        (["1", "9", "5"], QueueView(0, 0), "message", ["1", "9", "5"], ()),
        (["1"], QueueView(0, 0), "queue", ["1"], ()),
        (["1", "-", "5"], QueueView(0, 0), "queue", ["1"], ("5",)),
        (["1", "5"], QueueView(0, 1), "queue", ["1"], ("5",)),
    ],
)
def test_keys_of_who_waits(
    tmp_path: Path, presses: list[str], queue: QueueView, end: str, keys: list[str], unused: tuple[str, ...]
) -> None:
    asking = project(tmp_path, EVERY_NODE, ("timeout: leave}", 'timeout: leave, keys: {"5": leave}}'))
    walked = walk(asking, OPEN, presses, met=Circumstances(queue=queue))
    assert (walked.end, walked.keys, walked.unused) == (end, keys, unused)


@pytest.mark.parametrize(
    ("line", "node"), [("long_wait", "bye"), ("closing", "bye"), ("closed", "in_english")]
)
def test_the_other_ways_out_of_a_line(tmp_path: Path, line: LineReason, node: str) -> None:
    queue = "max_wait_s: 300, max_expected_wait_s: 60, last_call_s: 60, at_closing: release"
    ways = "timeout: leave, long_wait: bye, closing: bye, closed: in_english}"
    late = project(tmp_path, EVERY_NODE, ("max_wait_s: 300", queue), ("timeout: leave}", ways))
    walked = walk(late, OPEN, ["1"], met=Circumstances(line=line))
    assert node in walked.nodes


def test_closing_time_comes_when_the_hours_end(tmp_path: Path) -> None:
    released = project(tmp_path, EVERY_NODE, ("max_wait_s: 300", "at_closing: release"))
    walked = walk(released, LATE, ["1"], met=Circumstances(line="closed"))
    prompt = next(heard.at for heard in walked.heard if heard.guidance == "beep")
    assert walked.time_of(prompt) == LATE.replace(minute=15)


@pytest.mark.parametrize(
    ("caller", "number", "waiting", "nodes"),
    [
        ("0467123456", "", 0, ("line",)),
        ("", "0466252222", 0, ("line",)),
        ("0312345678", "", 5, ("again", "text", "bye")),
        ("0312345678", "", 4, ("top", "line")),
    ],
)
def test_branches(city: Project, caller: str, number: str, waiting: int, nodes: tuple[str, ...]) -> None:
    met = Circumstances(queue=QueueView(waiting, 1))
    assert walk(city, OPEN, ["1"], caller, number, met).nodes == nodes


@pytest.mark.parametrize(("switched", "is_open"), [("open", True), ("closed", False)])
def test_switched_by_hand(city: Project, switched: str, is_open: bool) -> None:
    met = Circumstances(switched="open" if switched == "open" else "closed")
    walked = walk(city, CLOSED if is_open else OPEN, met=met)
    assert (walked.open, walked.reason) == (is_open, "switched by hand")


def test_the_disaster_flow(city: Project) -> None:
    walked = walk(city, OPEN, met=Circumstances(switched="disaster"))
    assert [(heard.guidance, heard.version) for heard in walked.heard] == [("snow", 2)]
    assert walked.outcome is Outcome.CLOSED


def test_a_time_of_another_zone_is_converted(city: Project) -> None:
    assert walk(city, dt.datetime(2026, 5, 7, 3, tzinfo=dt.UTC)).began == OPEN


def test_as_data(city: Project) -> None:
    told = as_mapping(walk(city, CLOSED, ["1"]))
    assert {key: told[key] for key in ("open", "reason", "keys", "end")} == {
        "open": False,
        "reason": "after closing",
        "keys": ["1"],
        "end": "queue",
    }
    assert told["heard"][0] == {
        "guidance": "hello",
        "version": 1,
        "language": "ja",
        "text": "お電話ありがとうございます。",
        "at": "2026-05-07T17:20:00",
    }


def test_as_lines(city: Project) -> None:
    lines = as_lines(walk(city, CLOSED, ["-", "4"]))
    assert lines[0] == "city, 2026-05-07 17:20 (Thu): closed (after closing)"
    assert lines[1] == "17:20:00  hello (version 1, ja): お電話ありがとうございます。"
    assert any(line.endswith("nothing is pressed at 'top'") for line in lines)
    assert any(line.endswith("key 4 at 'top'") for line in lines)
    assert lines[-2].endswith("sends to the gateway by mail: new message")
    assert lines[-1].endswith("end: message (self_served)")
