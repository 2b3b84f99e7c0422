"""An Asterisk of a test's own under supervision, with a watchdog of little patience."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from telephony.alarms import AlarmName, Alarms
from telephony.asterisk import EmbeddedAsterisk
from telephony.backoff import Backoff
from telephony.supervision import Supervision
from telephony.vitals import Judge, Verdict
from telephony.watchdog import Watchdog, embedded_doors
from tests.live.instances import make_plan, make_secrets

PATIENCE_S = 60.0
SHORT_S = 1.0
HUNG_AFTER_S = 3.0


class Ward:
    """An Asterisk under supervision, and what was told of it."""

    def __init__(self, asterisk: EmbeddedAsterisk) -> None:
        self.asterisk = asterisk
        self.alarms = Alarms()
        self.ended: list[str] = []
        self.verdicts: list[Verdict] = []
        self.back = asyncio.Event()
        self.told = {verdict: asyncio.Event() for verdict in Verdict}

    def notice(self, verdict: Verdict, why: str) -> None:
        """The watchdog's."""
        self.verdicts.append(verdict)
        self.told[verdict].set()

    def standing(self) -> list[AlarmName]:
        return [alarm.name for alarm in self.alarms.standing()]

    def dog(self) -> Watchdog:
        """One that loses its patience within some seconds."""
        return Watchdog(
            embedded_doors(self.asterisk, SHORT_S),
            self.alarms,
            lambda: self.asterisk.up,
            self.asterisk.abort,
            self.notice,
            Judge(hung_after=HUNG_AFTER_S),
            every_s=0.1,
        )


@asynccontextmanager
async def supervised(asterisk: EmbeddedAsterisk) -> AsyncIterator[Ward]:
    ward = Ward(asterisk)
    async with (
        asyncio.timeout(PATIENCE_S),
        asterisk,
        Supervision(asterisk, ward.alarms, ward.ended.append, ward.back.set, Backoff(0.1, 1.0)),
    ):
        yield ward


def make_asterisk(directory: Path) -> EmbeddedAsterisk:
    """One with ports of its own, not started."""
    plan = make_plan(directory)
    return EmbeddedAsterisk(plan, make_secrets(plan))
