"""A running centre with telephones that do exactly what their users say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from calls.commands import PlayGuidance
from calls.events import RecordingFinished
from calls.lifecycle import SeatState, State
from calls.notes import NoteAnswered
from calls.record import CallRecord
from calls.requests import Request
from engine.call import Call
from engine.centre import Centre
from engine.desk_texts import DESK
from ivr.project import Project
from recordings.analysis import SILENCE_RMS, Samples, read_stereo, tone_share
from sim.live.stack import own_stack
from sim.live.telephone import Talk, Telephone
from sim.live.tones import SAMPLE_RATE
from telephony.service import Service
from telephony.site import PhonesSite, TrunkSite
from tests.live.centre import NODES, NUMBER, PATIENCE_S, ROOT, Floor, Seen

CALLER, CALLER_HZ = "0488301111", 525
OPERATOR_HZ, THIRD_HZ, FOURTH_HZ = 1090, 1560, 1810
TONES = (CALLER_HZ, OPERATOR_HZ, THIRD_HZ, FOURTH_HZ)
"""None of them is in the waiting music."""

Fields = dict[str, Any]
_WINDOW_S = 0.24
_HEARD = 0.1
_PROBLEMS_OF_NOBODY = (
    "Playback failed for",  # somebody hung up in the middle of it
    "Session already DISCONNECTED",  # our answer crossed with a CANCEL
    "Event source not found: channel",  # a caller had gone before we subscribed to his leg
    "Unable to add 'MixMonitor' spy",  # a caller hung up in the moment in which he was answered
    "not in bridge",  # one of the two had gone before they were brought together
    "Could not create dialog to invalid URI",  # a telephone was rung that is not there
    "Failed to create outgoing session to endpoint",  # the same
)


def straight_project(name: str, number: str, fields: Fields | None = None, **queue: Any) -> Project:
    """Its callers come into the line at once; `queue` are the settings of that, `fields` replace others."""
    settings = {"ring_timeout_s": 10, "misses": 2, "rest_s": 60, "wrapup_s": 0} | queue
    return Project.model_validate(
        {
            "project": name,
            "name": name,
            "numbers": [{"number": number}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {"notice": {"ja": "はい。"}},
            "flow": {"start": "line", "nodes": {name: NODES[name] for name in ("line", "busy")}},
            "queues": {"main": settings},
        }
        | (fields or {})
    )


class Office:
    """What a test asks of a centre; `floor` waits for what the engine knows."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.service = floor.service
        self.seen = floor.seen
        self.engine = floor.service.engine
        self._asked = 0

    # ---- telephones

    def telephone(self, phone: str, tone_hz: int | None = None, answers: str = "200 OK") -> Telephone:
        """A telephone of the house."""
        stack = self.service.stack
        one = Telephone(stack.plan.ports.sip, phone, stack.secrets.phones[phone], tone_hz)
        one.answers = answers
        return one

    def caller(self, number: str = CALLER, tone_hz: int | None = CALLER_HZ, own_port: int = 0) -> Telephone:
        """Somebody on the carrier's line."""
        return Telephone(self.service.stack.plan.ports.sip, number, tone_hz=tone_hz, own_port=own_port)

    @asynccontextmanager
    async def at_work(self, *phones: Telephone) -> AsyncIterator[None]:
        """They are on the network inside; seats are ready then, and logged out afterwards."""
        seats = [phone.user for phone in phones if phone.user in self.engine.floor.seats]
        async with AsyncExitStack() as there:
            for phone in phones:
                await there.enter_async_context(phone)
            for seat in seats:
                await self.floor.until_seat(seat, SeatState.READY)
            yield
            await self.floor.nothing_left()
        for seat in seats:
            await self.floor.until_seat(seat, SeatState.LOGGED_OUT)

    # ---- what the engine knows

    def ask(self, request: Request) -> NoteAnswered:
        """What a screen asks, and the answer."""
        self._asked += 1
        before = len(self.seen.entries)
        self.service.feed(msgspec.structs.replace(request, ask=f"ask{self._asked}"))
        entries = self.seen.entries[before:]
        [answer] = [note for entry in entries for note in entry.commands if isinstance(note, NoteAnswered)]
        return answer

    def said(self) -> list[str]:
        """The texts that telephones of ours were told, in order."""
        commands = [command for entry in self.seen.entries for command in entry.commands]
        return [c.guidance for c in commands if isinstance(c, PlayGuidance) and c.project == DESK]

    async def dials(self, phone: Telephone, number: str) -> str:
        """A telephone dials, hears that something is said, and hangs up: what was said."""
        talk = await phone.dial(number)
        await hears_something(talk)
        await phone.hang_up(talk)
        return self.said()[-1]

    def done(self, request: Request) -> None:
        """The same, and it has to be done."""
        answer = self.ask(request)
        assert not answer.refusal, answer

    async def call_in(self, state: State, caller: str = CALLER) -> Call:
        """The call of a caller, once it is in a state."""
        calls = self.engine.floor.calls

        def found() -> list[Call]:
            return [call for call in calls.values() if call.caller == caller and call.state is state]

        await self.seen.until(lambda: bool(found()))
        return found()[0]

    async def talking(self, caller: Telephone, operator: Telephone) -> tuple[Talk, Talk]:
        """A caller dials, and talks with an operator who picks up: the call as each of them sees it."""
        number = len(operator.talks) + 1
        his = await caller.dial(NUMBER)
        hers = await operator.rung(number)
        await self.floor.until_seat(operator.user, SeatState.TALKING)
        return his, hers

    async def record(self, call: Call) -> CallRecord:
        """What is known of a call when it is over."""
        records = self.seen.records.records
        await self.seen.until(lambda: records[call.id].closed_at is not None)
        return records[call.id]

    async def recording(self, call: Call) -> Recording:
        """What was recorded of it, in the one file that there is."""

        def finished() -> bool:
            ended = self.seen.events(RecordingFinished)
            return any(isinstance(event, RecordingFinished) and event.recording == call.id for event in ended)

        await self.seen.until(finished)
        [path] = self.service.stack.recordings.rglob(f"{call.id}*.wav")
        return Recording(path, await self.record(call))


