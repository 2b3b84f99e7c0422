from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.arrivals import NoArrivalsError
from sim.live.load_plan import CannotLoadError, times, wanted
from sim.scenario import load_scenario
from sim.world import arrival_times, build
from tests.sim.scenarios import ROOT, bare

pytestmark = pytest.mark.unit

COMPARED = sorted((ROOT / "config/scenarios").glob("live-*.yaml"))


def test_without_a_scenario_34_seats_serve_callers_who_wait_for_ever() -> None:
    scenario = wanted(None, 50, 4.0, 3.0)
    assert (scenario.calls, scenario.seats, scenario.project, scenario.patience) == (50, 34, None, None)
    assert (scenario.handle.mean, scenario.handle.distribution) == (3.0, "constant")
    assert scenario.arrivals.per_hour == pytest.approx(4.0 * 3600)


def test_what_the_command_line_says_takes_the_place_of_the_scenarios() -> None:
    scenario = bare(calls=80)
    assert wanted(scenario, None, None, None) == scenario
    assert wanted(scenario, 5, None, None) == scenario.model_copy(update={"calls": 5})


def test_a_load_begins_just_before_its_first_caller_whenever_that_is() -> None:
    world = build(bare(calls=20, arrivals={"per_hour": 3600}))
    every = list(arrival_times(world))
    found = times(world)
    assert (found.first, found.last, found.calls) == (every[0], every[-1], 20)
    assert found.begin < found.first
    assert found.seconds == pytest.approx(found.last - found.begin)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"calls": 1000}, "last for more than 30 minutes.*--calls"),
        ({"calls": 6000, "arrivals": {"per_hour": 1e6}}, "more than 5000 calls"),
        ({"calls": 5, "arrivals": {"per_hour": 9000}, "seats": 300}, "300 seats.*at most 100"),
        ({"calls": None, "to": "2026-04-01", "arrivals": {"per_hour": 0.0}}, "nobody calls"),
    ],
)
def test_what_telephones_cannot_play_is_refused_with_what_to_do(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises((CannotLoadError, NoArrivalsError), match=message):
        times(build(bare(**changes)))


@pytest.mark.parametrize("path", COMPARED, ids=lambda path: path.stem)
def test_the_scenarios_for_comparing_can_be_played(path: Path) -> None:
    assert times(build(load_scenario(path))).seconds < 300


def test_the_short_one_is_over_in_75_seconds() -> None:
    """The last caller dials in time, and the talks are short."""
    scenario = load_scenario(ROOT / "config/scenarios/live-compare-short.yaml")
    assert times(build(scenario)).seconds + 4 * (scenario.handle.mean or 0) < 75
