"""The live stream: a snapshot, then every change of what one may see; who is too slow is cut off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from calls.events import ProjectWithdrawn
from calls.lifecycle import SeatState
from calls.notes import NoteEar, NoteSeat
from supervisor.api.frames import Frame, ProjectChanged, SeatChanged
from supervisor.api.rights import ADMINISTRATOR
from supervisor.api.stream import Listener
from supervisor.api.telling import Telling, telling
from supervisor.api.work import Desk
from supervisor.board import Change, CountKey
from tests.engine.city import OPEN, TAX, WATER, project, published
from tests.supervisor.api_office import Centrale, Site, small_centre, tomorrow

pytestmark = pytest.mark.unit


def states(changes: list[dict[str, Any]], kind: str = "call") -> list[str]:
    """The states of things of a kind, one after the other."""
    return [change[kind]["state"] for change in changes if change["type"] == kind]


async def test_first_a_snapshot_then_changes_in_order(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        listening = await site.listen("ld")
        shot = await listening.frame()
        assert shot["type"] == "snapshot"
        assert shot["me"]["person"] == "ld"
        assert [seat["seat"] for seat in shot["seats"]] == ["s1", "s2", "desk"]
        assert (shot["calls"], [queue["queue"] for queue in shot["queues"]]) == ([], ["tax/main"])
        call = site.centre.talks("A", "s1")
        site.centre.hangs_up("A")
        await site.do("op1", "s1", "wrapup/end")
        changes = await listening.until("gone", kind="call", id=call)
        assert states(changes) == ["ARRIVED", "IVR", "QUEUED", "RINGING", "TALKING", "WRAP_UP"]
        assert states(changes, "seat")[:3] == ["RINGING", "TALKING", "WRAP_UP"]
        seqs = [change["seq"] for change in changes]
        assert seqs == sorted(seqs)
        assert shot["seq"] < seqs[0]


async def test_every_frame_is_what_the_description_says(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("admin")
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        await site.ask(
            "admin", "POST", "projects/tax/override", {"kind": "open", "until": tomorrow(), "reason": "x"}
        )
        seen: set[str] = set()
        while "project" not in seen:
            frame = await listening.frame()
            msgspec.convert(frame, Frame)
            seen |= {change["type"] for change in frame.get("changes", ())}
        assert {"seat", "call", "queue", "project"} <= seen


async def test_after_a_lost_connection_the_snapshot_has_everything(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        listening = await site.listen("op1")
        first = await listening.frame()
        await listening.socket.close()
        call = site.centre.talks("A", "s1")
        again = await (await site.listen("op1")).frame()
        assert first["seq"] < again["seq"]
        assert [(one["call"], one["caller"]) for one in again["calls"]] == [(call, "0901234567")]


async def test_everybody_sees_what_is_his_business(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("ld", "desk")
        mine, colleague, other = [await site.listen(who) for who in ("op1", "op2", "oq")]
        for listening in (mine, colleague, other):
            await listening.frame()
        call = site.centre.talks("A", "s1")
        assert (await mine.until("call", state="TALKING"))[-1]["call"]["caller"] == "0901234567"
        seen = await colleague.until("seat", state="TALKING")
        assert {change["call"]["caller"] for change in seen if change["type"] == "call"} == {"090123****"}
        assert {change["seat"]["call"] for change in seen if change["type"] == "seat"} == {""}
        site.centre.tells(
            NoteEar(call, "tax", "desk", "s1", "listen", "ld"),
            NoteSeat("desk", SeatState.TALKING, call, "ld"),
        )
        site.centre.hangs_up("A")
        site.centre.waits("B", WATER)
        seen = await mine.until("call", state="WRAP_UP")
        assert {change["type"] for change in seen} <= {"call", "seat", "queue", "count"}
        assert "desk" not in str(seen)
        seen = await other.until("call", state="QUEUED")
        assert {change["call"]["project"] for change in seen if change["type"] == "call"} == {"water"}


async def test_the_ear_is_told_to_supervisors_of_the_project(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        leader = await site.listen("ld")
        await leader.frame()
        for mode in ("listen", "whisper", "ended"):
            site.centre.tells(NoteEar(call, "tax", "desk", "s1", mode, "ld"))
        changes = await leader.until("gone", kind="ear", id="desk")
        assert [change["ear"]["mode"] for change in changes if change["type"] == "ear"] == [
            "listen",
            "whisper",
        ]


async def test_a_call_that_goes_to_another_project_is_gone_for_who_had_it(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("oq", "w1")
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        water = await site.listen("oq")
        assert (await water.frame())["calls"] == []
        await site.do("op1", "s1", "transfer", {"kind": "seat", "target": "w1"})
        site.centre.picks_up("w1")
        assert (await water.until("call", state="TALKING"))[-1]["call"]["caller"] == "0901234567"
        await site.do("oq", "w1", "transfer", {"kind": "extension", "target": "35"})
        site.centre.picks_up("35")
        site.centre.passes(60)
        site.centre.hangs_up("A")
        await water.until("gone", kind="call", id=call)


async def test_who_sits_down_is_sent_everything_anew(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("op1")
        assert (await listening.frame())["me"]["seats"] == []
        await site.at("op1", "s1")
        while (frame := await listening.frame())["type"] == "changes":
            pass
        assert (frame["type"], frame["me"]["seats"]) == ("snapshot", ["s1"])


async def test_who_does_not_read_is_cut_off_and_may_come_again(tmp_path: Path) -> None:
    async with Site(tmp_path, most=5) as site:
        slow = await site.listen("admin")
        await slow.frame()
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")  # more than five changes at once
        async with asyncio.timeout(10):
            while (message := await slow.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.ERROR)
        again = await (await site.listen("admin")).frame()
        assert len(again["calls"]) == 1


async def test_nothing_is_kept_for_who_was_cut_off(tmp_path: Path) -> None:
    centre, cuts = Centrale(tmp_path), 0

    def cut() -> None:
        nonlocal cuts
        cuts += 1

    desk = Desk(centre.office, centre.live.board)
    listener = Listener(desk, ADMINISTRATOR, cut, 3)
    await listener.frame()
    view = desk.views.project("tax", 1.0)
    assert view is not None
    many = [
        Telling(Change(n, 1.0, "project", "tax", None), ProjectChanged(n, 1.0, view)) for n in range(99, 103)
    ]
    listener.tell(many, {})
    listener.tell(many[:1], {})
    assert cuts == 1
    assert '"seq":99' in await listener.frame()


async def test_a_browser_brings_its_token_as_a_protocol(tmp_path: Path) -> None:
    async with Site(tmp_path) as site, aiohttp.ClientSession(site.api.url) as client:
        names = ("denwaban.v1", f"token.{site.token('op1')}")
        async with client.ws_connect("/v1/stream", protocols=names) as socket:
            assert socket.protocol == "denwaban.v1"
            assert (await socket.receive_json(timeout=10))["me"]["person"] == "op1"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect("/v1/stream", protocols=("denwaban.v1", "token.x"))
        assert refused.value.status == 401


async def test_so_many_may_listen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supervisor.api.app.MOST_LISTENERS", 1)
    async with Site(tmp_path) as site:
        listening = await site.listen("op1")
        await listening.frame()
        status, told = await site.ask("op2", "GET", "stream")
        assert (status, "listen already" in told["error"]) == (503, True)


async def test_a_new_version_brings_its_queues(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("ld")
        await listening.frame()
        site.centre.feed(published("tax", TAX, 1, queues={"main": {}, "second": {}}))
        changes = await listening.until("queue", queue="tax/second")
        assert changes[0]["project"]["queues"] == ["tax/main", "tax/second"]
        site.centre.feed(ProjectWithdrawn("tax"))
        await listening.until("gone", kind="project", id="tax")


async def test_a_fault_in_telling_makes_all_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("op1")
        await listening.frame()
        monkeypatch.setattr("supervisor.api.stream.telling", lambda *_: 1 / 0)
        site.centre.waits("A")
        async with asyncio.timeout(10):
            while (await listening.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert len((await (await site.listen("op1")).frame())["calls"]) == 1


async def test_how_many_came_and_what_became_of_them(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        listening, other = await site.listen("ld"), await site.listen("sw")
        assert [(await one.frame())["counts"] for one in (listening, other)] == [[], []]
        call = site.centre.talks("A", "s1")
        site.centre.hangs_up("A")
        await site.do("op1", "s1", "wrapup/end")
        site.centre.waits("W", WATER)
        told = await listening.until("gone", kind="call", id=call)
        counts = [change["count"] for change in told if change["type"] == "count"]
        arrived = {"project": "tax", "start": OPEN, "outcome": "", "waited": -1, "calls": 1}
        assert counts == [arrived, arrived | {"outcome": "answered", "waited": 0}]
        shot = await (await site.listen("ld")).frame()
        assert shot["counts"] == counts
        seen = await other.until("count", project="water")
        assert {change["count"]["project"] for change in seen if change["type"] == "count"} == {"water"}


async def test_the_snapshot_has_the_counts_of_today_by_each_projects_clock(tmp_path: Path) -> None:
    of = small_centre()
    abroad = project("water", WATER, timezone="America/New_York")
    midnight, abroad_midnight = OPEN - 10 * 3600, OPEN - 21 * 3600
    async with Site(tmp_path, replace(of, projects=of.projects | {"water": abroad})) as site:
        site.centre.live.board.day.cells = {
            CountKey(name, start, "", -1): 1
            for name in ("tax", "water", "of_yore")
            for start in (abroad_midnight - 1800, abroad_midnight, midnight - 1800, midnight, OPEN)
        }
        shot = await (await site.listen("admin")).frame()
        assert [(count["project"], count["start"]) for count in shot["counts"]] == [
            ("tax", midnight), ("tax", OPEN),
            *(("water", start) for start in (abroad_midnight, midnight - 1800, midnight, OPEN)),
        ]  # fmt: skip


async def test_a_day_that_comes_to_be_known_at_once_cuts_nobody_off(tmp_path: Path) -> None:
    async with Site(tmp_path, most=5) as site:
        listening = await site.listen("admin")
        await listening.frame()
        site.centre.live.fill({CountKey("tax", OPEN, "answered", waited): 1 for waited in range(9)}, [])
        site.centre.live.fill({CountKey("tax", OPEN, "answered", waited): 1 for waited in range(20)}, [])
        await listening.until("count", waited=19)
        await site.at("op1", "s1")
        await listening.until("seat", seat="s1", state="READY")


async def test_of_two_with_the_same_rights_each_sees_his_own_seat(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        for who, seat in (("op1", "s1"), ("op2", "s2")):
            await site.at(who, seat)
        call = site.centre.talks("A", "s1")
        desk = Desk(site.centre.office, site.centre.live.board)
        change = Change(1, 1.0, "seat", "s1", site.centre.live.board.seats["s1"])
        for order in (("op1", "op2"), ("op2", "op1")):
            one = telling(change, desk.views, desk.house)
            seen = {who: one.seen_by(desk.house.who(who)) for who in order}
            assert {who: isinstance(told, SeatChanged) and told.seat.call for who, told in seen.items()} == {
                "op1": call,
                "op2": "",
            }
