from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.yaml_marks import Document, Mark, read

pytestmark = pytest.mark.unit


def document(folder: Path, text: str) -> Document:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("on", "on"),
        ("~", None),
        ("''", ""),
        ("0", 0),
        ("-12", -12),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("0570012229", "0570012229"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("'1'", "1"),
        (".inf", ".inf"),
        ("08:30", "08:30"),
        ("2026-05-07", "2026-05-07"),
        ("{1: a}", {"1": "a"}),
        ("[a, [b]]", ["a", ["b"]]),
    ],
)
def test_scalars_are_read_as_an_office_would(tmp_path: Path, text: str, value: Any) -> None:
    found = document(tmp_path, f"key: {text}\n")
    assert found.problems == []
    assert found.data == {"key": value}
    assert type(found.data["key"]) is type(value)


def test_a_value_stands_at_itself_and_a_mapping_at_its_key(tmp_path: Path) -> None:
    found = document(tmp_path, "a:\n  b: [1, 22]\n  c: {d: 3}\n")
    assert found.mark(("a",)) == Mark(1, 1)
    assert found.mark(("a", "b")) == Mark(2, 3)
    assert found.mark(("a", "b", 1)) == Mark(2, 10)
    assert found.mark(("a", "c", "d")) == Mark(3, 10)
    assert found.keys[("a", "c", "d")] == Mark(3, 7)


def test_what_does_not_stand_there_is_found_at_the_nearest_thing_above(tmp_path: Path) -> None:
    found = document(tmp_path, "a:\n  b: 1\n")
    assert found.mark(("a", "x", 4)) == Mark(1, 1)
    assert found.mark(("a", "b", "x")) == Mark(2, 6)
    assert Document("nothing").mark(("a",)) == Mark(1, 1)


def test_an_alias_that_ends_is_allowed(tmp_path: Path) -> None:
    found = document(tmp_path, "a: &x {b: 1}\nc: [*x, *x]\n")
    assert found.problems == []
    assert found.data == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


@pytest.mark.parametrize(
    "text",
    [
        "a:\nb: 1\n",
        "a: {b: , c: 1}\n",
        "a:\n  -\n  - x\n",
        "a: [x,\n ]\n",
        "a: &q {b: 1}\nc: *q\n",
        "a: |\n  x\n  y\nb: >-\n  z\n",
        "a:    # nothing\n\n\nb: 2\n",
        "日本: {語: 値, 空: }\n",
    ],
)
def test_both_libraries_see_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    fast = read(path)
    monkeypatch.setattr("yaml.CSafeLoader", yaml.SafeLoader)
    assert read(path) == fast


def test_too_deep_for_the_fast_library(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    for depth in (2_000, 100_000):
        path.write_text("[" * depth + "]" * depth, encoding="utf-8")
        assert [problem.message for problem in read(path).problems] == [
            "values stand inside each other too deep"
        ]
