"""`denwaban hours`, `override` and `status`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import denwaban
from tests.ivr.project_file import CALENDAR, GOOD

pytestmark = pytest.mark.unit

MORE = """\
  closed:
    - {date: 2026-12-28, hours: ["12:00-24:00"], reason: 仕事納め}
  open:
    - {date: 2026-12-26, hours: ["09:00-12:00", "13:00-15:00"], reason: 臨時受付}
"""
NIGHT = 'hours_sets:\n  night: {weekly: {fri: ["22:00-02:00"]}}\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config folder with one project."""
    (tmp_path / "projects").mkdir()
    (tmp_path / "calendars").mkdir()
    text = GOOD.replace("guidance:\n", f"{MORE}guidance:\n", 1) + NIGHT
    (tmp_path / "projects" / "tax.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "calendars" / "jp.yaml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "site.yaml").write_text(f"var_directory: {tmp_path}/var\n", encoding="utf-8")
    return tmp_path


def test_the_days(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--config", str(config), "hours", "tax", "--from", "2026-12-25", "--to", "2026-12-29"]
    assert denwaban.main(given) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-12-25 fri  08:30-17:15",
        "2026-12-26 sat  09:00-12:00, 13:00-15:00  (臨時受付)",
        "2026-12-27 sun  closed on sun",
        "2026-12-28 mon  08:30-12:00  (12:00-17:15 closed: 仕事納め)",
        "2026-12-29 tue  closed: 年末年始",
    ]


def test_the_days_as_json(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--config", str(config), "hours", "tax", "--from", "2026-12-28", "--to", "2026-12-28", "--json"]
    assert denwaban.main(given) == 0
    assert json.loads(capsys.readouterr().out) == {
        "project": "tax",
        "timezone": "Asia/Tokyo",
        "days": [
            {
                "date": "2026-12-28",
                "weekday": "mon",
                "open": [["08:30", "12:00"]],
                "reason": "",
                "closed": [{"hours": ["12:00", "17:15"], "reason": "仕事納め"}],
            }
        ],
    }


def test_another_set_of_hours(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--config", str(config), "hours", "tax", "--set", "night", "--from", "2026-05-01", "--to"]
    assert denwaban.main([*given, "2026-05-02"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-05-01 fri  22:00-02:00",
        "2026-05-02 sat  closed on sat",
    ]


def test_two_weeks_from_today(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert denwaban.main(["--config", str(config), "hours", "tax"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 14


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["hours", "tex"], "there is no project 'tex'; did you mean 'tax'? (known: tax)"),
        (["hours", "tax", "--from", "12-25"], "'12-25' is no date; write it like 2026-12-25"),
        (["hours", "tax", "--from", "2026-12-25", "--to", "2026-12-24"], "has to come after"),
        (["hours", "tax", "--set", "nihgt"], "did you mean 'night'?"),
        (["status"], "start it with `denwaban run`"),
        (
            ["override", "tax", "closed", "--until", "2026-12-25T17:00", "--reason", "雪"],
            "no service answers",
        ),
    ],
)
def test_what_cannot_be_done(
    config: Path, capsys: pytest.CaptureFixture[str], given: list[str], message: str
) -> None:
    assert denwaban.main(["--config", str(config), *given]) == 1
    assert message in capsys.readouterr().err
