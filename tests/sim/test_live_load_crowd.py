"""The crowd of a load at telephones that do at once what they are told: it has to be the simulator's own crowd."""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from calls.commands import AnswerLeg
from calls.events import DigitPressed
from calls.journal import Entry
from calls.lifecycle import Outcome
from calls.notes import NoteSeat
from calls.record import CallRecord, fold
from calls.requests import SeatLoggedIn, SeatLoggedOut, WrapUpFinished
from sim.live.compare_calls import pairs
from sim.live.load_crowd import UP_S, caller_number
from sim.live.load_figures import Fold
from sim.run import run
from sim.scenario import Scenario
from sim.world import build
from tests.sim.scenarios import PROJECT, bare, journal_of
from tests.sim.virtual_telephone import NOBODYS, STEP_S, VirtualTelephone

pytestmark = pytest.mark.unit

TINY_S = 1e-6
"""What seconds since 1970 are rounded to, and more."""


def busy_queue(**changes: Any) -> Scenario:
    usual: dict[str, Any] = {
        "calls": 150,
        "arrivals": {"per_hour": 5400},
        "handle": {"mean": 6.0},
        "patience": {"mean": 5.0},
        "ring": {"mean": 0.5},
        "wrapup": {"mean": 0.5},
        "seats": 5,
    }
    return bare(**(usual | changes))


def tax(**changes: Any) -> Scenario:
    usual: dict[str, Any] = {
        "project": PROJECT,
        "from": "2026-05-07",
        "calls": 80,
        "arrivals": {"per_hour": 5000},
        "handle": {"mean": 15.0},
        "patience": {"mean": 8.0},
        "flow": {"hang_up": 0.1},
        "seats": 12,
    }
    return Scenario.model_validate(usual | changes)


def played(scenario: Scenario, **how: Any) -> VirtualTelephone:
    telephone = VirtualTelephone(build(scenario), **how)
    telephone.play()
    return telephone


def records(entries: list[Entry]) -> dict[str, CallRecord]:
    return {record.caller: record for record in fold(entries)}


def alike(scenario: Scenario, telephone: VirtualTelephone) -> tuple[float, float]:
    """The share of callers to whom the same happened in the simulation; the median of how their waits differ (s)."""
    simulated, _ = journal_of(scenario)
    found = pairs(telephone.crowd.dialled, records(telephone.entries), fold(simulated))
    assert len(found) == scenario.calls
    same = [pair for pair in found if pair.same_outcome]
    return len(same) / len(found), statistics.median(abs(pair.wait_difference or 0.0) for pair in same)


@pytest.mark.parametrize(
    "scenario",
    [
        busy_queue(),
        busy_queue(ring=None, wrapup={"mean": 0}),
        busy_queue(lines=8),
        busy_queue(operators={"speed": {"cv": 0.4}}),
        busy_queue(lines=9, redial={"after_busy": {"share": 0.7, "wait": {"mean": 20.0}}}),
        tax(),
        tax(seats=6, balking={"position": {"3": 0.5}}),
        tax(handle={"mean": 15.0, "classes": {"減免": {"share": 0.4, "mean": 20.0}}}),
    ],
    ids=["queue", "at once", "few lines", "quick and slow", "redial", "project", "balking", "classes"],
)
def test_the_same_callers_have_the_same_fate_as_in_the_simulation(scenario: Scenario) -> None:
    """Telephones that need a few ms shift a wait by that, and now and then two of them change places in the line."""
    share, difference = alike(scenario, played(scenario))
    assert share > 0.9
    assert difference < 0.1


def test_figures_are_those_of_the_simulation() -> None:
    scenario = busy_queue()
    telephone, figures = VirtualTelephone(build(scenario)), Fold(build(scenario))
    telephone.play()
    for entry in telephone.entries:
        figures.see(entry)
    figures.close(telephone.entries[-1].at)
    simulated, live = run(scenario).summary, figures.summary(100.0, telephone.crowd.redials)
    assert live.keys() == simulated.keys()
    for name in ("answer_rate", "abandon_rate", "wait_rate", "occupancy"):
        assert live[name] == pytest.approx(simulated[name], abs=0.05)
    assert live["mean_talk"] == pytest.approx(simulated["mean_talk"], rel=0.1)
    assert live["half_hours"][0]["offered"] == 150


def test_nobody_dials_before_his_time_and_everybody_soon_after_it() -> None:
    telephone = played(busy_queue())
    waits = [
        record.arrived_at - one.at
        for one in telephone.crowd.dialled
        if (record := records(telephone.entries)[caller_number(one.place)])
    ]
    assert min(waits) >= 0.0
    assert max(waits) <= STEP_S + TINY_S
    assert max(telephone.crowd.late) <= STEP_S + TINY_S


