"""What a telephone hears: whose tones are in it, and whether every packet is one that somebody sent, bit by bit."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Self

import numpy as np

from recordings.analysis import Samples, tone_share
from sim.live.audio import linear
from sim.live.telephone import Talk
from sim.live.tones import SAMPLE_RATE, mu_law, tone

PATIENCE_S = 5.0
WINDOW_S = 0.4
HEARD, UNHEARD = 0.1, 0.01
"""Shares of the energy from which, and up to which, a tone is heard, and is not; two at one level have half each."""

_PACKET = SAMPLE_RATE // 50
_CHUNK_S = 0.1


async def shares(talk: Talk, voices: Collection[int], wanted: Collection[int]) -> dict[int, float]:
    """The share of each of these voices (Hz), once exactly the wanted ones are heard, or as it is after PATIENCE_S."""
    found = dict.fromkeys(voices, 0.0)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await talk.up.wait()
            while not _as_wanted(found, wanted):
                samples = await talk.audio.hear(WINDOW_S)
                found = {hz: round(tone_share(samples, SAMPLE_RATE, hz), 3) for hz in voices}
    except TimeoutError:
        pass
    return found


def heard(found: dict[int, float]) -> set[int]:
    """The voices that are heard; one of which there is but a trace counts too."""
    return {hz for hz, share in found.items() if share > UNHEARD}


def _as_wanted(found: dict[int, float], wanted: Collection[int]) -> bool:
    return heard(found) == set(wanted) and all(found[hz] > HEARD for hz in wanted)


def packets(samples: Samples) -> list[bytes]:
    """The packets of 20 ms that these are made of."""
    return [packet.tobytes() for packet in samples.reshape(-1, _PACKET)]


_NOTHING = packets(np.zeros(_PACKET))[0]


def spoken(hz: int) -> set[bytes]:
    """All packets that a telephone with this voice ever sends."""
    return set(packets(linear(mu_law(tone(hz)))))


class Received:
    """What a telephone receives inside, and a moment longer: `count` packets, `changed` of them not this voice's own.

    `gaps`: those besides in which there is nothing at all: what a mixer sends when a packet did not come in time.
    `async with Received(talk, hz) as received:` - nobody else may listen at this telephone meanwhile.
    """

    def __init__(self, talk: Talk, hz: int) -> None:
        self._talk = talk
        self._hz = hz
        self._heard: list[Samples] = []
        self._over = asyncio.Event()
        self.count = self.changed = self.gaps = 0

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._listening
        said, came = spoken(self._hz), packets(np.concatenate(self._heard))
        self.count, self.gaps = len(came), came.count(_NOTHING)
        self.changed = sum(packet not in said and packet != _NOTHING for packet in came)

    async def _listen(self) -> None:
        more = 4
        while more:
            self._heard.append(await self._talk.audio.hear(_CHUNK_S))
            more -= self._over.is_set()
