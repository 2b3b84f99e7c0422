"""What is only told: who is there and who waits, as much as one may see."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.city import WATER
from tests.supervisor.api_office import Site

pytestmark = pytest.mark.unit


async def test_who_is_there_and_who_is_not(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        told = await site.get("ld", "shifts")
        shifts = [(shift["who"], shift["present"], shift["seat"], shift["state"]) for shift in told["shifts"]]
        assert shifts == [
            ("op1", True, "s1", "READY"), ("op2", False, "", "LOGGED_OUT"), ("s2", False, "s2", "LOGGED_OUT"),
        ]  # fmt: skip
        assert told["missing"] == ["s2"]
        assert (await site.get("admin", "shifts"))["missing"] == ["oq", "s2"]
        people = (await site.get("op2", "people"))["people"]
        assert [(one["person"], one["seat"], one["number"]) for one in people] == [
            ("op1", "s1", ""), ("op2", "", "102"), ("ld", "", ""),
        ]  # fmt: skip


async def test_who_waits(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        await site.at("op1", "s1")
        await site.at("op2", "s2")
        site.centre.waits("A")
        site.centre.waits("B")
        site.centre.waits("C", WATER)
        site.centre.waits("D")
        site.centre.passes(12)
        [queue] = (await site.get("op1", "queues"))["queues"]
        assert (queue["queue"], queue["waiting"], queue["longest_wait"]) == ("tax/main", 1, 12)
        assert queue["seats"] == {"RINGING": 2}
        assert len((await site.get("admin", "queues"))["queues"]) == 2
        calls = (await site.get("ld", "calls"))["calls"]
        assert [(call["state"], call["wait"]) for call in calls] == [
            ("RINGING", 12),
            ("RINGING", 12),
            ("QUEUED", 12),
        ]
