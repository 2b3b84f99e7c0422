"""AMI by panoramisk: stereo recording, registrations, and the quality of the voice.

panoramisk speaks the protocol. Supervision is ours: its own reconnect cannot be stopped, sends old actions
again, and leaves their callers waiting for ever. So each connection gets a `Manager` of its own; when it is
lost, every outstanding action fails.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from panoramisk import Manager
from panoramisk.message import Message

from telephony.backoff import Backoff
from telephony.contacts import Contacts, OnContact
from telephony.rtcp import Quality, QualityFold

log = logging.getLogger(__name__)

_EVENTS = "system,reporting"  # classes: contacts and RTCP; nothing of calls
# A build with the test framework (Debian's is one) sends several TestEvents for every packet of SIP.
_FILTER = "Event: (ContactStatus|RTCPReceived|RTCPSent)"
_MOST_FOLDS = 10_000
_NEVER_S = 10**8  # panoramisk's own ping notices nothing; ours does

OnRtcp = Callable[[Mapping[str, str]], None]


class AmiError(Exception):
    """AMI is not there, refused us or an action, or went away; the message says what to do."""


@dataclass(frozen=True)
class AmiSettings:
    """Where AMI is and who we are. Times in seconds."""

    username: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 5038
    ping_interval: float = 5.0
    dead_after: float = 10.0
    connect_timeout: float = 5.0
    max_outstanding: int = 1_000
    backoff: Backoff = field(default_factory=Backoff)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


class Ami:
    """One supervised connection. Callbacks are plain functions, called in the loop; they must not block."""

    def __init__(self, settings: AmiSettings) -> None:
        self.settings = settings
        self._manager: _Manager | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._pending: set[asyncio.Future[Any]] = set()
        self._on_contact: list[OnContact] = []
        self._on_rtcp: list[OnRtcp] = []
        self._on_connected: list[Callable[[], None]] = []
        self._on_disconnected: list[Callable[[str], None]] = []
        self._contacts = Contacts(self._report_contact)
        self._folds: dict[str, QualityFold] = {}

    async def connect(self) -> None:
        """Connect, log in, report who is registered, and stay connected until `close`. Raises AmiError."""
        try:
            await self._open()
        except BaseException:
            self._drop("closed")
            raise
        self._supervisor = asyncio.create_task(self._supervise())

    async def close(self) -> None:
        """Disconnect for good; outstanding actions fail."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None
        self._drop("closed")

    async def __aenter__(self) -> Ami:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def connected(self) -> bool:
        manager = self._manager if self._supervisor is not None else None
        return manager is not None and manager.authenticated and not manager.lost.done()

    def on_contact(self, callback: OnContact) -> None:
        """Call `callback(endpoint, reachable)` for each that can be reached at connect, then for what changes."""
        self._on_contact.append(callback)

    def believe(self, endpoints: Iterable[str]) -> None:
        """These can be reached, and no others: reported at the next connect is what has changed since."""
        self._contacts.believe(endpoints)

    def on_connected(self, hook: Callable[[], None]) -> None:
        """Call it after each connect but the first."""
        self._on_connected.append(hook)

    def on_rtcp(self, callback: OnRtcp) -> None:
        """Call `callback(headers)` with each RTCPSent and RTCPReceived."""
        self._on_rtcp.append(callback)

    def on_disconnected(self, hook: Callable[[str], None]) -> None:
        """Call `hook(reason)` after each loss; outstanding actions have failed by then."""
        self._on_disconnected.append(hook)

    async def mix_monitor(self, channel: str, file: str, options: str = "D") -> None:
        """Record `channel` (name or id) into `file` from now until it ends, in bridges and outside of them.

        Option `D` writes two channels, interleaved, 16 bit, without a header; Asterisk wants `.raw` for it.
        Missing folders are made. Raises AmiError.
        """
        await self.action("MixMonitor", Channel=channel, File=file, Options=options)

    async def stop_mix_monitor(self, channel: str) -> None:
        """Stop one MixMonitor of the channel, the newest. Raises AmiError, also if it has none."""
        await self.action("StopMixMonitor", Channel=channel)

    def quality(self, channel_id: str) -> Quality | None:
        """What the RTCP reports of this channel say so far; None before the first one."""
        fold = self._folds.get(channel_id)
        return fold.quality() if fold else None

    def forget_quality(self, channel_id: str) -> Quality | None:
        """The same, once the channel has ended; what was kept for it is dropped."""
        fold = self._folds.pop(channel_id, None)
        return fold.quality() if fold else None

    async def action(self, name: str, **headers: str) -> Message:
        """Send one action and wait for its response. Raises AmiError if refused or disconnected."""
        response = await self._send(name, headers)
        if not response.success:
            raise AmiError(f"Asterisk refused AMI action {name}: {response.message}")
        return response

    async def listing(self, name: str, row: str, **headers: str) -> list[Message]:
        """Ask for a list: its events of the kind `row`; none where Asterisk has nothing to list. Raises AmiError."""
        messages = await self._send(name, headers)
        return [one for one in messages if one.event == row] if isinstance(messages, list) else []

    async def _send(self, name: str, headers: dict[str, str]) -> Any:
        if any("\r" in text or "\n" in text for text in headers.values()):
            raise AmiError(f"AMI action {name}: a value with a line break would be another header")
        if self._manager is None:
            raise AmiError(f"not connected to AMI at {self.settings.address}")
        if len(self._pending) >= self.settings.max_outstanding:
            raise AmiError(
                f"{len(self._pending)} AMI actions wait for their answers: Asterisk does not keep up;"
                " lower the call rate or raise AmiSettings.max_outstanding"
            )
        future = self._manager.send_action({"Action": name, **headers})
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        return await future

    async def _open(self) -> None:
        manager = self._manager = _Manager(self.settings)
        manager.lost.add_done_callback(lambda _: self._fail_pending("Asterisk closed the connection"))
        try:
            async with asyncio.timeout(self.settings.connect_timeout):
                await _log_in(manager, self.settings)
                manager.register_event("ContactStatus", self._take_contact)
                manager.register_event("RTCP*", self._take_rtcp)
                await self.action("Filter", Operation="Add", Filter=_FILTER)
                await self._read_contacts()
        except TimeoutError:
            raise AmiError(f"AMI at {self.settings.address} takes connections but does not answer") from None

    async def _read_contacts(self) -> None:
        self._contacts.expect_list()
        rows = await self.listing(
            "PJSIPShowContacts", "ContactList"
        )  # an Error, no list, when there are none
        self._contacts.replace([(row.endpoint, row.uri, row.status) for row in rows])

    async def _supervise(self) -> None:
        while True:
            assert self._manager is not None
            reason = await self._watch(self._manager)
            log.warning("AMI connection to %s lost: %s", self.settings.address, reason)
            self._drop(reason)
            for hook in self._on_disconnected:
                _call_safely(hook, reason)
            await self._reconnect()
            for again in self._on_connected:
                _call_safely(again)

    async def _watch(self, manager: _Manager) -> str:
        """Until the connection is lost; the reason."""
        while True:
            done, _ = await asyncio.wait({manager.lost}, timeout=self.settings.ping_interval)
            if done:
                return "Asterisk closed the connection"
            ping = manager.send_action({"Action": "Ping"})
            await asyncio.wait(
                {manager.lost, ping}, timeout=self.settings.dead_after, return_when=asyncio.FIRST_COMPLETED
            )
            if not ping.done() and not manager.lost.done():
                return f"no answer to a ping for {self.settings.dead_after:g} s"

    async def _reconnect(self) -> None:
        while True:
            await asyncio.sleep(self.settings.backoff.next())
            try:
                await self._open()
            except AmiError as error:
                self._drop("not connected")
                log.warning("%s", error)
            else:
                self.settings.backoff.reset()
                return

    def _drop(self, reason: str) -> None:
        manager, self._manager = self._manager, None
        if manager is not None:
            manager.close()
        self._fail_pending(reason)

    def _fail_pending(self, reason: str) -> None:
        for future in [one for one in self._pending if not one.done()]:
            future.set_exception(AmiError(f"AMI connection lost: {reason}"))

    def _take_contact(self, _: Manager, event: Message) -> None:
        _call_safely(self._contacts.take, event.endpointname, event.uri, event.contactstatus)

    def _take_rtcp(self, _: Manager, event: Message) -> None:
        fold = self._folds.setdefault(event.uniqueid, QualityFold())
        for callback in (fold.add, *self._on_rtcp):
            _call_safely(callback, event)
        if len(self._folds) > _MOST_FOLDS:  # somebody forgets to forget: drop the oldest
            del self._folds[next(iter(self._folds))]

    def _report_contact(self, endpoint: str, reachable: bool) -> None:
        for callback in self._on_contact:
            _call_safely(callback, endpoint, reachable)


