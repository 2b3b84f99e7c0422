"""`denwaban compare`: a minute of real calls, and the simulation says the same."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]


async def test_simulation_and_telephone_agree() -> None:
    command = [sys.executable, str(ROOT / "denwaban.py"), "compare"]
    process = await asyncio.create_subprocess_exec(
        *command,
        str(ROOT / "config/scenarios/live-compare-short.yaml"),
        "--times",
        "60",
        "--json",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, told = await process.communicate()
    assert process.returncode == 0, told.decode()
    found = json.loads(out)
    assert found["agree"]
    assert found["figures"]["answer_rate"]["inside"]
    assert found["live"]["failed"] == 0
    assert found["calls"]["compared"] == found["live"]["offered"] == 80
