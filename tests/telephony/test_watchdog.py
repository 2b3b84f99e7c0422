"""The watchdog: which doors it knocks at, which alarms it raises, whom it ends."""

from __future__ import annotations

import asyncio

import pytest

from telephony.alarms import AlarmName, Alarms
from telephony.vitals import Answer, Verdict
from telephony.watchdog import Door, Watchdog

pytestmark = pytest.mark.unit


class Patient:
    """An Asterisk and the time, as the test wants them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.there: bool | None = True
        self.answers = {"ARI": Answer.ANSWERED, "SIP": Answer.ANSWERED, "a call": Answer.ANSWERED}
        self.knocks: list[str] = []
        self.cures = 0
        self.notices: list[Verdict] = []
        self.alarms = Alarms(lambda: self.now)

    def door(self, name: str, every_s: float = 0.0) -> Door:
        async def knock() -> Answer:
            self.knocks.append(name)
            return self.answers[name]

        return Door(name, knock, every_s)

    async def cure(self) -> None:
        self.cures += 1
        self.there = False

    def dog(self, *, embedded: bool = True) -> Watchdog:
        return Watchdog(
            (self.door("ARI"), self.door("SIP"), self.door("a call", 60.0)),
            self.alarms,
            lambda: self.there,
            self.cure if embedded else None,
            lambda verdict, why: self.notices.append(verdict),
            clock=lambda: self.now,
        )

    async def looks(self, dog: Watchdog, count: int) -> Verdict:
        for _ in range(count):
            verdict = await dog.look()
            self.now += 10.0
        return verdict

    def standing(self) -> list[AlarmName]:
        return [alarm.name for alarm in self.alarms.standing()]


async def test_the_call_is_made_once_a_minute() -> None:
    patient = Patient()
    await patient.looks(patient.dog(), 13)
    assert {name: patient.knocks.count(name) for name in patient.answers} == {
        "ARI": 13,
        "SIP": 13,
        "a call": 3,
    }
    assert (patient.standing(), patient.notices) == ([], [])


async def test_a_call_that_failed_is_tried_at_every_look() -> None:
    patient = Patient()
    patient.answers["a call"] = Answer.SILENT
    dog = patient.dog()
    assert await patient.looks(dog, 3) is Verdict.WELL
    assert patient.knocks.count("a call") == 3
    assert await patient.looks(dog, 1) is Verdict.HUNG
    assert patient.standing() == [AlarmName.ASTERISK_HUNG]


async def test_one_of_ours_that_hangs_is_ended_once_and_all_is_well_when_it_is_back() -> None:
    patient = Patient()
    dog = patient.dog()
    patient.answers["SIP"] = Answer.SILENT
    assert await patient.looks(dog, 4) is Verdict.HUNG
    assert patient.cures == 1
    patient.there = True  # the next one, which is not all up yet
    assert await patient.looks(dog, 1) is Verdict.WELL
    assert (patient.cures, patient.standing()) == (1, [])
    assert patient.notices == [Verdict.HUNG, Verdict.WELL]


async def test_somebody_elses_that_hangs_is_only_told() -> None:
    patient = Patient()
    patient.there = None
    patient.answers["SIP"] = Answer.SILENT
    dog = patient.dog(embedded=False)
    assert await patient.looks(dog, 9) is Verdict.HUNG
    [alarm] = patient.alarms.standing()
    assert (alarm.name, patient.cures, patient.notices) == (AlarmName.ASTERISK_HUNG, 0, [Verdict.HUNG])
    assert "SIP has not answered" in alarm.text
    patient.answers["SIP"] = Answer.ANSWERED
    assert await patient.looks(dog, 1) is Verdict.WELL
    assert patient.standing() == []


async def test_nobody_knocks_where_there_is_no_process() -> None:
    patient = Patient()
    patient.there = False
    assert await patient.looks(patient.dog(), 2) is Verdict.DEAD
    assert (patient.knocks, patient.standing()) == ([], [AlarmName.ASTERISK_DEAD])


async def test_a_hung_one_that_dies_is_dead_then() -> None:
    patient = Patient()
    patient.there = None
    patient.answers |= dict.fromkeys(patient.answers, Answer.SILENT)
    dog = patient.dog(embedded=False)
    assert await patient.looks(dog, 4) is Verdict.HUNG
    patient.answers |= dict.fromkeys(patient.answers, Answer.REFUSED)
    assert await patient.looks(dog, 1) is Verdict.DEAD
    assert patient.standing() == [AlarmName.ASTERISK_DEAD]


async def test_it_looks_as_long_as_it_runs() -> None:
    looked = asyncio.Event()

    async def knock() -> Answer:
        looked.set()
        return Answer.ANSWERED

    async with Watchdog((Door("ARI", knock),), Alarms(), every_s=0.0), asyncio.timeout(10):
        for _ in range(3):
            looked.clear()
            await looked.wait()
