"""What a service of ours asks for its own users: with their rights, under their names, for their reasons."""

from __future__ import annotations

import contextlib
import json
import urllib.parse
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from calls.requests import SeatPaused
from supervisor.api.errors import RefusedError
from supervisor.api.on_behalf import EXAMPLE, HEADER, acting
from supervisor.api.rights import ADMINISTRATOR, Who
from tests.supervisor.api_office import Site, lent, tomorrow

pytestmark = pytest.mark.unit

OKA = {"id": "oka", "name": "岡", "projects": ["tax"], "supervises": ["tax"], "why": "苦情の対応"}
LOOKS_ON = {"id": "miru", "projects": ["tax"]}


def who(*values: str, of: Who = ADMINISTRATOR) -> Who:
    """Who asks with these headers."""
    headers = CIMultiDict((HEADER.lower(), value) for value in values)
    return acting(of, CIMultiDictProxy(headers)).who


def test_who_asks() -> None:
    tax = frozenset({"tax"})
    assert who() == ADMINISTRATOR
    assert who(lent(OKA)) == Who("oka", "岡", "supervisor", tax, tax, lent=True)
    assert who(lent(LOOKS_ON)) == Who("miru", "", "operator", tax, lent=True)
    assert who(lent({"id": "x"})) == Who("x", lent=True)
    assert not who(lent(OKA)).admin
    assert who(urllib.parse.quote(EXAMPLE)).id == "supervisor191"


def test_nobody_else_lends_rights() -> None:
    with pytest.raises(RefusedError, match="leave it out") as refused:
        who(lent(OKA), of=Who("sw", role="supervisor", supervises=frozenset({"water"})))
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "value",
    [
        "",
        "oka",
        "%7B",
        "%ff",
        "日本",
        "[]",
        lent({}),
        lent({"id": ""}),
        lent({"id": "admin"}),
        lent({"id": "seat:desk"}),
        lent({"id": "two words"}),
        lent({"id": "oka\n"}),
        lent({"id": 5}),
        lent({"id": "x" * 81}),
        lent({"id": "oka", "role": "admin"}),
        lent({"id": "oka", "projects": "tax"}),
        lent({"id": "oka", "supervises": [""]}),
        lent({"id": "oka", "why": "one\ntwo"}),
        lent({"id": "oka", "why": "x" * 201}),
    ],
)
def test_what_cannot_be_read(value: str) -> None:
    with pytest.raises(RefusedError, match=HEADER) as refused:
        who(value)
    assert refused.value.status == 400


def test_it_stands_there_once() -> None:
    with pytest.raises(RefusedError, match="send it once") as refused:
        who(lent(OKA), lent(LOOKS_ON))
    assert refused.value.status == 400


@given(st.text(max_size=60))
def test_whatever_stands_there_it_makes_nobody_the_administrator(text: str) -> None:
    for value in (text, urllib.parse.quote(text), lent({"id": text})):
        with contextlib.suppress(RefusedError):
            found = who(value)
            assert found.lent
            assert not found.admin
            assert found.id != "admin"


@pytest.mark.parametrize(("value", "status"), [(OKA, 403), ("oka", 403), (None, 200)])
async def test_a_person_with_his_own_token(tmp_path: Path, value: Any, status: int) -> None:
    async with Site(tmp_path) as site:
        assert (await site.ask("ld", "GET", "me", lends=value))[0] == status
        if status == 403:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await site.listen("ld", value)
            assert refused.value.status == 403


