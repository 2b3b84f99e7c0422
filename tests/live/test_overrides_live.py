"""A project is closed by hand, and the next real caller is told so: by command, after a restart, and by telephone."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import denwaban
from calls.events import DigitPressed, HoursOverridden, PinEntered
from calls.lifecycle import Outcome
from calls.record import CallRecord
from engine.centre import Centre
from ivr.project import Project
from sim.live.behaviour import press, wait_for_far_end
from sim.live.callers import Caller
from sim.live.stack import own_stack
from store.audit import FILE as AUDIT_FILE
from store.audit import AuditLog
from telephony.pins import pin_file
from telephony.service import Service
from telephony.stack import Stack
from tests.live.centre import NUMBER, ROOT, Floor, Seen

pytestmark = pytest.mark.live

SERVICE_NUMBER = "0480000099"
NODES: dict[str, Any] = {
    "gate": {"type": "hours", "open": "welcome", "closed": "sorry"},
    "welcome": {"type": "hangup", "guidance": "welcome", "outcome": "self_served"},
    "sorry": {"type": "hangup", "guidance": "sorry"},
    "quake": {"type": "hangup", "guidance": "quake", "outcome": "self_served"},
}


def centre() -> Centre:
    """One project, open day and night, that only says what it is."""
    project = Project.model_validate(
        {
            "project": "city",
            "name": "city",
            "numbers": [{"number": NUMBER}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {
                "welcome": {"ja": "開いています。"},
                "sorry": {"ja": "終了しました。"},
                "quake": {"ja": "地震です。"},
            },
            "flow": {"start": "gate", "nodes": NODES},
            "disaster": "quake",
            "service_number": {"number": SERVICE_NUMBER},
        }
    )
    return Centre({"city": project}, ())


class City:
    """A stack that is started as often as a test likes, and its commands."""

    def __init__(self, directory: Path) -> None:
        self.stack: Stack = own_stack(directory / "var", centre(), ROOT / "config", ROOT / "var/asterisk")
        self._config = directory / "config"
        self._config.mkdir()
        (self._config / "site.yaml").write_text(self.stack.site.model_dump_json())  # JSON is YAML

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Floor]:
        """One life of the service."""
        seen = Seen()
        async with Service(self.stack, observe=seen.take) as service:
            yield Floor(service, seen)

    async def command(self, *words: str) -> int:
        """`denwaban ...`, while the service goes on."""
        return await asyncio.to_thread(denwaban.main, ["--config", str(self._config), *words])

    def audited(self) -> list[dict[str, Any]]:
        return list(AuditLog(self.stack.site.var_directory / AUDIT_FILE).entries())


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


async def heard(floor: Floor) -> tuple[str, str]:
    """What the next caller hears, and how his call ends."""
    [record] = await floor.call(Caller(NUMBER, "0900000001", 440, wait_for_far_end()))
    return record.heard[0].partition("@")[0], record.outcome


UNTIL = f"{dt.date.today() + dt.timedelta(days=30)}T17:15"  # noqa: DTZ011 (a month from now, whatever the zone)


async def test_by_command_also_after_a_restart(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    async with city.running() as floor:
        assert await heard(floor) == ("welcome", Outcome.SELF_SERVED)
        order = ("override", "city", "closed", "--until", UNTIL, "--reason", "大雪", "--by", "sv01")
        assert await city.command(*order) == 0
        assert await heard(floor) == ("sorry", Outcome.CLOSED)
    async with city.running() as floor:
        assert await heard(floor) == ("sorry", Outcome.CLOSED)
        capsys.readouterr()
        assert await city.command("status", "--json") == 0
        state = json.loads(capsys.readouterr().out)["projects"]["city"]
        assert (state["open"], state["reason"], state["by"]) == (False, "大雪", "sv01")
        assert await city.command("override", "city", "disaster", "--until", UNTIL, "--reason", "地震") == 0
        assert await heard(floor) == ("quake", Outcome.SELF_SERVED)
        assert await city.command("override", "city", "none") == 0
        assert await heard(floor) == ("welcome", Outcome.SELF_SERVED)
    async with city.running() as floor:
        assert await heard(floor) == ("welcome", Outcome.SELF_SERVED)
    assert [(line["kind"], line["why"]) for line in city.audited()] == [
        ("closed", "大雪"),
        ("disaster", "地震"),
        ("none", ""),
    ]


async def service_call(floor: Floor, keys: str) -> CallRecord:
    """A call to the service number that presses some keys."""
    [record] = await floor.call(Caller(SERVICE_NUMBER, "0900000001", 440, press(keys, after_s=0.4)))
    return record


def texts(record: CallRecord) -> list[str]:
    return [text.partition("@")[0] for text in record.heard]


async def test_by_telephone_with_the_pin(city: City, caplog: pytest.LogCaptureFixture) -> None:
    async with city.running() as floor:
        pin = pin_file(city.stack.site.secrets, "city").read_text().strip()
        wrong = f"{(int(pin) + 1) % 10**8:08}"
        record = await service_call(floor, wrong + pin + "1")
        assert texts(record) == ["pin", "wrong_pin", "choice_disaster", "closed"]
        assert (record.keys, record.outcome, record.project) == ("1", Outcome.SELF_SERVED, "city.service")
        assert floor.seen.events(PinEntered) == [
            PinEntered(record.leg, ok=False),
            PinEntered(record.leg, ok=True),
        ]
        assert floor.seen.events(DigitPressed) == [DigitPressed(record.leg, "1")]
        assert [event.kind for event in floor.seen.events(HoursOverridden)] == ["closed"]  # type: ignore[attr-defined]
        assert await heard(floor) == ("sorry", Outcome.CLOSED)
        assert texts(await service_call(floor, pin + "0"))[-1] == "none"
        assert await heard(floor) == ("welcome", Outcome.SELF_SERVED)
    assert pin not in caplog.text
    assert next((line["kind"], line["by"]) for line in city.audited()) == ("closed", f"call {record.call}")


async def test_three_wrong_pins_end_the_call(city: City) -> None:
    async with city.running() as floor:
        pin = pin_file(city.stack.site.secrets, "city").read_text().strip()
        wrong = f"{(int(pin) + 1) % 10**8:08}"
        record = await service_call(floor, wrong * 3)
        assert texts(record) == ["pin", "wrong_pin", "wrong_pin", "refused"]
        assert await heard(floor) == ("welcome", Outcome.SELF_SERVED)
    assert city.audited() == []
