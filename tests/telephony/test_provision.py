from __future__ import annotations

from pathlib import Path

import pytest

from telephony import provision
from telephony.asterisk_check import check_modules, check_version
from telephony.tree import AsteriskError, AsteriskTree, parse_version

pytestmark = pytest.mark.unit


def fake_tree(root: Path, version: str) -> None:
    """What stands for a tree: its loader is a script that tells a version."""
    loader = root / "usr/lib64/ld-linux-x86-64.so.2"
    loader.parent.mkdir(parents=True)
    loader.write_text(f"#!/bin/sh\necho Asterisk {version}\n")
    loader.chmod(0o755)


class FakeDebian:
    """Answers each fetch with the next of what it was given: a version, or a failure's text."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.options: list[tuple[str, ...]] = []

    def fetch(self, building: Path, options: tuple[str, ...] = ()) -> str | None:
        self.options.append(options)
        answer = self.answers.pop(0)
        if answer.startswith("E:"):
            return answer
        fake_tree(building, answer)
        return None


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch) -> FakeDebian:
    fake = FakeDebian()
    monkeypatch.setattr(provision, "_bootstrap", fake.fetch)
    return fake


EXPIRED = (
    "E: Release file for http://mirror.example/debian/dists/forky/InRelease is expired (invalid since 3d)."
)


def test_what_is_recent_enough_stays(tmp_path: Path, debian: FakeDebian) -> None:
    fake_tree(tmp_path / "asterisk", "22.10.1")
    provision.provision(tmp_path / "asterisk")
    assert debian.options == []


def test_what_is_too_old_is_replaced_and_nothing_else_is_left(tmp_path: Path, debian: FakeDebian) -> None:
    fake_tree(tmp_path / "asterisk", "22.9.0")
    debian.answers = ["22.10.2"]
    tree = provision.provision(tmp_path / "asterisk")
    assert tree.version() == (22, 10, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["asterisk"]


def test_a_list_past_its_date_is_taken_and_told(
    tmp_path: Path, debian: FakeDebian, capsys: pytest.CaptureFixture[str]
) -> None:
    debian.answers = [EXPIRED, "22.10.1"]
    provision.provision(tmp_path / "asterisk")
    assert debian.options == [(), ('--aptopt=Acquire::Check-Valid-Until "false"',)]
    assert "its signature is checked, its date is not" in capsys.readouterr().err


def test_another_failure_is_told_and_what_was_there_stays(tmp_path: Path, debian: FakeDebian) -> None:
    fake_tree(tmp_path / "asterisk", "22.9.0")
    debian.answers = ["E: Temporary failure resolving 'mirror.example'"]
    with pytest.raises(AsteriskError, match=r"(?s)Temporary failure resolving.*Check the network"):
        provision.provision(tmp_path / "asterisk")
    assert AsteriskTree(tmp_path / "asterisk").version() == (22, 9, 0)
    assert len(debian.options) == 1


def test_a_suite_that_gives_an_old_one_is_told(tmp_path: Path, debian: FakeDebian) -> None:
    debian.answers = ["22.9.0"]
    with pytest.raises(AsteriskError, match=r"gave Asterisk 22\.9\.0; 22\.10\.1 or later is needed"):
        provision.provision(tmp_path / "asterisk")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", (22, 10, 1)),
        ("22.10", (22, 10, 0)),
        ("23.0.0-rc1", (23, 0, 0)),
        ("GIT-master", None),
    ],
)
def test_versions_as_asterisk_tells_them(text: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(text) == version


@pytest.mark.parametrize(
    ("told", "refused"),
    [("22.9.3", "this Asterisk is 22.9.3; 22.10.1 or later"), ("GIT-master", "no version that can be read")],
)
def test_a_version_that_will_not_do_is_told(told: str, refused: str) -> None:
    with pytest.raises(AsteriskError, match=refused):
        check_version({"system": {"version": told}})


def test_a_module_that_is_there_but_does_not_run_is_missing() -> None:
    listed = [{"name": "app_a.so", "status": "Running"}, {"name": "app_b.so", "status": "Not Running"}]
    check_modules(listed, ["app_a"])
    with pytest.raises(AsteriskError, match=r"1 modules .*: app_b\."):
        check_modules(listed, ["app_a", "app_b"])
