"""The units for systemd: what makes calls survive stands in them, and what they may not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
UNITS = ROOT / "config/systemd"
ENGINE, NIGHTLY, TIMER = "denwaban.service", "denwaban-reconcile.service", "denwaban-reconcile.timer"


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit, `Section.Key` by what is said in turn."""
    settings: dict[str, list[str]] = {}
    section = ""
    for line in (UNITS / name).read_text(encoding="utf-8").splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found.group(1)
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, f"{name}: {line}"
            settings.setdefault(f"{section}.{key}", []).append(value)
    return settings


def test_there_are_these_units() -> None:
    assert {path.name for path in UNITS.iterdir()} == {ENGINE, NIGHTLY, TIMER}


def test_a_dead_engine_is_back_at_once_however_often_it_dies() -> None:
    told = unit(ENGINE)
    assert told["Service.Restart"] == ["always"]
    assert told["Service.RestartSec"] == ["100ms"]
    assert told["Unit.StartLimitIntervalSec"] == ["0"]


def test_asterisk_survives_its_engine() -> None:
    told = unit(ENGINE)
    assert told["Service.KillMode"] == ["process"]  # with any other, systemd kills Asterisk too
    assert told["Service.OOMPolicy"] == ["continue"]


def test_the_engine_says_when_it_is_ready_and_that_it_lives() -> None:
    told = unit(ENGINE)
    assert told["Service.Type"] == ["notify"]
    assert told["Service.NotifyAccess"] == ["all"]  # the engine is a child of the main process
    assert told["Service.WatchdogSec"] == ["5s"]
    assert told["Service.ExecReload"] == ["/bin/kill -HUP $MAINPID"]


def test_stopping_has_the_time_that_ending_asterisk_and_writing_take() -> None:
    assert unit(ENGINE)["Service.TimeoutStopSec"] == ["60s"]


@pytest.mark.parametrize("name", [ENGINE, NIGHTLY])
def test_what_a_service_may_not_do(name: str) -> None:
    told = unit(name)
    assert told["Service.User"] == told["Service.Group"] == ["denwaban"]
    assert told["Service.UMask"] == ["0077"]
    assert told["Service.ProtectSystem"] == ["strict"]
    assert told["Service.ReadWritePaths"] == ["/opt/denwaban/var"]
    assert told["Service.CapabilityBoundingSet"] == [""]
    assert told["Service.SystemCallFilter"] == ["@system-service", "~@privileged"]
    yes = (
        "LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectClock",
        "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
        "ProtectKernelTunables", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
    )  # fmt: skip
    assert [told[f"Service.{key}"] for key in yes] == [["yes"]] * len(yes)


def test_asterisk_has_what_it_needs() -> None:
    told = unit(ENGINE)
    assert {"AF_UNIX", "AF_INET", "AF_NETLINK"} <= set(told["Service.RestrictAddressFamilies"][0].split())
    files = re.search(r"^maxfiles = (\d+)$", (ROOT / "dialplans/asterisk.conf.j2").read_text(), re.MULTILINE)
    assert files is not None
    assert int(told["Service.LimitNOFILE"][0]) >= int(files.group(1))


def test_the_certificate_is_made_of_the_day_before_by_the_calendar_of_the_callers() -> None:
    told, when = unit(NIGHTLY), unit(TIMER)
    assert told["Service.ExecStart"] == [
        """/bin/sh -c 'exec .venv/bin/denwaban reconcile --date "$$(date --date=yesterday +%%F)"'"""
    ]
    assert told["Service.Environment"] == ["TZ=Asia/Tokyo"]
    assert when["Timer.OnCalendar"] == ["*-*-* 04:30:00 Asia/Tokyo"]
    assert when["Timer.Persistent"] == ["yes"]


@pytest.mark.parametrize("name", [ENGINE, NIGHTLY, TIMER])
def test_every_path_is_in_the_folder_of_the_page(name: str) -> None:
    text = (UNITS / name).read_text(encoding="utf-8")
    assert set(re.findall(r"/opt/\w+", text)) == {"/opt/denwaban"}
    assert f"config/systemd/{name}" in (ROOT / "docs/operations.md").read_text(encoding="utf-8")
