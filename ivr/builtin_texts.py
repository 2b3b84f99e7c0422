"""Texts that nodes say by themselves, in six languages. A project's own text of the same id wins."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from calls.queue_settings import Notices
from ivr.guidance_model import Guidance
from ivr.waiting_words import MINUTES, POSITION_TEXTS, WAIT_TEXTS, position_name, wait_name

CONFIRM_KEYS = "confirm_keys"

_DIGITS = {
    "ja": ("ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    "ko": ("공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"),
    "es": ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    "pt": ("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
}


def digit_text(digit: str) -> str:
    """The id of the text that says a digit."""
    return f"digit_{digit}"


def position_text(place: int) -> str:
    """The id of the text that says a place in the line, from 1."""
    return position_name(place)


def wait_text(seconds: float) -> str | None:
    """The id of the text that says how long one has to wait, rounded up; None beyond half an hour."""
    minutes = math.ceil(seconds / 60)
    return next((wait_name(known) for known in MINUTES if minutes <= known), None)


def notice_texts(notices: Notices, place: int, expected_wait: float | None) -> list[str]:
    """What a waiting caller is told now, in order: the ids. `expected_wait` in seconds; None: not known."""
    wait = None if expected_wait is None else wait_text(expected_wait)
    told = (
        notices.guidance,
        position_text(place) if notices.position else None,
        wait if notices.expected_wait else None,
    )
    return [text for text in told if text]


def texts_of(notices: Notices) -> list[str]:
    """Everything that the notices of a queue may say: the ids."""
    own = [notices.guidance] if notices.guidance else []
    return [
        *own,
        *(POSITION_TEXTS if notices.position else ()),
        *(WAIT_TEXTS if notices.expected_wait else ()),
    ]


TEXTS: dict[str, dict[str, str]] = {
    digit_text(str(digit)): {language: words[digit] for language, words in _DIGITS.items()}
    for digit in range(10)
} | {
    CONFIRM_KEYS: {
        "ja": "よろしければ一を、入力し直す場合は二を押してください。",
        "en": "If this is correct, press one. To enter it again, press two.",
        "zh": "如果正确，请按一；如果要重新输入，请按二。",
        "ko": "맞으면 일번, 다시 입력하시려면 이번을 눌러 주세요.",
        "es": "Si es correcto, pulse uno. Para introducirlo de nuevo, pulse dos.",
        "pt": "Se estiver correto, tecle um. Para digitar novamente, tecle dois.",
    },
    **POSITION_TEXTS,
    **WAIT_TEXTS,
}
"""By id and language."""


def with_builtin_texts(
    guidance: Mapping[str, Guidance], used: Iterable[str], languages: Iterable[str]
) -> dict[str, Guidance]:
    """A project's guidance and, of the texts that its nodes use, those built-in ones that it has not itself."""
    found = dict(guidance)
    for name in sorted(TEXTS.keys() & set(used)):
        words = {language: TEXTS[name][language] for language in languages if language in TEXTS[name]}
        own = found.get(name)
        if own is not None:
            found[name] = own.model_copy(update={"texts": words | own.texts})
        elif words:
            found[name] = Guidance(texts=words)
    return found
