"""Passwords that are made at the first start."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from telephony.secrets import load_or_make

pytestmark = pytest.mark.unit


def test_what_is_made_stays_and_is_ours_alone(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, ["seat01", "seat02"])
    assert load_or_make(tmp_path, ["seat01", "seat02"]) == made
    assert len({made.ari, made.ami, *made.phones.values()}) == 4
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {0o600}


def test_no_password_is_one_that_a_robot_would_take_for_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["0xO9HHUgesxd", "0XO9HHUgesxd", "x0O9HHUgesxd", "0O9HHUgesxd", "O0x9HHUgesxd"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: next(drawn))
    made = load_or_make(tmp_path, ["seat01"])
    assert [made.ari, made.ami, made.phones["seat01"]] == ["x0O9HHUgesxd", "0O9HHUgesxd", "O0x9HHUgesxd"]
