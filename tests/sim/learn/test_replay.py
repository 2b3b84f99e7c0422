"""A recorded day through the same centre, other seats, or another flow."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calls.lifecycle import Outcome
from sim.learn import replay_text
from sim.learn.fit_flow import laws_of
from sim.learn.orders import recorded_orders
from sim.learn.past import NothingRecordedError, past_of
from sim.learn.replay import Instead, Replay, replay
from sim.learn.rerun import rerun
from sim.rosters import roster
from sim.scenario import Scenario, load_scenario
from sim.scenario.seats import SeatsPlan
from sim.shifts import Shifts
from tests.sim.learn.days import ROOT, Day, day_of, draft
from tests.sim.scenarios import bare, tax_day

pytestmark = pytest.mark.replay

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(scope="module")
def tax() -> Day:
    """A busy day: 340 callers, 12 seats."""
    return day_of(tax_day())


def shifts(seats: int | SeatsPlan) -> Shifts:
    return Shifts(roster(seats), TOKYO)


def replayed(day: Day, instead: Instead | None = None, seed: int = 1) -> Replay:
    return replay(day.past(), day.world.centre, day.project, instead or Instead(), seed)


def short(name: str, **changes: object) -> Scenario:
    scenario = load_scenario(ROOT / f"config/scenarios/{name}.yaml")
    return scenario.model_copy(update=changes)


SCENARIOS = [
    pytest.param(lambda: bare(calls=500, lines=8, wrapup={"mean": 20.0}, ring={"mean": 12.0}), id="bare"),
    pytest.param(lambda: tax_day(), id="tax"),
    pytest.param(lambda: tax_day(seats=4, wrapup={"mean": 0.0}), id="tax, overloaded"),
    pytest.param(lambda: short("fujisawa-contact-month", calls=700), id="transfers, extensions, callbacks"),
    pytest.param(lambda: short("hatsukaichi-mynumber-peak", calls=500), id="two lines"),
    pytest.param(
        lambda: tax_day(
            operators={"misses": 0.05},
            redial={"after_abandon": {"share": 0.5, "wait": {"mean": 600.0}}},
            seats={
                "shifts": [
                    {"seats": 9, "from": "08:30", "to": "17:15", "breaks": [{"at": "12:00", "minutes": 30}]}
                ]
            },
        ),
        id="misses, redials, shifts",
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_day_replayed_unchanged_is_the_same_for_each_call(scenario: object) -> None:
    day = day_of(scenario())  # type: ignore[operator]
    past = day.past()
    laws = laws_of(past, past.of(day.project), day.world.project)
    again = rerun(past, day.world.centre, recorded_orders(past, day.world.centre), laws)
    for record in past.of(day.project):
        after = again.after(record.call)
        assert after is not None
        assert (after.outcome, after.keys, after.heard, after.seat) == (
            record.outcome, record.keys, record.heard, record.seat,
        )  # fmt: skip
        assert (after.wait is None) == (record.wait is None)
        assert (after.wait or 0.0) == pytest.approx(record.wait or 0.0, abs=1e-6)
        assert (after.talk or 0.0) == pytest.approx(record.talk or 0.0, abs=1e-6)


def test_and_nothing_of_it_rests_on_an_assumption(tax: Day) -> None:
    found = replayed(tax)
    assert (found.before, found.changes) == (found.after, [])
    assert set(found.rests_on.values()) == {0}
    assert found.before["answer_rate"] == tax.summary["answer_rate"]
    assert (found.promise, found.notes) == (0.8, [])


def test_fewer_seats_lose_callers_and_more_keep_them(tax: Day) -> None:
    fewer, more = (replayed(tax, Instead(shifts=shifts(seats))) for seats in (8, 30))
    assert fewer.after["answered"] < fewer.before["answered"] < more.after["answered"]
    assert fewer.after["mean_wait"] > fewer.before["mean_wait"] > more.after["mean_wait"]
    assert fewer.counts()["answered -> abandoned_queue"] > 20
    assert set(more.counts()) == {"abandoned_queue -> answered"}
    # Who has an operator now had none: how long he talks is drawn, and that is told.
    assert more.rests_on["talk"] == more.rests_on["changed_outcomes"] == len(more.changes)
    assert fewer.rests_on["patience"] >= len(fewer.changes)


def test_who_gave_up_gives_up_after_as_long_again_and_who_was_answered_never_before(tax: Day) -> None:
    past = tax.past()
    laws = laws_of(past, past.of(tax.project), tax.world.project)
    centre = tax.world.centre
    again = rerun(past, centre, [], laws)  # nobody is there
    assert {one.outcome for one in again.records.values()} & {Outcome.ANSWERED} == set()
    found = replayed(tax, Instead(shifts=shifts(2)))
    assert found.after["answered"] < 80
    for person in again.persons.values():
        if person.record.outcome == Outcome.ANSWERED:
            assert (person.patience or 1e9) >= (person.record.wait or 0.0)


def test_seats_may_be_a_plan(tax: Day) -> None:
    plan = SeatsPlan.model_validate({"by_half_hour": {"09:00": 12, "12:00": 12}})
    found = replayed(tax, Instead(shifts=shifts(plan)))
    assert found.after["outcomes"]["overflowed"] > 50  # nobody is there at 08:30 and in the afternoon
    pause = {"at": "09:00", "minutes": 30}
    rested = {"shifts": [{"seats": 12, "from": "08:30", "to": "17:15", "breaks": [pause]}]}
    breaks = replayed(tax, Instead(shifts=shifts(SeatsPlan.model_validate(rested))))
    assert breaks.after["answered"] < found.before["answered"] - 30


def test_the_seed_decides_what_the_day_does_not_say(tax: Day) -> None:
    fewer = Instead(shifts=shifts(9))
    assert replayed(tax, fewer) == replayed(tax, fewer)
    assert replayed(tax, fewer).changes != replayed(tax, fewer, seed=2).changes


def test_another_flow_does_something_else_with_the_same_callers(tax: Day, tmp_path: Path) -> None:
    strict = draft(tmp_path, "max_wait_s: 900", "max_wait_s: 30")
    found = replayed(tax, Instead(flow=strict))
    assert found.counts().keys() >= {"answered -> timed_out", "abandoned_queue -> timed_out"}
    assert found.after["outcomes"]["timed_out"] > 10
    assert found.after["longest_wait"] < 60


def test_a_menu_that_nobody_had_to_hear_is_met_with_silence_and_that_is_told(
    tax: Day, tmp_path: Path
) -> None:
    node = '{type: menu, prompt: info_menu, keys: {"1": real_line}, attempts: 1, after: real_line}'
    menu = f"line: {node}\n    real_line:"
    found = replayed(tax, Instead(flow=draft(tmp_path, "    line:\n", f"    {menu}\n")))
    assert found.rests_on["silent"] > 200
    assert found.before["offered"] == found.after["offered"]


def test_keys_go_to_whatever_asks_for_them(tax: Day, tmp_path: Path) -> None:
    moved = draft(tmp_path, '        "1": reissue\n', '        "9": reissue\n')
    found = replayed(tax, Instead(flow=moved))
    # 37 callers had pressed 1, which now means nothing, and others 9, which had meant nothing.
    became = {change.after for change in found.changes if change.before == Outcome.SELF_SERVED}
    assert found.after["outcomes"]["self_served"] < found.before["outcomes"]["self_served"]
    assert "self_served" in {change.after for change in found.changes}
    assert became <= {"closed", "abandoned_ivr"}
    assert found.rests_on["silent"] > 0  # who had pressed 1 is asked again, more often than on that day


def test_a_draft_may_have_another_name_and_other_numbers(tax: Day, tmp_path: Path) -> None:
    trial = draft(tmp_path, "project: saitama-autotax", "project: trial")
    trial = trial.model_copy(
        update={"numbers": [trial.numbers[1].model_copy(update={"number": "0480009999"})]}
    )
    found = replayed(tax, Instead(flow=trial))
    assert (found.after, found.changes) == (found.before, [])


def test_who_called_again_does_so_though_he_got_through_and_that_is_told() -> None:
    again = {"after_abandon": {"share": 0.5, "wait": {"mean": 300.0}}}
    day = day_of(tax_day(redial=again, seats=8))
    assert replayed(day).rests_on["called_again"] == 0
    found = replayed(day, Instead(shifts=shifts(40)))
    assert found.after["offered"] == found.before["offered"]
    assert found.rests_on["called_again"] > 10


def test_tables_and_data_say_the_same_and_no_number(tax: Day) -> None:
    found = replayed(tax, Instead(shifts=shifts(8)))
    data = replay_text.as_data(found, tax.project, tax.world.first, TOKYO)
    assert data["counts"] == found.counts()
    assert len(data["changes"]) == len(found.changes)
    assert data["changes"][0]["at"].startswith("2026-05-07T08:")
    callers = {one.caller for one in tax.past().records.values()}
    assert not any(caller in str(data) for caller in callers)


def test_a_project_that_nobody_called() -> None:
    day = day_of(bare(calls=1))
    past = past_of(day.entries[:1], day.world.start(), day.world.start() + 86400)
    with pytest.raises(NothingRecordedError, match="nobody called bare-queue on that day"):
        replay(past, day.world.centre, day.project, Instead())
