"""A config folder of projects that say nothing, so that publishing them needs no voice."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from calls.event import Event
from calls.journal import Entry, differences
from engine.engine import Engine
from telephony.control import Control, control_socket
from telephony.publication import Publication
from telephony.publishing import Publisher, PutIn
from telephony.sounds import Sounds
from telephony.stack import load_stack
from telephony.versions import version_store

CALENDAR = "holidays: JP\nclosed_every_year: [{from: 12-29, to: 01-03, reason: 年末年始}]\n"
NUMBERS = {"tax": "048-000-0001", "water": "048-000-0002"}


def silent(name: str, **fields: Any) -> dict[str, Any]:
    """The data of a project file."""
    line = {"type": "enqueue", "queue": "main", "full": "end", "no_seats": "end", "timeout": "end"}
    data = {
        "project": name,
        "name": name,
        "numbers": [{"number": NUMBERS[name]}],
        "hours": {"calendar": "jp", "weekly": {"mon-sun": ["00:00-24:00"]}},
        "flow": {"start": "line", "nodes": {"line": line, "end": {"type": "hangup"}}},
        "queues": {"main": {"wrapup_s": 30}},
    }
    return data | fields


class Office:
    """The folder, and whoever publishes from it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        self.told: list[str] = []
        for part in ("projects", "calendars"):
            (self.config / part).mkdir(parents=True)
        (self.config / "calendars/jp.yaml").write_text(CALENDAR)
        (self.config / "seats.yaml").write_text("seats: [{ids: seat01-seat02, projects: [tax, water]}]")
        (self.config / "extensions.yaml").write_text("extensions: []")
        (self.config / "site.yaml").write_text(json.dumps({"var_directory": str(folder / "var")}))
        for name in NUMBERS:
            self.write(name)
        self.store = version_store(folder / "var")
        self.socket = control_socket(folder / "var")

    def write(self, name: str, **fields: Any) -> None:
        """A project's file."""
        self.file(name).write_text(json.dumps(silent(name, **fields), ensure_ascii=False))  # JSON is YAML

    def file(self, name: str) -> Path:
        """Where it is."""
        return self.config / "projects" / f"{name}.yaml"

    def publisher(self, by: str = "hana") -> Publisher:
        """Somebody who publishes."""
        return Publisher(self.config, by, self.told.append)

    async def publish(self, name: str, by: str = "hana") -> PutIn:
        """Publish beside the running loop, as the command line does."""
        return await asyncio.to_thread(self.publisher(by).publish, name)


class Running:
    """The service's side of publishing, with an engine and without a telephone."""

    def __init__(self, office: Office) -> None:
        self.stack = load_stack(office.config, office.told.append)
        self.engine = Engine(self.stack.centre)
        self.entries: list[Entry] = []
        self.publication = Publication(
            self.stack, self.engine.floor, Sounds(), lambda centre: None, self.feed
        )
        self.control = Control(office.socket, self.publication.routes())

    def feed(self, event: Event) -> None:
        """Everything goes into the engine at once."""
        at = 1778115600.0 + len(self.entries)
        commands = self.engine.handle(event, at)
        self.entries.append(Entry(len(self.entries) + 1, at, event, commands))

    def replays(self) -> bool:
        """Whether a fresh engine does the same, with nothing but the journal."""
        return not list(differences(self.entries, Engine(self.stack.centre)))


def loaded(office: Office) -> dict[str, int]:
    """With which versions a service would start."""
    return dict(load_stack(office.config).centre.versions)


def wrapup(running: Running, name: str = "tax") -> float | None:
    """A setting by which the version at work is known."""
    return running.engine.floor.centre.projects[name].queues["main"].wrapup_s
