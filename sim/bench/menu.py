"""Live: from a key in a menu to the next guidance, while new callers come all the time.

Measured by Asterisk's own clock alone, between two of its events on one channel: `ChannelDtmfReceived`, made
when the last packet of the key was read, and the next `PlaybackStarted`, made right before the first frame of the
audio is written. (On the wire, with 20 callers/s and nothing else playing, the first packet of the audio came 1.5 ms
after the last one of the key at the median, and 3.5 ms at p99.) A second ARI application listens to both, so that the
engine under test is the one of the service.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.centre import Centre
from ivr.project import Project
from sim.bench.row import Row, row
from sim.live.behaviour import press
from sim.live.callers import Caller, run_callers
from sim.live.observation import percentile
from sim.live.stack import own_stack
from sim.live.tones import caller_tone_hz
from telephony.ari import AriClient, AriSettings
from telephony.ari.events import ChannelDtmfReceived, PlaybackStarted
from telephony.service import Service
from telephony.stack import Stack

NUMBER = "0480000000"
KEYS, LAST_TOLD_S = "221", 3.0
"""Twice round the menu, then out of it."""
KEY_AFTER_S = 0.8
TARGET_MS = 60.0
APP = "bench"
LISTENED = frozenset({ChannelDtmfReceived.__name__, PlaybackStarted.__name__})

NODES: dict[str, Any] = {
    "menu": {
        "type": "menu",
        "prompt": "prompt",
        "keys": {"1": "told", "2": "menu"},
        "attempts": 3,
        "after": "told",
    },
    "told": {"type": "hangup", "guidance": "told"},
}


@dataclass
class KeyTimes:
    """Milliseconds from each key to the guidance after it; `missing` is the number of keys without one."""

    ms: list[float] = field(default_factory=list)
    _pressed: dict[str, float] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        return len(self._pressed)

    def pressed(self, event: ChannelDtmfReceived) -> None:
        """A key has come to its end."""
        self._pressed[event.channel.id] = _ms(event.timestamp)

    def started(self, event: PlaybackStarted) -> None:
        """Audio begins; without a key before it is the first of the call, or follows another."""
        at = self._pressed.pop(event.playback.target_uri.removeprefix("channel:"), None)
        if at is not None:
            self.ms.append(_ms(event.timestamp) - at)


def _ms(timestamp: str) -> float:
    return dt.datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S.%f%z").timestamp() * 1000


def menu_project() -> Project:
    """A menu and one answer, open day and night."""
    return Project.model_validate(
        {
            "project": "menu",
            "name": "menu",
            "numbers": [{"number": NUMBER}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {
                "prompt": {"ja": "納税通知書の再発行は一を、もう一度お聞きになる方は二を押してください。"},
                "told": {"ja": "ありがとうございました。"},
            },
            "flow": {"start": "menu", "nodes": NODES},
            "queues": {},
        }
    )


async def menu_rows(
    root: Path, say: Callable[[str], None], rate: float = 20.0, seconds: float = 15.0
) -> list[Row]:
    """`rate` callers per second for `seconds`, three keys each, on a stack of its own."""
    var = root / "var" / "bench-menu"
    shutil.rmtree(var, ignore_errors=True)
    stack = own_stack(var, Centre({"menu": menu_project()}, ()), root / "config", root / "var/asterisk")
    times = KeyTimes()
    count = round(rate * seconds)
    async with Service(stack, say) as service, _listening(stack, times):
        say(f"{rate:g} callers/s for {seconds:g} s press {len(KEYS)} keys each in a menu")
        await run_callers(
            [_caller(i) for i in range(count)],
            target=("127.0.0.1", stack.plan.ports.sip),
            rate=rate,
            work_dir=var / "callers",
        )
        async with asyncio.timeout(30):
            await service.driver.idle()
    return [
        row(
            "live.key_to_guidance_p50",
            "ms",
            percentile(times.ms, 50),
            "target",
            TARGET_MS,
            more_is_better=False,
        ),
        row(
            "live.key_to_guidance_p99",
            "ms",
            percentile(times.ms, 99),
            "target",
            TARGET_MS,
            more_is_better=False,
        ),
        row("live.keys_answered", "keys", len(times.ms), "pressed", count * len(KEYS), more_is_better=True),
    ]


def _caller(number: int) -> Caller:
    behaviour = press(KEYS, KEY_AFTER_S, at_most_s=LAST_TOLD_S)
    return Caller(NUMBER, f"0900000{number:04d}", caller_tone_hz(number), behaviour)


def _listening(stack: Stack, times: KeyTimes) -> AriClient:
    address = stack.address
    client = AriClient(
        AriSettings(
            app=APP,
            username=address.ari_user,
            password=stack.secrets.ari,
            host=address.host,
            port=address.http_port,
            events=LISTENED,
            subscriptions=("channel:",),
        )
    )
    client.on_event(ChannelDtmfReceived, times.pressed)
    client.on_event(PlaybackStarted, times.started)
    return client
