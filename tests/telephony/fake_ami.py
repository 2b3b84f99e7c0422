"""A small AMI: login, and answers to the actions that we use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telephony.ami import AmiSettings
from telephony.backoff import Backoff

USER, SECRET = "denwaban", "right"


class FakeAmi:
    """`contacts`: rows of (endpoint, uri, status). `mute`: takes actions, answers none."""

    def __init__(self) -> None:
        self.contacts: list[tuple[str, str, str]] = []
        self.refused: dict[str, str] = {}
        self.actions: list[dict[str, str]] = []
        self.mute = False
        self.logins = 0
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Condition()

    async def until(self, what: Any) -> None:
        """Wait for `what()` to become true."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(what)

    def named(self, action: str) -> list[dict[str, str]]:
        return [entry for entry in self.actions if entry["Action"] == action]

    def emit(self, event: str, **fields: str) -> None:
        for writer in self._writers:
            self._put(writer, {"Event": event, **fields})

    def drop(self) -> None:
        """Cut every connection, as a crash does."""
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        writer.write(b"Asterisk Call Manager/11.0.0\r\n")
        try:
            while True:
                await self._take(writer, await reader.readuntil(b"\r\n\r\n"))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _take(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        pairs = [line.partition(": ") for line in data.decode().split("\r\n")]
        action = {name: value for name, colon, value in pairs if colon}
        self.actions.append(action)
        if not self.mute:
            self._answer(writer, action)
        async with self._changed:
            self._changed.notify_all()

    def _answer(self, writer: asyncio.StreamWriter, action: dict[str, str]) -> None:
        name, reference = action["Action"], {"ActionID": action["ActionID"]}
        if name == "Login" and (action["Username"], action["Secret"]) != (USER, SECRET):
            self._put(writer, {"Response": "Error", **reference, "Message": "Authentication failed"})
        elif name == "PJSIPShowContacts":
            self._list(writer, reference)
        elif name in self.refused:
            self._put(writer, {"Response": "Error", **reference, "Message": self.refused[name]})
        else:
            self.logins += name == "Login"
            self._put(writer, {"Response": "Success", **reference})

    def _list(self, writer: asyncio.StreamWriter, reference: dict[str, str]) -> None:
        if not self.contacts:  # this is what Asterisk does
            self._put(writer, {"Response": "Error", **reference, "Message": "No Contacts found"})
            return
        self._put(
            writer, {"Response": "Success", **reference, "EventList": "start", "Message": "will follow"}
        )
        for endpoint, uri, status in self.contacts:
            row = {"Event": "ContactList", **reference, "Endpoint": endpoint, "Uri": uri, "Status": status}
            self._put(writer, row)
        self._put(writer, {"Event": "ContactListComplete", **reference, "EventList": "Complete"})

    def _put(self, writer: asyncio.StreamWriter, fields: dict[str, str]) -> None:
        writer.write("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode() + b"\r\n")


@asynccontextmanager
async def fake_ami() -> AsyncIterator[FakeAmi]:
    """A FakeAmi that listens on a free port."""
    fake = FakeAmi()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.drop()
        server.close()
        await server.wait_closed()


def settings(port: int, **changes: Any) -> AmiSettings:
    """Impatient settings for tests; the back-off has no chance in it."""
    fields: dict[str, Any] = {
        "username": USER,
        "secret": SECRET,
        "port": port,
        "backoff": Backoff(first=0.01, jitter=lambda: 0.0),
    }
    return AmiSettings(**(fields | changes))
