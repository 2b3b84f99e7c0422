"""Guidance texts: what is said, in which languages and version, from when to when, and who has agreed to it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

VOICES = ("ja", "en", "zh", "ko", "es", "pt")
"""The languages that a voice of ours speaks; any other needs a WAV of one's own."""

_CODE = re.compile(r"[a-z]{2,3}")
_ONLY_IN_THE_LONG_FORM = frozenset({"texts", "wav", "version", "otherwise"})


def _language(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"'{code}' is no language's code; write two or three small letters, like ja")
    return code


Language = Annotated[str, AfterValidator(_language)]


class Spoken(NamedTuple):
    """What sound is made of: a text in a language, or the WAV of one's own that says it (`wav`, its path)."""

    text: str
    language: str
    wav: str = ""


class Said(NamedTuple):
    """What a caller hears in the place of a text that the flow names: with its own id, version and language."""

    guidance: str
    version: int
    language: str
    text: str


class Guidance(BaseModel):
    """One guidance text.

    `from` and `to` are local dates, both included; outside of them the text `otherwise` is said instead. `wav`:
    by language, a file below config/guidance/ that is played in place of the voice (the text stays: it is shown).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    texts: dict[Language, str] = Field(min_length=1)
    version: int = Field(default=1, ge=1)
    wav: dict[Language, str] = Field(default_factory=dict)
    from_: dt.date | None = Field(default=None, alias="from")
    to: dt.date | None = None
    otherwise: str = ""

    @property
    def always(self) -> bool:
        """Whether it holds on every day."""
        return self.from_ is None and self.to is None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is said on a (local) day."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)

    def spoken(self, language: str) -> Spoken:
        """What its sound in a language is made of; KeyError where it has no such language."""
        return Spoken(self.texts[language], language, self.wav.get(language, ""))

    def all_spoken(self) -> list[Spoken]:
        """The same for all its languages, in the order of the file."""
        return [self.spoken(language) for language in self.texts]


def _long_form(value: object) -> object:
    """`{ja: text}` is short for `{texts: {ja: text}}`."""
    if isinstance(value, dict) and not _ONLY_IN_THE_LONG_FORM & value.keys():
        return {"texts": value}
    return value


GuidanceEntry = Annotated[
    Guidance, BeforeValidator(_long_form, json_schema_input_type=Guidance | dict[Language, str])
]
"""A guidance as the file writes it: the long form, or only its texts by language."""


def said_on(guidance: Mapping[str, Guidance], name: str, day: dt.date) -> str:
    """The id of the text that is said on a day in the place of `name`: itself while it holds.

    A name that is not there (a built-in text) stands for itself. Ends also where texts point at each other.
    """
    for _ in range(len(guidance)):
        text = guidance.get(name)
        if text is None or not text.otherwise or text.holds_on(day):
            break
        name = text.otherwise
    return name


def fingerprint(text: str, sound: bytes = b"") -> str:
    """SHA-256 (hexadecimal) of exactly what is approved: the words, and the WAV of one's own if there is one."""
    return hashlib.sha256(text.encode() + b"\0" + sound).hexdigest()
