"""Where the API listens, whom it knows, and what it says to what it does not understand."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from calls.command import Command
from calls.event import Event
from calls.journal import Entry
from calls.notes import NoteAnswered
from calls.requests import HoldAsked
from engine.centre import Person
from supervisor.api.asks import Asks
from supervisor.api.errors import ApiError, RefusedError
from supervisor.api.routes import ROUTES
from supervisor.api.server import Api
from supervisor.api.tokens import Tokens
from supervisor.api.work import Route
from supervisor.board import Change
from tests.engine.city import WATER
from tests.supervisor.api_office import Centrale, Site, small_centre

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "localhost", ""])
def test_it_listens_on_this_machine_alone(tmp_path: Path, host: str) -> None:
    centre = Centrale(tmp_path)
    with pytest.raises(ApiError, match="speaks to this machine alone"):
        Api(centre.office, centre.live, 0, host)


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ApiError, match=r"choose another for `ports\.api`"):
            await Api(centre.office, centre.live, taken.getsockname()[1]).__aenter__()


def test_the_tokens_are_files_for_us_alone_and_stay(tmp_path: Path) -> None:
    Tokens(tmp_path, ["op1"])
    files = {path.name: path.read_text() for path in (tmp_path / "api").iterdir()}
    assert sorted(files) == ["admin", "op1"]
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "api").iterdir()} == {0o600}
    tokens = Tokens(tmp_path, ["op1"])
    assert [tokens.owner(text.strip()) for _, text in sorted(files.items())] == ["admin", "op1"]
    assert [tokens.owner(text) for text in ("", "x", "日本")] == [None, None, None]


def test_tokens_that_are_no_good(tmp_path: Path) -> None:
    Tokens(tmp_path, ["op1"])
    (tmp_path / "api/op1").chmod(0o644)
    with pytest.raises(ApiError, match="chmod 600"):
        Tokens(tmp_path, ["op1"])
    (tmp_path / "api/op1").chmod(0o600)
    (tmp_path / "api/op1").write_text("two words\n")
    with pytest.raises(ApiError, match="holds no usable password"):
        Tokens(tmp_path, ["op1"])
    with pytest.raises(ApiError, match=r"rename it in people\.yaml"):
        Tokens(tmp_path, ["admin"])


async def test_nothing_without_a_token(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        for route in ROUTES:
            status, told = await site.ask("", route.method, some(route))
            assert (status, "Authorization: Bearer" in told["error"]) == (401, True), route.name


def some(route: Route) -> str:
    """A path of a route, about something that need not be there."""
    return re.sub(r"\{\w+\}", "some", route.path).removeprefix("/v1/")


async def test_a_wrong_token_and_somebody_who_is_gone(tmp_path: Path) -> None:
    async with Site(tmp_path) as site, aiohttp.ClientSession(site.api.url) as client:
        for token in ("Bearer nonsense", "Basic " + site.token("op1"), "Bearer"):
            async with client.get("/v1/me", headers={"Authorization": token}) as reply:
                assert reply.status == 401
                assert reply.headers["WWW-Authenticate"] == "Bearer"
        person = Person("op1", "101")
        floor = site.centre.engine.floor
        floor.centre = replace(floor.centre, people={"x": person})
        assert (await site.get("op1", "me"))["projects"] == []
        assert (await site.get("op1", "calls"))["calls"] == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"nobody": 1}', b"\xff", b'"x"'])
async def test_malformed_bodies(tmp_path: Path, body: bytes) -> None:
    async with Site(tmp_path) as site:
        for route in ROUTES:
            status, told = await site.ask("admin", route.method, some(route), body)
            assert status == 400, route.name
            assert "write for example {" in told["error"] or "send no body, or {}" in told["error"]


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("seats/s1/break", {}, "required field `reason`"),
        ("seats/s1/break", {"reason": ""}, "length >= 1"),
        ("seats/s1/break", {"reason": "x" * 201}, "length <= 200"),
        ("seats/s1/break", {"reason": 5}, "Expected `str`"),
        ("seats/s1/transfer", {"kind": "moon", "target": "1"}, "Invalid enum value 'moon'"),
        ("seats/s1/transfer", {"kind": "seat", "target": ""}, "length >= 1"),
        ("seats/s1/dial", {"number": "12a"}, "matching regex"),
        ("seats/s1/ear", {"mode": "spy"}, "Invalid enum value 'spy'"),
        ("projects/tax/override", {"kind": "closed", "until": "soon", "reason": "x"}, "'soon' is no time"),
        ("projects/tax/override", {"kind": "closed", "reason": "x"}, "until when?"),
        ("projects/tax/override", {"kind": "shut"}, "Invalid enum value 'shut'"),
    ],
)
async def test_what_to_write_instead(tmp_path: Path, path: str, body: object, told: str) -> None:
    async with Site(tmp_path) as site:
        status, answer = await site.ask("admin", "POST", path, body)
        assert (status, told in answer["error"]) == (400, True), answer


async def test_a_body_that_is_not_what_its_header_says(tmp_path: Path) -> None:
    async with Site(tmp_path) as site, aiohttp.ClientSession(site.api.url) as client:
        head = {"Authorization": f"Bearer {site.token('admin')}", "Content-Encoding": "gzip"}
        async with client.post("/v1/seats/s1/hold", data=b"{}", headers=head) as reply:
            assert (reply.status, "send plain JSON" in (await reply.json())["error"]) == (400, True)


async def test_paths_methods_and_sizes_that_are_wrong(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        assert (await site.ask("admin", "GET", "seat"))[0] == 404
        assert (await site.ask("admin", "PUT", "seats/s1/hold"))[0] == 405
        assert (await site.ask("admin", "POST", "seats/s1/hold", b" " * 20_000))[0] == 413


async def test_a_fault_of_ours_is_told_and_the_next_request_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Site(tmp_path) as site:
        monkeypatch.setattr(site.centre.orders, "status", lambda: 1 / 0)
        status, told = await site.ask("admin", "GET", "projects")
        assert (status, "ZeroDivisionError" in told["error"]) == (500, True)
        assert await site.get("admin", "seats")


def test_a_fault_in_the_picture_does_not_reach_the_calls(tmp_path: Path) -> None:
    centre = Centrale(tmp_path)

    def fails(entry: Entry, changes: list[Change]) -> None:
        raise ZeroDivisionError

    centre.live.listen(fails)
    centre.waits("A", WATER)
    assert len(centre.live.board.calls) == 1


async def test_an_engine_that_does_not_answer() -> None:
    asks = Asks(lambda event: None, seconds=0)
    with pytest.raises(RefusedError) as refused:
        await asks.put(HoldAsked(seat="s1"), "op1")
    assert refused.value.status == 504


async def test_an_answer_that_comes_when_the_step_in_hand_is_over() -> None:
    def feed(event: Event) -> None:
        assert isinstance(event, HoldAsked)
        answers: list[Command] = [NoteAnswered("another", "c0"), NoteAnswered(event.ask, "c1")]
        asyncio.get_running_loop().call_soon(asks.observe, Entry(1, 1.0, event, answers))

    asks = Asks(feed)
    assert await asks.put(HoldAsked(seat="s1"), "op1") == "c1"


async def test_stopping_says_good_bye_to_who_listens(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        listening = await site.listen("op1")
        await listening.frame()
        async with asyncio.timeout(10):
            await site.api.__aexit__(None, None, None)
            message = await listening.socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)


async def test_two_people_with_the_same_rights_are_still_two(tmp_path: Path) -> None:
    async with Site(tmp_path, small_centre()) as site:
        assert (await site.get("op1", "me"))["person"] == "op1"
        assert (await site.get("op2", "me"))["person"] == "op2"
        assert (await site.get("admin", "me"))["role"] == "admin"
