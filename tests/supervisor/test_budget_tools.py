"""`denwaban budget`: what it says, to people and to programs, and its exit codes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calls.record import CallRecord
from denwaban import main
from store.database import Database
from telephony.site import load_site
from tests.store.helpers import execute
from tests.store.kept import called, keep
from tests.supervisor.standing_behaviour import moment
from tests.telephony.office import Office

pytestmark = pytest.mark.unit

Command = Callable[..., tuple[int, str, str]]
HOURS = {"weekly": {"mon-fri": ["09:00-17:00"]}}
AT = "2026-05-07T12:00"
YESTERDAY = "2026-05-01"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.write("tax", hours=HOURS)
    return office


@pytest.fixture
def command(office: Office, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `denwaban budget tax`: exit code, standard output, standard error."""

    def run(*arguments: str | Path, project: str = "tax", at: str = AT) -> tuple[int, str, str]:
        told = ["--config", str(office.config), "budget", project, *(["--at", at] if at else [])]
        code = main([*told, *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def happened(office: Office, *calls: tuple[str, int, int]) -> None:
    """Calls in half-hours: from a moment on so many, one every 30 s, of whom so many were lost."""
    records: list[CallRecord] = []
    for start, counted, lost in calls:
        for number in range(counted):
            outcome = "abandoned_queue" if number < lost else "answered"
            records.append(called(len(records), moment(start) + 30.0 * number, outcome))
    asyncio.run(keep(url_of(office), records))


def url_of(office: Office) -> str:
    """The office's database."""
    return load_site(office.config / "site.yaml").store_url


def afternoon(office: Office, seats: int) -> Path:
    """What is expected: 20 calls in each half-hour of the afternoon, and tomorrow once more 100."""
    halves = [f"{hour:02d}:{minute}" for hour in range(13, 16) for minute in ("00", "30")]
    data = {
        "project": str(office.file("tax")),
        "from": "2026-05-07",
        "to": "2026-05-08",
        "arrivals": {"by_date": {"2026-05-07": 120, "2026-05-08": 100}, "profile": dict.fromkeys(halves, 1)},
        "handle": {"mean": 240},
        "wrapup": {"mean": 30},
        "patience": {"mean": 60},
        "ring": {"mean": 1},
        "seats": seats,
    }
    path = office.config / "afternoon.yaml"
    path.write_text(json.dumps(data))
    return path


def test_what_may_still_be_lost(office: Office, command: Command) -> None:
    happened(office, (f"{YESTERDAY}T09:00", 50, 1), ("2026-05-07T10:00", 20, 1), ("2026-05-07T11:00", 20, 1))
    code, told, error = command()
    assert (code, error) == (0, "")
    assert told.splitlines() == [
        "2026-05: 87 of 90 calls answered (96.7 %); promised 90.0 %.",
        "You may lose 6 more calls this month.",
        "Today: 38 of 40 calls answered (95.0 %); today may lose 16 more.",
        "At this pace the day holds.",
        "",
        "2026-05：90件中87件に応答（96.7 %）、約束は90.0 %。",
        "今月はあと6件まで取りこぼせます。",
        "本日：40件中38件に応答（95.0 %）。本日はあと16件まで取りこぼせます。",
        "このペースなら本日は守れます。",
    ]


def test_for_a_program(office: Office, command: Command) -> None:
    happened(office, (f"{YESTERDAY}T09:00", 50, 1), ("2026-05-07T11:00", 40, 8))
    code, told, error = command("--json", "--language", "en")
    found = json.loads(told)
    assert (code, error) == (0, "")
    assert (found["project"], found["at"]) == ("tax", "2026-05-07T12:00+09:00")
    assert found["period"] == {
        "period": "2026-05", "answered": 81, "counted": 90, "rate": 0.9, "promise": 0.9, "expected_more": None,
        "may_lose": 0, "best": 0.9, "catch_up": 0, "state": "holds",
    }  # fmt: skip
    today = found["today"]
    assert (today["counted"], today["lost_per_hour"], today["expected_more"]) == (40, 8.0, 200)
    assert (today["may_lose"], today["breaks_at"]) == (20, "2026-05-07T14:37+09:00")
    assert (found["forecast"], found["repair"], list(found["text"])) == (None, None, ["en"])


@pytest.mark.parametrize(
    ("lost", "code", "said"),
    [
        (9, 0, ["At this pace the day breaks at 14:26."]),
        (20, 2, ["The rate is below the promise; the next 100 calls, all answered, bring it up."]),
        (11, 2, ["the next 10 calls", "At this pace the day breaks at 13:49."]),
    ],
)
def test_a_day_that_goes_wrong(
    office: Office, command: Command, lost: int, code: int, said: list[str]
) -> None:
    happened(office, (f"{YESTERDAY}T09:00", 60, 0), ("2026-05-07T11:00", 40, lost))
    assert command("--language", "en")[0] == code
    _, told, _ = command("--language", "en")
    for sentence in said:
        assert sentence in told


def test_the_simulated_rest_of_a_day_that_holds(office: Office, command: Command) -> None:
    happened(office, ("2026-05-07T11:00", 40, 1))
    code, told, error = command("--scenario", afternoon(office, 12), "--times", 4, "--language", "en")
    assert (code, error) == (0, "")
    lines = told.splitlines()
    assert lines[1].startswith("Of about 2")
    assert lines[-1] == "Simulated: the day holds in 100.0 % of 4 replications."


def test_the_simulated_rest_of_a_day_that_breaks_and_its_repair(office: Office, command: Command) -> None:
    happened(office, ("2026-05-07T11:00", 40, 1))
    path = afternoon(office, 2)
    code, told, error = command("--scenario", path, "--times", 4, "--json")
    found = json.loads(told)
    assert (code, error) == (2, "looking for the cheapest repair\n")
    breaks, repair = found["forecast"]["breaks_at"], found["repair"]
    assert "2026-05-07T13:00" <= breaks["p10"] <= breaks["p50"] <= breaks["p90"] < "2026-05-07T17"
    assert repair["possible"] is True
    assert 1 <= repair["seats"] <= 8
    assert "2026-05-07T12:00+09:00" <= repair["from"] <= "2026-05-07T14:30+09:00"
    assert repair["kept_share"] >= 0.9
    seats, clock = repair["seats"], repair["from"][11:16]
    assert found["text"]["en"][-1].startswith(
        f"{seats} more seats from {clock} on repair it: with them it holds"
    )
    assert found["text"]["ja"][-1].startswith(f"{clock}から{seats}席増やせば守れます")
    assert found["period"]["expected_more"] == pytest.approx(found["forecast"]["expected"] + 100, abs=1)
    assert len(found["text"]["en"]) == len(found["text"]["ja"])


def test_a_day_that_nothing_repairs(office: Office, command: Command) -> None:
    happened(office, (f"{YESTERDAY}T09:00", 100, 100))
    code, told, _ = command("--scenario", afternoon(office, 12), "--times", 2, "--language", "en")
    assert code == 2
    assert "The promise cannot be kept any more: even if every further call is answered, " in told
    assert "Not even 32 more seats from 12:00 on repair it: with them it holds in 0.0 %." in told


def test_in_the_evening_it_is_too_late(office: Office, command: Command) -> None:
    happened(office, ("2026-05-07T11:00", 40, 20))
    path = afternoon(office, 12)
    _, told, _ = command("--scenario", path, "--times", 2, "--language", "en", at="2026-05-07T18:00")
    assert told.splitlines()[-1] == "Today it is too late for more seats."


def test_nothing_has_happened_yet(command: Command) -> None:
    code, told, _ = command(at="")
    assert code == 0
    assert "0 of 0 calls answered (-)" in told


@pytest.mark.parametrize(
    ("arguments", "where", "message"),
    [
        ((), {"project": "gas"}, "there is no project 'gas'; there are: tax, water"),
        ((), {"at": "noon"}, "'noon' is no time; write it like 2026-05-07T13:05"),
        (("--times", "0"), {}, "give a number of replications from 1 to 1000"),
        (("--probability", "1.5"), {}, "give a share like 0.9"),
        (("--scenario", "none.yaml"), {}, "there is no such file"),
    ],
)
def test_bad_input(command: Command, arguments: tuple[str, ...], where: dict[str, Any], message: str) -> None:
    code, told, error = command(*arguments, **where)
    assert (code, told) == (1, "")
    assert message in error


def test_a_scenario_of_another_project(office: Office, command: Command) -> None:
    path = afternoon(office, 3)
    path.write_text(path.read_text().replace("tax.yaml", "water.yaml"))
    code, _, error = command("--scenario", path)
    assert code == 1
    assert "is a scenario of water: give one of tax" in error


def test_a_scenario_of_other_days(office: Office, command: Command) -> None:
    code, _, error = command("--scenario", afternoon(office, 3), at="2026-05-11T12:00")
    assert code == 1
    told = "nobody calls on 2026-05-11 in it; its calls are from 2026-05-07 to 2026-05-08"
    assert told in error


def test_without_a_database(office: Office, command: Command) -> None:
    happened(office)

    async def gone() -> None:
        async with Database(url_of(office)) as database:
            await execute(database, "ALTER TABLE calls RENAME TO calls_away")

    asyncio.run(gone())
    code, _, error = command()
    assert (code, error) == (1, "the database does not answer: try again when it does (OperationalError)\n")
