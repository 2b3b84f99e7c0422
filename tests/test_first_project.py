"""`docs/first-project.md` is true: every file of it is written and every command of it is run, in their order."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(yaml|console)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def steps() -> Iterator[tuple[str, str, list[str]]]:
    """The files (`write`, name, lines) and the commands (`run`, command, lines that it prints) of the page."""
    page = (ROOT / "docs" / "first-project.md").read_text(encoding="utf-8")
    for kind, name, text in BLOCK.findall(page):
        if kind == "yaml":
            yield "write", name, text.splitlines()
        else:
            for command in text.removeprefix("$ ").split("\n$ "):
                first, *printed = command.splitlines()
                yield "run", first, printed


def run(command: str, folder: Path) -> tuple[int, str]:
    """The exit code of a command, and all that it prints."""
    denwaban = f"denwaban() {{ '{sys.executable}' '{ROOT / 'denwaban.py'}' --config config \"$@\"; }}"
    done = subprocess.run(
        ["bash", "-c", f"{denwaban}\n{command}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_every_command_does_what_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    commands = 0
    for kind, what, lines in steps():
        if kind == "write":
            (tmp_path / what).write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        commands += 1
        code, printed = run(what, tmp_path)
        assert [line for line in lines if line not in printed] == [], f"$ {what}\n{printed}"
        assert code == any(": error: " in line for line in lines), f"$ {what}\n{printed}"
    assert commands > 10
    assert (tmp_path / "machi-library.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")


def test_the_page_names_every_tool() -> None:
    assert {what.split()[1] for kind, what, _ in steps() if kind == "run" and what.startswith("denwaban ")} == {
        "check", "hours", "try", "diagram", "guidance", "diff", "sim",
    }  # fmt: skip
