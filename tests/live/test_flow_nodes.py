"""Every node that touches the outside, on a real Asterisk, with real keys and real audio."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from sqlalchemy import select

from calls.events import MessageFinished, MessageStored, PhoneRegistered, PhoneUnregistered, as_mapping
from calls.lifecycle import Outcome
from calls.record import CallRecord
from calls.requests import CallbackWithdrawn
from recordings.analysis import dominant_tone, two_way_audio
from sim.live.behaviour import CallerBehaviour, KeyPress, SeatBehaviour, answer, reject, ring_on
from sim.live.callers import Caller
from sim.live.operators import Operators, SeatRobot
from sim.live.stack import own_stack
from sim.live.tones import operator_tone_hz, tone_file_name
from store.models import CALLBACKS, NOTICES
from telephony.gateway_site import GatewaySite
from telephony.service import Service
from telephony.site import TrunkSite
from tests.live.carrier import Carrier
from tests.live.centre import ROOT, Floor, Seen
from tests.live.flow_centre import CALLER, NUMBER, OUTSIDE, SILENT_HZ, TONE_HZ, centre
from tests.live.gateway_office import GatewayOffice, gateway_office

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

NOBODYS_FAULT = (
    "Playback failed for",  # a caller hung up in the middle of it
    "Could not create dialog to invalid URI",  # a telephone that is not registered
    "Failed to create outgoing session to endpoint",
)
"""What Asterisk warns of although nothing is wrong."""


class City(Floor):
    """The floor, with the carrier's other side and an HTTP gateway."""

    carrier: Carrier
    office: GatewayOffice

    @asynccontextmanager
    async def telephone(self, phone: str, behaviour: SeatBehaviour) -> AsyncIterator[None]:
        """A robot at a telephone, registered inside."""
        secret = self.service.stack.secrets.phones[phone]
        robot = SeatRobot(phone, secret, operator_tone_hz(0), behaviour)
        self._runs += 1
        here = self.work / f"telephone-{self._runs}"
        registered = len(self.seen.events(PhoneRegistered))
        async with Operators([robot], registrar=self.target, work_dir=here):
            await self.seen.until(lambda: len(self.seen.events(PhoneRegistered)) > registered)
            gone = len(self.seen.events(PhoneUnregistered))
            yield
        await self.seen.until(lambda: len(self.seen.events(PhoneUnregistered)) > gone)

    def silent_tone(self) -> int:
        """A tone that is silence, for the next caller: robots without a tone send no audio at all, people do."""
        work = self.work / f"callers-{self._runs + 1}"
        work.mkdir(parents=True)
        (work / tone_file_name(SILENT_HZ)).write_bytes(b"\xff" * 8000)
        return SILENT_HZ

    async def dials(
        self, keys: str, hang_up_after_s: float = 60.0, last_key_after_s: float = 0.8, tone_hz: int = TONE_HZ
    ) -> CallRecord:
        """A caller who presses these keys, and hangs up so long after the last of them."""
        presses = [KeyPress(key, 0.8) for key in keys]
        presses[-1] = KeyPress(keys[-1], last_key_after_s)
        behaviour = CallerBehaviour(hang_up_after_s, tuple(presses))
        records = await self.call(Caller(NUMBER, CALLER, tone_hz, behaviour))
        [record] = [record for record in records if record.direction == "in"]
        return record

    def file(self, name: str) -> Path:
        """A finished recording or message."""
        [path] = self.service.stack.recordings.rglob(name)
        return path


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    directory, seen = tmp_path_factory.mktemp("city"), Seen()
    async with Carrier() as carrier, gateway_office(refusals=2) as office:
        stack = own_stack(
            directory,
            centre(),
            ROOT / "config",
            ROOT / "var/asterisk",
            TrunkSite(server=f"127.0.0.1:{carrier.port}"),
        )
        headers = {"Authorization": "Bearer {secret}"}
        gateway = GatewaySite(
            name="sms", url=f"http://127.0.0.1:{office.port}/send", headers=headers, first_pause_s=0.1
        )
        (directory / "secrets" / "gateways").mkdir()
        (directory / "secrets" / "gateways" / "sms").write_text("let-me-in\n", encoding="ascii")
        stack = replace(stack, site=stack.site.model_copy(update={"gateways": (gateway,)}))
        async with Service(stack, observe=seen.take) as service:
            running = City(service, seen)
            running.carrier, running.office = carrier, office
            yield running
            assert service.asterisk is not None
            problems = service.asterisk.problems()
            assert [line for line in problems if not any(words in line for words in NOBODYS_FAULT)] == []


# ---- transfer


@pytest.mark.parametrize(
    ("phone", "keys", "to"),
    [("seat01", "1", "seat:seat01"), ("ext35", "2", "extension:35"), ("ext35", "335", "extension:35")],
)
async def test_a_transfer_is_a_recorded_conversation(city: City, phone: str, keys: str, to: str) -> None:
    async with city.telephone(phone, answer(ring_s=0.3)):
        record = await city.dials(keys, hang_up_after_s=4.0)
    assert (record.outcome, record.transferred_to, record.keys) == (Outcome.ANSWERED, to, keys)
    assert record.talk is not None
    await city.service.recorder.finish_all()
    assert two_way_audio(city.file(f"{record.call}.wav"), TONE_HZ, operator_tone_hz(0)).two_way


@pytest.mark.parametrize("behaviour", [ring_on(), reject("486 Busy Here")])
async def test_unanswered_and_busy_lead_back_into_the_flow(city: City, behaviour: SeatBehaviour) -> None:
    async with city.telephone("ext35", behaviour):
        record = await city.dials("2")
    assert (record.outcome, record.transferred_to) == (Outcome.OVERFLOWED, "")


