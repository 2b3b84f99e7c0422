from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from telephony.sd_notify import Systemd

pytestmark = pytest.mark.unit


@pytest.fixture
def inbox() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.settimeout(5)
        yield inbox


def told(inbox: socket.socket) -> str:
    return inbox.recv(1000).decode()


def test_it_tells_systemd(tmp_path: Path, inbox: socket.socket) -> None:
    inbox.bind(str(tmp_path / "notify"))
    systemd = Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "5000000"})
    systemd.ready()
    systemd.alive()
    systemd.status("34 seats, 2 wait")
    systemd.stopping()
    assert [told(inbox) for _ in range(4)] == [
        "READY=1",
        "WATCHDOG=1",
        "STATUS=34 seats, 2 wait",
        "STOPPING=1",
    ]
    assert systemd.watchdog_s == 5


def test_a_socket_without_a_file(inbox: socket.socket) -> None:
    name = f"denwaban-test-{os.getpid()}"
    inbox.bind(f"\0{name}")
    Systemd({"NOTIFY_SOCKET": f"@{name}"}).ready()
    assert told(inbox) == "READY=1"


def test_without_systemd_nothing_happens() -> None:
    systemd = Systemd({})
    systemd.ready()
    systemd.alive()
    assert systemd.watchdog_s == 0


def test_nobody_there_to_be_told_does_no_harm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Systemd({"NOTIFY_SOCKET": str(tmp_path / "nowhere")}).ready()
    assert "systemd could not be told READY" in caplog.text


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "5000000", "WATCHDOG_PID": str(os.getpid())}, 5.0),
        ({"WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
    ],
)
def test_for_whom_the_watchdog_is_meant(environment: dict[str, str], seconds: float) -> None:
    assert Systemd(environment).watchdog_s == seconds
