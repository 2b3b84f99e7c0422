"""What robots of a load are told, and how they wait for it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from sim.live.behaviour import answer, wait_for_far_end, when_told
from sim.live.caller_scenario import CallerScenario, Dialling, Programme
from sim.live.keys import KEYS
from sim.live.load_centre import robots_answer
from sim.live.load_trace import Tail
from sim.live.load_words import DIAL, LEAVE, PICK_UP, Speaker, key_word
from sim.live.operator_scenario import OperatorScenario
from sim.live.sipp import LONGEST_SCENARIO
from sim.world import build
from tests.sim.scenarios import bare
from tests.sim.test_live_scenario import assert_every_jump_has_a_target, steps_of

pytestmark = pytest.mark.unit

LINE = "2026-11-29\t15:00:00.0\t{at}\tR\t{call}\tCSeq:1 INVITE\tINVITE sip:seat01@127.0.0.1 SIP/2.0\n"


def told_callers() -> str:
    dialling = Dialling(withheld=False, offers_sdp=True, give_up_after_s=60.0)
    return CallerScenario([dialling], [Programme(wait_for_far_end(60.0), False, 300)], told=True).xml


def test_a_told_caller_sends_nothing_before_he_is_told() -> None:
    steps = steps_of(told_callers())
    first = next(i for i, step in enumerate(steps) if step.tag == "recv")
    assert [step.attrib["request"] for step in steps[first : first + 2]] == [LEAVE, DIAL]
    sent = [step for step in steps[:first] if step.tag == "send"]
    assert len(sent) == 1  # for SIPp's eyes only: the step before it jumps over it
    assert steps[0].attrib["next"] == "idle"


def test_a_told_caller_knows_every_key() -> None:
    xml = told_callers()
    known = {step.attrib.get("request") for step in steps_of(xml)}
    assert {key_word(key) for key in KEYS} <= known
    assert_every_jump_has_a_target(xml)
    assert len(xml) < LONGEST_SCENARIO


def test_a_caller_who_is_not_told_waits_for_no_word() -> None:
    dialling = Dialling(withheld=False, offers_sdp=True, give_up_after_s=60.0)
    xml = CallerScenario([dialling], [Programme(wait_for_far_end(60.0), False, 300)]).xml
    assert DIAL not in xml
    assert key_word("1") not in xml


def test_an_operator_who_is_told_answers_by_the_invite_and_not_by_the_word() -> None:
    xml = OperatorScenario([when_told(), answer()], [None], "seats.csv").xml
    assert_every_jump_has_a_target(xml)
    assert f'request="{PICK_UP}"' in xml
    assert "Via: [$via]" in xml
    assert "[$via]" not in OperatorScenario([answer()], [None], "seats.csv").xml


def test_where_operators_let_nothing_ring_their_telephones_answer_by_themselves() -> None:
    assert robots_answer(build(bare())) == answer()
    assert robots_answer(build(bare(ring={"mean": 1.0}))) == when_told()
    assert robots_answer(build(bare(operators={"misses": 0.1}))) == when_told()


def test_a_word_is_a_request_with_the_id_of_the_call() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sipp:
        sipp.bind(("127.0.0.1", 0))
        sipp.settimeout(5.0)
        with Speaker(sipp.getsockname()[1]) as speaker:
            speaker.tell("7-99@127.0.0.1", DIAL)
            speaker.tell("7-99@127.0.0.1", key_word("#"))
            first, second = (sipp.recv(4096).decode() for _ in range(2))
    assert first.startswith(f"{DIAL} sip:")
    assert "\r\nCall-ID: 7-99@127.0.0.1\r\n" in first
    assert "CSeq: 1 DIAL" in first
    assert "CSeq: 2 KEY" in second  # no two are alike: SIPp would take the second for a repetition


def test_a_telephone_has_no_such_key() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        key_word("x")


def test_each_message_of_a_growing_trace_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "callers.messages"
    tail = Tail(path)
    assert tail.new() == []
    whole, torn = LINE.format(at=1.0, call="a"), LINE.format(at=2.0, call="b")
    path.write_text(whole + torn[:30], encoding="ascii")
    assert [message.call_id for message in tail.new()] == ["a"]
    path.write_text(whole + torn, encoding="ascii")
    assert [message.call_id for message in tail.new()] == ["b"]
    assert tail.new() == []
