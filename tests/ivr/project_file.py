"""A project file that is right, and what is told of one that is not."""

from __future__ import annotations

from pathlib import Path

from ivr.loader import load_projects
from ivr.yaml_marks import ConfigurationError

GOOD = """\
project: tax
name: Tax office
numbers:
  - {number: 0570-012-229}
hours:
  calendar: jp
  weekly:
    mon-fri: ["08:30-17:15"]
guidance:
  notice: {ja: 録音します。}
  info: {ja: 一を押してください。}
  sorry: {ja: 混み合っております。}
flow:
  start: gate
  nodes:
    gate: {type: hours, open: hello, closed: info}
    hello: {type: say, guidance: notice, next: line}
    line:
      type: enqueue
      queue: main
      full: busy
      no_seats: busy
      timeout: busy
    info: {type: menu, prompt: [info], keys: {"1": busy}, after: busy}
    busy: {type: hangup, guidance: sorry, outcome: overflowed}
queues:
  main: {wrapup_s: 30}
"""

CALENDAR = "holidays: JP\nclosed_every_year:\n  - {from: 12-29, to: 01-03, reason: 年末年始}\n"


def told(folder: Path, text: str | bytes, name: str = "tax.yaml") -> list[str]:
    """What is told of one project file, the folder and the file's own name left out."""
    (folder / "jp.yaml").write_text(CALENDAR, encoding="utf-8")
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load_projects([path], folder)
    except ConfigurationError as error:
        return [line.removeprefix(f"{folder}/").removeprefix(f"{name}:") for line in str(error).splitlines()]
    return []
