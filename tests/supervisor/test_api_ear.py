"""The supervisor's ear by API, at a real engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calls.notes import NoteEar
from engine.centre import SeatPlan
from tests.supervisor.api_office import Site, small_centre

pytestmark = pytest.mark.unit

LISTEN = {"mode": "listen", "target": "s1"}


async def ears(site: Site, person: str = "ld") -> list[tuple[str, str, str]]:
    """Who listens to whom, and how."""
    return [(ear["by"], ear["heard"], ear["mode"]) for ear in (await site.get(person, "ears"))["ears"]]


async def office(site: Site) -> str:
    """The leader sits at his desk, and somebody talks at s1; the id of the call."""
    await site.at("ld", "desk")
    await site.at("op1", "s1")
    return site.centre.talks("A", "s1")


@pytest.mark.parametrize("by_call", [False, True])
async def test_from_listening_to_taking_over(tmp_path: Path, by_call: bool) -> None:
    async with Site(tmp_path) as site:
        call = await office(site)
        target = call if by_call else "s1"
        assert await site.do("ld", "desk", "ear", {"mode": "listen", "target": target}) == call
        site.centre.picks_up("desk")
        for mode in ("whisper", "barge", "listen"):
            assert await site.do("ld", "desk", "ear", {"mode": mode}) == call
            assert await ears(site) == [("ld", "s1", mode)]
        await site.do("ld", "desk", "ear", {"mode": "take_over"})
        assert await ears(site) == []
        told = await site.get("ld", f"calls/{call}")
        assert (told["seat"], told["state"]) == ("desk", "TALKING")
        assert (await site.get("op1", "seats/s1"))["state"] == "WRAP_UP"
        await site.do("ld", "desk", "hold")
        assert (await site.get("op1", f"calls/{call}"))["state"] == "HELD"


async def test_enough(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await office(site)
        await site.do("ld", "desk", "ear", LISTEN)
        site.centre.picks_up("desk")
        await site.do("ld", "desk", "ear", method="DELETE")
        assert await ears(site) == []
        assert (await site.ask("ld", "DELETE", "seats/desk/ear"))[0] == 409


async def test_the_operator_learns_nothing_of_it(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        call = await office(site)
        before = [await site.get("op1", path) for path in ("calls", "seats", "ears")]
        listening = await site.listen("op1")
        await listening.frame()
        await site.do("ld", "desk", "ear", LISTEN)
        site.centre.picks_up("desk")
        await site.do("ld", "desk", "ear", {"mode": "whisper"})
        assert [await site.get("op1", path) for path in ("calls", "seats", "ears")] == before
        await site.do("op1", "s1", "hold")
        changes = await listening.until("seat", state="HOLDING")
        assert [change["type"] for change in changes] == ["call", "seat"]
        assert changes[0]["call"]["call"] == call


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        ({"mode": "whisper"}, 409, "READY"),
        ({"mode": "listen", "target": "s2"}, 409, "LOGGED_OUT"),
        ({"mode": "listen", "target": "nobody"}, 404, ""),
    ],
)
async def test_what_cannot_be_heard(tmp_path: Path, body: Any, status: int, state: str) -> None:
    async with Site(tmp_path) as site:
        await office(site)
        assert await site.refused("ld", "desk", "ear", body) == (status, state)


async def test_the_engine_says_who_it_was_for_the_audit_log(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        call = await office(site)
        await site.do("ld", "desk", "ear", LISTEN)
        notes = [
            note for entry in site.centre.entries for note in entry.commands if isinstance(note, NoteEar)
        ]
        assert [(note.call, note.by, note.heard, note.state) for note in notes] == [
            (call, "ld", "s1", "listen")
        ]
        assert site.centre.audited() == []  # noted there by whoever carries out the note, whatever it came by


async def test_the_administrator_listens_from_any_desk(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await office(site)
        await site.do("admin", "desk", "ear", LISTEN)
        assert await ears(site, "admin") == [("admin", "s1", "listen")]


@pytest.mark.parametrize(
    ("supervises", "personal", "status"),
    [
        (("tax",), False, 200),
        (("tax", "water"), False, 200),
        (("water",), False, 403),
        (("tax",), True, 403),
        ((), False, 403),
    ],
)
@pytest.mark.parametrize("lends", [None, {"id": "oka", "supervises": ["tax"]}])
async def test_a_desk_where_nobody_in_particular_sits(
    tmp_path: Path, supervises: tuple[str, ...], personal: bool, status: int, lends: Any
) -> None:
    of, desk = small_centre(), SeatPlan("desk", ("tax",), "31", supervises=supervises, personal=personal)
    async with Site(tmp_path, replace(of, seats=(*of.seats[:-1], desk))) as site:
        await site.do("admin", "desk", "logout")
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        who = "admin" if lends else "ld"
        told = await site.ask(who, "POST", "seats/desk/ear", LISTEN, lends)
        assert told[0] == status
        if status == 200:
            assert await ears(site) == [(lends["id"] if lends else "ld", "s1", "listen")]
            assert told[1] == {"subject": call}


async def test_a_desk_where_somebody_else_sits(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("sw", "desk")
        site.centre.talks("A", "s1")
        assert (await site.refused("ld", "desk", "ear", LISTEN))[0] == 403


async def test_nobody_gets_by_a_desk_what_he_does_not_supervise(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        for lends, status in (
            ({"id": "x", "projects": ["tax"]}, 404),
            ({"id": "x", "supervises": ["water"]}, 404),
        ):
            told = await site.ask("admin", "POST", "seats/desk/ear", LISTEN, lends)
            assert told[0] == status
