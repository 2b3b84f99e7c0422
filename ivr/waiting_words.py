"""What a waiting caller is told of his place and of the time he has to wait, in six languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

PLACES = range(1, 11)
"""The places that have a text of their own."""

MINUTES = (1, 2, 3, 5, 10, 15, 20, 30)
"""The waits that have a text."""


class _Words(NamedTuple):
    """One language: `place` and `wait` have a gap each for the words that follow them."""

    place: str
    places: tuple[str, ...]
    later: str
    wait: str
    waits: tuple[str, ...]


_WORDS = {
    "ja": _Words(
        "お客様の順番は、ただいま、{}番目です。",
        ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十"),
        "お客様の順番は、ただいま、十番目より後です。",
        "おつなぎできるまで、およそ{}分の見込みです。",
        ("一", "二", "三", "五", "十", "十五", "二十", "三十"),
    ),
    "en": _Words(
        "You are number {} in the line.",
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        "There are more than ten callers before you.",
        "The expected wait is about {}.",
        (
            "one minute", "two minutes", "three minutes", "five minutes", "ten minutes", "fifteen minutes",
            "twenty minutes", "thirty minutes",
        ),
    ),
    "zh": _Words(
        "您现在排在第{}位。",
        ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十"),
        "您现在排在第十位之后。",
        "预计还需要等待大约{}分钟。",
        ("一", "两", "三", "五", "十", "十五", "二十", "三十"),
    ),
    "ko": _Words(
        "고객님의 순서는 현재 {} 번째입니다.",
        ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열"),
        "고객님의 순서는 현재 열 번째보다 뒤입니다.",
        "예상 대기 시간은 약 {} 분입니다.",
        ("일", "이", "삼", "오", "십", "십오", "이십", "삼십"),
    ),
    "es": _Words(
        "Usted es el número {} en la fila.",
        ("uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
        "Hay más de diez personas antes que usted en la fila.",
        "El tiempo de espera estimado es de aproximadamente {}.",
        (
            "un minuto", "dos minutos", "tres minutos", "cinco minutos", "diez minutos", "quince minutos",
            "veinte minutos", "treinta minutos",
        ),
    ),
    "pt": _Words(
        "Você é o número {} da fila.",
        ("um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez"),
        "Há mais de dez pessoas antes de você na fila.",
        "O tempo de espera estimado é de cerca de {}.",
        (
            "um minuto", "dois minutos", "três minutos", "cinco minutos", "dez minutos", "quinze minutos",
            "vinte minutos", "trinta minutos",
        ),
    ),
}  # fmt: skip


def position_name(place: int) -> str:
    """The id of the text for a place in the line, from 1; one for all places that have none of their own."""
    return f"position_{place}" if place in PLACES else "position_many"


def wait_name(minutes: int) -> str:
    """The id of the text for one of MINUTES."""
    return f"wait_{minutes}"


POSITION_TEXTS: Mapping[str, dict[str, str]] = {
    position_name(place): {
        language: words.place.format(words.places[index]) for language, words in _WORDS.items()
    }
    for index, place in enumerate(PLACES)
} | {position_name(0): {language: words.later for language, words in _WORDS.items()}}

WAIT_TEXTS: Mapping[str, dict[str, str]] = {
    wait_name(minutes): {
        language: words.wait.format(words.waits[index]) for language, words in _WORDS.items()
    }
    for index, minutes in enumerate(MINUTES)
}
