"""The commands `fit` and `replay` over a site's files: from the store to exit code and output."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import denwaban
from calls.events import EngineStarted
from ivr.loader import load_project
from sim.scenario import load_scenario
from telephony.versions import files_of, version_store
from tests.sim.learn.days import Day, House, day_of
from tests.sim.scenarios import tax_day

pytestmark = pytest.mark.unit

PROJECT, FIRST, LAST = "saitama-autotax", "2026-05-07", "2026-05-08"
DAYS = ("--from", FIRST, "--to", LAST)


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def recorded() -> Day:
    """Two business days."""
    half_hours = {"08:30": 30, "10:00": 40, "13:00": 40, "16:30": 30, "18:00": 20}
    return day_of(tax_day(to=LAST, arrivals={"by_half_hour": half_hours}, seats=9))


@pytest.fixture(scope="module")
def kept(recorded: Day, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A site whose store has them; not to be changed."""
    return House(tmp_path_factory.mktemp("house"), recorded.entries)


@pytest.fixture
def own(recorded: Day, tmp_path: Path) -> House:
    """A site to be spoilt."""
    return House(tmp_path, recorded.entries)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def it(house: House, *arguments: object) -> Ran:
        code = denwaban.main(["--config", str(house.config), *map(str, arguments)])
        return Ran(code, *capsys.readouterr())

    return it


def test_fit_writes_a_scenario_that_sim_accepts(kept: House, run: Run, tmp_path: Path) -> None:
    output = tmp_path / "learned" / "may.yaml"
    ran = run(kept, "fit", PROJECT, *DAYS, "--output", output)
    assert (ran.code, ran.out) == (0, "")
    assert "2 days are too few to tell how much whole days differ" in ran.err
    assert f"written: {output}" in ran.err
    scenario = load_scenario(output)
    assert (str(scenario.first), str(scenario.last)) == (FIRST, LAST)
    assert "abandonments" in output.read_text("utf-8") or "seen to their end" in output.read_text("utf-8")
    assert run(kept, "sim", output, "--json").data["offered"] == pytest.approx(320, abs=60)


def test_fit_prints_the_same_scenario_or_one_object(kept: House, run: Run, recorded: Day) -> None:
    text = run(kept, "fit", PROJECT, *DAYS)
    assert text.out.startswith("# Learned by `denwaban fit` from ")
    ran = run(kept, "fit", PROJECT, *DAYS, "--json")
    assert (ran.code, ran.data["calls"], ran.data["days"]) == (0, recorded.summary["offered"], 2)
    assert ran.data["thin"] == [line for line in ran.err.splitlines() if line in ran.data["thin"]]
    patience = ran.data["parts"]["patience"]
    assert patience["estimates"]["mean"]["low"] < 90 < patience["estimates"]["mean"]["high"]
    assert ran.data["scenario"]["seats"] == 9


def test_no_callers_number_is_told(kept: House, run: Run, recorded: Day) -> None:
    numbers = {one.caller for one in recorded.past().records.values()}
    told = [
        run(kept, "fit", PROJECT, *DAYS, "--json").out,
        run(kept, "fit", PROJECT, *DAYS).out,
        run(kept, "replay", PROJECT, "--date", FIRST, "--seats", 5, "--json").out,
        run(kept, "replay", PROJECT, "--date", FIRST, "--seats", 5).out,
    ]
    assert len(numbers) > 250
    assert not any(number in text for text in told for number in numbers)


@pytest.mark.parametrize("date", [FIRST, LAST])
def test_replay_of_a_day_unchanged(kept: House, run: Run, date: str) -> None:
    """The second day begins in the middle of an engine's life: who was there stands in the days before."""
    ran = run(kept, "replay", PROJECT, "--date", date, "--json")
    assert (ran.code, ran.data["changes"], ran.data["before"]) == (0, [], ran.data["after"])
    assert ran.data["before"]["offered"] > 100
    assert "No call has another outcome" in run(kept, "replay", PROJECT, "--date", date).out


