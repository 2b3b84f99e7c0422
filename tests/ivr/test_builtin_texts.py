from __future__ import annotations

from pathlib import Path

import pytest

from calls.queue_settings import Notices
from ivr.builtin_texts import TEXTS, notice_texts, position_text, texts_of, wait_text
from ivr.guidance_model import VOICES
from tests.ivr.every_node import EVERY_NODE, project

pytestmark = pytest.mark.unit

POSITIONS = [*(f"position_{place}" for place in range(1, 11)), "position_many"]
WAITS = [f"wait_{minutes}" for minutes in (1, 2, 3, 5, 10, 15, 20, 30)]
BOTH = Notices(position=True, expected_wait=True)


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_is_there_in_every_language_that_has_a_voice(name: str) -> None:
    assert set(TEXTS[name]) == set(VOICES)
    assert all(TEXTS[name].values())


@pytest.mark.parametrize("language", VOICES)
def test_no_two_texts_say_the_same(language: str) -> None:
    said = [TEXTS[name][language] for name in (*POSITIONS, *WAITS)]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("place", "text"),
    [(1, "position_1"), (10, "position_10"), (11, "position_many"), (1_000_000, "position_many")],
)
def test_a_place_in_the_line(place: int, text: str) -> None:
    assert position_text(place) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "wait_1"),
        (60.0, "wait_1"),
        (60.1, "wait_2"),
        (181.0, "wait_5"),
        (301.0, "wait_10"),
        (1201.0, "wait_30"),
        (1800.0, "wait_30"),
        (1800.1, None),
        (1e9, None),
    ],
)
def test_a_wait_is_rounded_up_and_not_said_beyond_half_an_hour(seconds: float, text: str | None) -> None:
    assert wait_text(seconds) == text


@pytest.mark.parametrize(
    ("notices", "wait", "told"),
    [
        (Notices(guidance="patience"), 60.0, ["patience"]),
        (Notices(position=True), 60.0, ["position_3"]),
        (Notices(expected_wait=True), 60.0, ["wait_1"]),
        (Notices(expected_wait=True), None, []),
        (BOTH, None, ["position_3"]),
        (BOTH, 3600.0, ["position_3"]),
        (BOTH.model_copy(update={"guidance": "patience"}), 90.0, ["patience", "position_3", "wait_2"]),
    ],
)
def test_what_a_waiting_caller_is_told(notices: Notices, wait: float | None, told: list[str]) -> None:
    assert notice_texts(notices, 3, wait) == told


def test_all_that_notices_may_say() -> None:
    assert texts_of(Notices(guidance="patience")) == ["patience"]
    assert texts_of(BOTH) == [*POSITIONS, *WAITS]


def test_a_project_has_the_texts_that_its_lines_say_and_no_others(tmp_path: Path) -> None:
    assert not {*POSITIONS, *WAITS} & project(tmp_path).guidance.keys()
    told = ("max_wait_s: 300", "max_wait_s: 300, notices: {position: true}")
    guidance = project(tmp_path, EVERY_NODE, told).guidance
    assert set(POSITIONS) <= guidance.keys()
    assert not set(WAITS) & guidance.keys()
    assert set(guidance["position_1"].texts) == {"ja", "en"}


def test_a_text_of_its_own_wins(tmp_path: Path) -> None:
    told = ("max_wait_s: 300", "max_wait_s: 300, notices: {position: true}")
    own = ("  bye: {ja", "  position_1: {ja: 次の方です。}\n  bye: {ja")
    text = project(tmp_path, EVERY_NODE, told, own).guidance["position_1"].texts
    assert text == {"ja": "次の方です。", "en": "You are number one in the line."}
