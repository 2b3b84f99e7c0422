"""What a project may say of the time without an engine, and what is told of everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.schema import project_schema
from tests.ivr.project_file import GOOD, told

pytestmark = pytest.mark.unit

LINE = len(GOOD.splitlines()) + 1


@pytest.mark.parametrize(
    "rules",
    [
        "{}",
        '{backup: "048-000-0000"}',
        '{open: backup, backup: "0480000000", max_wait_s: 60}',
        "{open: announce, sorry: sorry}",
        "{notice: [], closed: [info, sorry], queue: main}",
    ],
)
def test_rules_that_can_be_done(tmp_path: Path, rules: str) -> None:
    assert told(tmp_path, GOOD + f"degraded: {rules}\n") == []


@pytest.mark.parametrize(
    ("rules", "where", "what"),
    [
        ("notice: notise", "11", "there is no guidance text 'notise'; did you mean 'notice'?"),
        ("closed: [sorry, shut]", "19", "there is no guidance text 'shut'"),
        ("closed: []", "3", "there is nothing to say here"),
        ("sorry: []", "3", "there is nothing to say here"),
        ("queue: mian", "10", "there is no queue 'mian'; did you mean 'main'?"),
        ("open: backup", "9", "'backup' is missing here"),
        ("backup: 0570-012-229", "11", "this is a number of the project itself"),
        ("open: announce\n  backup: 0480000000", None, "with `open: announce` nobody is dialled"),
        ("open: seat", "9", ""),
        ("backup: 12", "11", ""),
        ("max_wait_s: 5", "15", ""),
        ("maximum: 5", "3", ""),
    ],
)
def test_each_mistake_is_told_at_its_place(tmp_path: Path, rules: str, where: str | None, what: str) -> None:
    [problem] = told(tmp_path, GOOD + f"degraded:\n  {rules}\n")
    line = LINE + 1 + rules.count("\n")
    assert problem.startswith(f"{line}:{where}: error: " if where else f"{line}:")
    assert what in problem


def test_the_schema_shows_it() -> None:
    fields = project_schema()["$defs"]["Degraded"]["properties"]
    assert set(fields) == {"open", "backup", "max_wait_s", "queue", "notice", "closed", "sorry"}
    assert all(field["description"] for field in fields.values())
