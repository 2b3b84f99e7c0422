from __future__ import annotations

import logging
from pathlib import Path

import pytest

from calls.notes import NoteEar
from store.audit import AuditLog
from telephony.ear_audit import ear_audit

pytestmark = pytest.mark.unit

NOTE = NoteEar("c1-1", "tax", "s4", "s1", "whisper", "leader")


def test_each_use_is_written_down(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path / "audit.log", clock=lambda: 0.0)
    carry_out = ear_audit(audit)
    carry_out(NOTE)
    carry_out(NoteEar("c1-1", "tax", "s4", "s1", "ended", ""))
    first, last = audit.entries()
    assert {key: first[key] for key in ("what", "by", "project", "call", "seat", "heard", "mode")} == {
        "what": "ear", "by": "leader", "project": "tax", "call": "c1-1", "seat": "s4", "heard": "s1", "mode": "whisper",
    }  # fmt: skip
    assert (last["by"], last["mode"]) == ("seat:s4", "ended")


def test_a_full_disk_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audit.log").mkdir()
    with caplog.at_level(logging.ERROR):
        ear_audit(AuditLog(tmp_path / "audit.log"))(NOTE)
    assert "free some room" in caplog.text
