"""The end of the audit log, read backwards: the same lines as by reading all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.audit import AuditLog
from supervisor.monitor import audit_tail
from supervisor.monitor.audit_tail import newest

pytestmark = pytest.mark.unit


def line(number: int, project: str = "tax", why: str = "") -> bytes:
    """One whole line, without its end."""
    entry = {"at": f"2026-05-07T00:00:{number:02}", "by": "oka", "what": "x", "why": why, "project": project}
    return json.dumps(entry, ensure_ascii=False).encode()


TORN = [b"", b" ", b"{", b'{"at": ', b"\xff\xfe\x00", b"[1]", b"7", b"null", b"{}", line(1)[:-1], b"[" * 2000,
        b'{"at": 1, "by": "x", "what": "x", "why": "x"}', b'{"at": "", "by": ""}', line(1)[10:]]  # fmt: skip
LINES = st.lists(
    st.builds(line, st.integers(0, 59), st.sampled_from(["tax", "water"]), st.text(max_size=30))
    | st.sampled_from(TORN),
    max_size=30,
)


def anything(entry: dict[str, Any]) -> bool:
    """All may be read."""
    return True


def by_reading_all(path: Path, may_read: Any, limit: int) -> list[dict[str, Any]]:
    """The plain way."""
    found = []
    for text in path.read_bytes().split(b"\n"):
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError):
            continue
        whole = isinstance(entry, dict) and all(
            isinstance(entry.get(k), str) for k in ("at", "by", "what", "why")
        )
        if whole and may_read(entry):
            found.append(entry)
    return found[::-1][:limit]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.booleans(), st.integers(1, 200), st.integers(1, 8), st.sampled_from(["", "tax"]))
def test_it_is_the_same_as_reading_all_of_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: list[bytes],
    ended: bool,
    block: int,
    limit: int,
    of: str,
) -> None:
    monkeypatch.setattr(audit_tail, "BLOCK", block)
    path = tmp_path / "audit.log"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ended else b""))

    def may_read(entry: dict[str, Any]) -> bool:
        return not of or entry.get("project") == of

    assert newest(path, may_read, limit) == by_reading_all(path, may_read, limit)


@pytest.mark.parametrize("block", [1, 2, 7, 64])
def test_borders_of_blocks_are_nowhere_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(audit_tail, "BLOCK", block)
    path = tmp_path / "audit.log"
    for shift in range(8):
        path.write_bytes(b" " * shift + b"\n" + b"\n".join(line(n, why="苦情" * n) for n in range(6)) + b"\n")
        assert [entry["at"][-1] for entry in newest(path, anything, 9)] == list("543210")


def test_of_a_long_log_only_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_tail, "BLOCK", 50)
    path, length = tmp_path / "audit.log", len(line(1)) + 1
    path.write_bytes(b"".join(line(number) + b"\n" for number in range(60)))
    monkeypatch.setattr(audit_tail, "MOST_BYTES", 3 * length + 20)
    assert [entry["at"][-2:] for entry in newest(path, anything, 9)] == ["59", "58", "57"]
    monkeypatch.setattr(audit_tail, "MOST_BYTES", 60 * length)
    assert len(newest(path, anything, 500)) == 60
    assert len(newest(path, anything, 60)) == 60
    assert newest(path, lambda entry: False, 9) == []


def test_it_reads_what_the_audit_log_writes(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    assert newest(path, anything, 9) == []
    log = AuditLog(path)
    log.note("override", "oka", "台風\u2028の\nため", project="tax", until=None)
    with path.open("ab") as file:
        file.write(b'{"torn')
    log.note("login", "hana")
    assert [(entry["what"], entry["why"]) for entry in newest(path, anything, 9)] == [
        ("login", ""),
        ("override", "台風\u2028の\nため"),
    ]
