from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from ivr.loader import load
from ivr.messages import nearest
from ivr.yaml_marks import ConfigurationError

pytestmark = pytest.mark.unit


class Account(BaseModel):
    """A part that may be left out."""

    model_config = ConfigDict(extra="forbid")

    user: str
    lines: int = 1


class Site(BaseModel):
    """A file with such parts, by themselves and in a list."""

    model_config = ConfigDict(extra="forbid")

    trunk: Account | None = None
    more: list[Account] = []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trunk: {user: x, line: 1}", "1:18: error: 'line' means nothing here; did you mean 'lines'?"),
        ("more:\n  - {user: x, usr: y}", "2:15: error: 'usr' means nothing here; did you mean 'user'?"),
        ("trunk: {user: x, zebra: 1}", "1:18: error: 'zebra' means nothing here"),
        ("trunk: {user: x, lines: 1.5}", "1:25: error: a whole number is expected here"),
        ("trunk: {user: x, lines: few}", "1:25: error: a whole number is expected here"),
        ("trunk: {user: true}", "1:15: error: a text is expected here; put it in quotes"),
        ("trunk: {user: }", "1:14: error: the value is missing here"),
        ("trunk: {}", "1:1: error: 'user' is missing here"),
        ("more: 1", "1:7: error: a list is expected here"),
    ],
)
def test_what_is_told_and_where(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(path, Site)
    assert str(caught.value) == f"{path}:{told}"


def test_a_part_left_out_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("trunk: ~\n", encoding="utf-8")
    assert load(path, Site) == Site()


def test_only_what_is_similar_is_offered() -> None:
    names = ["wrapup_s", "misses"]
    assert nearest("wrap_up_s", names) == "; did you mean 'wrapup_s'?"
    assert nearest("zebra", names) == nearest("x", []) == ""
