"""The gate of `denwaban publish`: a promise that would be broken keeps a version out of service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from denwaban import main
from store.versions import Gate
from supervisor.gate import breaking, judge, reached
from supervisor.gate_words import BrokenPromiseError, GateError, figures
from tests.telephony.office import Office

pytestmark = pytest.mark.unit

Command = Callable[..., tuple[int, str, str]]
DAY = {"from": "2026-05-07", "to": "2026-05-07"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def command(office: Office, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command line: exit code, standard output, standard error."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["--config", str(office.config), *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def scenario(office: Office, seats: Any, name: str = "tax", **changes: Any) -> Path:
    """A day of about 120 calls of two minutes and half a minute of wrap-up, half of them from 12:00 to 12:30."""
    data = DAY | {
        "project": str(office.file(name)),
        "arrivals": {"by_half_hour": {"10:00": 20, "12:00": 60, "14:00": 20, "16:00": 20}},
        "handle": {"mean": 120},
        "wrapup": {"mean": 30},
        "patience": {"mean": 120},
        "seats": seats,
    }
    path = office.config / "day.yaml"
    path.write_text(json.dumps(data | changes))
    return path


def test_who_keeps_the_promise_goes_into_service(office: Office, command: Command) -> None:
    path = scenario(office, seats=12)
    code, told, error = command("publish", "tax", "--gate", path, "--times", 4, "--note", "spring")
    assert (code, error) == (0, "")
    assert told.startswith(f"{path} keeps the promise of 2026-05: 9")
    assert "of 90.00 % promised (4 replications)\ntax version 1 is kept" in told
    about = office.store.version("tax", 1).about
    assert about is not None
    [gate] = about.gates
    assert gate.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (gate.scenario, gate.seed, gate.times, gate.met, gate.at) == ("day.yaml", 1, 4, True, about.at)
    assert gate.rate > gate.promise == 0.9
    assert gate.half_width is not None


def test_who_breaks_it_does_not(office: Office, command: Command) -> None:
    code, told, error = command("publish", "tax", "--gate", scenario(office, seats=3), "--times", 4)
    assert (code, told) == (2, "")
    first, heading, *halves = error.splitlines()
    assert "breaks the promise of 2026-05: " in first
    assert first.endswith("of 90.00 % promised (4 replications)")
    assert heading == "half-hours that break it (all days of a replication together):"
    assert any(half.startswith("  12:00  ") and half.endswith(" lost, 3 seats") for half in halves)
    assert office.store.versions("tax") == []


def test_the_draft_is_what_is_simulated(office: Office, command: Command) -> None:
    path = scenario(office, seats=12)
    assert command("publish", "tax", "--gate", path, "--times", 2)[0] == 0
    old = office.config / "archive/tax.yaml"
    old.parent.mkdir()
    old.write_text(office.file("tax").read_text())
    closing = {"start": "end", "nodes": {"end": {"type": "hangup", "outcome": "overflowed"}}}
    office.write("tax", flow=closing, queues={})
    code, _, error = command("publish", "tax", "--gate", path, "--times", 2)
    assert code == 2
    assert "0.00 %" in error
    named = scenario(office, seats=12, project=str(old))
    assert command("publish", "tax", "--gate", named, "--times", 2)[0] == 2
    assert [version.number for version in office.store.versions("tax")] == [1]


def test_a_shift_plan_is_judged_like_a_flow(office: Office, command: Command) -> None:
    day = {"seats": 12, "from": "09:00", "to": "18:00"}
    assert command("publish", "tax", "--gate", scenario(office, {"shifts": [day]}), "--times", 2)[0] == 0
    lunch = day | {"breaks": [{"at": "12:00", "minutes": 60}]}
    code, _, error = command("publish", "tax", "--gate", scenario(office, {"shifts": [lunch]}), "--times", 2)
    assert code == 2
    assert "  12:00  " in error
    shorter = command(
        "publish", "tax", "--gate", scenario(office, {"shifts": [day | {"seats": 11}]}), "--times", 2
    )
    assert shorter[0] == 0
    assert "nothing has changed since version 1 was published" in shorter[2]
    about = office.store.version("tax", 1).about
    assert about is not None
    assert len({gate.sha256 for gate in about.gates}) == 2  # the same flow has passed with both plans


def test_the_history_shows_the_figures(office: Office, command: Command) -> None:
    command("publish", "tax", "--note", "first")
    office.write("tax", lines=50)
    command("publish", "tax", "--gate", scenario(office, seats=12), "--times", 1)
    first, second = json.loads(command("versions", "tax", "--json")[1])["versions"]
    assert first["gates"] == []
    [gate] = second["gates"]
    assert (gate["times"], gate["half_width"], gate["met"], gate["sure"]) == (1, None, True, False)
    assert gate["at"] == second["at"]
    lines = command("versions", "tax")[1].splitlines()
    assert lines[0].endswith("first")
    assert lines[1].endswith("of 90.00 % promised (1 replication)")


def test_one_replication_is_not_certain(office: Office, command: Command) -> None:
    _, _, error = command("publish", "tax", "--gate", scenario(office, seats=12), "--times", 1)
    assert error == "that is not certain: its interval reaches below the promise\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "water"}, "is a scenario of water: give one of tax"),
        ({"project": None}, "has no `project`, so it says nothing about tax"),
        ({"colour": "red"}, "'colour' means nothing here"),
        ({"arrivals": {"by_half_hour": {"10:00": 0}}}, "nobody c"),
        ({"project": "nowhere.yaml"}, "there is no file 'nowhere.yaml'"),
    ],
)
def test_what_cannot_be_judged_is_not_published(
    office: Office, command: Command, changes: dict[str, Any], message: str
) -> None:
    path = scenario(office, 12, **changes)
    code, told, error = command("publish", "tax", "--gate", path)
    assert (code, told) == (1, "")
    assert message in error
    assert office.store.versions("tax") == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--gate", "nothing.yaml"), "there is no such file"),
        (("--times", "3"), "--times is about --gate: name its scenario, too"),
        (("--gate", "day.yaml", "--times", "0"), "give a number of replications from 1 to 1000"),
    ],
)
def test_arguments_that_do_not_go_together(
    office: Office, command: Command, arguments: tuple[str, ...], message: str
) -> None:
    code, _, error = command("publish", "tax", *arguments)
    assert code == 1
    assert message in error


def test_files_that_change_under_the_simulation(office: Office) -> None:
    gate = judge(scenario(office, 12), "tax", office.config, times=1)

    def meanwhile() -> Gate:
        office.write("tax", lines=7)
        return gate

    with pytest.raises(Exception, match="changed while they were simulated: publish again"):
        office.publisher().publish("tax", gate=meanwhile)
    assert office.store.versions("tax") == []


def test_nobody_counts(office: Office) -> None:
    office.write("tax", flow={"start": "end", "nodes": {"end": {"type": "hangup"}}}, queues={})
    with pytest.raises(GateError, match="nobody counts for the promise of tax in it, so it proves nothing"):
        judge(scenario(office, 12), "tax", office.config, times=1)


def test_the_period_that_breaks_is_told_and_every_one_counts() -> None:
    def summary(*rates: tuple[str, float | None, float]) -> dict[str, Any]:
        return {"periods": [{"period": name, "rate": rate, "promise": value} for name, rate, value in rates]}

    found = reached(
        [
            summary(("2026-04", 0.95, 0.9), ("2026-05", 0.79, 0.8), ("2026-06", None, 0.9)),
            summary(("2026-04", 0.93, 0.9), ("2026-05", 0.80, 0.8), ("2026-06", None, 0.9)),
        ]
    )
    assert [(one.period, one.met) for one in found] == [("2026-04", True), ("2026-05", False)]
    assert found[0].rates.mean == pytest.approx(0.94)


def test_the_half_hours_that_lose_most_in_the_order_of_the_day() -> None:
    def half(number: int, kept: int) -> dict[str, Any]:
        return {"from": f"{number:02d}:00", "kept": kept, "counted": 10, "seats": 2}

    summaries = [{"half_hours": [half(number, 10 - number) for number in range(9)]}] * 2
    told = breaking(summaries, 0.9)
    assert [line.split()[0] for line in told] == ["03:00", "04:00", "05:00", "06:00", "07:00", "08:00"]
    assert told[0] == "  03:00  70.0 %  10.0 calls, 3.0 lost, 2 seats"


def test_the_refusal_carries_its_figures(office: Office) -> None:
    with pytest.raises(BrokenPromiseError) as refused:
        judge(scenario(office, 3), "tax", office.config, times=2)
    assert not refused.value.gate.met
    assert figures(refused.value.gate) in str(refused.value)
