"""An Asterisk whose engine is away, with what the engine had left on the disk for it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calls.degraded import AUDIO, CALLS, IMPORTED, PLAN, SEATS, Member
from calls.event import Event
from engine.centre import Centre
from ivr.project import Project
from recordings.convert import is_being_written
from recordings.wav import wav_header
from sim.live.telephone import Telephone
from sim.live.tones import SAMPLE_RATE, tone
from telephony.asterisk import EmbeddedAsterisk
from telephony.degraded_files import write_json
from telephony.degraded_import import DegradedImport
from telephony.degraded_plan import compiled

NUMBER, SHUT, BACKUP, CALLER = "0480000001", "0480000003", "0480009999", "0488301111"
CALLER_HZ, OPERATOR_HZ, OTHER_HZ, SAID_HZ = 440, 880, 1320, 1560
PATIENCE_S = 20.0


def project(name: str = "tax", number: str = NUMBER, **degraded: Any) -> Project:
    """Its callers come into the line at once, at any hour."""
    return Project.model_validate(
        {
            "project": name,
            "name": name,
            "numbers": [{"number": number}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {"notice": {"ja": "はい。"}, "shut": {"ja": "時間外です。"}},
            "flow": {
                "start": "gate",
                "nodes": {
                    "gate": {"type": "hours", "open": "line", "closed": "shut"},
                    "line": {
                        "type": "enqueue",
                        "queue": "main",
                        "full": "shut",
                        "no_seats": "shut",
                        "timeout": "shut",
                    },
                    "shut": {"type": "hangup", "guidance": "shut"},
                },
            },
            "queues": {"main": {"wrapup_s": 0}},
            "degraded": degraded,
        }
    )


class House:
    """What a test has of it. `events`: what was imported; `kept`: the recordings that were taken over."""

    def __init__(self, asterisk: EmbeddedAsterisk) -> None:
        self.asterisk = asterisk
        self.folder = asterisk.plan.degraded
        self.events: list[Event] = []
        self.kept: list[tuple[Path, str, str, float]] = []
        self._said = self.folder / "said"
        samples = tone(SAID_HZ, 2.0).tobytes()
        self._said.with_suffix(".wav").write_bytes(wav_header(len(samples), rate=SAMPLE_RATE) + samples)

    def leave(
        self, *projects: Project, seats: Sequence[str] = (), shut: bool = False, auto: bool = False
    ) -> None:
        """What the engine wrote before it went away; every text is the same tone."""
        centre = Centre({one.project: one for one in projects}, ())
        said = str(self._said)
        plan = compiled(centre, {}, time.time(), lambda *of: said, lambda spoken: said)
        for one in plan["projects"].values():  # whatever day this is
            one["open"] = [] if shut else [(0.0, plan["until"])]
        write_json(self.folder / PLAN, plan)
        members = [Member(seat=seat, penalty=0, auto=auto) for seat in seats]
        write_json(self.folder / SEATS, {one.project: members for one in projects})

    def forget(self) -> None:
        """As if there had never been an engine."""
        for name in (PLAN, SEATS):
            (self.folder / name).unlink(missing_ok=True)
        for name in (CALLS, AUDIO, IMPORTED):
            for path in (self.folder / name).iterdir():
                path.unlink()

    def caller(self, number: str = CALLER) -> Telephone:
        """Somebody on the carrier's line."""
        return Telephone(self.asterisk.plan.ports.sip, number, tone_hz=CALLER_HZ)

    def seat(self, name: str, tone_hz: int = OPERATOR_HZ) -> Telephone:
        """A telephone of a seat."""
        return Telephone(self.asterisk.plan.ports.sip, name, self.asterisk.secrets.phones[name], tone_hz)

    def county(self, port: int) -> Telephone:
        """Whoever answers at the end of the carrier's line."""
        return Telephone(self.asterisk.plan.ports.sip, BACKUP, tone_hz=OTHER_HZ, own_port=port)

    async def note(self, *, ended: bool = True) -> dict[str, Any]:
        """The one file of a call, once it is there (and the call over)."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = [json.loads(path.read_bytes()) for path in (self.folder / CALLS).glob("*.json")]
                writing = any(is_being_written(path) for path in (self.folder / AUDIO).iterdir())
                if len(found) == 1 and bool(found[0]["ended_at"]) == ended and not (ended and writing):
                    note: dict[str, Any] = found[0]
                    return note
                await asyncio.sleep(0.02)

    def importing(self) -> DegradedImport:
        """The importer of an engine that is back."""

        async def safe() -> None:
            pass

        async def known(call: str) -> bool:
            return False

        return DegradedImport(self.folder, self.events.append, safe, known, lambda *of: self.kept.append(of))
