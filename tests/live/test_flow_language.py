"""Every node that needs nothing but the caller and the line, on a real Asterisk, with real keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from calls.commands import PlayGuidance, StopGuidance
from calls.events import DigitPressed, GuidanceFinished
from calls.journal import Entry
from calls.lifecycle import Outcome, State
from calls.record import CallRecord
from sim.live.behaviour import CallerBehaviour, KeyPress, answer, ring_on, wait_for_far_end
from sim.live.callers import Caller, run_callers
from tests.live.centre import PATIENCE_S, Floor, running
from tests.live.language_centre import ASK, BRIEF, LINE, MAIN, OFFICE, language_centre
from tests.live.sip import SipCaller

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

GAP_S = 0.5
"""Between two keys: shorter than every text in the middle of which a key is to come."""

AFTER_ALL_DIGITS_S = 5.5
"""When the digits have been read back, and `confirm_keys` or the silence after it has not ended yet."""


AT_ONCE = 4
"""SIPp takes scenarios of a limited length, and every one of our callers does something else."""


@dataclass(frozen=True)
class Way:
    """What a caller presses, and what he hears (without versions; Japanese unless said) and comes to."""

    keys: str
    heard: str
    outcome: Outcome = Outcome.SELF_SERVED
    caller: str | None = ""
    last_key_after_s: float = GAP_S

    def calls(self, number: str) -> Caller:
        """The robot: he waits for the other side to hang up."""
        presses = [KeyPress(key, GAP_S) for key in self.keys]
        if presses:
            presses[-1] = KeyPress(self.keys[-1], self.last_key_after_s)
        caller = None if self.caller is None else self.caller or number
        return Caller(MAIN, caller, 440, CallerBehaviour(presses=tuple(presses)))


WAYS = {
    "menu: nothing pressed": Way("", "top top sorry", Outcome.OVERFLOWED),
    "menu: a key that is not offered": Way("#0", "top short right"),
    "branch: withheld": Way("", "unknown", Outcome.BLOCKED, caller=None),
    "branch: caller in a list": Way("", "office", caller=OFFICE),
    "branch: date": Way("0", "top right"),
    "branch: language": Way("*", "top right"),
    "say: plain": Way("19", "top hello enough right"),
    "say: interrupted": Way("29", "top hello enough right"),
    "collect: so many digits": Way("3123", "top code right"),
    "collect: other digits": Way("3124", "top code sorry", Outcome.OVERFLOWED),
    "collect: terminator": Way("4123#", "top code right"),
    "collect: terminator too early": Way("41#34#", "top code short right"),
    "collect: silence too early": Way("41", "top code short code sorry", Outcome.OVERFLOWED),
    "collect: silence is the end": Way("434", "top code right"),
    "collect: again, then accepted": Way(
        "5122341",
        "top code typed code typed digit_3 digit_4 confirm_keys right",
        last_key_after_s=AFTER_ALL_DIGITS_S,
    ),
    "language": Way("6", "top hello.en spoken.en"),
    "call: returns": Way("71", "top code right"),
    "call: one in the other": Way("72", "top code inside right"),
    "goto and hours": Way("8", "top shut", Outcome.CLOSED),
    "set": Way("9", "top right"),
}


def heard(words: str) -> tuple[str, ...]:
    """As records have it."""
    parts = (word.partition(".") for word in words.split())
    return tuple(f"{name}@1.{language or 'ja'}" for name, _, language in parts)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    directory = tmp_path_factory.mktemp("city")
    async with running(directory, language_centre(tmp_path_factory.mktemp("project"))) as running_city:
        yield running_city
        assert running_city.service.asterisk is not None
        assert running_city.service.asterisk.problems() == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def calls(city: Floor) -> dict[str, CallRecord]:
    """All ways, each by a caller of its own, a few at once.

    Twenty that typed at once, beside two busy programs, once had keys missing; whose fault that was is not known.
    """
    callers = {name: way.calls(f"09000000{index:02}") for index, (name, way) in enumerate(WAYS.items())}
    robots = list(callers.values())
    groups = [robots[first : first + AT_ONCE] for first in range(0, len(robots), AT_ONCE)]
    for number, group in enumerate(groups):
        await run_callers(group, target=city.target, work_dir=city.work / f"group-{number}")
    await _all_over(city)
    records = {record.caller: record for record in city.seen.records.records.values()}
    return {name: records[caller.caller_id or ""] for name, caller in callers.items()}


@pytest.mark.parametrize("name", WAYS)
async def test_the_caller_hears_and_gets_what_the_flow_says(calls: dict[str, CallRecord], name: str) -> None:
    way, record = WAYS[name], calls[name]
    assert (record.heard, record.keys, record.outcome) == (heard(way.heard), way.keys, way.outcome)


async def _all_over(city: Floor) -> None:
    await city.service.driver.idle()
    await city.nothing_left()


def _entries(city: Floor, record: CallRecord, key: str) -> tuple[Entry, list[Entry]]:
    """The journal where a caller pressed a key first, and all that came of his call before."""
    ours = [entry for entry in city.seen.entries if getattr(entry.event, "leg", "") == record.leg]
    [pressed] = [entry for entry in ours if entry.event == DigitPressed(record.leg, key)]
    return pressed, city.seen.entries[: city.seen.entries.index(pressed)]


@pytest.mark.parametrize("name", ["say: plain", "say: interrupted"])
async def test_a_key_ends_only_a_text_that_may_be_interrupted(
    city: Floor, calls: dict[str, CallRecord], name: str
) -> None:
    pressed, before = _entries(city, calls[name], "9")
    hello = [
        command.playback
        for entry in before
        for command in entry.commands
        if isinstance(command, PlayGuidance) and (command.leg, command.guidance) == (calls[name].leg, "hello")
    ]
    assert not any(entry.event == GuidanceFinished(hello[0]) for entry in before)
    stopped = [command.playback for command in pressed.commands if isinstance(command, StopGuidance)]
    begun = [command.guidance for command in pressed.commands if isinstance(command, PlayGuidance)]
    assert (stopped, begun) == ((hello, ["enough"]) if name == "say: interrupted" else ([], []))


# ---- what depends on the line


def _waits(number: str, caller: str) -> Caller:
    return Caller(number, caller, 440, wait_for_far_end())


async def test_nobody_is_there(city: Floor) -> None:
    records = await city.call(_waits(ASK, "0900000101"), _waits(LINE, "0900000102"))
    assert {(record.number, record.heard, record.outcome) for record in records} == {
        (ASK, heard("sorry"), Outcome.OVERFLOWED),
        (LINE, heard("unmanned"), Outcome.OVERFLOWED),
    }


async def test_an_operator_is_free(city: Floor) -> None:
    async with city.operators(answer(talk_s=0.5)):
        [record] = await city.call(_waits(ASK, "0900000103"))
    assert (record.heard, record.outcome, record.queue) == (heard("free"), Outcome.ANSWERED, "city/main")


async def test_the_line_is_full_too_long_and_too_slow(city: Floor) -> None:
    before = set(city.seen.records.records)
    async with (
        city.operators(ring_on()),
        SipCaller(city.target[1]) as rung,
        SipCaller(city.target[1]) as second,
    ):
        await _joins(city, rung, "0900000104", State.RINGING)
        await _joins(city, second, "0900000105", State.QUEUED)
        others = [_waits(number, f"09000002{i:02}") for i, number in enumerate((ASK, LINE, BRIEF))]
        await run_callers(others, target=city.target, work_dir=city.work / "others")
        rung.bye()
        second.bye()
        await _all_over(city)
    records = [record for call, record in city.seen.records.records.items() if call not in before]
    assert {(record.caller, record.heard, record.outcome) for record in records} == {
        ("0900000104", (), Outcome.ABANDONED_QUEUE),
        ("0900000105", (), Outcome.ABANDONED_QUEUE),
        ("0900000200", heard("crowded"), Outcome.OVERFLOWED),
        ("0900000201", heard("full"), Outcome.OVERFLOWED),
        ("0900000202", heard("late"), Outcome.TIMED_OUT),
    }


async def _joins(city: Floor, caller: SipCaller, number: str, state: State) -> None:
    """Somebody comes into the line and stays there."""
    who = f"<sip:{number}@127.0.0.1>"
    caller.invite(LINE, who, (f"P-Asserted-Identity: {who}",))
    async with asyncio.timeout(PATIENCE_S):
        assert await caller.final == 200
    records = city.seen.records.records
    await city.seen.until(lambda: any((r.caller, r.state) == (number, state) for r in records.values()))