class Recording:
    """A stereo file, by the time of the day."""

    def __init__(self, path: Path, record: CallRecord) -> None:
        self.rate, *self._sides = read_stereo(path)
        self._began = record.answered_at or 0.0

    def heard(self, began: float, ended: float | None) -> tuple[set[int], set[int]]:
        """The tones that the caller spoke, and those that he heard, from then to then but for the edges."""
        assert ended is not None
        quarter = (ended - began) / 4
        first, last = (round((at - self._began) * self.rate) for at in (began + quarter, ended - quarter))
        left, right = (tones_in(side[first:last], self.rate) for side in self._sides)
        return left, right


# ---- what is heard


def tones_in(samples: Samples, rate: int = SAMPLE_RATE) -> set[int]:
    """Which voices these are."""
    return {hz for hz in TONES if tone_share(samples, rate, hz) > _HEARD}


async def hears(talk: Talk, *voices: int) -> None:
    """Wait until somebody hears exactly these voices."""
    heard: set[int] = set()
    try:
        async with asyncio.timeout(PATIENCE_S):
            await talk.up.wait()
            while (heard := tones_in(await talk.audio.hear(_WINDOW_S))) != set(voices):
                pass
    except TimeoutError:
        raise AssertionError(f"{talk.phone.user} hears {heard}, not {voices}") from None


async def hears_something(talk: Talk) -> None:
    """Wait until there is any sound."""
    async with asyncio.timeout(PATIENCE_S):
        await talk.up.wait()
        while not _is_loud(await talk.audio.hear(_WINDOW_S)):
            pass


async def hears_music(*talks: Talk) -> None:
    """Wait until each of them hears something that is nobody's voice."""
    for talk in talks:
        async with asyncio.timeout(PATIENCE_S):
            await talk.up.wait()
            while not _is_music(await talk.audio.hear(_WINDOW_S)):
                pass


def _is_music(samples: Samples) -> bool:
    return not tones_in(samples) and _is_loud(samples)


def _is_loud(samples: Samples) -> bool:
    return float(np.sqrt(np.mean(samples**2))) > SILENCE_RMS


async def all_hear(*talks_and_voices: tuple[Talk, Collection[int]]) -> None:
    """The same for several at once."""
    await asyncio.gather(*(hears(talk, *voices) for talk, voices in talks_and_voices))


@asynccontextmanager
async def office(
    directory: Path, centre: Centre, trunk: TrunkSite | None = None, phones: PhonesSite | None = None
) -> AsyncIterator[Office]:
    """A service of its own below a directory, in which nothing goes wrong; those beside it share what is spoken."""
    seen = Seen()
    spoken = directory.parent / "guidance"
    spoken.mkdir(exist_ok=True)
    (directory / "guidance").symlink_to(spoken)
    stack = own_stack(directory, centre, ROOT / "config", ROOT / "var/asterisk", trunk)
    if phones is not None:
        stack = replace(stack, plan=replace(stack.plan, phone_rules=phones))
    async with Service(stack, observe=seen.take) as service:
        yield Office(Floor(service, seen))
        assert service.asterisk is not None
        problems = [
            line for line in service.asterisk.problems() if not any(w in line for w in _PROBLEMS_OF_NOBODY)
        ]
        assert not problems, problems
