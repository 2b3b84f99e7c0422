"""Published versions, as what the engine works by: loaded from their bundles, without the config folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from ivr.approvals import FILE_NAME as APPROVALS
from ivr.approvals import dump_approvals, read_approvals
from ivr.bundle import bundle_of_file, calendar_names, project_of
from ivr.project import Project
from store.versions import Version, VersionError, VersionStore

BUNDLE = "bundle.json"

Say = Callable[[str], None]


class Published(NamedTuple):
    """A version and what it holds."""

    version: Version
    bundle: str
    project: Project

    @property
    def wavs(self) -> Path:
        """Where its WAVs of one's own are."""
        return self.version.content / "guidance"


def version_store(var: Path) -> VersionStore:
    """The versions of a site; `var`: its `var_directory`."""
    return VersionStore(var / "versions")


def read_published(store: VersionStore, version: Version) -> Published:
    """What a version holds. Raises VersionError where it is damaged, or nothing for this release."""
    try:
        bundle = store.files(version)[BUNDLE].decode()
        return Published(version, bundle, project_of(bundle))
    except (KeyError, ValueError) as error:
        raise VersionError(
            f"version {version.number} of {version.project} cannot be used by this release: {error}; "
            f"publish the project again"
        ) from None


def live_versions(store: VersionStore, say: Say = lambda text: None) -> dict[str, Published]:
    """The newest version of each project that can be used; `say` is told of every one that had to be passed over."""
    found = {name: _newest_usable(store, name, say) for name in store.projects()}
    return {name: published for name, published in found.items() if published is not None}


def _newest_usable(store: VersionStore, name: str, say: Say) -> Published | None:
    for version in reversed(store.versions(name)):
        if version.refused:
            continue
        try:
            return read_published(store, version)
        except VersionError as error:
            say(str(error))
    return None


def projects_of(live: Mapping[str, Published]) -> dict[str, Project]:
    """The projects alone."""
    return {name: published.project for name, published in live.items()}


def numbers_in(live: Mapping[str, Published]) -> dict[str, int]:
    """The numbers of the versions."""
    return {name: published.version.number for name, published in live.items()}


def files_of(config: Path, project: Project) -> dict[str, bytes]:
    """All that a project needs of a `config/` folder, laid out as there, and its bundle. Raises OSError."""
    file = config / "projects" / f"{project.project}.yaml"
    names = [file, *(config / "calendars" / f"{name}.yaml" for name in calendar_names(project))]
    wavs = {spoken.wav for spoken in project.texts() if spoken.wav}
    names += [config / "guidance" / wav for wav in sorted(wavs)]
    files = {path.relative_to(config).as_posix(): path.read_bytes() for path in names}
    approvals = read_approvals(config / "guidance").get(project.project)
    if approvals:
        files[f"guidance/{APPROVALS}"] = dump_approvals({project.project: approvals}).encode()
    return files | {BUNDLE: bundle_of_file(file, config / "calendars").encode()}
