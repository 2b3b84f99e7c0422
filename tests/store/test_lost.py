"""The lost callers of a database that the journal of a real engine has filled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from calls.events import PhoneRegistered
from calls.outages import AsteriskEnded
from calls.record import fold
from calls.requests import CallbackOrdered
from store.database import Database
from store.lost import read_lost
from store.migrations import upgrade
from tests.engine.callback_town import ANNA, BEN, NODES, queues
from tests.engine.city import City, centre
from tests.store.helpers import write

pytestmark = pytest.mark.replay


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path}/lost.db"
    await upgrade(url)
    async with Database(url) as database:
        yield database


def outage() -> City:
    """Anna talks, Ben and somebody without a number wait, and Asterisk dies."""
    tax = City(centre(nodes=NODES, queue={}))
    queues(tax, 1, "anna", ANNA)
    tax.picks_up(2, "s1")
    queues(tax, 3, "ben", BEN)
    queues(tax, 4, "nobody")
    tax.happens(60, AsteriskEnded("crashed"))
    tax.happens(70, PhoneRegistered("s1"))
    return tax


async def told(database: Database, tax: City, since: float = 0) -> dict[str, tuple[str, str, float]]:
    await write(database, "r", tax.entries)
    found = await read_lost(database, tax.start + since)
    return {one.number: (one.state, one.outcome, one.since - tax.start) for one in found}


async def test_nobody_was_lost(database: Database) -> None:
    assert await read_lost(database, 0) == []


async def test_everybody_with_what_he_had_come_to(database: Database) -> None:
    assert await told(database, outage()) == {
        ANNA: ("open", "answered", 1),
        BEN: ("open", "lost_system", 3),
        "": ("open", "lost_system", 4),
    }


async def test_earlier_ones_are_not_asked_for(database: Database) -> None:
    assert await told(database, outage(), since=61) == {}


async def test_what_has_become_of_them(database: Database) -> None:
    tax = outage()
    [ben] = (one.call for one in fold(tax.entries) if one.leg == "ben")
    tax.happens(100, CallbackOrdered(ben, "tax", BEN, "tax/main", tax.start + 3))
    tax.picks_up(101, "s1")
    queues(tax, 102, "anna2", ANNA)
    tax.hangs_up(103, "anna2")
    found = await told(database, tax)
    assert (found[BEN][0], found[ANNA][0]) == ("ordered", "open")
