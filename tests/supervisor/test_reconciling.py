"""The command `reconcile` over a site's files: journal, records, account, recordings and a statement."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from calls.event import Event
from calls.events import CallArrived, EngineStarted, LegEnded, RecordingFinished
from calls.journal import Entry
from calls.lifecycle import Move, Outcome, State
from calls.notes import NoteArrived, NoteMoved, NoteOutcome
from recordings.wav import wav_header
from store.database import Database
from store.migrations import upgrade
from supervisor.reconciling import reconcile
from tests.store.helpers import write

pytestmark = pytest.mark.unit

NUMBER, CALLER = "0570012229", "09011112222"
NOON = dt.datetime(2026, 5, 7, 12, tzinfo=dt.timezone(dt.timedelta(hours=9))).timestamp()
CALLS = 3


class House:
    """A site with three calls in all of its books, a minute apart, the second of them recorded."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.config = directory / "config"
        self.var = directory / "var"
        self.database = self.var / "denwaban.db"
        self.account = self.var / "run/asterisk/log/cel-custom/events.csv"
        self.recording = self.var / "recordings/tax/2026-05-07/c2.wav"

    def build(self) -> None:
        (self.config / "projects").mkdir(parents=True)
        (self.config / "site.yaml").write_text(f"var_directory: {self.var}\n", "utf-8")
        (self.config / "projects/tax.yaml").write_text(PROJECT, "utf-8")
        (self.config / "seats.yaml").write_text("seats: [{ids: seat01, projects: [tax]}]\n", "utf-8")
        self.recording.parent.mkdir(parents=True)
        self.recording.write_bytes(wav_header(32000, channels=2) + bytes(32000))
        self.account.parent.mkdir(parents=True)
        self.account.write_text("".join(_account(number) for number in range(1, CALLS + 1)), "utf-8")
        asyncio.run(self._journal())

    async def _journal(self) -> None:
        url = f"sqlite:///{self.database}"
        await upgrade(url)
        digest = hashlib.sha256(self.recording.read_bytes()).hexdigest()
        events: list[tuple[float, Event, list[object]]] = [(NOON - 9000, EngineStarted("x"), [])]
        for number in range(1, CALLS + 1):
            events += _entries(number)
        events.append((NOON + 600, RecordingFinished("c2", 1.0, digest), []))
        entries = [Entry(i, at, event, commands) for i, (at, event, commands) in enumerate(events, 1)]  # type: ignore[arg-type]
        async with Database(url) as database:
            await write(database, "run", entries)

    def sql(self, statement: str) -> None:
        with sqlite3.connect(self.database) as connection:
            connection.execute(statement)
        connection.close()

    def drop_lines(self, *words: str) -> None:
        lines = self.account.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not all(word in line for word in words)]
        self.account.write_text("".join(kept), "utf-8")


def _entries(number: int) -> list[tuple[float, Event, list[object]]]:
    at, call, leg = NOON + 60 * number, f"c{number}", f"{int(NOON)}.{number}"
    return [
        (at, CallArrived(leg, NUMBER, CALLER), [NoteArrived(call, leg, "tax", NUMBER, CALLER)]),
        (
            at + 20,
            LegEnded(leg),
            [NoteOutcome(call, Outcome.ABANDONED_IVR), NoteMoved(call, Move.HUNG_UP, State.CLOSED)],
        ),
    ]


def _account(number: int) -> str:
    at, leg = NOON + 60 * number, f"{int(NOON)}.{number}"
    return "".join(
        f"{kind},{at + after:.6f},PJSIP/trunk-{number:08x},{leg},{leg},\n"
        for kind, after in (("CHAN_START", 0.0), ("ANSWER", 0.1), ("HANGUP", 20.0))
    )


def _statement(*numbers: int) -> str:
    rows = [
        f"{dt.datetime.fromtimestamp(NOON + 60 * n + 9.1, dt.UTC):%Y-%m-%dT%H:%M:%SZ},{CALLER},{NUMBER},20"
        for n in numbers
    ]
    return "\n".join(["start,caller,number,duration", *rows]) + "\n"


