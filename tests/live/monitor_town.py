"""The configuration of the small town that the monitor's live tests look at: every text is a tone of its own."""

from __future__ import annotations

import datetime as dt
import json
import wave
from functools import cache
from pathlib import Path
from typing import Any

from sim.live.stack import own_stack
from sim.live.tones import SAMPLE_RATE, tone
from telephony.site import MonitorSite, Site
from tests.live.centre import MENU_NUMBER, NUMBER, ROOT, small_centre

TAX, WATER = "tax", "water"
SEAT, SECOND, WET, DESK = "seat01", "seat02", "seat03", "supervisor01"
SUPERVISOR, LEADER = "supervisor191", "leader181"
"""People of the town, who log in to the monitor under the same ids."""
MARK_S = 2
"""Who has waited so long is marked."""
SHUT_HZ, SHAKEN_HZ = 2200, 2500
"""What a caller hears while the centre is closed, and while it is switched to its disaster flow; nobody speaks so."""
TEXTS = (SHUT_HZ, SHAKEN_HZ)
_TEXT_S = 2.0
_SEATS = f"""
seats:
  - {{ids: {SEAT}-{SECOND}, numbers: 201-202, projects: [{TAX}]}}
  - {{ids: {WET}, number: "203", projects: [{WATER}]}}
  - {{ids: {DESK}, number: "291", supervises: [{TAX}, {WATER}]}}
"""
_PEOPLE = f"""
people:
  - {{id: op101, number: "101", name: 青木, projects: [{TAX}]}}
  - {{id: {LEADER}, number: "181", name: 江口, role: leader, supervises: [{TAX}]}}
  - {{id: {SUPERVISOR}, number: "191", name: 岡, role: supervisor, supervises: [{TAX}]}}
"""


@cache
def noon_zone() -> str:
    """A time zone in which it is about noon: whoever counts the calls of a day must not meet midnight."""
    return f"Etc/GMT{dt.datetime.now(dt.UTC).hour - 12:+d}"  # whose sign is that of the way to Greenwich


def write_town(folder: Path) -> Site:
    """The folders `config/` and `var/` below `folder`; the site."""
    config = folder / "config"
    site = write_site(folder)
    for name, text in (("seats", _SEATS), ("people", _PEOPLE), ("extensions", "extensions: []")):
        (config / f"{name}.yaml").write_text(text, encoding="utf-8")
    for project, number in ((TAX, NUMBER), (WATER, MENU_NUMBER)):
        (config / f"projects/{project}.yaml").write_text(json.dumps(town_project(project, number)))
    return site


def write_site(folder: Path) -> Site:
    """The site and the texts alone, on ports of its own; what is spoken is shared with its neighbours."""
    config, var, spoken = folder / "config", folder / "var", folder.parent / "guidance"
    (config / "projects").mkdir(parents=True)
    var.mkdir()
    spoken.mkdir(exist_ok=True)
    (var / "guidance").symlink_to(spoken)
    site = own_stack(var, small_centre(), ROOT / "config", ROOT / "var/asterisk").site
    site = site.model_copy(update={"monitor": MonitorSite(wait_mark_s=MARK_S)})
    (config / "site.yaml").write_text(site.model_dump_json())  # JSON is YAML
    (config / "guidance").mkdir()
    for hz in TEXTS:
        _write_wav(config / "guidance" / f"{hz}.wav", hz)
    return site


def town_project(name: str, number: str) -> dict[str, Any]:
    """Into the line at once, while it is open; a record is written for as long as the operator likes."""
    line = {"type": "enqueue", "queue": "main", "full": "shut", "no_seats": "shut", "timeout": "shut"}
    return {
        "project": name,
        "name": f"{name} of the town",
        "timezone": noon_zone(),
        "numbers": [{"number": number}],
        "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
        "guidance": {"shut": town_text(SHUT_HZ), "shaken": town_text(SHAKEN_HZ)},
        "flow": {
            "start": "gate",
            "nodes": {
                "gate": {"type": "hours", "open": "line", "closed": "shut"},
                "line": line,
                "shut": {"type": "hangup", "guidance": "shut", "outcome": "closed"},
                "shaken": {"type": "hangup", "guidance": "shaken", "outcome": "closed"},
            },
        },
        "disaster": "shaken",
        "queues": {"main": {"ring_timeout_s": 60, "wrapup_s": None}},
    }


def town_text(hz: int) -> dict[str, Any]:
    """A guidance text that is a tone."""
    return {"texts": {"ja": "はい。"}, "wav": {"ja": f"{hz}.wav"}}


def _write_wav(path: Path, hz: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(tone(hz, _TEXT_S).tobytes())
