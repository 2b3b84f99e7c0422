from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from engine.build import load_centre
from engine.desk_texts import DESK, TEXTS, DeskText, desk_project
from tests.engine.test_build import PROJECT, config, told

pytestmark = pytest.mark.unit


def test_each_text_can_be_said() -> None:
    assert set(TEXTS) == set(get_args(DeskText)) == set(desk_project().guidance)
    for name, text in TEXTS.items():
        assert desk_project().said(name, "ja", dt.date(2026, 5, 7)) == (name, 1, "ja", text)
    assert len(set(TEXTS.values())) == len(TEXTS)


def test_it_takes_no_calls_and_is_none_of_the_projects(tmp_path: Path) -> None:
    centre = load_centre(config(tmp_path, "seats: [{ids: s1, projects: [tax]}]\n"))
    assert desk_project().numbers == []
    assert DESK not in centre.answering()


def test_no_project_can_have_its_name(tmp_path: Path) -> None:
    folder = config(tmp_path, "seats: [{ids: s1, projects: [desk]}]\n", None)
    desk = PROJECT.replace("project: tax", "project: desk")
    (folder / "projects" / "desk.yaml").write_text(desk, encoding="utf-8")
    assert told(folder) == [
        "projects/desk.yaml:1:10: error: 'desk' is what the telephones at the seats say; choose another name"
    ]
