"""Puts published versions to work in the running service: read, spoken, and only then given to the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from calls.events import ProjectPublished
from engine.centre import Centre
from engine.floor import Floor
from ivr.project import Project
from store.versions import VersionError
from telephony.control import ControlError, Reply, Request, Route
from telephony.guidance import GuidanceError
from telephony.publishing import clash
from telephony.sounds import Sounds, guidance_store
from telephony.stack import Stack
from telephony.versions import Published, read_published, version_store

Prepared = Callable[[Centre], None]
"""Called with a centre of the new version alone, just before it is put to work."""


class Publication:
    """Publishes while calls go on, one version after the other."""

    def __init__(
        self,
        stack: Stack,
        floor: Floor,
        sounds: Sounds,
        prepared: Prepared,
        feed: Callable[[ProjectPublished], None],
    ) -> None:
        self._stack = stack
        self._floor = floor
        self._sounds = sounds
        self._prepared = prepared
        self._feed = feed
        self._one_by_one = asyncio.Lock()

    def routes(self) -> dict[str, Route]:
        """What the control socket answers: `publish` (project, version) and `versions`."""
        return {"publish": self._asked, "versions": self._versions}

    async def publish(self, project: str, number: int) -> Reply:
        """Put a version to work, unless a newer one is at work already.

        `live`: the version at work now; `seated`: whether any seat takes its calls. Raises ControlError with what
        to do, and then nothing has changed.
        """
        async with self._one_by_one:
            if number > self._live(project):
                await self._put_to_work(project, number)
        seated = any(project in seat.projects for seat in self._floor.centre.seats)
        return {"live": self._live(project), "seated": seated}

    def _live(self, project: str) -> int:
        return self._floor.centre.versions.get(project, 0)

    async def _put_to_work(self, project: str, number: int) -> None:
        try:
            # In a thread: calls go on while files are read and texts are looked up.
            published, centre = await asyncio.to_thread(self._made_ready, project, number)
        except (VersionError, GuidanceError, OSError) as error:
            raise ControlError(str(error)) from None
        if told := clash(published.project, self._floor.centre.projects):
            raise ControlError(told)
        self._refuse_in_disaster(published.project)
        self._prepared(centre)
        self._feed(ProjectPublished(project, number, published.bundle))

    def _refuse_in_disaster(self, project: Project) -> None:
        clock = self._floor.hours.get(project.project)
        if clock is not None and clock.disaster and project.disaster is None:
            raise ControlError(
                f"{project.project} is in its disaster flow now, and this version has none: first take that back "
                f"with: denwaban override {project.project} none"
            )

    def _made_ready(self, project: str, number: int) -> tuple[Published, Centre]:
        store = version_store(self._stack.site.var_directory)
        published = read_published(store, store.version(project, number))
        centre = Centre({project: published.project}, ())
        guidance = guidance_store(self._stack.site, self._stack.config, published.wavs)
        self._sounds.prepare(guidance, centre.answering().values(), number)
        return published, centre

    async def _asked(self, request: Request) -> Reply:
        project, number = request.get("project"), request.get("version")
        if not isinstance(project, str) or not isinstance(number, int):
            raise ControlError("publish needs the name of a project and the number of a version")
        return await self.publish(project, number)

    async def _versions(self, request: Request) -> Reply:
        return {"versions": dict(self._floor.centre.versions)}
