"""The callers whose calls were lost: who may see them, who may order that they are called back."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from calls.events import PhoneRegistered
from calls.lost import LostCall, LostCaller, lost_callers
from calls.outages import AsteriskEnded
from calls.record import fold
from tests.engine.city import OPEN, WATER
from tests.supervisor.api_office import Site

pytestmark = pytest.mark.unit

ANNA, BEN = "0900000001", "0900000002"


class LostSite(Site):
    """Two callers of `tax`, one of them without a number, and one of `water` were lost ten seconds ago."""

    broken = False

    async def lost(self, since: float) -> list[LostCaller]:
        """As the database would have them at once."""
        if self.broken:
            raise OperationalError("", {}, Exception("gone"))
        calls = [
            LostCall(
                one.call,
                one.project,
                one.queue,
                one.caller,
                one.queued_at or 0,
                one.lost_at,
                str(one.outcome),
            )
            for one in fold(self.centre.entries)
            if one.lost_at is not None and one.lost_at >= since and one.direction == "in"
        ]
        return lost_callers(calls, [], [])

    def outage(self) -> dict[str, str]:
        """Asterisk dies; the ids of their calls by their numbers."""
        centre = self.centre
        waiting = {ANNA: centre.waits("A", shows=ANNA), "": centre.waits("N", shows="")}
        waiting[BEN] = centre.waits("W", WATER, BEN)
        centre.passes(10)
        centre.feed(AsteriskEnded("crashed"))
        for phone in centre.engine.floor.seats:
            centre.feed(PhoneRegistered(phone))
        centre.passes(10)
        return waiting


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[LostSite]:
    site = LostSite(tmp_path)
    office = dataclasses.replace(site.centre.office, lost=site.lost)
    site.centre.office = office
    site.api = type(site.api)(office, site.centre.live, 0)
    async with site:
        await site.at("op1", "s1")
        yield site


async def test_each_sees_his_projects_and_supervisors_whole_numbers(site: LostSite) -> None:
    calls = site.outage()
    told = await site.get("ld", "lost")
    assert told["withheld"] == [{"project": "tax", "callers": 1}]
    [anna] = told["callers"]
    assert (anna["call"], anna["number"], anna["state"], anna["outcome"]) == (
        calls[ANNA],
        ANNA,
        "open",
        "lost_system",
    )
    assert [one["number"] for one in (await site.get("op1", "lost"))["callers"]] == ["090000****"]
    assert [one["number"] for one in (await site.get("sw", "lost"))["callers"]] == [BEN]
    assert {one["number"] for one in (await site.get("admin", "lost"))["callers"]} == {ANNA, BEN}


async def test_less_can_be_asked_for(site: LostSite) -> None:
    site.outage()
    assert [one["number"] for one in (await site.get("admin", "lost?project=water"))["callers"]] == [BEN]
    assert (await site.get("admin", f"lost?since={OPEN + 11}"))["callers"] == []
    for wrong in ("today", "nan"):
        status, told = await site.ask("admin", "GET", f"lost?since={wrong}")
        assert (status, "seconds since 1970" in told["error"]) == (400, True)


async def test_one_is_called_back_on_his_old_place(site: LostSite) -> None:
    calls = site.outage()
    status, told = await site.ask("ld", "POST", f"lost/{calls[ANNA]}/callback")
    assert status == 200
    [callback] = told["callbacks"]
    assert callback in site.centre.engine.floor.callbacks
    [anna] = (await site.get("ld", "lost"))["callers"]
    assert anna["state"] == "ordered"
    again = await site.ask("ld", "POST", f"lost/{calls[ANNA]}/callback")
    assert again == (200, {"callbacks": [callback], "not_possible": 0})
    assert site.centre.audited()[-1] == {
        "what": "CallbackOrdered", "by": "ld", "why": "", "call": calls[ANNA], "project": "tax",
    }  # fmt: skip


async def test_all_of_a_project(site: LostSite) -> None:
    calls = site.outage()
    status, told = await site.ask("admin", "POST", "projects/tax/lost/callback")
    assert (status, len(told["callbacks"]), told["not_possible"]) == (200, 1, 0)
    assert told["callbacks"][0].startswith(calls[ANNA])
    assert (await site.ask("admin", "POST", "projects/tax/lost/callback"))[1]["callbacks"] == []


async def test_who_is_on_the_telephone_himself_is_left_out(site: LostSite) -> None:
    calls = site.outage()
    site.centre.waits("A2", shows=ANNA)
    status, told = await site.ask("ld", "POST", "projects/tax/lost/callback")
    assert (status, told) == (200, {"callbacks": [], "not_possible": 1})
    status, told = await site.ask("ld", "POST", f"lost/{calls[ANNA]}/callback")
    assert (status, told["state"]) == (409, "RINGING")


@pytest.mark.parametrize("path", ["lost/{call}/callback", "projects/tax/lost/callback"])
@pytest.mark.parametrize(("who", "refused"), [("op1", 403), ("sw", 404)])
async def test_only_who_supervises_the_project_may_order_it(
    site: LostSite, path: str, who: str, refused: int
) -> None:
    calls = site.outage()
    status, _ = await site.ask(who, "POST", path.format(call=calls[ANNA]))
    assert status == refused
    assert site.centre.engine.floor.callbacks == {}


@pytest.mark.parametrize("path", ["lost/c99/callback", "projects/gas/lost/callback"])
async def test_what_is_not_there(site: LostSite, path: str) -> None:
    site.outage()
    assert (await site.ask("admin", "POST", path))[0] == 404


async def test_a_database_that_is_away_is_said(site: LostSite) -> None:
    site.broken = True
    status, told = await site.ask("admin", "GET", "lost")
    assert (status, "try again" in told["error"]) == (503, True)
