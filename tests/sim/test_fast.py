"""The fast path against the engine: the same callers, the same waits, call by call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calls.lifecycle import Outcome
from sim.fast import OUTCOMES, NotFastError, call_by_call, fast_run, fits
from sim.fast.loops import Outcomes
from sim.run import run
from tests.sim.scenarios import MAY, bare
from tests.theory.observer import observed

pytestmark = pytest.mark.unit

RING = {"mean": 7.0, "distribution": "constant"}
CONSTANT = {"mean": 100.0, "distribution": "constant"}
MIXED = {"distribution": "mixed", "parts": [{"share": 0.3, "mean": 20.0}, {"share": 0.7, "mean": 400.0}]}
SHIFTS = [{"seats": 4, "from": "08:30", "to": "13:00"}, {"seats": 6, "from": "12:00", "to": "17:15"}]
LUNCH = {"at": "12:00", "minutes": 30}
HALF_HOURS = [f"{hour:02d}:{minute}" for hour in range(24) for minute in ("00", "30")]
EXACT = (
    "offered", "answered", "abandoned", "blocked", "answer_rate", "abandon_rate", "wait_rate", "service_level",
)  # fmt: skip


def means(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most, allow_nan=False).map(lambda mean: round(mean, 2))


def durations(least: float, most: float) -> st.SearchStrategy[dict[str, Any]]:
    """Durations of any kind that needs no file."""
    kinds: list[dict[str, Any]] = [
        {"distribution": "exponential"},
        {"distribution": "constant"},
        {"distribution": "lognormal", "cv": 0.9},
        {"distribution": "weibull", "shape": 0.7},
    ]
    return st.tuples(means(least, most), st.sampled_from(kinds)).map(lambda both: {"mean": both[0]} | both[1])


rosters = st.dictionaries(st.sampled_from(HALF_HOURS), st.integers(0, 6), min_size=1, max_size=30)
scenarios = st.fixed_dictionaries(
    {
        "seed": st.integers(1, 1000),
        "calls": st.integers(1, 250),
        "arrivals": means(5.0, 120.0).map(lambda rate: {"per_hour": rate}),
        "handle": durations(20.0, 600.0),
        "wrapup": st.one_of(st.just({"mean": 0.0}), durations(5.0, 300.0)),
        "patience": st.one_of(st.none(), durations(1.0, 900.0)),
        "ring": st.one_of(st.none(), means(0.5, 19.0).map(lambda mean: RING | {"mean": mean})),
        "seats": st.one_of(
            st.integers(1, 6),
            rosters.filter(lambda seats: any(seats.values())).map(lambda seats: {"by_half_hour": seats}),
        ),
        "lines": st.one_of(st.none(), st.integers(1, 12)),
        "from": st.sampled_from(["1970-01-01", "2026-05-07"]),
    }
)


def outcomes_of(found: Outcomes) -> list[Outcome]:
    return [OUTCOMES[int(code)] for code in found.codes]


@given(scenarios)
@settings(max_examples=60, deadline=None)
def test_every_caller_fares_as_in_the_engine(given: dict[str, Any]) -> None:
    scenario = bare(**given)
    try:
        arrivals, found = call_by_call(scenario)
    except NotFastError as error:  # two things at the same instant: with constant times it does happen
        assume("the very same instant" not in str(error))
        raise
    seen = observed(scenario)
    assert list(arrivals) == list(seen.arrived.values())
    assert outcomes_of(found) == list(seen.outcomes_in_order())
    assert found.waits == pytest.approx(seen.in_order(), abs=1e-9)


BUSY: list[dict[str, Any]] = [
    {},
    {"patience": None, "arrivals": {"per_hour": 50}},
    {"ring": RING},
    {"wrapup": {"mean": 40.0, "distribution": "constant"}, "ring": RING},
    {"wrapup": {"mean": 40.0}},
    {"lines": 7},
    {"lines": 7, "wrapup": {"mean": 200.0, "distribution": "lognormal", "cv": 1.0}, "ring": RING},
    {"seats": {"by_half_hour": {"08:30": 3, "09:00": 6, "12:00": 2, "12:30": 5, "17:00": 1}}},
    {"seats": {"by_half_hour": dict.fromkeys(HALF_HOURS[1::2], 8)}, "wrapup": {"mean": 90.0}, "ring": RING},
    {"arrivals": {"by_half_hour": {"09:00": 40, "13:30": 25}}},
    {
        "arrivals": {"per_hour": 50, "day_factor": {"cv": 0.4}},
        "seats": {"shifts": SHIFTS},
        "wrapup": {"mean": 50.0},
    },
    {"calls": None, "arrivals": {"by_date": {"2026-05-07": 900, "2026-05-08": 300}}, "patience": MIXED},
    {
        "seats": {"by_half_hour": {"00:30": 2, "01:00": 6}},
        "handle": CONSTANT,
        "wrapup": {"mean": 50.0},
        "patience": None,
    },
]


@pytest.mark.parametrize("changes", BUSY)
def test_the_figures_are_those_of_the_engine(changes: dict[str, Any]) -> None:
    scenario = bare(**({"calls": 3000} | changes))
    fast, slow = fast_run(scenario), run(scenario).summary
    assert {name: fast[name] for name in EXACT} == {name: slow[name] for name in EXACT}
    assert fast == {name: pytest.approx(slow[name], rel=1e-9) for name in fast}


@pytest.mark.parametrize("changes", BUSY)
def test_compiled_or_not_it_gives_the_same_numbers(changes: dict[str, Any]) -> None:
    scenario = bare(**({"calls": 500} | changes))
    (_, compiled), (_, plain) = call_by_call(scenario), call_by_call(scenario, plain=True)
    assert np.array_equal(compiled.waits, plain.waits)
    assert np.array_equal(compiled.codes, plain.codes)
    assert compiled[2:] == plain[2:]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (MAY, "`project`"),
        ({"ring": {"mean": 5.0}}, "`ring` has to be constant"),
        ({"ring": {"mean": 20.0, "distribution": "constant"}}, "shorter than the 20 s"),
        ({"calls": 60_000_000}, "50,000,000"),
        ({"flow": {"hang_up": 0.1}}, "`flow`"),
        ({"operators": {"misses": 0.1}}, "`operators`"),
        ({"redial": {"after_busy": {"share": 0.5, "wait": {"mean": 60.0}}}}, "`redial`"),
        ({"balking": {"position": {"10": 0.5}}}, "`balking`"),
        ({"handle": {"mean": 300.0, "classes": {"減免": {"share": 0.2, "mean": 700.0}}}}, "`handle.classes`"),
        (
            {"seats": {"shifts": [{"seats": 5, "from": "08:30", "to": "17:00", "breaks": [LUNCH]}]}},
            "`seats.shifts.breaks`",
        ),
    ],
)  # fmt: skip
def test_it_says_why_a_scenario_does_not_fit(changes: dict[str, Any], why: str) -> None:
    scenario = bare(**changes)
    assert why in fits(scenario)
    with pytest.raises(NotFastError, match=why.replace(".", r"\.")):
        fast_run(scenario)


def test_what_is_not_given_fits() -> None:
    assert fits(bare()) == ""
    assert fits(bare(ring={"mean": 0.0})) == ""


def test_nobody_and_somebody_at_the_same_instant(tmp_path: Path) -> None:
    """Whole seconds: the second caller comes just when the first one's talk ends, and only the engine knows who was
    first there."""
    file = tmp_path / "calls.csv"
    file.write_text("at\n2026-05-07T09:00:00\n2026-05-07T09:01:00\n", encoding="utf-8")
    talk = {"mean": 60.0, "distribution": "constant"}
    scenario = bare(calls=None, arrivals={"file": str(file)}, handle=talk, seats=1)
    assert fast_run(scenario)["wait_rate"] == run(scenario).summary["wait_rate"] == 0.0
    with pytest.raises(NotFastError, match="the very same instant"):
        fast_run(scenario.model_copy(update={"lines": 1}))


def test_who_is_not_done_for_long_is_left_to_the_engine() -> None:
    """Days are alike for ever, but only so many of them are looked at."""
    talk = {"mean": 1e9, "distribution": "constant"}
    changing = bare(calls=3, handle=talk, patience=None, seats={"by_half_hour": {"00:00": 4, "00:30": 5}})
    with pytest.raises(NotFastError, match="not done 8 days after"):
        fast_run(changing)
    assert fast_run(bare(calls=3, handle=talk, patience=None, seats=1))["answered"] == 3  # in a hundred years
