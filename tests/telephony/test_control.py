from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from telephony.control import (
    Control,
    ControlError,
    ControlRefusedError,
    Reply,
    Request,
    _short,
    ask,
    control_socket,
)

pytestmark = pytest.mark.unit


async def echo(request: Request) -> Reply:
    return {"heard": request["text"]}


async def refuse(request: Request) -> Reply:
    raise ControlError("do it otherwise")


async def fail(request: Request) -> Reply:
    raise RuntimeError("a fault")


ROUTES = {"echo": echo, "refuse": refuse, "fail": fail}


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    deep = tmp_path.joinpath(
        *(["a long name of a folder"] * 6)
    )  # more than the address of a socket has room for
    return control_socket(deep)


@pytest.fixture
async def control(socket: Path) -> AsyncIterator[Control]:
    async with Control(socket, ROUTES) as control:
        yield control


async def asked(socket: Path, **request: Any) -> Reply | None:
    return await asyncio.to_thread(ask, socket, request)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leave_behind(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()


@pytest.mark.usefixtures("control")
async def test_a_question_is_answered(socket: Path) -> None:
    text = "電話" * 10_000
    assert await asked(socket, do="echo", text=text) == {"ok": True, "heard": text}


@pytest.mark.usefixtures("control")
async def test_only_the_user_of_the_service_may_ask(socket: Path) -> None:
    assert mode(socket) == 0o600


@pytest.mark.usefixtures("control")
@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"do": "refuse"}, "do it otherwise"),
        ({"do": "dance"}, r"cannot do that \(it knows: echo, fail, refuse\)"),
        ({}, "cannot do that"),
    ],
)
async def test_what_is_refused_is_told(socket: Path, request_: dict[str, str], told: str) -> None:
    with pytest.raises(ControlRefusedError, match=told):
        await asked(socket, **request_)


@pytest.mark.usefixtures("control")
async def test_a_fault_is_told_and_the_service_goes_on(
    socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ControlError, match=r"the service failed \(RuntimeError\)"):
        await asked(socket, do="fail")
    assert await asked(socket, do="echo", text="on") == {"ok": True, "heard": "on"}
    assert "a request at the control socket failed" in caplog.text


@pytest.mark.usefixtures("control")
@pytest.mark.parametrize("words", [b"\n", b"[]\n", b"no json\n", b"\xff\n", b'{"do": []}\n'])
async def test_nonsense_is_answered_too(socket: Path, words: bytes) -> None:
    with _short(socket) as short:
        reader, writer = await asyncio.open_unix_connection(short)
    writer.write(words)
    assert b"cannot do that" in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_where_no_service_runs_there_is_no_answer(socket: Path) -> None:
    assert await asked(socket, do="echo", text="") is None
    async with Control(socket, ROUTES):
        pass
    assert await asked(socket, do="echo", text="") is None


async def test_what_a_crash_has_left_is_no_service(socket: Path) -> None:
    leave_behind(socket)
    async with Control(socket, ROUTES):
        assert await asked(socket, do="echo", text="new") == {"ok": True, "heard": "new"}


@pytest.mark.usefixtures("control")
async def test_a_second_service_is_refused(socket: Path) -> None:
    with pytest.raises(ControlError, match="a service runs already"):
        async with Control(socket, ROUTES):
            pass
    assert await asked(socket, do="echo", text="first") == {"ok": True, "heard": "first"}


async def test_a_service_that_ends_before_its_answer_is_told(socket: Path) -> None:
    asked_now, never = asyncio.Event(), asyncio.Event()

    async def silent(request: Request) -> Reply:
        asked_now.set()
        await never.wait()
        return {}

    async with Control(socket, {"silent": silent}):
        question = asyncio.create_task(asked(socket, do="silent"))
        async with asyncio.timeout(10):
            await asked_now.wait()
    with pytest.raises(ControlError, match="before it had answered"):
        await question
