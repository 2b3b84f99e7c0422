"""Bringing a project into service: checked, spoken, kept as a version, and put to work by the running service.

Each step that fails leaves everything as it was: a broken file never takes the place of a working one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.build import load_centre
from engine.centre import Centre
from ivr.loader import load_projects, numbers_of
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError
from store.audit import FILE as AUDIT_FILE
from store.audit import AuditLog
from store.versions import Gate, Version, VersionError, VersionStore, digest
from telephony.control import ControlError, ControlRefusedError, Reply, ask, control_socket
from telephony.gateway_checks import check_gateways
from telephony.guidance import GuidanceError
from telephony.site import Site, load_site
from telephony.sounds import guidance_store
from telephony.versions import files_of, live_versions, projects_of, read_published, version_store

Say = Callable[[str], None]
GateKeeper = Callable[[], Gate]
"""Says what a simulation says of the files as they are now; raises whatever it likes where they must not go in."""


class PublishError(Exception):
    """Nothing was published; the message says why, and what to do."""


@dataclass(frozen=True)
class PutIn:
    """What came of it. `live`: the version that the running service works by now; None where none runs."""

    version: Version
    new: bool
    live: int | None
    seated: bool


class Publisher:
    """Publishes the projects of a `config/` folder. `say` is told what is going on, and who publishes is `by`."""

    def __init__(self, config: Path, by: str, say: Say = lambda text: None) -> None:
        self._config = config
        self._by = by
        self._say = say
        self.site: Site = load_site(config / "site.yaml")
        self.store: VersionStore = version_store(self.site.var_directory)

    def publish(self, project: str, note: str = "", gate: GateKeeper | None = None) -> PutIn:
        """The project file as it is now becomes the newest version.

        `gate` is asked once it is known that the file can be used; what it says is kept with the version.

        Raises ConfigurationError, GuidanceError, PublishError, ControlError, OSError or what the gate raises, and then
        the version in service stays in service.
        """
        checked = self._checked(project)
        self._check_gateways(checked, self._config)
        files = files_of(self._config, checked)
        passed = None
        if gate is not None:
            passed = gate()
            if files_of(self._config, checked) != files:
                raise PublishError(
                    f"the files of {project} were changed while they were simulated: publish again"
                )
        self._speak(checked, self._config / "guidance")
        return self._put(project, files, note, gate=passed)

    def rollback(self, project: str, number: int, note: str = "") -> PutIn:
        """An old version comes back, as a new one. Raises as `publish` does, and VersionError."""
        old = read_published(self.store, self.store.version(project, number))
        self._no_number_twice(old.project)
        self._check_gateways(old.project, old.version.content)
        self._speak(old.project, old.wavs)
        return self._put(project, self.store.files(old.version), note, again=number)

    def _checked(self, name: str) -> Project:
        file = self._config / "projects" / f"{name}.yaml"
        if not file.is_file():
            raise PublishError(f"there is no file {file}: write it, or give the name of another project")
        others = self._others(name)
        try:
            return load_centre(self._config, others).projects[name]
        except ConfigurationError as error:
            drafts = {str(path) for path in file.parent.glob("*.yaml")} - {str(file)}
            own = [problem for problem in error.problems if problem.file not in drafts]
            if own:
                raise ConfigurationError(own) from None
        return load_projects([file], self._config / "calendars", others)[name]

    def _check_gateways(self, project: Project, folder: Path) -> None:
        check_gateways(folder, Centre({project.project: project}, ()), self.site)

    def _others(self, name: str) -> dict[str, Project]:
        live = projects_of(live_versions(self.store, self._say))
        return {other: project for other, project in live.items() if other != name}

    def _no_number_twice(self, project: Project) -> None:
        told = clash(project, self._others(project.project))
        if told:
            raise PublishError(told)

    def _speak(self, project: Project, wavs: Path) -> None:
        store = guidance_store(self.site, self._config, wavs)
        missing = store.missing(project.texts())
        if missing:
            self._say(f"preparing {len(missing)} guidance texts")
        store.prepare(project.texts())

    def _put(
        self, project: str, files: Mapping[str, bytes], note: str, again: int = 0, gate: Gate | None = None
    ) -> PutIn:
        newest, now = self.store.newest(project), dt.datetime.now(dt.UTC)
        if newest is not None and newest.about is not None and newest.about.sha256 == digest(files):
            if gate is not None:
                newest = self.store.passed(newest, gate, now)
            return self._told(newest, new=False)
        version = self.store.add(project, files, self._by, note, now, again, gate)
        put = self._told(version, new=True)
        self._note(version, note)
        return put

    def _note(self, version: Version, why: str) -> None:
        audit = AuditLog(self.site.var_directory / AUDIT_FILE)
        try:
            audit.note("publish", self._by, why, project=version.project, version=version.number)
        except OSError as error:
            self._say(f"the audit log cannot be written ({error.strerror}): free some room on its disk")

    def _told(self, version: Version, *, new: bool) -> PutIn:
        request = {"do": "publish", "project": version.project, "version": version.number}
        try:
            reply = ask(control_socket(self.site.var_directory), request)
        except ControlRefusedError:
            if new:
                self.store.refuse(version)
            raise
        except ControlError as error:
            kept = f"version {version.number} is kept and will be in service at the next start at the latest"
            raise ControlError(f"{error}; {kept}") from None
        return _put_in(version, new, reply)


def _put_in(version: Version, new: bool, reply: Reply | None) -> PutIn:
    if reply is None:
        return PutIn(version, new, None, seated=True)
    return PutIn(version, new, int(reply["live"]), seated=bool(reply["seated"]))


def clash(project: Project, others: Mapping[str, Project]) -> str:
    """Which number of a project belongs to another one; "" if none does."""
    owners = {number: name for name, other in others.items() for _, number in numbers_of(other)}
    for _, number in numbers_of(project):
        if number in owners and owners[number] != project.project:
            return f"the number {number} of {project.project} belongs to the project {owners[number]} already"
    return ""


EXPECTED = (PublishError, VersionError, ControlError, GuidanceError, OSError)
"""Failures beside ConfigurationError that say what to do next."""
