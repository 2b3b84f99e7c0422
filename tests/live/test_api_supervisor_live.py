"""A supervisor's day by API: callbacks, the ear, closing a project; and the program itself answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from sim.live import phone_sip as sip
from tests.live.api_house import TAX, House, api_house, course, until_gone, write_config
from tests.live.centre import NUMBER, ROOT
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

SECOND = "0488302222"
FIRST, OTHER, DESK = "seat01", "seat02", "desk01"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with api_house(tmp_path_factory.mktemp("api")) as one:
        yield one


# ---- callbacks


async def promised(house: House) -> str:
    """Somebody waits, presses 1 and is promised a callback; its id."""
    async with house.caller(SECOND) as caller:
        his = await caller.dial(NUMBER)
        await house.call_in(State.QUEUED, SECOND)
        await his.up.wait()
        await his.audio.press("1")
        await his.end()
    await house.seen.until(
        lambda: SECOND not in {c.caller for c in house.engine.floor.calls.values() if c.leg}
    )
    [callback] = (await house.get("leader181", "callbacks"))["callbacks"]
    assert (callback["number"], callback["place"], callback["state"]) == (SECOND, 1, "waiting")
    return str(callback["callback"])


async def test_somebody_is_called_back(house: House) -> None:
    operator, party = house.at(FIRST), house.outside(SECOND)
    screen = await house.listen("leader181")
    async with house.people(op101=operator), house.caller() as caller, party:
        his, _, _ = await house.talks(caller, operator)
        callback = await promised(house)
        [seen] = (await house.get("op101", "callbacks"))["callbacks"]
        assert seen["number"] == SECOND[:-4] + "****"
        await caller.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
        hers, theirs = await operator.rung(2), await party.rung()
        assert f"sip:{NUMBER}@" in sip.header(theirs.invite, "From")
        await all_hear((hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        await party.hang_up(theirs)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
        changes = await until_gone(screen, "callback", callback)
    assert course(changes, "callback", callback, "state", "tries") == [
        ("waiting", 0),
        ("ringing", 1),
        "gone",
    ]


async def test_who_calls_again_takes_the_place_of_his_callback(house: House) -> None:
    operator = house.at(FIRST)
    screen = await house.listen("leader181")
    async with house.people(op101=operator), house.caller() as first, house.caller(SECOND) as second:
        his, _, _ = await house.talks(first, operator)
        callback = await promised(house)
        again = await second.dial(NUMBER)
        changes = await until_gone(screen, "callback", callback)
        [waiting] = [
            call for call in (await house.get("op101", "calls"))["calls"] if call["state"] == "QUEUED"
        ]
        assert waiting["direction"] == "in"
        await second.hang_up(again)
        await first.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
    assert course(changes, "callback", callback, "state", "tries") == [("waiting", 0), "gone"]


async def test_a_callback_is_withdrawn(house: House) -> None:
    operator = house.at(FIRST)
    async with house.people(op101=operator), house.caller() as caller:
        his, _, _ = await house.talks(caller, operator)
        callback = await promised(house)
        for person, status in (("op101", 403), ("supervisor191", 404)):
            assert (await house.asks(person, "DELETE", f"callbacks/{callback}"))[0] == status
        assert (await house.asks("leader181", "DELETE", f"callbacks/{callback}"))[0] == 200
        assert (await house.asks("leader181", "DELETE", f"callbacks/{callback}"))[0] == 404
        assert (await house.get("leader181", "callbacks"))["callbacks"] == []
        await caller.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
        await house.floor.until_seat(FIRST, SeatState.READY)
    assert house.audited()[-1] == ("leader181", "CallbackWithdrawn", "")


# ---- the supervisor's ear


async def test_a_supervisor_from_listening_to_taking_over(house: House) -> None:
    operator, desk = house.at(FIRST), house.at(DESK)
    before = len(house.audited())
    async with house.people(op101=operator, leader181=desk), house.caller() as caller:
        screen, hers_screen = await house.listen("leader181"), await house.listen("op101")
        his, hers, call = await house.talks(caller, operator)
        await house.does("leader181", DESK, "ear", mode="listen", target=FIRST)
        ear = await desk.rung()
        await all_hear((ear, {CALLER_HZ, OPERATOR_HZ}), (his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await house.does("leader181", DESK, "ear", mode="whisper")
        await all_hear((hers, {CALLER_HZ, THIRD_HZ}), (his, {OPERATOR_HZ}), (ear, {CALLER_HZ, OPERATOR_HZ}))
        await house.does("leader181", DESK, "ear", mode="barge")
        await all_hear((his, {OPERATOR_HZ, THIRD_HZ}), (hers, {CALLER_HZ, THIRD_HZ}))
        [told] = (await house.get("leader181", "ears"))["ears"]
        assert (told["by"], told["heard"], told["mode"]) == ("leader181", FIRST, "barge")
        assert (await house.get("op101", "ears"))["ears"] == []
        await house.does("leader181", DESK, "ear", mode="take_over")
        assert (await hers.end()).startswith("BYE")
        await all_hear((his, {THIRD_HZ}), (ear, {CALLER_HZ}))
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "wrapup/end")
        await caller.hang_up(his)
        await house.floor.until_seat(DESK, SeatState.WRAP_UP)
        await house.does("leader181", DESK, "wrapup/end")
        changes = await until_gone(screen, "call", call)
        seen = await until_gone(hers_screen, "call", call)
    modes = [change["ear"]["mode"] for change in changes if change["type"] == "ear"]
    assert modes == ["listen", "whisper", "barge"]
    assert not [change for change in seen if "ear" in (change["type"], change.get("kind"))]
    assert [line for line in house.audited()[before:] if line[2] == DESK] == [
        ("leader181", mode, DESK) for mode in ("listen", "whisper", "barge", "take_over")
    ]


async def test_nobody_hears_what_is_not_his(house: House) -> None:
    operator, colleague, desk = house.at(FIRST), house.at(OTHER), house.at(DESK)
    async with house.people(op101=operator, supervisor191=desk), house.caller() as caller:
        his, _, call = await house.talks(caller, operator)
        async with house.people(op102=colleague):
            before = len(house.audited())
            for target in (FIRST, call):
                for person, seat, status in (
                    ("supervisor191", DESK, 404), ("op102", OTHER, 403), ("leader181", DESK, 403),
                ):  # fmt: skip
                    told = await house.refused(person, seat, "ear", mode="listen", target=target)
                    assert told == (status, ""), person
            assert (await house.get("supervisor191", "calls"))["calls"] == []
            assert len(house.audited()) == before
            assert desk.talks == colleague.talks == []
            await caller.hang_up(his)
            await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
            await house.does("op101", FIRST, "ready")


# ---- the project


async def test_a_project_is_closed_at_once(house: House) -> None:
    operator = house.at(FIRST)
    until = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()
    order = {"kind": "closed", "until": until, "reason": "大雪"}
    screen = await house.listen("op101")
    assert (await house.asks("supervisor191", "POST", "projects/tax/override", order))[0] == 404
    status, told = await house.asks("leader181", "POST", "projects/tax/override", order)
    assert (status, told["stored"], told["project"]["open"]) == (200, True, False)
    await screen.until("project", project=TAX, open=False, by="leader181")
    async with house.people(op101=operator), house.caller() as caller:
        his = await caller.dial(NUMBER)
        call = await house.call_in(State.IVR)
        await his.end()
        assert (await house.record(call)).outcome == Outcome.CLOSED
        assert (await house.asks("leader181", "POST", "projects/tax/override", {"kind": "none"}))[0] == 200
        his, _, _ = await house.talks(caller, operator)
        await caller.hang_up(his)
        await house.floor.until_seat(FIRST, SeatState.WRAP_UP)
        await house.does("op101", FIRST, "ready")
    assert house.audited()[-2:] == [("leader181", "closed", ""), ("leader181", "none", "")]


# ---- the program


async def test_the_running_program_answers_as_the_readme_says(tmp_path: Path) -> None:
    config = write_config(tmp_path, 5060)
    port = json.loads((config / "site.yaml").read_text())["ports"]["api"]
    command = [str(ROOT / "denwaban.py"), "--config", str(config), "run"]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            told = b""
            while b"the API answers at" not in told:
                line = await process.stderr.readline()
                assert line, told.decode()
                told += line
            answers = await readme_example(tmp_path, port)
            process.send_signal(signal.SIGTERM)
            told += await process.stderr.read()
            assert await process.wait() == 0, told.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert b"taking calls" in told
    seats, *done, refused = answers
    assert [seat["seat"] for seat in seats["seats"]] == [FIRST, OTHER, "seat03", DESK, "desk02"]
    assert done == [{"subject": FIRST}] * 3
    assert refused["state"] == "LOGGED_OUT"  # its telephone is not there


async def readme_example(folder: Path, port: int) -> list[Any]:
    """What the API answers to the commands that stand in the README."""
    [example] = re.findall(
        r"```sh\n(api\(\).*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    shell = await asyncio.create_subprocess_exec(
        "bash", "-ec", example.replace("8090", str(port)), cwd=folder, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await shell.communicate()
    assert shell.returncode == 0
    return [json.loads(line) for line in printed.splitlines()]
