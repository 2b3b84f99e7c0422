"""What callers are told by the house itself while the engine is away, where their project has no words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ivr.guidance_model import Spoken
from telephony.guidance import GuidanceStore

SORRY = {
    "ja": (
        "申し訳ございません。ただいま、お電話をおつなぎすることができません。"
        "恐れ入りますが、しばらくしてから、もう一度おかけ直しください。"
    ),
    "en": "We are sorry. We cannot connect your call at the moment. Please call again a little later.",
    "zh": "非常抱歉，现在无法为您接通电话。请稍后再拨。",
    "ko": "죄송합니다. 지금은 전화를 연결해 드릴 수 없습니다. 잠시 후 다시 걸어 주십시오.",
    "es": "Lo sentimos. En este momento no podemos atender su llamada. Llame de nuevo un poco más tarde.",
    "pt": "Pedimos desculpa. Neste momento não podemos atender a sua chamada. Ligue novamente um pouco mais tarde.",
}
CLOSED = {
    "ja": "お電話ありがとうございます。ただいまは、受付時間外です。",
    "en": "Thank you for calling. We are closed now.",
    "zh": "感谢您的来电。现在不是办公时间。",
    "ko": "전화해 주셔서 감사합니다. 지금은 업무 시간이 아닙니다.",
    "es": "Gracias por llamar. Ahora está cerrado.",
    "pt": "Obrigado por ligar. Agora estamos fechados.",
}
_ELSE = "en"

HouseTexts = Mapping[Spoken, str]
"""The `sound:` name of each of them."""


def sorry(language: str) -> Spoken:
    """That nobody can be reached; in English where the house does not know the language."""
    return _in(SORRY, language)


def closed(language: str) -> Spoken:
    """That it is closed."""
    return _in(CLOSED, language)


def prepare_house_texts(store: GuidanceStore, languages: Iterable[str]) -> HouseTexts:
    """Have them spoken in the languages of the projects. Blocks; raises GuidanceError."""
    wanted = [make(language) for language in languages for make in (sorry, closed)]
    return store.prepare(wanted)


def _in(texts: Mapping[str, str], language: str) -> Spoken:
    known = language if language in texts else _ELSE
    return Spoken(texts[known], known)