def test_replay_with_other_seats_and_another_flow(kept: House, run: Run, tmp_path: Path) -> None:
    few = run(kept, "replay", PROJECT, "--date", FIRST, "--seats", 4, "--json").data
    assert few["after"]["answered"] < few["before"]["answered"]
    assert few["counts"]["answered -> abandoned_queue"] == sum(
        (one["before"], one["after"]) == ("answered", "abandoned_queue") for one in few["changes"]
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text('seats: {by_half_hour: {"08:30": 4, "10:00": 20}}\n', "utf-8")
    planned = run(kept, "replay", PROJECT, "--date", FIRST, "--seats", plan, "--json").data
    assert planned["after"]["outcomes"]["overflowed"] > 20
    text = (kept.config / f"projects/{PROJECT}.yaml").read_text("utf-8")
    draft = tmp_path / "draft.yaml"
    draft.write_text(text.replace("max_wait_s: 900", "max_wait_s: 20"), "utf-8")
    ran = run(kept, "replay", PROJECT, "--date", FIRST, "--with", draft, "--json")
    assert ran.data["after"]["outcomes"]["timed_out"] > 0
    shown = run(kept, "replay", PROJECT, "--date", FIRST, "--with", draft).out
    assert "-> timed_out" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fit", "nothing", *DAYS], "there is no project 'nothing'; there are: fujisawa-contact, "),
        (
            ["fit", PROJECT, "--from", "2027-01-05", "--to", "2027-01-06"],
            "there is no call of saitama-autotax on 2027",
        ),
        (["fit", PROJECT, "--from", LAST, "--to", FIRST], "--to (2026-05-07) is before --from (2026-05-08)"),
        (["fit", PROJECT, "--from", "May", "--to", LAST], "'May' is no date; write it like 2026-05-07"),
        (["replay", "nothing", "--date", FIRST], "there is no project 'nothing'"),
        (["replay", PROJECT, "--date", "2027-01-05"], "nobody called saitama-autotax on that day"),
        (["replay", PROJECT, "--date", "7 May"], "'7 May' is no date"),
        (["replay", PROJECT, "--date", FIRST, "--seats", "0"], "between 1 and 10000 seats can be staffed"),
        (
            ["replay", PROJECT, "--date", FIRST, "--seats", "none.yaml"],
            "none.yaml:1:1: error: there is no such file",
        ),
        (
            ["replay", PROJECT, "--date", FIRST, "--with", "none.yaml"],
            "none.yaml:1:1: error: there is no such file",
        ),
    ],
)
def test_bad_input_says_what_is_wrong(kept: House, run: Run, arguments: list[str], told: str) -> None:
    ran = run(kept, *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


def test_an_output_that_cannot_be_written(kept: House, run: Run, tmp_path: Path) -> None:
    ran = run(kept, "fit", PROJECT, *DAYS, "--output", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "cannot be written: Is a directory" in ran.err


def test_a_file_without_seats(kept: House, run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("chairs: 4\n", "utf-8")
    ran = run(kept, "replay", PROJECT, "--date", FIRST, "--seats", tmp_path / "plan.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "plan.yaml:1:1: error: `seats` is missing here" in ran.err


def test_an_empty_store(run: Run, tmp_path: Path) -> None:
    house = House(tmp_path)
    for arguments in (["fit", PROJECT, *DAYS], ["replay", PROJECT, "--date", FIRST]):
        ran = run(house, *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert "`store` in site.yaml" in ran.err or "nobody called" in ran.err


def test_a_database_of_a_newer_version(own: House, run: Run) -> None:
    own.sql("UPDATE alembic_version SET version_num = '9999'")
    ran = run(own, "fit", PROJECT, *DAYS)
    assert ran.code == 1
    assert "newer Denwaban" in ran.err


def test_what_is_missing_of_the_journal_is_told_and_the_records_are_used(
    own: House, run: Run, recorded: Day
) -> None:
    own.sql("DELETE FROM journal WHERE number BETWEEN 700 AND 1100")
    fitted = run(own, "fit", PROJECT, *DAYS, "--json")
    assert fitted.data["calls"] == recorded.summary["offered"]
    assert any("401 entries are missing before entry 1101" in note for note in fitted.data["notes"])
    assert any("the journal is not there" in remark for remark in fitted.data["thin"])
    replayed = run(own, "replay", PROJECT, "--date", FIRST, "--json")
    assert replayed.code == 0
    assert replayed.data["rests_on"]["without_journal"] > 10
    # What the records know is enough for nearly all outcomes.
    assert len(replayed.data["changes"]) < 0.15 * replayed.data["before"]["offered"]


def test_an_entry_of_another_version_is_passed_over(own: House, run: Run) -> None:
    own.sql("UPDATE journal SET event = replace(event, 'CallArrived', 'CallCame') WHERE number = 900")
    own.sql('UPDATE journal SET commands = \'[{"type": "Sing"}]\' WHERE number IN (901, 902)')
    ran = run(own, "fit", PROJECT, *DAYS, "--json")
    assert ran.code == 0
    assert any("cannot be read: of another version, or damaged" in note for note in ran.data["notes"])


def test_a_journal_of_which_nothing_is_left(own: House, run: Run, recorded: Day) -> None:
    own.sql("DELETE FROM journal")
    ran = run(own, "fit", PROJECT, *DAYS, "--json")
    assert ran.data["parts"]["patience"]["observations"] > 150
    assert "the journal is not there" in " ".join(ran.data["thin"])
    assert ran.data["parts"]["handle"]["observations"] == recorded.summary["answered"]


def test_a_crash_in_between(recorded: Day, run: Run, tmp_path: Path) -> None:
    """The engine dies in the middle of the first day; another one begins an hour later."""
    death = recorded.world.start() + 13.4 * 3600
    before = [entry for entry in recorded.entries if entry.at < death]
    later = day_of(tax_day(arrivals={"by_half_hour": {"15:00": 30}}, seats=9, seed=5))
    begun = death + 3600
    after = [one._replace(at=max(one.at, begun)) for one in later.entries]
    assert isinstance(after[0].event, EngineStarted)
    house = House(tmp_path, before, after)
    calls = recorded.past().records.values()
    cut_off = [one for one in calls if one.arrived_at < death < (one.ended_at or 0.0)]
    assert len(cut_off) > 3
    ran = run(house, "fit", PROJECT, "--from", FIRST, "--to", FIRST, "--json")
    assert ran.code == 0
    assert any("2 engines began on these days" in note for note in ran.data["notes"])
    assert any(
        "calls were not over yet, or nobody knows how they ended" in note for note in ran.data["notes"]
    )
    again = run(house, "replay", PROJECT, "--date", FIRST, "--json")
    assert again.code == 0
    assert again.data["rests_on"]["failed_by_system"] == len(cut_off)
    changed = {one["before"] for one in again.data["changes"]}
    assert changed <= {"not known", "lost_system"}
    assert again.data["before"]["offered"] == again.data["after"]["offered"]


def test_a_day_is_replayed_through_the_version_that_was_in_force(own: House, run: Run) -> None:
    file = own.config / f"projects/{PROJECT}.yaml"
    store, text = version_store(own.var), file.read_text("utf-8")
    for day, limit in ((1, 20), (9, 900)):  # what was published on 9 May is of no matter for the 7th
        file.write_text(text.replace("max_wait_s: 900", f"max_wait_s: {limit}"), "utf-8")
        project = load_project(file, own.config / "calendars")
        at = dt.datetime(2026, 5, day, tzinfo=dt.UTC)
        store.add(PROJECT, files_of(own.config, project), "somebody", "", at)
    then = run(own, "replay", PROJECT, "--date", FIRST, "--json").data
    assert then["after"]["outcomes"]["timed_out"] > 0
    file.write_text(text.replace("max_wait_s: 900", "max_wait_s: 30"), "utf-8")
    told = run(own, "fit", PROJECT, *DAYS).err
    assert "the project's file, which the scenario names, is not the version that is in service" in told
