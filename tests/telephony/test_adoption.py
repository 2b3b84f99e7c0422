"""Which process is the Asterisk of an instance; and which of its files are not those of today."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from telephony.adoption import files_that_differ, running_instance, serves
from telephony.asterisk_process import spawn

pytestmark = pytest.mark.unit

CONF = Path("/var/denwaban/etc/asterisk.conf")


@pytest.mark.parametrize(
    ("command", "is_it"),
    [
        ("asterisk -f -C /var/denwaban/etc/asterisk.conf", True),
        ("/tree/ld.so --library-path /tree /tree/asterisk -f -C /var/denwaban/etc/asterisk.conf", True),
        ("asterisk -C /var/denwaban/etc/asterisk.conf -rx core", False),
        ("asterisk -f -C /var/denwaban2/etc/asterisk.conf", False),
        ("vim -f /var/denwaban/etc/asterisk.conf", False),
        ("", False),
    ],
)
def test_a_command_line(command: str, is_it: bool) -> None:
    assert serves(command.split(" "), CONF) is is_it


def write_process(proc: Path, pid: int, parent: int, command: str) -> None:
    entry = proc / str(pid)
    entry.mkdir()
    (entry / "cmdline").write_bytes(command.replace(" ", "\0").encode() + b"\0")
    (entry / "stat").write_text(f"{pid} (asterisk (a) b) S {parent} {pid} 0")


async def test_the_process_is_found_and_its_copies_are_not(tmp_path: Path) -> None:
    command = f"asterisk -f -C {CONF}"
    child = spawn(("sleep", "60"), tmp_path, tmp_path / "out")
    copy = spawn(("sleep", "60"), tmp_path, tmp_path / "out")
    proc = tmp_path / "proc"
    proc.mkdir()
    (proc / "self").mkdir()
    (proc / "77").mkdir()  # gone while we looked
    write_process(proc, os.getpid(), 1, "python")
    write_process(proc, child.pid, 1, command)
    write_process(proc, copy.pid, child.pid, command)
    found = running_instance(CONF, proc)
    assert found is not None
    assert found.pid == child.pid
    found.forget()
    for process in (child, copy):
        await process.end(signal.SIGKILL, 30)
    assert running_instance(CONF, proc) is None  # /proc is behind; the process itself is asked
    child.forget()
    copy.forget()


def test_a_number_that_went_to_somebody_else(tmp_path: Path) -> None:
    write_process(tmp_path, 2**22 - 1, 1, f"asterisk -f -C {CONF}")
    assert running_instance(CONF, tmp_path) is None


def test_files_that_differ(tmp_path: Path) -> None:
    (tmp_path / "http.conf").write_text("as it was")
    (tmp_path / "pjsip.conf").write_text("as it is")
    wanted = {"http.conf": "as it is", "pjsip.conf": "as it is", "agi.conf": "new"}
    assert files_that_differ(tmp_path, wanted) == ("agi.conf", "http.conf")
