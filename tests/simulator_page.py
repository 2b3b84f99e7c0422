"""`docs/simulator.md` for the tests that follow it: its commands with what they print, and what it shows of files."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/simulator.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PART = "part of "


def commands(mark: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of the ```console blocks with such a mark, and the lines that the page has of its output."""
    for kind, marked, text in BLOCK.findall(PAGE):
        if kind == "console" and marked == mark:
            for command in text.removeprefix("$ ").split("\n$ "):
                first, *printed = command.splitlines()
                yield first, printed


def parts() -> list[tuple[str, str]]:
    """What the page shows of files of the tree: the name, the lines."""
    return [(mark.removeprefix(PART), text) for _, mark, text in BLOCK.findall(PAGE) if mark.startswith(PART)]


def run(command: str, folder: Path, options: str = "") -> tuple[int, str]:
    """The exit code of a command in a folder, and all that it prints."""
    denwaban = f"denwaban() {{ '{sys.executable}' '{ROOT / 'denwaban.py'}' {options} \"$@\"; }}"
    done = subprocess.run(
        ["bash", "-c", f"{denwaban}\n{command}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def missing(lines: list[str], printed: str) -> list[str]:
    """The lines of the page that a command has not printed."""
    return [line for line in lines if line not in printed]
