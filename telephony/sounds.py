"""Which sound belongs to which text: of the versions in service, and of those that calls in progress are still on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ivr.project import Project
from telephony.guidance import GuidanceStore
from telephony.readings import load_readings
from telephony.site import Site
from telephony.voice import Voice


def guidance_store(site: Site, config: Path, wavs: Path | None = None) -> GuidanceStore:
    """The guidance of a site. `wavs`: where WAVs of one's own are (by default config/guidance)."""
    folder = config / "guidance"
    voice = Voice(site.voice.speed, site.voice.half_tone, site.voice.level_db)
    return GuidanceStore(site.var_directory / "guidance", voice, load_readings(folder), wavs or folder)


class Sounds:
    """The sounds of every version that was prepared."""

    def __init__(self) -> None:
        self._media: dict[tuple[str, int], dict[tuple[str, str], str]] = {}

    def prepare(self, store: GuidanceStore, projects: Iterable[Project], version: int) -> None:
        """Have everything spoken that callers of a version may hear. Blocks; raises as `GuidanceStore.prepare`."""
        for project in projects:
            media = store.prepare(project.texts())
            self._media[project.project, version] = {
                (name, language): media[text.spoken(language)]
                for name, text in project.guidance.items()
                for language in text.texts
            }

    def media(self, project: str, version: int, guidance: str, language: str) -> str:
        """The `sound:` name of a text. Raises LookupError where this version has no such text."""
        try:
            return self._media[project, version][guidance, language]
        except KeyError:
            raise LookupError(
                f"version {version} of {project} has no sound for '{guidance}' in '{language}'"
            ) from None
