"""Publishing by the command line while real calls are in progress: the old call ends as it began."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from calls.events import DigitPressed, ProjectPublished
from calls.journal import differences
from calls.lifecycle import Outcome, SeatState, State
from calls.record import CallRecord
from engine.engine import Engine
from ivr.guidance_model import Spoken
from sim.live.behaviour import answer, wait_for_far_end
from sim.live.callers import Caller, run_callers
from sim.live.stack import own_stack
from telephony.ari.events import PlaybackFinished
from telephony.service import Service
from telephony.sounds import guidance_store
from telephony.stack import load_stack
from tests.live.centre import NUMBER, PATIENCE_S, ROOT, Floor, Seen, small_centre

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

PROMPT, OLD, NEW = "一を押してください。", "古い案内です。", "新しい案内です。"
MENU = {"type": "menu", "prompt": "prompt", "keys": {"1": "told"}, "timeout_s": 60, "after": "told"}
TOLD = {"type": "hangup", "guidance": "words", "outcome": "self_served"}


def line(queue: str) -> dict[str, Any]:
    return {"type": "enqueue", "queue": queue, "full": "told", "no_seats": "told", "timeout": "told"}


@dataclass
class Office:
    """The folder from which the service was started, and the service. `played`: (leg, sound) as Asterisk says."""

    config: Path
    service: Service
    seen: Seen
    floor: Floor
    played: list[tuple[str, str]] = field(default_factory=list)
    calls: int = 0

    def write(self, start: str, nodes: dict[str, Any], words: str, version: int, queue: str = "main") -> None:
        """The project file."""
        write(self.config, start, nodes, words, version, queue)

    async def command(self, *arguments: str) -> tuple[int, str]:
        """The command line in a process of its own: its exit code, and all that it says."""
        program = (sys.executable, str(ROOT / "denwaban.py"), "--config", str(self.config), *arguments)
        process = await asyncio.create_subprocess_exec(
            *program, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        async with asyncio.timeout(PATIENCE_S):
            out, _ = await process.communicate()
        return process.returncode or 0, out.decode()

    async def in_service(self, *arguments: str) -> None:
        """A command that has to succeed."""
        code, told = await self.command(*arguments)
        assert code == 0, told

    async def dial(self, caller: str, state: State) -> str:
        """One more caller, when the engine has him in a state: his leg."""
        self.calls += 1
        work = self.floor.work / f"publish-{self.calls}"
        who = Caller(NUMBER, caller, 440, wait_for_far_end())
        running = run_callers([who], target=self.floor.target, work_dir=work)
        self.tasks.append(asyncio.create_task(running))
        await self.seen.until(lambda: any(c.caller == caller and c.state is state for c in self._there()))
        return next(call.leg for call in self._there() if call.caller == caller)

    async def until_talking(self, leg: str) -> None:
        """Wait until a seat has taken this caller."""
        callers = self.service.engine.floor.callers
        await self.seen.until(lambda: callers[leg].state is State.TALKING)

    def _there(self) -> list[Any]:
        return list(self.service.engine.floor.calls.values())

    def sound(self, words: str) -> str:
        """The sound of some words."""
        return self.service.guidance.media(*Spoken(words, "ja"))

    async def record(self, leg: str) -> CallRecord:
        """The record of a call, when it is over."""
        records = self.seen.records.records
        await self.seen.until(lambda: any(r.leg == leg and r.closed_at for r in records.values()))
        return next(record for record in records.values() if record.leg == leg)

    tasks: list[asyncio.Task[Any]] = field(default_factory=list)


def write(
    config: Path, start: str, nodes: dict[str, Any], words: str, version: int, queue: str = "main"
) -> None:
    project = {
        "project": "line",
        "name": "line",
        "numbers": [{"number": NUMBER}],
        "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
        "guidance": {"prompt": {"ja": PROMPT}, "words": {"texts": {"ja": words}, "version": version}},
        "flow": {"start": start, "nodes": nodes},
        "queues": {queue: {"ring_timeout_s": 5, "wrapup_s": 0}},
    }
    (config / "projects/line.yaml").write_text(json.dumps(project, ensure_ascii=False))  # JSON is YAML


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    folder = tmp_path_factory.mktemp("publish")
    site = own_stack(folder / "var", small_centre(), ROOT / "config", ROOT / "var/asterisk").site
    config = folder / "config"
    (config / "projects").mkdir(parents=True)
    (config / "seats.yaml").write_text("seats: [{ids: seat01-seat03, projects: [line]}]")
    (config / "extensions.yaml").write_text("extensions: []")
    (config / "site.yaml").write_text(site.model_dump_json())
    write(config, "ask", {"ask": MENU, "told": TOLD}, OLD, 1)
    guidance_store(site, config).prepare([Spoken(NEW, "ja")])  # publishing itself need not wait for it
    seen = Seen()
    stack = load_stack(config)
    async with Service(stack, observe=seen.take) as service:
        made = Office(config, service, seen, Floor(service, seen))
        service.ari.on_event(
            PlaybackFinished,
            lambda event: made.played.append((event.playback.target_uri, event.playback.media_uri)),
        )
        yield made
    assert list(differences(seen.entries, Engine(stack.centre))) == []  # the journal alone is enough


async def test_the_old_call_hears_the_old_text_to_the_end_and_the_next_caller_the_new_one(
    office: Office,
) -> None:
    old = await office.dial("0900000001", State.IVR)
    office.write("told", {"told": TOLD}, NEW, 2)
    await office.in_service("publish", "line", "--by", "hana")
    new = await office.dial("0900000002", State.IVR)
    assert (await office.record(new)).heard == ("words@2.ja",)
    await _broken_file_is_refused(office)
    office.service.feed(DigitPressed(old, "1"))
    assert (await office.record(old)).heard == ("prompt@1.ja", "words@1.ja")
    for leg, words in ((new, [NEW]), (old, [PROMPT, OLD])):
        assert [sound for to, sound in office.played if to == f"channel:{leg}"] == [
            office.sound(text) for text in words
        ]
    await asyncio.gather(*office.tasks)
    await office.floor.nothing_left()


async def _broken_file_is_refused(office: Office) -> None:
    """While calls go on; the next caller still hears what was published before."""
    published = len(office.seen.events(ProjectPublished))
    office.write("tolled", {"told": TOLD}, "壊れた案内です。", 3)
    code, told = await office.command("publish", "line")
    assert code == 1
    assert "line.yaml:1:" in told
    assert "there is no node 'tolled'; did you mean 'told'?" in told
    assert len(office.seen.events(ProjectPublished)) == published
    next_one = await office.dial("0900000003", State.IVR)
    assert (await office.record(next_one)).heard == ("words@2.ja",)


async def test_who_talks_and_who_waits_stay_where_they_are_while_their_queue_is_renamed(
    office: Office,
) -> None:
    def hang_up(leg: str) -> None:
        office.service.ari.channels.hangup(leg).send()

    office.write("wait", {"wait": line("main"), "told": TOLD}, NEW, 2)
    await office.in_service("publish", "line")
    async with office.floor.operators(answer()):
        talking = await office.dial("0900000011", State.TALKING)
        waiting = await office.dial("0900000012", State.QUEUED)
        office.write("wait", {"wait": line("second"), "told": TOLD}, NEW, 2, "second")
        await office.in_service("publish", "line")
        last = await office.dial("0900000013", State.QUEUED)
        router = office.service.engine.floor.router
        assert [router.waiting(name) for name in ("line/main", "line/second")] == [1, 1]
        for leg, following in ((talking, waiting), (waiting, last), (last, None)):
            hang_up(leg)
            record = await office.record(leg)
            assert (record.outcome, record.seat) == (Outcome.ANSWERED, "seat01")
            if following is not None:
                await office.until_talking(following)
        await office.floor.until_seat("seat01", SeatState.READY)
        await asyncio.gather(*office.tasks)
        await office.floor.nothing_left()


async def test_the_way_back(office: Office) -> None:
    await office.in_service("rollback", "line", "1", "--note", "the menu is needed after all")
    code, told = await office.command("versions", "line", "--json")
    versions = json.loads(told)
    assert code == 0
    assert versions["live"] == versions["versions"][-1]["version"] == 4
    assert versions["versions"][-1]["copy_of"] == 1
    caller = await office.dial("0900000021", State.IVR)
    assert (await office.record(caller)).heard == ("words@2.ja",)
    await asyncio.gather(*office.tasks)
    await office.floor.nothing_left()
