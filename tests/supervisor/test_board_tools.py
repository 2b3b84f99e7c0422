"""`denwaban board`: of any second of a recorded day it prints what the running service's board showed then."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.journal import Entry
from denwaban import main
from engine.build import load_centre
from engine.centre import Centre
from store.database import Database
from store.migrations import upgrade
from supervisor.board import Board
from supervisor.board.sheet import Sheet
from supervisor.board_tools import moment
from supervisor.flow_tools import ToolError
from telephony.site import load_site
from tests.engine.city import OPEN
from tests.store.helpers import execute, write
from tests.supervisor.day_counts_behaviour import fill
from tests.supervisor.days import Day
from tests.telephony.office import Office

pytestmark = pytest.mark.replay

ZONE = ZoneInfo("Asia/Tokyo")
SECONDS = 12
Command = Callable[..., tuple[int, str, str]]


class Recorded:
    """A day of three runs in the database of an office, and the board of the service at some seconds of it, frozen.

    Each run but the last is killed, and the engine that follows knows nothing; in the middle of each the service is
    killed and goes on with all that it knew.
    """

    def __init__(self, office: Office, seed: int, seconds: int = SECONDS) -> None:
        self.office = office
        self.url = load_site(office.config / "site.yaml").store_url
        self.day = Day(seed)
        first, last = self.day.entries[0].at, self.day.entries[-1].at
        chance = random.Random(seed)
        wanted = [float(chance.randint(int(first) + 1, int(last) + 5)) for _ in range(seconds - 2)]
        self.frozen: dict[float, bytes] = {}
        self.wanted = sorted({*wanted, *(run[-1].at // 1 + 1.0 for run in self.day.runs[:2])})
        asyncio.run(self._live())

    async def _live(self) -> None:
        await upgrade(self.url)
        async with Database(self.url) as database:
            for number, run in enumerate(self.day.runs):
                until = [*self.day.runs, [Entry(1, 1e12, run[0].event, [])]][number + 1][0].at
                await self._run(database, f"run{number}", run, until)
                await write(database, f"run{number}", run)

    async def _run(self, database: Database, name: str, run: list[Entry], until: float) -> None:
        board, begun = Board(), False
        for entry, after in pairwise([*run, run[0]._replace(at=until)]):
            board.feed(entry)
            if not begun and after.at > run[0].at:  # what Asterisk still had was found at once
                begun = True
                await fill(board.day, database, name)
            if entry is run[len(run) // 2]:
                board = thawed(board.freeze())
            for second in self.wanted:
                if entry.at <= second < after.at:
                    self.frozen[second] = board.freeze()


def thawed(frozen: bytes) -> Board:
    """A board of another life."""
    board = Board()
    board.thaw(frozen)
    return board


def local(at: float) -> str:
    """A time as it is typed."""
    return dt.datetime.fromtimestamp(at, ZONE).strftime("%Y-%m-%dT%H:%M:%S")


def sheet(frozen: bytes, centre: Centre, projects: set[str], at: float) -> Any:
    """What a frozen board shows, as it is printed."""
    return json.loads(json.dumps(Sheet(thawed(frozen), centre, projects, at, ZONE).mapping()))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def command(office: Office, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `denwaban board`: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["--config", str(office.config), "board", *arguments])
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("seed", range(4))
def test_any_second_of_a_recorded_day_is_the_board_of_that_second(
    office: Office, command: Command, seed: int
) -> None:
    recorded, centre = Recorded(office, seed), load_centre(office.config)
    assert recorded.frozen.keys() == {*recorded.wanted}
    shown = set()
    for second, frozen in recorded.frozen.items():
        for project in ("", "tax"):
            named = {project} if project else {*centre.projects}
            more = ["--project", project] if project else []
            code, out, errors = command("--at", local(second), "--json", *more)
            assert (code, errors) == (0, "")
            told = json.loads(out)
            known = sheet(frozen, centre, named, second)
            assert {name: told[name] for name in known} == known
            shown |= {name for name in known if known[name]}
    assert shown >= {"at", "waiting", "calls", "seats", "projects"}


def test_the_run_of_that_moment_and_how_far_it_was(office: Office, command: Command) -> None:
    recorded = Recorded(office, 1)
    for number, run in enumerate(recorded.day.runs):
        _, out, _ = command("--at", local(run[0].at + 1), "--json")
        told = json.loads(out)
        assert told["run"] == f"run{number}"
        assert told["entry"] == max(entry.number for entry in run if entry.at <= run[0].at + 1)


def test_as_a_table_for_people(office: Office, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    recorded, centre = Recorded(office, 2), load_centre(office.config)
    second, frozen = max(
        recorded.frozen.items(), key=lambda pair: sum(map(len, thawed(pair[1]).waiting.values()))
    )
    code, out, _ = command("--at", local(second))
    assert code == 0
    known = sheet(frozen, centre, {*centre.projects}, second)
    assert f"waiting: {len(known['waiting'])}" in out
    assert known["waiting"]
    for one in (*known["waiting"], *(seat for seat in known["seats"] if seat["call"])):
        assert one["call"] in out
    for seat in known["seats"]:
        assert seat["seat"] in out
    assert "the day so far" in out
    assert "0901234567" not in out


def test_numbers_are_masked(office: Office, command: Command) -> None:
    recorded = Recorded(office, 3)
    seen = ""
    for second in recorded.wanted:
        seen += command("--at", local(second), "--json")[1]
    assert "******" not in seen
    assert "****" in seen
    callers = {call.caller for frozen in recorded.frozen.values() for call in thawed(frozen).calls.values()}
    assert any(callers)
    assert not any(f'"{caller}"' in seen for caller in callers if caller)


def test_an_entry_that_is_missing_is_told_and_the_rest_is_shown(office: Office, command: Command) -> None:
    recorded = Recorded(office, 1)

    async def lose() -> None:
        async with Database(recorded.url) as database:
            await execute(database, "DELETE FROM journal WHERE run = 'run0' AND number = 5")

    asyncio.run(lose())
    code, out, errors = command("--at", local(recorded.day.runs[0][-1].at + 1), "--json")
    assert code == 0
    assert "run run0, entry 5: 1 entries are missing before entry 6" in errors
    assert json.loads(out)["faults"] == [errors.strip()]


def test_a_moment_before_the_first_run(office: Office, command: Command) -> None:
    recorded = Recorded(office, 1, seconds=2)
    code, out, errors = command("--at", "2020-01-01T09:00:00")
    assert (code, out) == (1, "")
    assert errors.startswith("there is no journal of 2020-01-01T09:00:00: the first run begins at ")
    assert local(recorded.day.entries[0].at) in errors
    assert "ask for a later time" in errors


def test_an_office_without_a_journal(command: Command) -> None:
    assert command() == (1, "", "there is no journal yet: it begins with `denwaban run`\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--at", "ten o'clock"], "'ten o'clock' is no time; write it like 2026-05-07T10:15:03"),
        (["--at", "2999-01-01T00:00"], "2999-01-01T00:00 is still to come"),
        (["--project", "taxi"], "there is no project 'taxi'"),
    ],
)
def test_what_cannot_be_shown(command: Command, arguments: list[str], told: str) -> None:
    code, out, errors = command(*arguments)
    assert (code, out) == (1, "")
    assert told in errors


def test_projects_in_several_time_zones_are_asked_for_one_by_one(office: Office, command: Command) -> None:
    Recorded(office, 1, seconds=2)
    office.write("water", timezone="Europe/Berlin")
    code, _, errors = command("--at", local(OPEN + 60))
    assert code == 1
    assert "several time zones (Asia/Tokyo, Europe/Berlin): name one with --project" in errors
    berlin = dt.datetime.fromtimestamp(OPEN + 60, ZoneInfo("Europe/Berlin"))
    code, out, _ = command("--at", berlin.strftime("%Y-%m-%dT%H:%M:%S"), "--project", "water", "--json")
    assert code == 0
    assert json.loads(out)["at"].startswith(berlin.strftime("%Y-%m-%dT%H:%M:%S"))


def test_a_moment_is_local_unless_it_says_otherwise() -> None:
    assert moment("2026-05-07T10:15:03", ZONE) == moment("2026-05-07T01:15:03+00:00", ZONE)
    with pytest.raises(ToolError):
        moment("2026-05-07T25:00", ZONE)


def test_now_is_the_end_of_the_journal(office: Office, command: Command) -> None:
    recorded = Recorded(office, 1)
    code, out, _ = command("--json")
    told = json.loads(out)
    assert code == 0
    assert (told["run"], told["entry"]) == ("run2", recorded.day.runs[-1][-1].number)
    assert "nothing was written since" in command()[1]
