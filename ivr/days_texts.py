"""The texts of a project as they are said on one day: looked up once, since they hold until midnight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ivr.guidance_model import Guidance, Said, said_on


class DaysTexts:
    """Of the guidance of a project whose own language is `language`."""

    def __init__(self, guidance: Mapping[str, Guidance], language: str) -> None:
        self._guidance = guidance
        self._language = language
        self._day = dt.date.min
        self._said: dict[tuple[str, str], Said] = {}

    def said(self, guidance: str, language: str, day: dt.date) -> Said:
        """See `Project.said`."""
        if day != self._day:
            self._day = day
            self._said.clear()
        found = self._said.get((guidance, language))
        if found is None:
            found = self._said[guidance, language] = self._look_up(guidance, language, day)
        return found

    def _look_up(self, guidance: str, language: str, day: dt.date) -> Said:
        name = said_on(self._guidance, guidance, day)
        text = self._guidance[name]
        language = language if language in text.texts else self._language
        return Said(name, text.version, language, text.texts[language])
