from __future__ import annotations

from pathlib import Path

import pytest

from ivr.loader import load_projects
from ivr.yaml_marks import ConfigurationError
from tests.ivr.project_file import CALENDAR, GOOD, told

pytestmark = pytest.mark.unit

FILES: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["1:1: error: the file is empty"]),
    "a comment only": (b"# nothing yet\n", ["1:1: error: the file is empty"]),
    "a text": (b"hello", ["1:1: error: names with values (name: value) are expected here"]),
    "a list": (b"- 1\n", ["1:1: error: names with values (name: value) are expected here"]),
    "Shift_JIS": (
        GOOD.encode("cp932"),
        ["1:1: error: looks like Shift_JIS; save it as UTF-8 and try again"],
    ),
    "UTF-16": (
        GOOD.encode("utf-16"),
        ['1:1: error: looks like UTF-16 ("Unicode"); save it as UTF-8 and try again'],
    ),
    "no text at all": (b"a: \x81\x20", ["1:1: error: is not UTF-8 text (byte 3); save it as UTF-8"]),
    "too deep": (b"[" * 100_000, ["1:1: error: values stand inside each other too deep"]),
    "an alias bomb": (
        b"a0: &a0 [1, 2]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d, " % (n - 1) * 9) for n in range(1, 20)),
        ["1:1: error: with its aliases the file has more than 200000 values"],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_is_no_project(tmp_path: Path, case: str) -> None:
    data, expected = FILES[case]
    assert told(tmp_path, data) == expected


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD.encode("utf-8-sig")) == []


def test_a_file_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ConfigurationError) as caught:
        load_projects([tmp_path / "none.yaml", tmp_path / "folder.yaml"], tmp_path)
    assert [f"{p.mark.line}:{p.mark.column} {p.message}" for p in caught.value.problems] == [
        "1:1 there is no such file",
        "1:1 cannot be read: Is a directory",
    ]


def two(folder: Path, first: str, second: str, second_name: str) -> list[str]:
    """What is told of two project files, the folder left out."""
    (folder / "tax.yaml").write_text(first, encoding="utf-8")
    (folder / second_name).write_text(second, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_projects([folder / "tax.yaml", folder / second_name], folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_one_number_in_two_projects(tmp_path: Path) -> None:
    (tmp_path / "jp.yaml").write_text(CALENDAR, encoding="utf-8")
    water = GOOD.replace("project: tax", "project: water")
    assert two(tmp_path, GOOD, water, "water.yaml") == [
        "water.yaml:4:14: error: this number belongs to the project 'tax' already"
    ]


def test_one_project_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "jp.yaml").write_text(CALENDAR, encoding="utf-8")
    assert two(tmp_path, GOOD, GOOD, "tax2.yaml") == [
        "tax2.yaml:1:10: error: the file of this project has to be named tax.yaml",
        "tax2.yaml:1:10: error: the project 'tax' stands in another file already",
    ]


def test_every_mistake_of_every_file_and_that_of_a_shared_calendar_once(tmp_path: Path) -> None:
    calendar = "holidays: XX\nclosed_every_year:\n  - {from: 12-32, to: 1-3, reason: 年末年始}\n"
    (tmp_path / "jp.yaml").write_text(calendar, encoding="utf-8")
    water = GOOD.replace("project: tax", "project: water").replace("next: line", "next: linen")
    assert two(tmp_path, GOOD, water, "water.yaml") == [
        "tax.yaml:6:13: error: the calendar 'jp' cannot be used",
        "jp.yaml:1:11: error: the public holidays of 'XX' are not known; write a country's code like JP",
        "jp.yaml:3:12: error: no year has the day 12-32",
        "jp.yaml:3:23: error: a day of every year is written month-day, like 12-29",
        "water.yaml:17:48: error: there is no node 'linen'; did you mean 'line'?",
        "water.yaml:6:13: error: the calendar 'jp' cannot be used",
    ]


def test_a_project_carries_its_calendar(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []
    project = load_projects([tmp_path / "tax.yaml"], tmp_path)["tax"]
    hours = project.opening_hours()
    assert hours.countries == ("JP",)
    assert [reason for _, reason in hours.closed_ranges] == ["年末年始"]
    assert [number.number for number in project.numbers] == ["0570012229"]
