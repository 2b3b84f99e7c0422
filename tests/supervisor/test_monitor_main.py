"""The process of the monitor: it says where it answers, ends when it is told to, and says what it lacks."""

from __future__ import annotations

import asyncio
import signal
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp
import pytest

from telephony.ports import free_ports
from tests.supervisor.monitor_site import page

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def site_file(folder: Path, more: str = "") -> Path:
    """A site.yaml of which everything lies in a folder."""
    api, monitor = free_ports(2)
    file = folder / "site.yaml"
    file.write_text(f"var_directory: {folder}\nports: {{api: {api}, monitor: {monitor}}}\n{more}")
    return file


async def started(site: Path, folder: Path) -> Process:
    """Its process."""
    named = ("--site", str(site), "--page", str(folder))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "supervisor.monitor", *named, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_until_it_is_told_to_end(tmp_path: Path, told: signal.Signals) -> None:
    process = await started(site_file(tmp_path), page(tmp_path / "page"))
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with aiohttp.ClientSession() as client:
        async with client.get(url, ssl=trusting) as reply:
            assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        process.send_signal(told)
        _, errors = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in errors


@pytest.mark.parametrize(
    ("more", "built", "says"),
    [
        ("", False, "`make setup` builds it"),
        ("nonsense: 1", True, "site.yaml:3:"),
        ("store: {url: 'mysql://x'}", True, "'mysql' is no database that can be used here"),
    ],
)
async def test_what_it_lacks_it_says(tmp_path: Path, more: str, built: bool, says: str) -> None:
    folder = page(tmp_path / "page") if built else tmp_path / "page"
    process = await started(site_file(tmp_path, more), folder)
    output, errors = await process.communicate()
    assert (process.returncode, output) == (1, b"")
    assert says in errors.decode()
    assert "Traceback" not in errors.decode()
