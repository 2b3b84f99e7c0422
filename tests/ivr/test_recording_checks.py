"""Rules of recording and of retention that go together, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ivr.project_file import GOOD, told

pytestmark = pytest.mark.unit

LINE = len(GOOD.splitlines()) + 1


@pytest.mark.parametrize(
    "rule",
    [
        "{enabled: false}",
        "{enabled: true, retention_days: 0}",
        "{retention_days: 0, erase_at_end: false}",
        "{retention_days: 365, erase_at_end: true}",
        "{erase_at_end: true}",
    ],
)
def test_rules_that_go_together(tmp_path: Path, rule: str) -> None:
    assert told(tmp_path, GOOD + f"recording: {rule}\n") == []


def test_each_contradiction_is_told_at_its_line(tmp_path: Path) -> None:
    rule = "recording:\n  retention_days: 92\n  enabled: false\n  erase_at_end: true\n"
    keep, erase = told(tmp_path, GOOD + rule)
    assert keep.startswith(f"{LINE + 1}:19: error: with `enabled: false` there is no recording to keep; take")
    assert erase.startswith(
        f"{LINE + 3}:17: error: with `enabled: false` there is no recording to erase; take"
    )


def test_nothing_is_left_to_erase(tmp_path: Path) -> None:
    rule = "recording:\n  erase_at_end: true\n  retention_days: 0\n"
    (line,) = told(tmp_path, GOOD + rule)
    assert line.startswith(f"{LINE + 1}:17: error: with `retention_days: 0` there is nothing left to erase")
