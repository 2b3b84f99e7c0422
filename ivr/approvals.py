"""Who has approved which guidance text: `config/guidance/approvals.yaml`, kept in version control like the texts.

An approval holds for exactly the words (and the WAV of one's own) that it was given for. Old ones stay.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ivr.guidance_model import Guidance, fingerprint
from ivr.yaml_marks import ConfigurationError, Document, read

FILE_NAME = "approvals.yaml"
_HEAD = "# Written by `denwaban guidance approve`: who has agreed to which words, and when.\n"


class Approval(BaseModel):
    """One text in one language that somebody has agreed to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    version: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    by: str = Field(min_length=1)
    at: AwareDatetime


Approvals = dict[str, dict[str, tuple[Approval, ...]]]
"""The approvals of each guidance text of each project, oldest first."""

_SHAPE: TypeAdapter[Approvals] = TypeAdapter(Approvals)


def read_approvals(folder: Path) -> Approvals:
    """The approvals of a guidance folder; none where there is no file. Raises ConfigurationError."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    document = read(path)
    if document.problems:
        raise ConfigurationError(document.problems)
    try:
        return _SHAPE.validate_python(document.data)
    except ValidationError as error:
        raise _damaged(document, error) from None


def _damaged(document: Document, error: ValidationError) -> ConfigurationError:
    told = "this approval is damaged: take the file back from version control, or approve the text again"
    for detail in error.errors():
        document.complain(detail["loc"], told)
    return ConfigurationError(list(dict.fromkeys(document.problems)))


def dump_approvals(approvals: Approvals) -> str:
    """The text of the file."""
    data: Any = _SHAPE.dump_python(approvals, mode="json")
    return _HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=True, width=200)


def fingerprint_of(guidance: Guidance, language: str, folder: Path) -> str:
    """What an approval of a text in a language is given for; OSError where its WAV cannot be read."""
    wav = guidance.wav.get(language)
    return fingerprint(guidance.texts[language], (folder / wav).read_bytes() if wav else b"")


def approval_of(
    approvals: tuple[Approval, ...], guidance: Guidance, language: str, folder: Path
) -> Approval | None:
    """The newest approval that holds for a text as it is now."""
    wanted = (language, guidance.version, fingerprint_of(guidance, language, folder))
    found = (a for a in reversed(approvals) if (a.language, a.version, a.sha256) == wanted)
    return next(found, None)


def approved(
    approvals: Approvals, project: str, name: str, guidance: Guidance, folder: Path, by: str, at: dt.datetime
) -> Approvals:
    """The approvals, and that of all languages of one text; what is approved already is left as it is."""
    texts = approvals.get(project, {})
    before = texts.get(name, ())
    new = tuple(
        Approval(
            language=language,
            version=guidance.version,
            sha256=fingerprint_of(guidance, language, folder),
            by=by,
            at=at,
        )
        for language in guidance.texts
        if approval_of(before, guidance, language, folder) is None
    )
    return approvals | {project: texts | {name: before + new}}
