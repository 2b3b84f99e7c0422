"""`docs/operations.md` is true: what needs no other machine is run word for word, in order, in a fresh copy.

The blocks ```sh followed are run; of all others the shell has to understand every line, and each program and file of
ours that they name has to be there.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import denwaban

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh( followed)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NOT_COPIED = shutil.ignore_patterns("var", ".*", "__pycache__", "tests")


def blocks(*, followed: bool) -> list[str]:
    """The commands of the page."""
    return [text for mark, text in BLOCK.findall(PAGE) if bool(mark) is followed]


def run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Commands of the page in a folder that stands for /opt/denwaban; backups go beside it."""
    here = commands.replace("/srv/backup", str(folder.parent / "backup"))
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", here], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A fresh copy as `./setup.sh` leaves it behind, but for Asterisk."""
    folder = tmp_path / "denwaban"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    (folder / "var").mkdir()
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name, what in (("python", ""), ("denwaban", f"'{folder}/denwaban.py'")):
        (programs / name).write_text(f"#!/bin/sh\nexec '{sys.executable}' {what} \"$@\"\n")
        (programs / name).chmod(0o755)
    return folder


def fill(var: Path) -> None:
    """What a service has written after a while."""
    for name in (
        "secrets/trunk",
        "recordings/c1.wav",
        "audit.log",
        "run/log",
        "journal/1.spool",
        "asterisk/x",
    ):
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_text(name)
    with sqlite3.connect(var / "denwaban.db") as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE calls (id TEXT)")
        database.execute("INSERT INTO calls VALUES ('c1')")


def test_the_blocks_that_are_marked_do_what_the_page_says(installed: Path) -> None:
    check, backup, restore = blocks(followed=True)
    done = run(check, installed)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")

    fill(installed / "var")
    writing = sqlite3.connect(installed / "var/denwaban.db")  # the service goes on meanwhile
    writing.execute("INSERT INTO calls VALUES ('c2')")
    done = run(backup, installed)
    assert done.returncode == 0, done.stderr
    writing.commit()
    writing.close()

    (installed / "config/site.yaml").write_text("changed: since")
    (installed / "var/recordings/c1.wav").unlink()
    (installed / "var/journal/2.spool").write_text("newer than the database")
    done = run(restore, installed)
    assert (done.returncode, done.stderr) == (0, "")
    var = installed / "var"
    assert (var / "recordings/c1.wav").read_text() == "recordings/c1.wav"
    assert (var / "secrets/trunk").exists()
    assert (var / "asterisk/x").exists()
    assert [file.name for file in (var / "journal").iterdir()] == ["1.spool"]  # not what has come since
    with sqlite3.connect(var / "denwaban.db") as database:
        assert database.execute("SELECT id FROM calls").fetchall() == [("c1",)]


@pytest.mark.parametrize("commands", blocks(followed=False) + blocks(followed=True))
def test_the_shell_understands_every_block(commands: str) -> None:
    done = subprocess.run(["bash", "-n", "-c", commands], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_file_of_ours_that_the_page_names_is_there() -> None:
    named = {name.rstrip(".") for name in re.findall(r"(?<![\w/.])(?:config|docs)/[\w/.*-]+", PAGE)}
    assert len(named) > 5
    assert [name for name in sorted(named) if not any(ROOT.glob(name))] == []


def ours() -> list[list[str]]:
    """The words of every command of ours in the blocks."""
    lines = "\n".join(blocks(followed=False) + blocks(followed=True)).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/denwaban ")]


def test_every_command_of_ours_is_one_with_the_arguments_that_it_takes() -> None:
    assert {words[0] for words in ours()} == {"check", "drill", "reconcile"}
    for words in ours():
        denwaban._parser().parse_args(words)  # ends the program where they are wrong, and says why