async def test_a_telephone_that_is_not_registered(city: City) -> None:
    assert (await city.dials("2")).outcome == Outcome.OVERFLOWED


async def test_digits_that_are_nobodys(city: City) -> None:
    assert (await city.dials("399")).outcome == Outcome.TIMED_OUT


async def test_the_other_side_hangs_up(city: City) -> None:
    async with city.telephone("ext35", answer(talk_s=1.0)):
        record = await city.dials("2")
    assert record.outcome == Outcome.ANSWERED


async def test_the_caller_gives_up_while_it_rings(city: City) -> None:
    async with city.telephone("ext35", ring_on()):
        record = await city.dials("2", hang_up_after_s=1.0)
    assert record.outcome == Outcome.ABANDONED_IVR


async def test_an_outside_number_sees_the_number_of_the_project(city: City) -> None:
    record = await city.dials("4", hang_up_after_s=2.0)
    assert (record.outcome, record.transferred_to) == (Outcome.ANSWERED, f"outside:{OUTSIDE}")
    assert (city.carrier.dialled, city.carrier.shown) == ([OUTSIDE], [NUMBER])


async def test_the_carrier_refuses(city: City) -> None:
    city.carrier.status = "486 Busy Here"
    assert (await city.dials("4")).outcome == Outcome.OVERFLOWED
    city.carrier.status = "200 OK"


# ---- message


async def _message(city: City, record: CallRecord) -> tuple[float, float]:
    """The tone of a message, and its share of all that can be heard."""
    name = f"{record.call}-message"
    await city.seen.until(
        lambda: any(as_mapping(e)["message"] == name for e in city.seen.events(MessageStored))
    )
    with wave.open(str(city.file(f"{name}.wav"))) as audio:
        assert (audio.getnchannels(), audio.getframerate()) == (1, 8000)
        samples = np.frombuffer(audio.readframes(audio.getnframes()), "<i2").astype(float)
    return dominant_tone(samples, 8000)


@pytest.mark.parametrize(
    ("keys", "hang_up_after_s", "last_key_after_s"),
    [("5", 5.0, 0.8), ("5#", 60.0, 5.0)],
    ids=["hangs up", "presses #"],
)
async def test_a_message_is_kept_with_the_callers_voice_in_it(
    city: City, keys: str, hang_up_after_s: float, last_key_after_s: float
) -> None:
    record = await city.dials(keys, hang_up_after_s, last_key_after_s)
    name = f"{record.call}-message"
    tone_hz, share = await _message(city, record)
    assert (record.outcome, record.keys) == (Outcome.SELF_SERVED, keys)
    assert abs(tone_hz - TONE_HZ) < 10
    assert share > 0.8
    assert record.message_seconds is not None
    assert record.message_seconds > 2
    [said] = [event for event in city.seen.events(MessageFinished) if as_mapping(event)["message"] == name]
    assert as_mapping(said)["seconds"] > 2
    assert not list(city.service.stack.plan.messages.glob("*.wav"))


async def test_silence_ends_a_message(city: City) -> None:
    before = len(city.seen.events(MessageFinished))
    record = await city.dials("5", tone_hz=city.silent_tone())
    [finished] = city.seen.events(MessageFinished)[before:]
    assert finished == MessageFinished(f"{record.call}-message", 0.0)
    await _message(city, record)
    assert record.message_seconds is not None
    assert record.message_seconds < 10  # of the 20 s that it might have had
    assert record.outcome == Outcome.SELF_SERVED  # the flow's own end: `hangup` without an outcome


# ---- callback, sms and notify


async def test_a_callback_has_its_row(city: City) -> None:
    calling = asyncio.create_task(city.dials("6"))
    callbacks = city.service.engine.floor.callbacks
    await city.seen.until(lambda: any(callback.call is not None for callback in callbacks.values()))
    [name] = callbacks
    await city.service.journal.flush()
    async with city.service.database.engine.connect() as connection:
        [row] = await connection.execute(select(CALLBACKS).where(CALLBACKS.c.callback == name))
    assert (row.project, row.queue, row.number, row.place, row.state) == (
        "city",
        "main",
        CALLER,
        1,
        "waiting",
    )
    city.service.feed(CallbackWithdrawn(name))  # nobody is there who could dial him
    record = await calling
    assert (record.outcome, record.call) == (Outcome.OVERFLOWED, row.call)


async def test_texts_reach_a_gateway_that_fails_twice_first(city: City) -> None:
    record = await city.dials("7")
    await city.office.until(2)
    assert record.outcome == Outcome.SELF_SERVED
    taken = {text["to"]: text["text"] for text in city.office.taken}
    assert taken == {CALLER: "窓口は本庁舎2階です", "": f"{CALLER} から"}
    assert city.office.asked == 4
    assert {headers["Authorization"] for headers in city.office.headers} == {"Bearer let-me-in"}
    states = await _notices(city, record)
    assert states == [("sent", "", ""), ("sent", "", "")]


async def _notices(city: City, record: CallRecord) -> list[tuple[str, str, str]]:
    """What the outbox says of the texts of a call, once none of them waits."""
    query = select(NOTICES.c.state, NOTICES.c.recipient, NOTICES.c.text).where(NOTICES.c.call == record.call)
    async with asyncio.timeout(10):
        while True:
            async with city.service.database.engine.connect() as connection:
                rows = [tuple(row) for row in await connection.execute(query)]
            if "waiting" not in {row[0] for row in rows}:
                return rows
            await asyncio.sleep(0.02)  # the gateway hears of its answer before the row is written
