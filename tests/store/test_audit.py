from __future__ import annotations

import json
import stat
import threading
from pathlib import Path

import pytest

from store.audit import AuditLog

pytestmark = pytest.mark.unit


def test_who_when_what_and_why(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "new" / "audit.log", clock=lambda: 1778115600.25)
    log.note("override", "sv01", "大雪", project="tax", until=None)
    log.note("export", "ld02")
    assert list(log.entries()) == [
        {
            "at": "2026-05-07T01:00:00.250+00:00",
            "by": "sv01",
            "what": "override",
            "why": "大雪",
            "project": "tax",
            "until": None,
        },
        {"at": "2026-05-07T01:00:00.250+00:00", "by": "ld02", "what": "export", "why": ""},
    ]


def test_one_line_of_json_each_for_our_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    log = AuditLog(path)
    log.note("override", "sv01", "two\nlines")
    log.note("override", "sv01", "half a pair \ud800")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["why"] for line in lines] == ["two\nlines", "half a pair ?"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_noted_yet(tmp_path: Path) -> None:
    assert list(AuditLog(tmp_path / "audit.log").entries()) == []


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    log = AuditLog(path)
    log.note("first", "sv01")
    with path.open("ab") as file:
        file.write(b'{"at": "2026')
    log.note("third", "sv01")
    assert [entry["what"] for entry in log.entries()] == ["first", "third"]


def test_several_at_once(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    logs = [AuditLog(path) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda log=log: [log.note("x", "sv01", "y" * 5000) for _ in range(10)])
        for log in logs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(logs[0].entries())) == 40
