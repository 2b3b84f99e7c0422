"""What needs no token: does it live, does it take calls, its figures; and the alarms, which need one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import pytest
from prometheus_client.parser import text_string_to_metric_families

from supervisor.api.openapi import description
from supervisor.api.server import Api
from telephony.alarms import AlarmName, Alarms
from telephony.health import Health
from telephony.loop_watch import LoopWatch
from telephony.metrics import Metrics, Sources
from telephony.sd_notify import Systemd
from tests.supervisor.api_office import Centrale

pytestmark = pytest.mark.unit


class House:
    """`async with House(folder) as house:` a centre whose alarms, health and metrics the API tells."""

    def __init__(self, folder: Path) -> None:
        self.centre = Centrale(folder)
        self.alarms = Alarms(lambda: self.centre.now)
        self.health = Health(self.alarms, "run-1")
        loop = LoopWatch(Systemd({}))
        metrics = Metrics(lambda: self.centre.engine.floor, self.alarms, Sources(), loop)
        self.centre.live.listen(lambda entry, _: metrics.observe(entry))
        office = replace(self.centre.office, alarms=self.alarms, health=self.health, metrics=metrics.text)
        self.api = Api(office, self.centre.live, 0)
        self._client: aiohttp.ClientSession

    async def __aenter__(self) -> House:
        await self.api.__aenter__()
        self._client = aiohttp.ClientSession(self.api.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self.api.__aexit__(None, None, None)

    async def get(self, path: str, person: str = "") -> tuple[int, Any]:
        """The status and the JSON of a path."""
        token = (self.centre.office.secrets / "api" / person).read_text().strip() if person else ""
        head = {"Authorization": f"Bearer {token}"} if person else {}
        async with self._client.get(path, headers=head) as reply:
            return reply.status, await reply.json()

    async def figures(self) -> dict[str, float]:
        """All samples of a scrape, by name and labels."""
        async with self._client.get("/metrics") as reply:
            assert (reply.status, reply.content_type) == (200, "text/plain")
            families = list(text_string_to_metric_families(await reply.text()))
        return {
            f"{sample.name}{sorted(sample.labels.values())}": sample.value
            for family in families
            for sample in family.samples
        }


def fits(shape: str, told: Any) -> None:
    """The answer is what the description says."""
    schema = {"$ref": f"#/components/schemas/{shape}", **description()}
    jsonschema.Draft202012Validator(schema).validate(told)


async def test_it_lives(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        status, told = await house.get("/healthz")
        fits("Alive", told)
        assert (status, told["run"], told["phase"]) == (200, "run-1", "starting")


async def test_it_takes_calls_when_it_has_started_and_nothing_stands_against_it(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        status, told = await house.get("/readyz")
        fits("Ready", told)
        assert (status, told) == (503, {"ready": False, "reasons": ["service: it is starting"]})
        house.health.phase = "running"
        house.alarms.sound(AlarmName.DISK_LOW, "a little is left")
        assert await house.get("/readyz") == (200, {"ready": True, "reasons": []})
        house.alarms.sound(AlarmName.SPOOL_FULL, "no room")
        assert await house.get("/readyz") == (503, {"ready": False, "reasons": ["spool_full: no room"]})


async def test_the_figures(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        house.centre.waits("A")
        house.alarms.sound(AlarmName.ARI_LOST, "nobody answers")
        told = await house.figures()
        assert told["denwaban_calls_arrived_total['in', 'tax']"] == 1
        assert told["denwaban_alarm['ari_lost', 'critical']"] == 1
        assert told["denwaban_alarm['disk_low', 'warning']"] == 0


async def test_the_alarms_are_told_to_everybody_who_works_here_and_to_nobody_else(tmp_path: Path) -> None:
    async with House(tmp_path) as house:
        house.alarms.sound(AlarmName.ARI_LOST, "nobody answers")
        since = house.centre.now
        house.centre.now += 60
        assert (await house.get("/v1/alarms"))[0] == 401
        status, told = await house.get("/v1/alarms", "op1")
        alarm = {"alarm": "ari_lost", "severity": "critical", "since": since, "seconds": 60.0}
        assert (status, told) == (200, {"at": since + 60, "alarms": [alarm | {"text": "nobody answers"}]})
        house.alarms.clear(AlarmName.ARI_LOST)
        assert (await house.get("/v1/alarms", "op1"))[1]["alarms"] == []