class _Manager(Manager):
    """panoramisk's manager without its reconnect; `lost` is done when the connection is gone."""

    def __init__(self, settings: AmiSettings) -> None:
        # Its logger shows whole messages with telephone numbers at DEBUG and actions at INFO: keep both out.
        quiet = logging.getLogger(f"{__name__}.panoramisk")
        quiet.setLevel(logging.ERROR)
        super().__init__(
            host=settings.host,
            port=settings.port,
            username=settings.username,
            secret=settings.secret,
            events=_EVENTS,
            ping_delay=_NEVER_S,
            ping_interval=_NEVER_S,
            loop=asyncio.get_running_loop(),
            log=quiet,
        )
        logging.getLogger("panoramisk").setLevel(logging.ERROR)
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, f: asyncio.Future[Any]) -> None:
        if not f.cancelled() and f.exception() is None:
            super().connection_made(f)

    def connection_lost(self, exc: object) -> None:
        if not self.lost.done():
            self.lost.set_result(None)


async def _log_in(manager: _Manager, settings: AmiSettings) -> None:
    try:
        await manager.connect()
    except OSError as error:
        raise AmiError(
            f"no AMI at {settings.address} ({type(error).__name__}): is Asterisk running, and does its"
            f" manager.conf have `enabled = yes` and port {settings.port}?"
        ) from None
    answered = manager.authenticated_future
    await asyncio.wait({answered, manager.lost}, return_when=asyncio.FIRST_COMPLETED)
    if answered.done() and answered.result().success:
        return
    raise AmiError(
        f"AMI at {settings.address} refused user {settings.username!r}: set AmiSettings.username and"
        f" AmiSettings.secret to those of section [{settings.username}] in Asterisk's manager.conf"
    )


def _call_safely(callback: Callable[..., None], *args: object) -> None:
    try:
        callback(*args)
    except Exception:
        log.exception("a callback of AMI events failed: %s", getattr(callback, "__qualname__", "?"))
