"""How names are to be read aloud: places, taxes, products and telephone numbers.

The voices read most names rightly by themselves, with the right accent: only those they get wrong stand in
config/guidance/readings.yaml, by language, as `written: spoken`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel

from ivr.loader import load

FILE_NAME = "readings.yaml"

_DIGIT, _HYPHEN = "[0-9０-９]", "[-－‐‑−]"
_TELEPHONE = re.compile(
    rf"(?<!{_DIGIT})(?<!{_HYPHEN})(?:"
    rf"[(（]?[0０]{_DIGIT}{{1,4}}(?:{_HYPHEN}|[)）]{_HYPHEN}?){_DIGIT}{{1,4}}{_HYPHEN}{_DIGIT}{{3,4}}"
    rf"|[0０]{_DIGIT}{{3}}{_HYPHEN}{_DIGIT}{{6}}"
    rf"|[0０]{_DIGIT}{{9,10}})(?!{_DIGIT})(?!{_HYPHEN}{_DIGIT})"
)
_KANA_NAMES = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
_KANA = dict(zip("0123456789", _KANA_NAMES, strict=True))
# Numbers written without a hyphen are read in groups as people write them.
_GROUPS = {6: (3, 3), 10: (4, 3, 3), 11: (3, 4, 4)}
_HIRAGANA = re.compile("[ぁ-ゖ]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")


class Readings(RootModel[dict[str, dict[Annotated[str, Field(min_length=1)], str]]]):
    """By language: how a name that stands in a text is to be spoken."""

    root: dict[str, dict[Annotated[str, Field(min_length=1)], str]] = {}


def load_readings(folder: Path) -> Readings:
    """The readings of a guidance folder; none where there is no file. Raises ConfigurationError."""
    path = folder / FILE_NAME
    return load(path, Readings) if path.exists() else Readings()


def reader(readings: Readings) -> Callable[[str, str], str]:
    """A function of (text, language): the text as it is given to the voice.

    The longest name that fits wins, and what was put in is not read over again.
    """
    spoken = {language: _in_kana(names, language) for language, names in readings.root.items()}
    patterns = {language: _any_of(names) for language, names in spoken.items() if names}

    def read(text: str, language: str) -> str:
        names, pattern = spoken.get(language, {}), patterns.get(language)
        parts = [text] if pattern is None else re.split(pattern, text)
        for index, part in enumerate(parts):
            parts[index] = names[part] if index % 2 else _TELEPHONE.sub(_digits(language), part)
        return "".join(parts)

    return read


def _in_kana(names: Mapping[str, str], language: str) -> dict[str, str]:
    """Katakana for hiragana: the Japanese voice takes a は or a へ in hiragana for a particle (wa, e)."""
    if language != "ja":
        return dict(names)
    return {name: _HIRAGANA.sub(lambda kana: chr(ord(kana[0]) + 0x60), told) for name, told in names.items()}


def _any_of(names: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("(" + "|".join(map(_whole_word, longest_first)) + ")")


def _whole_word(name: str) -> str:
    """Latin letters are met as whole words only; Japanese has no spaces between words."""
    before = r"(?<![A-Za-zÀ-ÿ])" if _LATIN.match(name[0]) else ""
    after = r"(?![A-Za-zÀ-ÿ])" if _LATIN.match(name[-1]) else ""
    return before + re.escape(name) + after


def _digits(language: str) -> Callable[[re.Match[str]], str]:
    def spoken(found: re.Match[str]) -> str:
        groups = _groups(found[0])
        if language == "ja":
            return "、".join("".join(_KANA[digit] for digit in group) for group in groups)
        return ", ".join(" ".join(group) for group in groups)

    return spoken


def _groups(number: str) -> list[str]:
    groups = ["".join(str(int(digit)) for digit in group) for group in re.findall(f"{_DIGIT}+", number)]
    return [part for group in groups for part in _cut(group, _GROUPS.get(len(group), (len(group),)))]


def _cut(digits: str, lengths: tuple[int, ...]) -> list[str]:
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    return [digits[start : start + length] for start, length in zip(starts, lengths, strict=True)]
