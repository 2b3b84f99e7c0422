"""The way from the command line to the running service: a Unix socket that only the service's own user may open.

One JSON object on one line asks (`{"do": "publish", ...}`), one answers: `{"ok": true, ...}`, or `{"ok": false,
"error": "what to do"}`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)

Request = Mapping[str, Any]
Reply = dict[str, Any]
Route = Callable[[Request], Awaitable[Reply]]

ANSWER_S = 60.0
"""So long the command line waits for an answer."""
_LONGEST = 1 << 20


class ControlError(Exception):
    """The service cannot be asked, or has refused; the message says what to do."""


def control_socket(var: Path) -> Path:
    """Where the socket of a service is; `var`: its `var_directory`."""
    return var / "run" / "control.sock"


class ControlRefusedError(ControlError):
    """The service has understood, and does not do it."""


class Control:
    """Answers while it is entered. `routes`: by the name after `do`; what they raise as ControlError is told.

    Raises ControlError where another service answers at this socket already.
    """

    def __init__(self, path: Path, routes: Mapping[str, Route]) -> None:
        self._path = path
        self._routes = routes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Control:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if await asyncio.to_thread(_somebody_answers, self._path):
            raise ControlError(f"a service runs already below {self._path.parent.parent}: end it first")
        self._path.unlink(missing_ok=True)
        with _short(self._path) as short:
            before = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._met, short, limit=_LONGEST)
            finally:
                os.umask(before)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self._path.unlink(missing_ok=True)
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError):
            log.warning("somebody left the control socket in the middle of a word")
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, line: bytes) -> Reply:
        try:
            request = json.loads(line)
            route = self._routes[request["do"]]
        except (ValueError, KeyError, TypeError):
            known = ", ".join(sorted(self._routes))
            return {
                "ok": False,
                "error": f"the running service cannot do that (it knows: {known}): restart it",
            }
        try:
            return {"ok": True, **await route(request)}
        except ControlError as error:
            return {"ok": False, "error": str(error)}
        except Exception as error:  # a fault of ours must not end the service, and is told to who asked
            log.exception("a request at the control socket failed")
            return {"ok": False, "error": f"the service failed ({type(error).__name__}); its log says more"}


def ask(path: Path, request: Request, seconds: float = ANSWER_S) -> Reply | None:
    """The answer of the running service, or None where none runs.

    Raises ControlError where it refuses, or is lost before it has answered.
    """
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        try:
            with _short(path) as short:
                line.connect(short)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except PermissionError:
            raise ControlError(f"{path} belongs to another user: use the one who runs the service") from None
        reply = _exchanged(line, request)
    if not reply["ok"]:
        raise ControlRefusedError(reply["error"])
    return reply


def _exchanged(line: socket.socket, request: Request) -> Reply:
    try:
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as stream:
            return dict(json.loads(stream.readline()))
    except (OSError, ValueError):
        raise ControlError(
            "the service ended, or was silent for too long, before it had answered: look at its log"
        ) from None


def _somebody_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line, _short(path) as short:
        line.settimeout(1.0)
        try:
            line.connect(short)
        except OSError:
            return False
        return True


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """The same file under a short name: the address of a socket has room for 107 bytes only."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
