"""Orders by hand on a running service, with an engine but no telephone."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from calls.commands import OverrideHours
from calls.events import HoursOverridden
from engine.engine import Engine
from store.audit import AuditLog
from telephony import orders
from telephony.control import Control, ControlError, ask, control_socket
from telephony.orders import Orders
from tests.engine.city import OPEN, centre
from tests.engine.test_orders import QUAKE

pytestmark = pytest.mark.unit

UNTIL = dt.datetime(2026, 5, 7, 17, 15)  # noqa: DTZ001 (the project's local time)
AT = OPEN + 7.25 * 3600


class Desk:
    """Orders on an engine of their own; the database is as slow as `safe`."""

    def __init__(self, folder: Path, **fields: Any) -> None:
        self.engine = Engine(centre(**fields))
        self.fed: list[HoursOverridden] = []
        self.audit = AuditLog(folder / "audit.log", clock=lambda: OPEN)
        self.safe = asyncio.Event()
        self.safe.set()
        self.orders = Orders(self.engine.floor, self.audit, self._feed, self._safe, clock=lambda: OPEN)

    def _feed(self, event: HoursOverridden) -> None:
        self.fed.append(event)
        self.engine.handle(event, OPEN)

    async def _safe(self) -> None:
        await self.safe.wait()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_an_order_is_given_told_and_noted(desk: Desk) -> None:
    told = await desk.orders.override("tax", "closed", UNTIL, "大雪", "sv01")
    assert desk.fed == [HoursOverridden("tax", "closed", AT, "大雪", "sv01")]
    until = "2026-05-07T17:15:00+09:00"
    state = {"open": False, "reason": "大雪", "override": "closed", "until": until, "by": "sv01"}
    assert told == {**state, "stored": True}
    assert desk.orders.status() == {"tax": state}
    [line] = desk.audit.entries()
    assert {**line, "at": ""} == {
        "at": "", "by": "sv01", "what": "override", "why": "大雪",
        "project": "tax", "kind": "closed", "until": until,
    }  # fmt: skip


async def test_it_is_taken_back(desk: Desk) -> None:
    await desk.orders.override("tax", "closed", UNTIL, "大雪", "sv01")
    told = await desk.orders.override("tax", "none", None, "", "sv01")
    assert (told["open"], told["override"], told["until"]) == (True, None, None)
    assert [line["kind"] for line in desk.audit.entries()] == ["closed", "none"]


async def test_a_time_of_another_zone(desk: Desk) -> None:
    await desk.orders.override("tax", "open", UNTIL.replace(tzinfo=dt.UTC), "雪", "sv01")
    assert desk.fed[0].until == AT + 9 * 3600


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (("tex", "closed", UNTIL, "r", "b"), r"there is no project 'tex' \(known: tax\)"),
        (("tax", "shut", UNTIL, "r", "b"), "'shut' is no order; write one of closed, open, disaster, none"),
        (("tax", "disaster", UNTIL, "r", "b"), "tax has no disaster flow"),
        (("tax", "closed", None, "r", "b"), "until when"),
        (("tax", "closed", UNTIL.replace(hour=9), "r", "b"), "2026-05-07 09:15 is over"),
        (("tax", "closed", UNTIL.replace(year=2028), "r", "b"), "more than a year away"),
        (("tax", "closed", UNTIL, " ", "b"), "the reason has to be one line"),
        (("tax", "closed", UNTIL, "two\nlines", "b"), "the reason has to be one line"),
        (("tax", "closed", UNTIL, "r" * 201, "b"), "the reason has to be one line"),
        (("tax", "none", None, "", ""), "the name of who orders it has to be"),
    ],
)
async def test_what_is_refused(desk: Desk, order: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ControlError, match=message):
        await desk.orders.override(*order)
    assert desk.fed == []
    assert list(desk.audit.entries()) == []


async def test_a_disaster_flow(tmp_path: Path) -> None:
    desk = Desk(tmp_path, **QUAKE)
    told = await desk.orders.override("tax", "disaster", UNTIL, "地震", "sv01")
    assert (told["open"], told["override"]) == (True, "disaster")


async def test_a_database_that_does_not_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "SAFE_S", 0.01)
    desk.safe.clear()
    told = await desk.orders.override("tax", "closed", UNTIL, "大雪", "sv01")
    assert (told["stored"], told["open"]) == (False, False)


async def test_a_full_disk_does_not_stop_an_order(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.audit.path.mkdir()  # as good as any other way of not being able to write
    await desk.orders.override("tax", "closed", UNTIL, "大雪", "sv01")
    assert len(desk.fed) == 1
    assert "the audit log cannot be written" in caplog.text


def test_the_engine_orders_by_telephone(desk: Desk) -> None:
    desk.orders.carry_out(OverrideHours("tax", "closed", AT, "by telephone", "call c1"))
    assert desk.fed == [HoursOverridden("tax", "closed", AT, "by telephone", "call c1")]
    assert [line["by"] for line in desk.audit.entries()] == ["call c1"]


async def test_through_the_control_socket(desk: Desk, tmp_path: Path) -> None:
    path = control_socket(tmp_path)
    order = {"do": "override", "project": "tax", "kind": "closed", "reason": "大雪", "by": "sv01"}
    async with Control(path, desk.orders.routes()):
        told = await asyncio.to_thread(ask, path, {**order, "until": "2026-05-07T17:15"})
        assert told is not None
        assert (told["override"], told["stored"]) == ("closed", True)
        with pytest.raises(ControlError, match="'tomorrow' is no time"):
            await asyncio.to_thread(ask, path, {**order, "until": "tomorrow"})
        status = await asyncio.to_thread(ask, path, {"do": "status"})
        assert status is not None
        assert status["projects"]["tax"]["by"] == "sv01"