def test_a_call_that_is_lost_holds_up_none_of_the_others() -> None:
    telephone = played(busy_queue(), loses=frozenset(range(5, 60)))
    there = records(telephone.entries)
    assert len(there) == 150 - 55
    late = [there[caller_number(one.place)].arrived_at - one.at for one in telephone.crowd.dialled[60:]]
    assert max(late) <= STEP_S + TINY_S


def test_everybody_is_himself_in_whatever_order_the_telephone_brings_them() -> None:
    """Of every two, the second is there first."""
    scenario = busy_queue(patience=None, seats=34)
    telephone = played(scenario, slow=frozenset(range(0, 150, 2)))
    simulated, _ = journal_of(scenario)
    found = pairs(telephone.crowd.dialled, records(telephone.entries), fold(simulated))
    assert max(abs(pair.talk_difference or 0.0) for pair in found) <= STEP_S + TINY_S


def test_a_caller_for_whom_there_is_no_telephone_is_counted() -> None:
    telephone = played(busy_queue(), room=100)
    assert telephone.crowd.turned_away == 50
    assert len(records(telephone.entries)) == 100


def test_somebody_elses_call_is_left_alone() -> None:
    scenario = busy_queue(calls=20)
    telephone = VirtualTelephone(build(scenario))
    telephone.play(stranger_s=3.0)
    assert NOBODYS in records(telephone.entries)
    assert NOBODYS not in records(telephone.own)
    assert len(records(telephone.own)) == 20


def test_nobody_hangs_up_before_his_telephone_can() -> None:
    telephone = played(busy_queue(patience={"mean": 0.05}))
    answered = {
        int(command.leg.removeprefix("channel-")): entry.at
        for entry in telephone.entries
        for command in entry.commands
        if isinstance(command, AnswerLeg)
    }
    soonest = min(at - answered[place] for place, at in telephone.hung_up.items())
    assert UP_S - TINY_S <= soonest <= UP_S + 2 * STEP_S


def test_a_hang_up_that_is_not_heard_is_counted() -> None:
    telephone = played(busy_queue(calls=20), stuck=frozenset({3, 4}))
    assert telephone.crowd.stuck == len({3, 4} & set(telephone.hung_up)) > 0


def test_who_heard_busy_tries_again() -> None:
    telephone = played(busy_queue(lines=6, redial={"after_busy": {"share": 0.8, "wait": {"mean": 5.0}}}))
    again = [one for one in telephone.crowd.dialled if "." in one.plan.leg]
    assert len(again) == telephone.crowd.redials > 5
    assert len(records(telephone.entries)) == 150 + len(again)


def test_keys_of_the_menu_are_pressed() -> None:
    closed = tax(
        arrivals={"by_half_hour": {"18:00": 600}},
        calls=30,
        flow={"keys": {"3": 0.3, "9": 0.1}},
        handle={"mean": 5.0},
    )
    telephone = played(closed)
    pressed = [entry.event.digit for entry in telephone.entries if isinstance(entry.event, DigitPressed)]
    assert set(pressed) == {"3", "9"}
    assert {record.outcome for record in fold(telephone.entries)} == {Outcome.SELF_SERVED, Outcome.CLOSED}


def test_whom_the_engine_hangs_up_need_not_hang_up() -> None:
    closed = tax(arrivals={"by_half_hour": {"18:00": 600}}, calls=30, flow={})
    assert played(closed).hung_up == {}


def test_shifts_and_records_are_told_to_the_engine() -> None:
    scenario = tax(
        arrivals={"by_half_hour": {"08:30": 400, "09:00": 400}},
        calls=60,
        wrapup={"mean": 2.0},
        seats={"by_half_hour": {"08:30": 4, "09:00": 6}},
    )
    telephone = played(scenario)
    events = [type(entry.event) for entry in telephone.entries]
    assert events.count(SeatLoggedOut) == 2
    assert SeatLoggedIn not in events  # the last caller was gone before the next shift
    assert events.count(WrapUpFinished) > 10


def test_a_telephone_that_nobody_picks_up_rings_on() -> None:
    scenario = busy_queue(operators={"misses": 0.3, "away": {"mean": 30.0}}, patience=None, calls=40)
    telephone = played(scenario)
    states = [
        command.reason
        for entry in telephone.entries
        for command in entry.commands
        if isinstance(command, NoteSeat) and command.reason
    ]
    assert "no_answer" in states