async def test_he_is_told_and_may_do_what_the_rights_say_and_no_more(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        me = (await site.ask("admin", "GET", "me", lends=OKA))[1]
        assert (me["person"], me["name"], me["role"]) == ("oka", "岡", "supervisor")
        assert (me["projects"], me["supervises"], me["seats"]) == (["tax"], ["tax"], [])
        told = (await site.ask("admin", "GET", "projects", lends=OKA))[1]
        assert [project["project"] for project in told["projects"]] == ["tax"]
        for lends, path, status in (
            ({"id": "op1"}, "seats/s1/logout", 403),  # his own seat, but none of his projects
            (OKA, "seats/s1/logout", 200),
            (OKA, "seats/w1/logout", 404),
            (LOOKS_ON, "seats/s1/logout", 403),
            (LOOKS_ON, "seats/w1/logout", 404),
        ):
            assert (await site.ask("admin", "POST", path, lends=lends))[0] == status, (lends, path)


async def test_it_stands_under_his_name_with_his_reason(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        assert (await site.ask("admin", "POST", "seats/s1/break", {"reason": "会議"}, OKA))[0] == 200
        asked = site.centre.fed[-1]
        assert isinstance(asked, SeatPaused)
        assert (asked.by, asked.reason) == ("oka", "会議")
        order = {"kind": "closed", "until": tomorrow(), "reason": "大雪"}
        assert (await site.ask("admin", "POST", "projects/tax/override", order, OKA))[0] == 200
        assert (await site.ask("admin", "POST", "projects/tax/override", {"kind": "none"}, OKA))[0] == 200
        assert [(line["what"], line["by"], line["why"]) for line in site.centre.audited()] == [
            ("SeatPaused", "oka", "苦情の対応"),
            ("override", "oka", "大雪"),
            ("override", "oka", "苦情の対応"),
        ]


async def test_a_reason_is_noted_for_his_own_seat_too(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        himself = {"id": "op1", "projects": ["tax"], "why": "昼食"}
        assert (await site.ask("admin", "POST", "seats/s1/break", {"reason": "昼"}, himself))[0] == 200
        assert site.centre.audited() == [
            {"what": "SeatPaused", "by": "op1", "why": "昼食", "seat": "s1", "call": ""}
        ]


async def test_the_ear_with_a_reason(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        call = site.centre.talks("A", "s1")
        for body in ({"mode": "listen", "target": "s1"}, {"mode": "whisper"}):
            told = await site.ask("admin", "POST", "seats/desk/ear", body, OKA)
            assert told == (200, {"subject": call})
            site.centre.picks_up("desk")
        assert (await site.ask("admin", "DELETE", "seats/desk/ear", lends=OKA))[0] == 200
        heard = {"by": "oka", "why": "苦情の対応", "project": "tax", "call": call, "seat": "desk"}
        assert site.centre.audited() == [
            {"what": "EarAsked", **heard, "mode": "listen"},
            {"what": "EarAsked", **heard, "mode": "whisper"},
            {"what": "EarClosed", **heard, "mode": "ended"},
        ]


async def test_a_reason_that_cannot_be_noted(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        site.centre.audit.path.mkdir(parents=True)
        before = len(site.centre.fed)
        for method, path, body in (
            ("POST", "seats/desk/ear", {"mode": "listen", "target": "s1"}),
            ("POST", "seats/s1/break", {"reason": "会議"}),
        ):
            assert (await site.ask("admin", method, path, body, OKA))[0] == 503
        assert len(site.centre.fed) == before
        without = {key: value for key, value in OKA.items() if key != "why"}
        body = {"mode": "listen", "target": "s1"}
        assert (await site.ask("admin", "POST", "seats/desk/ear", body, without))[0] == 200


async def test_who_is_nobody_of_the_configuration_leaves_a_seat_to_nobody_in_particular(
    tmp_path: Path,
) -> None:
    async with Site(tmp_path) as site:
        sees_both = {"id": "oka", "supervises": ["tax", "water"]}
        await site.do("admin", "w1", "logout")
        assert (await site.ask("admin", "POST", "seats/w1/login", {}, sees_both))[0] == 200
        assert (await site.get("admin", "seats/w1"))["operator"] == ""
        status, _ = await site.ask("admin", "POST", "seats/s2/login", {"operator": "op2"}, sees_both)
        assert (status, (await site.get("admin", "seats/s2"))["operator"]) == (200, "op2")


async def test_his_stream(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        listening = await site.listen("admin", OKA)
        shot = await listening.frame()
        assert (shot["me"]["person"], [one["project"] for one in shot["projects"]]) == ("oka", ["tax"])
        site.centre.waits("W", "0488001111")
        call = site.centre.talks("A", "s1")
        seen = await listening.until("call", call=call, state="TALKING")
        assert seen[-1]["call"]["caller"] == "0901234567"
        assert "water" not in json.dumps(seen)


@pytest.mark.parametrize("kind", ["transfer", "consult"])
async def test_a_caller_is_given_to_seats_that_he_sees(tmp_path: Path, kind: str) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        site.centre.talks("A", "s1")
        told = [
            await site.ask("admin", "POST", f"seats/s1/{kind}", {"kind": "seat", "target": target}, OKA)
            for target in ("w1", "w9")
        ]
        assert [status for status, _ in told] == [404, 404]
        assert told[0][1]["error"].replace("w1", "w9") == told[1][1]["error"]
        assert (await site.ask("admin", "POST", f"seats/s1/{kind}", {"kind": "seat", "target": "s2"}, OKA))[
            0
        ] == 409


async def test_at_his_own_seat_he_calls_for_no_project_but_these(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        body = {"number": "0312345678", "project": "tax"}
        told = await site.ask("admin", "POST", "seats/s1/dial", body, {"id": "op1", "projects": ["water"]})
        assert told == (404, {"error": "there is no project 'tax'; GET /v1/projects tells which there are"})
        himself = {"id": "op1", "projects": ["tax"]}
        assert (await site.ask("admin", "POST", "seats/s1/dial", body, himself))[0] == 200
