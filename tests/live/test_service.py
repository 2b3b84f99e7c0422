"""The service on an Asterisk that runs already, and what it says when it cannot start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from calls.lifecycle import Outcome
from sim.live.behaviour import talk
from sim.live.callers import Caller
from sim.live.stack import own_stack
from telephony.asterisk import EmbeddedAsterisk
from telephony.service import Service
from telephony.site import AsteriskSite, Site
from telephony.stack import stack_of
from telephony.tree import AsteriskError
from tests.live.centre import NUMBER, ROOT, Floor, Seen, small_centre

pytestmark = pytest.mark.live


def external(asterisk: EmbeddedAsterisk, directory: Path) -> Site:
    """A site that names an Asterisk which runs already; its passwords are where its owner has put them."""
    secrets = directory / "secrets"
    secrets.mkdir()
    (secrets / "ari").write_text(asterisk.secrets.ari)
    (secrets / "ami").write_text(asterisk.secrets.ami)
    return Site(
        asterisk=AsteriskSite(mode="external"),
        ports=asterisk.plan.ports,
        var_directory=directory,
        secrets_directory=secrets,
    )


async def test_an_asterisk_that_runs_already_is_used(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    stack = stack_of(external(asterisk, tmp_path), small_centre(), ROOT / "config")
    seen = Seen()
    async with Service(stack, observe=seen.take) as service:
        assert service.asterisk is None
        [record] = await Floor(service, seen).call(Caller(NUMBER, "0900000001", 440, talk(0.3)))
    assert record.outcome == Outcome.ABANDONED_IVR
    assert asterisk.pid


async def test_a_wrong_password_is_told(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    site = external(asterisk, tmp_path)
    (site.secrets / "ari").write_text("wrong")
    with pytest.raises(AsteriskError, match="refuses the user `denwaban`"):
        async with Service(stack_of(site, small_centre(), ROOT / "config")):
            pass


async def test_a_taken_port_is_told_before_anything_starts(
    asterisk: EmbeddedAsterisk, tmp_path: Path
) -> None:
    stack = own_stack(tmp_path, small_centre(), ROOT / "config", ROOT / "var/asterisk")
    taken = stack.site.model_copy(update={"ports": asterisk.plan.ports})
    with pytest.raises(AsteriskError, match=r"port \d+ on 127.0.0.1 cannot be used"):
        async with Service(stack_of(taken, small_centre(), ROOT / "config")):
            pass


def test_make_run_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    stack = own_stack(tmp_path / "var", small_centre(), ROOT / "config", ROOT / "var/asterisk")
    config = tmp_path / "config"
    (config / "projects").mkdir(parents=True)
    for name in ("extensions.yaml", "calendars", "guidance", "projects/saitama-autotax.yaml"):
        (config / name).symlink_to(ROOT / "config" / name)
    (config / "seats.yaml").write_text("seats: [{ids: seat01-seat03, projects: [saitama-autotax]}]")
    (config / "site.yaml").write_text(stack.site.model_dump_json())  # JSON is YAML
    with subprocess.Popen(
        [sys.executable, str(ROOT / "denwaban.py"), "--config", str(config), "run"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        told = []
        for line in process.stderr:
            told.append(line)
            if "taking calls" in line:
                os.kill(process.pid, signal.SIGTERM)
        assert process.wait() == 0, "".join(told)
    assert any("taking calls" in line for line in told)
