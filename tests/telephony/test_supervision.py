"""Supervision: one start after the other, with patience, and what everybody is told meanwhile."""

from __future__ import annotations

import asyncio
import logging

import pytest

from telephony.alarms import AlarmName, Alarms
from telephony.backoff import Backoff
from telephony.supervision import Supervision
from telephony.tree import AsteriskError

pytestmark = pytest.mark.unit


class FakeAsterisk:
    """Ends when the test says so, and starts as often as it fails before."""

    def __init__(self) -> None:
        self.aborted = False
        self.failures: list[Exception] = []
        self.starts = self.at_once = 0
        self._ended: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    def end(self, code: int | None) -> None:
        self._ended.set_result(code)

    async def wait(self) -> int | None:
        return await asyncio.shield(self._ended)

    async def start(self) -> None:
        self.starts += 1
        self.at_once += 1
        assert self.at_once == 1
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.failures:
            raise self.failures.pop(0)
        self._ended = asyncio.get_running_loop().create_future()

    def last_words(self) -> str:
        return "Its last words: a call of 0901234567"


class Ward:
    """A supervision with a clock of its own; `told` is what came, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asterisk = FakeAsterisk()
        self.alarms = Alarms(lambda: self.now)
        self.told: list[str] = []
        self.waits: list[float] = []
        self._back = asyncio.Event()
        self.supervision = Supervision(
            self.asterisk,
            self.alarms,
            self._on_ended,
            self._on_back,
            Backoff(0.5, 30.0, jitter=lambda: 1.0),
            lambda: self.now,
            self._sleep,
        )

    def _on_ended(self, reason: str) -> None:
        assert [alarm.name for alarm in self.alarms.standing()] == [AlarmName.ASTERISK_DEAD]
        self.told.append(reason)

    def _on_back(self) -> None:
        assert self.alarms.standing() == []
        self.told.append("back")
        self._back.set()

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def end(self, code: int | None) -> None:
        self._back.clear()
        await asyncio.sleep(0)  # it notes the time and waits
        self.asterisk.end(code)

    async def end_and_return(self, code: int | None) -> None:
        await self.end(code)
        async with asyncio.timeout(10):
            await self._back.wait()


@pytest.mark.parametrize(
    ("code", "aborted", "reason"),
    [
        (-9, False, "crashed"),
        (1, False, "crashed"),
        (None, False, "crashed"),
        (0, False, "restarted"),
        (-6, True, "hung"),
    ],
)
async def test_it_is_started_anew_whatever_ended_it(code: int | None, aborted: bool, reason: str) -> None:
    ward = Ward()
    async with ward.supervision:
        ward.asterisk.aborted = aborted
        await ward.end_and_return(code)
    assert (ward.told, ward.asterisk.starts) == ([reason, "back"], 1)


async def test_it_waits_longer_each_time_and_never_too_long() -> None:
    ward = Ward()
    ward.asterisk.failures = [AsteriskError("UDP port 5060 is taken") for _ in range(8)]
    async with ward.supervision:
        await ward.end_and_return(-9)
    assert ward.waits == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert ward.told == ["crashed", "back"]


async def test_one_that_ends_soon_again_has_to_wait_and_one_that_lived_has_not() -> None:
    ward = Ward()
    async with ward.supervision:
        await ward.end_and_return(-11)
        ward.now += 59.0
        await ward.end_and_return(-11)
        await asyncio.sleep(0)
        ward.now += 61.0
        await ward.end_and_return(-11)
    assert ward.waits[:2] == [0.5, 1.0]
    assert ward.waits[2] == 0.5


async def test_why_it_does_not_start_is_told() -> None:
    ward = Ward()
    ward.asterisk.failures = [AsteriskError("UDP port 5060 is taken\nand more"), OSError("no room")]
    texts: list[str] = []

    async def sleep(seconds: float) -> None:
        texts.extend(alarm.text for alarm in ward.alarms.standing())

    ward.supervision._sleep = sleep
    async with ward.supervision:
        await ward.end_and_return(-9)
    assert texts == [
        "Asterisk has ended (crashed); it is started anew",
        "Asterisk does not start: UDP port 5060 is taken",
        "Asterisk does not start: no room",
    ]


async def test_no_caller_is_named_in_its_last_words(caplog: pytest.LogCaptureFixture) -> None:
    ward = Ward()
    with caplog.at_level(logging.WARNING):
        async with ward.supervision:
            await ward.end_and_return(-9)
    assert "Its last words: a call of (number)" in caplog.text
    assert "0901234567" not in caplog.text


async def test_it_can_be_ended_at_any_time() -> None:
    ward = Ward()
    asleep = asyncio.Event()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await asyncio.get_running_loop().create_future()

    ward.supervision._sleep = sleep
    async with ward.supervision, asyncio.timeout(10):
        await ward.end(-9)
        await asleep.wait()
    assert (ward.told, ward.asterisk.starts) == (["crashed"], 0)
