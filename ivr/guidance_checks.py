"""What is wrong with a project's guidance texts though each has the right shape."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from ivr.approvals import Approval, approval_of, read_approvals
from ivr.guidance_model import VOICES, Guidance
from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError, Document, Place

# Codes of countries that are taken for those of their languages.
_COUNTRIES = {"jp": "ja", "us": "en", "uk": "en", "cn": "zh", "tw": "zh", "kr": "ko", "br": "pt"}


def check_guidance(document: Document, project: Project, folder: Path) -> None:
    """Note every mistake of a project's texts. `folder`: config/guidance, with WAVs and approvals."""
    for name, guidance in project.guidance.items():
        for language in _written(document, name, guidance):
            _spoken(document, name, guidance, language)
        _wavs(document, name, guidance, folder)
        _period(document, name, guidance, project.guidance)
    _circles(document, project)
    if project.approval == "required":
        _approvals(document, project, folder)


def place_of(document: Document, name: str, language: str) -> Place:
    """Where a text in a language stands, in the long form or in the short one."""
    long = ("guidance", name, "texts", language)
    return long if long in document.marks else ("guidance", name, language)


def _written(document: Document, name: str, guidance: Guidance) -> list[str]:
    """The languages that stand in the file: the built-in texts of a project do not."""
    return [language for language in guidance.texts if place_of(document, name, language) in document.marks]


def _spoken(document: Document, name: str, guidance: Guidance, language: str) -> None:
    if not guidance.texts[language].strip():
        document.complain(place_of(document, name, language), "there is nothing to say in this text")
    elif language not in VOICES and language not in guidance.wav:
        meant = _COUNTRIES.get(language)
        hint = f"; did you mean '{meant}'?" if meant else nearest(language, VOICES)
        told = f"no voice speaks '{language}'{hint}"
        known = f"(known: {', '.join(VOICES)}; any other language needs a WAV of your own under `wav`)"
        document.complain(place_of(document, name, language), f"{told} {known}", of_key=True)


def _wavs(document: Document, name: str, guidance: Guidance, folder: Path) -> None:
    for language, wav in guidance.wav.items():
        place = ("guidance", name, "wav", language)
        if language not in guidance.texts:
            document.complain(place, f"write under `texts` what this WAV says in '{language}'")
        parts = PurePosixPath(wav)
        if parts.is_absolute() or ".." in parts.parts:
            document.complain(place, "give the path below config/guidance, like wav/notice.wav")
        elif not (folder / wav).is_file():
            document.complain(place, f"there is no file '{wav}' in {folder}{_offered(wav, folder)}")


def _offered(wav: str, folder: Path) -> str:
    there: Iterable[Path] = folder.rglob("*.wav") if folder.is_dir() else ()
    return nearest(wav, [path.relative_to(folder).as_posix() for path in there])


def _period(document: Document, name: str, guidance: Guidance, texts: dict[str, Guidance]) -> None:
    place = ("guidance", name)
    if guidance.from_ and guidance.to and guidance.from_ > guidance.to:
        document.complain((*place, "to"), "this day lies before `from`: the text would never be said")
    if guidance.always and guidance.otherwise:
        document.complain((*place, "otherwise"), "`otherwise` needs `from` or `to`: this text is said always")
    elif not guidance.always and not guidance.otherwise:
        document.complain(place, f"'otherwise' is missing here: what is said when '{name}' does not hold")
    elif guidance.otherwise and guidance.otherwise not in texts:
        told = f"there is no guidance text '{guidance.otherwise}'{nearest(guidance.otherwise, texts)}"
        document.complain((*place, "otherwise"), told)


def _circles(document: Document, project: Project) -> None:
    """Texts that stand for each other: on a day when none of them holds, nothing could be said."""
    for name, guidance in project.guidance.items():
        seen, here = {name}, guidance.otherwise
        while here in project.guidance and here not in seen:
            seen.add(here)
            here = project.guidance[here].otherwise
        if here == name:
            document.complain(("guidance", name, "otherwise"), f"this leads back to '{name}'")


def _approvals(document: Document, project: Project, folder: Path) -> None:
    try:
        texts = read_approvals(folder).get(project.project, {})
    except ConfigurationError as error:
        document.problems += error.problems
        return
    for name, guidance in project.guidance.items():
        for language in _written(document, name, guidance):
            if told := _unapproved(texts.get(name, ()), guidance, language, folder):
                document.complain(
                    place_of(document, name, language),
                    f"{told}; when it is right: denwaban guidance approve {project.project} {name}",
                )


def _unapproved(approvals: tuple[Approval, ...], guidance: Guidance, language: str, folder: Path) -> str:
    try:
        if approval_of(approvals, guidance, language, folder):
            return ""
    except OSError:
        return ""  # the missing WAV is told already
    if any((a.language, a.version) == (language, guidance.version) for a in approvals):
        return f"version {guidance.version} was approved with other words: give these a new version"
    return "nobody has approved these words"