PROJECT = f"""
project: tax
name: 税
numbers: [{{number: "{NUMBER}"}}]
hours: {{weekly: {{mon-sun: ["00:00-24:00"]}}}}
guidance: {{notice: {{ja: はい。}}}}
flow: {{start: bye, nodes: {{bye: {{type: hangup, guidance: notice, outcome: self_served}}}}}}
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.build()
    return house


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(house: House, capsys: pytest.CaptureFixture[str]) -> Run:
    def it(date: str = "2026-05-07", **given: object) -> tuple[int, str, str]:
        fields: dict[str, object] = {
            "config": house.config, "date": date, "project": "", "statement": None, "columns": None, "json": False,
            "tolerance": 1.0, "carrier_time": 5.0, "carrier_duration": 2.0, "quick": False,
        }  # fmt: skip
        code = reconcile(argparse.Namespace(**fields | given))
        return code, *capsys.readouterr()

    return it


def differences(out: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["call"]) for one in json.loads(out)["differences"]]


def test_all_books_agree(run: Run) -> None:
    code, out, err = run(json=True)
    data = json.loads(out)
    assert (code, err, data["differences"]) == (0, "", [])
    assert data["passed"] is True
    assert data["counts"] == {
        "journal": 3, "records": 3, "reports": 3, "asterisk": 3, "gone_at_once": 0, "still_open": 0,
        "recordings": 1, "recording_files": 1,
    }  # fmt: skip
    assert CALLER not in out


def test_the_paper_for_the_file(run: Run) -> None:
    code, out, _ = run(project="tax", quick=True)
    assert code == 0
    assert "Result: no difference" in out


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (lambda house: house.sql("DELETE FROM calls WHERE call = 'c2'"),
         [("missing_in_records", "c2"), ("report_total", "")]),
        (lambda house: house.sql("UPDATE calls SET outcome = 'answered' WHERE call = 'c3'"),
         [("record_differs", "c3"), ("report_total", "")]),
        (lambda house: house.sql("DELETE FROM journal WHERE number IN (4, 5)"), [
            ("missing_in_journal", "c2"), ("recording_unknown", "c2"), ("channel_without_record", ""),
            ("journal_fault", ""), ("report_total", ""),
        ]),
        (lambda house: house.recording.unlink(), [("recording_missing", "c2")]),
        (lambda house: house.recording.write_bytes(b"RIFF"), [("recording_changed", "c2")]),
        (lambda house: house.drop_lines("CHAN_START", ".1,"), [("missing_in_asterisk", "c1")]),
        (lambda house: house.drop_lines("HANGUP", ".3,"), [("never_ended", "c3")]),
        (lambda house: house.account.unlink(), [("no_account", "")]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    house: House, run: Run, harm: Callable[[House], object], expected: list[tuple[str, str]]
) -> None:
    harm(house)
    code, out, _ = run(json=True)
    assert code == 1
    assert sorted(differences(out)) == sorted(expected)


def test_a_carriers_statement(house: House, run: Run) -> None:
    path = house.directory / "statement.csv"
    path.write_text(_statement(1, 2, 3), "utf-8")
    code, out, _ = run(statement=path, json=True)
    assert (code, differences(out)) == (0, [])
    assert json.loads(out)["carrier_clock"]["seconds"] == pytest.approx(9.0, abs=0.2)
    path.write_text(_statement(1, 3) + "torn", "utf-8")
    code, out, _ = run(statement=path, json=True)
    assert (code, differences(out)) == (1, [("not_in_statement", "c2")])
    assert "line 4 of the statement cannot be read: it is torn" in json.loads(out)["notes"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"date": "2026-05-09"}, "there is nothing of 2026-05-09"),
        ({"date": "7 May"}, "'7 May' is no date"),
        ({"project": "nothing"}, "there is no project 'nothing'; there are: tax"),
        ({"statement": Path("/nowhere.csv")}, "/nowhere.csv cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, given: dict[str, object], told: str) -> None:
    code, out, err = run(**given)
    assert (code, out) == (1, "")
    assert told in err


def test_a_database_of_a_newer_version(house: House, run: Run) -> None:
    house.sql("UPDATE alembic_version SET version_num = '9999'")
    code, _, err = run()
    assert code == 1
    assert "newer Denwaban" in err
