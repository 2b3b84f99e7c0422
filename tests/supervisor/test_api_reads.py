"""What is only told: who is there and who waits, as much as one may see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.centre import SeatPlan
from tests.engine.city import OPEN, TAX, WATER, project
from tests.supervisor.api_office import Site, small_centre

pytestmark = pytest.mark.unit

MIDNIGHT = OPEN - 10 * 3600  # OPEN is 10:00 in Tokyo


async def test_who_is_there_and_who_is_not(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        told = await site.get("ld", "shifts")
        shifts = [(shift["who"], shift["present"], shift["seat"], shift["state"]) for shift in told["shifts"]]
        assert shifts == [
            ("op1", True, "s1", "READY"), ("op2", False, "", "LOGGED_OUT"), ("s2", False, "s2", "LOGGED_OUT"),
        ]  # fmt: skip
        assert told["missing"] == ["s2"]
        assert (await site.get("admin", "shifts"))["missing"] == ["oq", "s2"]
        people = (await site.get("op2", "people"))["people"]
        assert [(one["person"], one["seat"], one["number"]) for one in people] == [
            ("op1", "s1", ""), ("op2", "", "102"), ("ld", "", ""),
        ]  # fmt: skip


async def test_who_waits(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("op2", "s2")
        site.centre.waits("A")
        site.centre.waits("B")
        site.centre.waits("C", WATER)
        site.centre.waits("D")
        site.centre.passes(12)
        [queue] = (await site.get("op1", "queues"))["queues"]
        assert (queue["queue"], queue["waiting"], queue["longest_wait"]) == ("tax/main", 1, 12)
        assert queue["seats"] == {"RINGING": 2}
        assert len((await site.get("admin", "queues"))["queues"]) == 2
        calls = (await site.get("ld", "calls"))["calls"]
        assert [(call["state"], call["wait"]) for call in calls] == [
            ("RINGING", 12),
            ("RINGING", 12),
            ("QUEUED", 12),
        ]


async def test_how_fast_a_line_moves(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("C0", "s1")
        for number in range(1, 14):  # each waits a minute for the one before
            site.centre.waits(f"C{number}")
            site.centre.passes(60)
            site.centre.hangs_up(f"C{number - 1}")
            await site.do("op1", "s1", "wrapup/end")
            site.centre.picks_up("s1")
        [queue] = (await site.get("op1", "queues"))["queues"]
        assert (queue["pace"], queue["expected_wait"]) == (60.0, 60.0)
        site.centre.hangs_up("C13")
        await site.do("op1", "s1", "wrapup/end")
        [queue] = (await site.get("op1", "queues"))["queues"]
        assert (queue["pace"], queue["expected_wait"]) == (60.0, 0.0)  # a free seat changes no pace
        assert [queue["pace"] for queue in (await site.get("oq", "queues"))["queues"]] == [None]


async def test_who_comes_first_in_the_line(tmp_path: Path) -> None:
    line = {
        "type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "busy", "priority": 3,
    }  # fmt: skip
    tax = project("tax", TAX, {"priority": 2}, nodes={"line": line})
    of = small_centre()
    async with Site(tmp_path, replace(of, projects=of.projects | {"tax": tax})) as site:
        await site.at("op1", "s1")
        site.centre.waits("A")
        site.centre.waits("W", WATER)
        calls = (await site.get("admin", "calls"))["calls"]
        assert [(call["project"], call["state"], call["priority"]) for call in calls] == [
            ("tax", "RINGING", 0),
            ("water", "RINGING", 0),
        ]
        site.centre.waits("B")
        site.centre.waits("X", WATER)
        calls = (await site.get("admin", "calls"))["calls"]
        assert [(call["state"], call["priority"]) for call in calls[2:]] == [("QUEUED", 5), ("QUEUED", 0)]


async def test_from_where_one_may_listen(tmp_path: Path) -> None:
    of = small_centre()
    office = (*of.seats, SeatPlan("own", (), "32", supervises=("tax",), personal=True))
    async with Site(tmp_path, replace(of, seats=office)) as site:

        async def told(seat: str) -> list[str]:
            return list((await site.get("admin", f"seats/{seat}"))["supervises"])

        assert [await told(seat) for seat in ("s1", "desk", "own")] == [[], ["tax", "water"], []]
        await site.at("ld", "own")
        await site.at("sw", "desk")
        await site.at("op1", "s1")
        assert [await told(seat) for seat in ("s1", "desk", "own")] == [[], ["water"], ["tax"]]
        seats = {seat["seat"]: seat["supervises"] for seat in (await site.get("ld", "seats"))["seats"]}
        assert seats == {
            "s1": [],
            "s2": [],
            "desk": [],
            "own": ["tax"],
        }  # that water is heard there is not his business


async def test_what_was_promised_and_the_hours_of_today(tmp_path: Path) -> None:
    promise = {
        "version": 4, "value": 0.9, "months": {5: 0.8}, "numerator": ["answered"], "short_abandon_s": 10,
        "denominator": ["answered", "abandoned_queue"], "period": "year",
    }  # fmt: skip
    hours = {"weekly": {"thu": ["08:30-12:00", "13:00-17:15"]}}
    tax = project("tax", TAX, promise=promise, hours=hours)
    of = small_centre()
    async with Site(tmp_path, replace(of, projects=of.projects | {"tax": tax})) as site:
        [told] = (await site.get("op1", "projects"))["projects"]
        assert told["timezone"] == "Asia/Tokyo"
        assert told["promise"] == {
            "version": 4, "numerator": ["answered"], "denominator": ["answered", "abandoned_queue"],
            "short_abandon_s": 10, "period": "year", "value": 0.8, "base": 0.9, "months": {"5": 0.8},
        }  # fmt: skip
        nine = MIDNIGHT + 8.5 * 3600
        assert told["hours_today"] == [
            [nine, MIDNIGHT + 12 * 3600], [MIDNIGHT + 13 * 3600, MIDNIGHT + 17.25 * 3600],
        ]  # fmt: skip
        site.centre.now += 86400
        [told] = (await site.get("op1", "projects"))["projects"]
        assert told["hours_today"] == []
        site.centre.now += 30 * 86400
        [told] = (await site.get("op1", "projects"))["projects"]
        assert told["promise"]["value"] == 0.9
