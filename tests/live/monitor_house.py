"""All of it as it is run: `denwaban run` with its monitor beside the engine, telephones around it, real browsers."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
from yarl import URL

from calls.commands import PlayGuidance
from calls.journal import Entry
from calls.lifecycle import State
from calls.notes import NoteArrived
from calls.record import CallRecord
from sim.live.telephone import Telephone
from store.audit import FILE, AuditLog
from store.database import Database
from store.journal_reader import read_journal, runs
from store.lock import Holder
from store.records import read_record
from supervisor.bench.chromium import chromium
from supervisor.bench.stage import Stage
from supervisor.bench.visitors import add_users
from supervisor.monitor.process import MonitorProcess
from telephony.awakening import LOCK
from telephony.site import Site
from telephony.stack import load_stack
from tests.browser import harness
from tests.live.centre import PATIENCE_S, ROOT
from tests.live.monitor_town import LEADER, SUPERVISOR, TAX, WATER, write_town
from tests.live.phone_office import CALLER, CALLER_HZ, FOURTH_HZ, OPERATOR_HZ, THIRD_HZ, hears_something

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

START_S, STOP_S = 90.0, 30.0
VOICES = {"seat01": OPERATOR_HZ, "seat02": THIRD_HZ, "supervisor01": FOURTH_HZ}
Grants = Mapping[str, list[tuple[str, str]]]
USERS: Grants = {
    SUPERVISOR: [(TAX, "supervisor")],
    LEADER: [(TAX, "leader")],
    "administrator": [("*", "administrator")],
    "water-supervisor": [(WATER, "supervisor")],
}
_TAKING_CALLS, _ADDRESS = "taking calls", "https://"
_LAST_LINES = 30


class Program:
    """`denwaban --config CONFIG run`: a keeper, an engine, and a monitor. `lines`: all that they have said."""

    def __init__(self, config: Path, var: Path) -> None:
        self.lines: list[str] = []
        self.url = URL()
        self._config, self._var = config, var
        self._grown = asyncio.Event()
        self._process: asyncio.subprocess.Process
        self._reading: asyncio.Task[None]

    async def start(self) -> None:
        """It takes calls, and its page can be looked at."""
        command = (sys.executable, str(ROOT / "denwaban.py"), "--config", str(self._config), "run")
        self._process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda: self.lives == 1 and self.url.host is not None, START_S)

    @property
    def lives(self) -> int:
        """How many engines have taken calls."""
        return sum(_TAKING_CALLS in line for line in self.lines)

    @property
    def monitors(self) -> int:
        """How many monitors have answered."""
        return sum(line.startswith(_ADDRESS) for line in self.lines)

    @property
    def engine(self) -> int:
        """The process id of the engine of this moment."""
        return msgspec.json.decode((self._var / LOCK).read_bytes(), type=Holder).pid

    async def dies(self) -> None:
        """By `kill -9`, the engine alone; the next one takes calls."""
        lives = self.lives
        os.kill(self.engine, signal.SIGKILL)
        await self.until(lambda: self.lives > lives)

    @contextmanager
    def engine_held(self) -> Iterator[None]:
        """The engine does nothing at all inside, and says nothing to anybody."""
        engine = self.engine
        os.kill(engine, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(engine, signal.SIGCONT)

    async def monitor_dies(self) -> None:
        """By `kill -9`, the monitor alone; the next one answers."""
        monitors = self.monitors
        os.kill(self._monitor(), signal.SIGKILL)
        await self.until(lambda: self.monitors > monitors)

    async def until(self, reached: Callable[[], bool], limit_s: float = PATIENCE_S) -> None:
        """Wait for what only a line can bring about."""
        try:
            async with asyncio.timeout(limit_s):
                while not reached():
                    self._grown.clear()
                    assert not self._reading.done(), self._words()
                    await self._grown.wait()
        except TimeoutError:
            raise AssertionError(self._words()) from None

    async def stop(self) -> None:
        """As an operator stops the service; it has to end well."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            assert await self._process.wait() == 0, self._words()

    async def end(self) -> None:
        """Nothing stays behind, whatever went wrong."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_S)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        await self._reading

    def _monitor(self) -> int:
        """The keeper has two children: the engine, and this one."""
        keeper = self._process.pid
        children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
        [monitor] = {int(child) for child in children} - {self.engine}
        return monitor

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            text = line.decode(errors="replace").rstrip()
            self.lines.append(text)
            if text.startswith(_ADDRESS):
                self.url = URL(text)
            self._grown.set()
        self._grown.set()

    def _words(self) -> str:
        return "the program's last words:\n" + "\n".join(self.lines[-_LAST_LINES:])


class _Url(NamedTuple):
    url: str


class _Beside(NamedTuple):
    """What pages ask of the engine beside them, where it is a process of its own."""

    site: Site
    api: _Url
    audit: AuditLog


class LiveHouse(harness.House):
    """`program` runs; `said`: what any page has told its console as an error or a warning."""

    def __init__(self, program: Program, site: Site, config: Path, browser: Browser) -> None:
        beside = _Beside(
            site, _Url(f"http://127.0.0.1:{site.ports.api}"), AuditLog(site.var_directory / FILE)
        )
        super().__init__(cast(Stage, beside), cast(MonitorProcess, program), browser)
        stack = load_stack(config)
        self.program = program
        self.config = config
        self.site = site
        self.said: list[str] = []
        self._sip, self.passwords = stack.plan.ports.sip, stack.secrets.phones

    async def new_page(self, context: BrowserContext) -> Page:
        page = await super().new_page(context)
        page.on("console", self._told)
        return page

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)

    # ---- telephones

    @property
    def target(self) -> tuple[str, int]:
        """Where the callers' line ends, and telephones register."""
        return ("127.0.0.1", self._sip)

    def telephone(self, phone: str, answers: str = "200 OK") -> Telephone:
        """A telephone of the house, with a voice of its own."""
        one = Telephone(self._sip, phone, self.passwords[phone], VOICES.get(phone))
        one.answers = answers
        return one

    def caller(self, number: str = CALLER, tone_hz: int | None = CALLER_HZ) -> Telephone:
        """Somebody on the carrier's line."""
        return Telephone(self._sip, number, tone_hz=tone_hz)

    async def dials(self, phone: Telephone, code: str) -> None:
        """Somebody dials a star code, and hears what became of it."""
        talk = await phone.dial(code)
        await hears_something(talk)
        await phone.hang_up(talk)

    # ---- the books

    async def call_in(self, state: State) -> str:
        """The one call that is in a state, as the engine itself knows it."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                calls = (await self.engine("calls"))["calls"]
                found = [one["call"] for one in calls if one["state"] == state]
                if found:
                    [call] = found
                    return str(call)
                await asyncio.sleep(0.05)

    async def stored(self, call: str) -> CallRecord:
        """The record of a call, once it is complete in the database."""
        async with Database(self.site.store_url) as database, asyncio.timeout(PATIENCE_S):
            while (record := await read_record(database, call)) is None or record.closed_at is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return record

    async def played(self, call: str) -> list[str]:
        """The texts that a caller was told, by the journal; the call is over."""
        await self.stored(call)
        entries = await self.journal()
        commands = [command for entry in entries for command in entry.commands]
        [leg] = [note.leg for note in commands if isinstance(note, NoteArrived) and note.call == call]
        return [order.guidance for order in commands if isinstance(order, PlayGuidance) and order.leg == leg]

    async def journal(self) -> list[Entry]:
        """All of it, as far as it is in the database."""
        async with Database(self.site.store_url) as database:
            return [entry for run in await runs(database) async for entry in read_journal(database, run.run)]

    def reasons(self, why: str) -> list[dict[str, Any]]:
        """The lines of the audit log with this reason."""
        return [line for line in self.stage.audit.entries() if line["why"] == why]

    async def command(self, *words: str, told: str = "") -> str:
        """What a command of `denwaban` prints on this site; `told`: its standard input."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "denwaban.py"), "--config", str(self.config), *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, error = await process.communicate(told.encode())
        assert process.returncode == 0, error.decode()
        return out.decode()


@asynccontextmanager
async def live_house(
    folder: Path, write: Callable[[Path], Site] = write_town, users: Grants = USERS
) -> AsyncIterator[LiveHouse]:
    """It runs inside, with these users; afterwards it has ended well, and no page has had a fault."""
    site = write(folder)
    config = folder / "config"
    program = Program(config, site.var_directory)
    async with chromium() as browser:
        try:
            await program.start()
            await add_users(site.store_url, **users)
            house = LiveHouse(program, site, config, browser)
            yield house
            assert not house.faults, house.faults
            await program.stop()
        finally:
            await program.end()
