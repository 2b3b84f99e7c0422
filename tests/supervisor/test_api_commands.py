"""What is done by API, at a real engine: seats, conversations, projects; who may, what stands against it, the audit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from calls.events import CallArrived
from calls.requests import SeatLoggedIn
from engine.centre import SeatPlan
from tests.engine.city import TAX, WATER, project
from tests.supervisor.api_office import Site, small_centre, tomorrow

pytestmark = pytest.mark.unit


async def state(site: Site, seat: str) -> tuple[str, str, str]:
    """State, operator and reason of a seat."""
    told = await site.get("admin", f"seats/{seat}")
    return told["state"], told["operator"], told["reason"]


async def test_a_day_at_a_seat(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        assert await state(site, "s1") == ("READY", "op1", "")
        await site.do("op1", "s1", "break", {"reason": "昼休み"})
        assert await state(site, "s1") == ("BREAK", "op1", "昼休み")
        site.centre.passes(1800)
        assert (await site.get("op1", "seats/s1"))["seconds"] == 1800
        await site.do("op1", "s1", "ready")
        call = site.centre.talks("A", "s1")
        site.centre.hangs_up("A")
        assert await state(site, "s1") == ("WRAP_UP", "op1", "")
        assert await site.do("op1", "s1", "class", {"inquiry_class": "2"}) == call
        assert (await site.get("op1", f"calls/{call}"))["inquiry_class"] == "還付"
        await site.do("op1", "s1", "wrapup/end")
        assert (await site.ask("op1", "GET", f"calls/{call}"))[0] == 404
        await site.do("op1", "s1", "logout")
        assert (await state(site, "s1"))[:2] == ("LOGGED_OUT", "")
        assert site.centre.audited() == []  # it was his own seat, all day long


async def test_a_conversation(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("op2", "s2")
        call = site.centre.talks("A", "s1")
        for what, then in (("hold", "HELD"), ("retrieve", "TALKING")):
            assert await site.do("op1", "s1", what) == call
            assert (await site.get("op1", f"calls/{call}"))["state"] == then
        await site.do("op1", "s1", "consult", {"kind": "extension", "target": "35"})
        site.centre.picks_up("35")
        await site.do("op1", "s1", "swap")
        await site.do("op1", "s1", "swap")
        await site.do("op1", "s1", "conference")
        parties = (await site.get("op1", f"calls/{call}"))["parties"]
        assert parties == [{"who": "extension:35", "role": "joined"}]
        await site.do("op1", "s1", "complete")
        site.centre.hangs_up("A")
        second = site.centre.talks("B", "s2")
        await site.do("op2", "s2", "hangup")
        assert (await site.get("op2", f"calls/{second}"))["state"] == "WRAP_UP"


async def test_a_blind_transfer_to_a_colleague(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("op2", "s2")
        call = site.centre.talks("A", "s1")
        await site.do("op1", "s1", "transfer", {"kind": "seat", "target": "s2"})
        site.centre.picks_up("s2")
        told = await site.get("op2", f"calls/{call}")
        assert (told["seat"], told["state"], told["caller"]) == ("s2", "TALKING", "0901234567")


@pytest.mark.parametrize(
    ("what", "body", "state"),
    [
        ("hold", None, "READY"),
        ("retrieve", None, "READY"),
        ("transfer", {"kind": "extension", "target": "35"}, "READY"),
        ("consult", {"kind": "seat", "target": "s2"}, "READY"),
        ("complete", None, "READY"),
        ("swap", None, "READY"),
        ("conference", None, "READY"),
        ("hangup", None, "READY"),
        ("wrapup/end", None, "READY"),
        ("class", {"inquiry_class": "還付"}, "READY"),
    ],
)
async def test_what_cannot_be_done_now_is_told_with_the_state(
    tmp_path: Path, what: str, body: Any, state: str
) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        before = len(site.centre.entries)
        assert await site.refused("op1", "s1", what, body) == (409, state)
        assert [len(entry.commands) for entry in site.centre.entries[before:]] == [1]


async def test_a_conversation_in_another_state(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        await site.do("op1", "s1", "hold")
        assert await site.refused("op1", "s1", "hold") == (409, "HELD")
        assert await site.refused("ld", "s1", "login", {"operator": "op2"}) == (409, "HOLDING")


async def test_what_is_not_there(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        for path in ("seats/s9/hold", "projects/gas/override", "seats/s2/login"):
            body = {"kind": "none"} if "gas" in path else {"operator": "ghost"} if "s2" in path else None
            assert (await site.ask("admin", "POST", path, body))[0] == 404, path
        for path in ("seats/s9", "calls/c9"):
            assert (await site.ask("admin", "GET", path))[0] == 404, path
        assert (await site.ask("admin", "DELETE", "callbacks/b9"))[0] == 404
        target = {"kind": "extension", "target": "99"}
        assert (await site.refused("op1", "s1", "transfer", target))[0] == 404
        assert (await site.refused("op1", "s1", "class", {"inquiry_class": "Z"}))[0] == 404


@pytest.mark.parametrize(
    ("who", "seat", "what", "body", "status"),
    [
        ("op2", "s1", "logout", None, 403),
        ("op2", "s1", "hangup", None, 403),
        ("op2", "s1", "login", None, 403),
        ("op2", "s2", "login", {"operator": "op1"}, 403),
        ("op2", "s1", "dial", {"number": "0312345678"}, 403),
        ("op1", "s1", "ear", {"mode": "listen", "target": "s1"}, 403),
        (
            "ld",
            "s2",
            "ear",
            {"mode": "listen", "target": "s1"},
            403,
        ),  # nobody sits there, and nothing is heard there
        # what belongs to others is not there
        ("op2", "w1", "logout", None, 404),
        ("ld", "w1", "logout", None, 404),
        ("ld", "s2", "login", {"operator": "oq"}, 404),
        ("ld", "s2", "login", {"operator": "sw"}, 404),
        ("sw", "s1", "hold", None, 404),
        ("op1", "s1", "dial", {"number": "0312345678", "project": "water"}, 404),
        ("op1", "desk", "logout", None, 404),
        ("sw", "desk", "ear", {"mode": "listen", "target": "s1"}, 404),
        ("sw", "desk", "ear", {"mode": "listen", "target": "{call}"}, 404),
        ("sw", "desk", "ear", {"mode": "listen", "target": "s2"}, 404),  # where nobody talks
    ],
)
async def test_what_is_forbidden_reaches_neither_engine_nor_audit_log(
    tmp_path: Path, who: str, seat: str, what: str, body: Any, status: int
) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        if body and body.get("target") == "{call}":
            body = body | {"target": call}
        if who == "sw":
            await site.at("sw", "desk")
        before = len(site.centre.fed)
        assert await site.refused(who, seat, what, body) == (status, "")
        assert (len(site.centre.fed), site.centre.audited()) == (before, [])


@pytest.mark.parametrize(("who", "status"), [("op1", 403), ("sw", 404)])
async def test_projects_are_for_their_supervisors(tmp_path: Path, who: str, status: int) -> None:
    async with Site(tmp_path) as site:
        order = {"kind": "closed", "until": tomorrow(), "reason": "大雪"}
        assert (await site.ask(who, "POST", "projects/tax/override", order))[0] == status


async def test_somebody_elses_seat_is_noted_before_it_is_changed(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        await site.do("ld", "s1", "hold")
        await site.do("ld", "s2", "login", {"operator": "op2"})
        await site.do("admin", "w1", "logout")
        assert site.centre.audited() == [
            {"what": "HoldAsked", "by": "ld", "why": "", "seat": "s1", "call": call},
            {"what": "SeatLoggedIn", "by": "ld", "why": "", "seat": "s2", "call": ""},
            {"what": "SeatLoggedOut", "by": "admin", "why": "", "seat": "w1", "call": ""},
        ]


async def test_without_an_audit_log_nobody_elses_seat_is_changed(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.audit.path.mkdir(parents=True)
        before = len(site.centre.fed)
        assert (await site.refused("ld", "s1", "logout"))[0] == 503
        assert len(site.centre.fed) == before
        await site.do("op1", "s1", "logout")  # one's own is nothing for it


async def test_a_call_that_is_another_one_when_the_log_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = replace(small_centre(), seats=(SeatPlan("s1", ("tax", "water")),))
    async with Site(tmp_path, both) as site:
        site.centre.talks("A", "s1")

        def slow(*_: object, **__: object) -> None:
            site.centre.hangs_up("A")
            site.centre.passes(60)
            site.centre.talks("B", "s1", WATER)

        monkeypatch.setattr(site.centre.audit, "note", slow)
        assert (await site.refused("ld", "s1", "hangup"))[0] == 403
        assert [call["state"] for call in (await site.get("admin", "calls"))["calls"]] == ["TALKING"]


async def test_who_gets_it_wrong_stays_known_by_name(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        asked = site.centre.fed[-1]
        assert isinstance(asked, SeatLoggedIn)
        assert (asked.by, asked.operator, asked.ask.startswith("api-")) == ("op1", "op1", True)
        await site.at("op1", "s1")
        again = site.centre.fed[-1]
        assert isinstance(again, SeatLoggedIn)
        assert again.ask != asked.ask


async def test_a_project_is_closed_and_opened_again(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        order = {"kind": "closed", "until": "2026-05-07T17:15", "reason": "大雪"}
        status, told = await site.ask("ld", "POST", "projects/tax/override", order)
        assert (status, told["stored"], told["project"]["open"]) == (200, True, False)
        [seen] = (await site.get("op1", "projects"))["projects"]
        assert (seen["override"], seen["until"], seen["by"], seen["reason"]) == (
            "closed", "2026-05-07T17:15:00+09:00", "ld", "大雪",
        )  # fmt: skip
        assert (await site.ask("ld", "POST", "projects/tax/override", {"kind": "none"}))[0] == 200
        assert (await site.get("op1", "projects"))["projects"][0]["open"] is True
        assert [line["kind"] for line in site.centre.audited()] == ["closed", "none"]


async def test_a_callback_is_withdrawn(tmp_path: Path) -> None:
    ask = {"type": "callback", "queue": "main", "accepted": "bye", "refused": "busy"}
    tax = project("tax", TAX, nodes={"notice": ask})
    async with Site(tmp_path, replace(small_centre(), projects={"tax": tax})) as site:
        site.centre.feed(CallArrived("A", TAX, "0901234567"))
        [owed] = (await site.get("op1", "callbacks"))["callbacks"]
        assert (owed["number"], owed["queue"], owed["state"]) == ("090123****", "tax/main", "waiting")
        [owed] = (await site.get("ld", "callbacks"))["callbacks"]
        assert owed["number"] == "0901234567"
        path = f"callbacks/{owed['callback']}"
        assert (await site.ask("op1", "DELETE", path))[0] == 403
        status, told = await site.ask("sw", "DELETE", path)
        assert status == 404
        nowhere = (await site.ask("sw", "DELETE", "callbacks/b9"))[1]["error"]
        assert told["error"].replace(owed["callback"], "b9") == nowhere
        assert await site.ask("ld", "DELETE", path) == (200, {"subject": owed["callback"]})
        assert (await site.get("ld", "callbacks"))["callbacks"] == []
        assert (await site.ask("ld", "DELETE", path))[0] == 404
        [line] = site.centre.audited()
        assert (line["what"], line["callback"], line["project"]) == (
            "CallbackWithdrawn", owed["callback"], "tax",
        )  # fmt: skip


async def test_an_outbound_call(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        other = {"number": "0312345678", "project": "water"}
        assert (await site.refused("admin", "s1", "dial", other))[0] == 403  # the engine's own rule
        call = await site.do("op1", "s1", "dial", {"number": "0312345678", "project": "tax"})
        site.centre.picks_up("s1")
        site.centre.picks_up("0312345678")
        told = await site.get("op1", f"calls/{call}")
        assert (told["direction"], told["state"], told["caller"]) == ("out", "TALKING", "0312345678")
        assert (await site.get("op2", f"calls/{call}"))["caller"] == "031234****"
        assert (await site.refused("op1", "s1", "dial", {"number": "0312345678"})) == (409, "TALKING")
