import numpy as np
import pytest

from telephony.speech_audio import active_level, telephone_wav
from telephony.voice import ESPEAK, Order
from telephony.voices import Samples, Voices

pytestmark = pytest.mark.unit

YES = {"ja": "はい。", "en": "Yes.", "zh": "是的。", "ko": "네.", "es": "Sí.", "pt": "Sim."}
LEVEL_DB = -22.0


def order(text: str, language: str, speed: float = 1.0, half_tone: float = 0.0) -> Order:
    return Order(text, language, "", "", speed, half_tone, LEVEL_DB)


def decoded(wav: bytes) -> Samples:
    return np.frombuffer(wav[44:], "<i2") / 32768


@pytest.mark.parametrize("language", YES)
def test_every_voice_comes_out_at_one_loudness_unclipped_and_without_long_silence(language: str) -> None:
    samples, rate = Voices().speak(order(YES[language], language))
    heard = decoded(telephone_wav(samples, rate, 8000, LEVEL_DB))
    assert 20 * np.log10(active_level(heard, 8000)) == pytest.approx(LEVEL_DB, abs=0.5)
    assert np.abs(heard).max() < 0.9
    loud = np.flatnonzero(np.abs(heard) > 0.01) / 8000
    assert loud[0] < 0.5
    assert len(heard) / 8000 - loud[-1] < 0.7


def test_chinese_characters_are_spoken_and_not_spelt_in_english_letters() -> None:
    assert ESPEAK["zh"].name == "cmn-latn-pinyin"
    samples, rate = Voices().speak(order("感谢您的来电", "zh"))
    assert 1.0 < len(samples) / rate < 2.0  # six syllables; spelt out they took four seconds


def test_a_slower_voice_takes_longer_and_a_higher_one_does_not() -> None:
    voices = Voices()
    lengths = [
        len(voices.speak(order("Thank you for calling.", "en", *how))[0])
        for how in ((1.0, 0.0), (0.7, 0.0), (1.0, 6.0))
    ]
    assert lengths[1] > 1.2 * lengths[0]
    assert lengths[2] == pytest.approx(lengths[0], rel=0.1)


def test_nothing_to_say_is_silence() -> None:
    samples, _ = Voices().speak(order("", "en"))
    assert not samples.any()
