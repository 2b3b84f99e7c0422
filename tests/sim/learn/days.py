"""Recorded days for tests: a scenario simulated to a journal, in memory or in the store of a site."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calls.journal import Entry
from ivr.loader import load_project
from ivr.project import Project
from sim.learn.past import Past, past_of
from sim.run import run
from sim.scenario import Scenario
from sim.world import World, build
from store.database import Database
from store.migrations import upgrade
from tests.store.helpers import write

ROOT = Path(__file__).parents[3]


@dataclass
class Day:
    """What was simulated, as if it had been recorded."""

    scenario: Scenario
    world: World
    entries: list[Entry]
    summary: dict[str, Any]

    @property
    def project(self) -> str:
        """Its name."""
        return self.world.project.project

    def past(self) -> Past:
        """As it is known from the journal."""
        return past_of(self.entries, self.world.start(), self.entries[-1].at + 1.0)


def day_of(scenario: Scenario) -> Day:
    """Simulate a scenario and keep its journal."""
    entries: list[Entry] = []
    result = run(scenario, entries.append)
    return Day(scenario, build(scenario), entries, result.summary)


def draft(folder: Path, old: str, new: str) -> Project:
    """The motor-vehicle tax project with something else in its file."""
    text = (ROOT / "config/projects/saitama-autotax.yaml").read_text("utf-8")
    assert old in text
    file = folder / "draft.yaml"
    file.write_text(text.replace(old, new), "utf-8")
    return load_project(file, ROOT / "config/calendars")


class House:
    """The configuration that comes along, with a store of its own that has the journal of some days."""

    def __init__(self, folder: Path, *runs: list[Entry]) -> None:
        self.config = Path(shutil.copytree(ROOT / "config", folder / "config"))
        self.var = folder / "var"
        self.database = self.var / "denwaban.db"
        (self.config / "site.yaml").write_text(f"var_directory: {self.var}\n", "utf-8")
        asyncio.run(self._keep(runs))

    async def _keep(self, runs: tuple[list[Entry], ...]) -> None:
        """Each journal as a run of its own, as the service writes them."""
        url = f"sqlite:///{self.database}"
        await upgrade(url)
        async with Database(url) as database:
            for number, entries in enumerate(runs, 1):
                await write(database, f"run-{number}", entries)

    def sql(self, statement: str) -> None:
        """Change something by hand."""
        with sqlite3.connect(self.database) as connection:
            connection.execute(statement)
        connection.close()
