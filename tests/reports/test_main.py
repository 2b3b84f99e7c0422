"""The command `report`, from a journal in a database to JSON."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from calls.commands import RingTelephone
from calls.lifecycle import Move, Outcome, SeatState, State
from calls.notes import NoteArrived, NoteOutcome, NoteSeat
from calls.promise import Promise
from reports.main import ReportError, daily_json
from store.database import Database
from store.migrations import upgrade
from tests.calls.journals import Step, journal, moved
from tests.store.helpers import write

pytestmark = pytest.mark.unit

PROJECTS = {"tax": SimpleNamespace(promise=Promise(), timezone="Asia/Tokyo")}
NOON = dt.datetime.fromisoformat("2026-05-07T12:00:00+09:00").timestamp()


async def keep(url: str, *steps: Step) -> None:
    """Write a journal of steps, each so many seconds after noon."""
    await upgrade(url)
    async with Database(url) as database:
        await write(database, "run", journal(*((NOON + at, each) for at, each in steps)))


def test_a_transfer_to_an_extension_is_in_the_report_by_its_department(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/denwaban.db"
    steps: tuple[Step, ...] = (
        (0, NoteArrived("c1", "leg1", "tax", "0570012229", "")),
        (0, moved(Move.QUEUED, State.QUEUED, queue="tax/main")),
        (0, moved(Move.OFFERED, State.RINGING, seat="s1")),
        (0, NoteSeat("s1", SeatState.RINGING, "c1", "sato")),
        (5, NoteOutcome("c1", Outcome.ANSWERED)),
        (5, moved(Move.ANSWERED, State.TALKING, seat="s1")),
        (5, NoteSeat("s1", SeatState.TALKING, "c1", "sato")),
        (25, moved(Move.TRANSFERRED, State.TRANSFERRED)),
        (25, RingTelephone("extension", "1200", "", "t1", "c1", "leg1", "")),
        (25, NoteSeat("s1", SeatState.WRAP_UP, "c1", "sato")),
        (30, moved(Move.ANSWERED, State.TALKING)),
        (37, NoteSeat("s1", SeatState.READY, "", "sato")),
        (60, moved(Move.FINISHED, State.WRAP_UP)),
        (60, moved(Move.WRAPPED_UP, State.CLOSED)),
    )
    asyncio.run(keep(url, *steps))
    extensions = {"1200": SimpleNamespace(name="tax office")}
    told = json.loads(daily_json(PROJECTS, url, "tax", "2026-05-07", extensions))
    assert (told["offered"], told["answered"], told["answer_rate"]) == (1, 1, 1.0)
    assert (told["mean_wait"], told["mean_talk"], told["mean_wrapup"]) == (5.0, 50.0, 12.0)
    assert told["transfers"]["by_department"] == {"tax office": 1}
    [seat] = told["seats"]
    assert (seat["seat"], seat["operator"], seat["answered"]) == ("s1", "sato", 1)
    assert seat["seconds"] == {"READY": 23.0, "RINGING": 5.0, "TALKING": 20.0, "WRAP_UP": 12.0}
    without = json.loads(daily_json(PROJECTS, url, "tax", "2026-05-07"))
    assert without["transfers"]["by_department"] == {"1200": 1}


@pytest.mark.parametrize(
    ("project", "date", "message"),
    [("taxes", "2026-05-07", "there are: tax"), ("tax", "7.5.2026", "like 2026-05-07")],
)
def test_what_cannot_be_reported_is_told(project: str, date: str, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        daily_json(PROJECTS, "sqlite:///nowhere.db", project, date)
