import pytest

from ivr.speech_length import estimated_seconds

pytestmark = pytest.mark.unit

# Seconds as pyopenjtalk speaks them. None of these was used to fit the estimate.
SPOKEN = {
    "自動車税の税額についてお知りになりたい方は、県のホームページの税額一覧をご覧ください。": 7.44,
    "督促状が届いた方は、同封の納付書で、指定の期限までに納めてください。": 6.70,
    "車を廃車にした場合は、月割りで税金をお返しします。": 4.64,
    "オペレーターにおつなぎします。": 2.15,
    "年末年始の受付は、12月28日までです。": 4.75,
    "ただいま、20名の方がお待ちです。": 3.23,
}


@pytest.mark.parametrize("text", SPOKEN)
def test_the_estimate_is_within_a_tenth(text: str) -> None:
    assert estimated_seconds(text) == pytest.approx(SPOKEN[text], rel=0.1)


@pytest.mark.parametrize("text", ["", "  \n", "。", "、。"])
def test_nothing_to_say_takes_no_time(text: str) -> None:
    assert estimated_seconds(text) == 0.0


def test_a_longer_text_a_pause_and_a_slower_voice_take_longer() -> None:
    assert estimated_seconds("はい、はい") > estimated_seconds("はいはい") > estimated_seconds("はい")
    assert estimated_seconds("はい", speed=0.5) == 2 * estimated_seconds("はい")


def test_a_small_kana_belongs_to_the_one_before_it() -> None:
    assert estimated_seconds("きゃ") == estimated_seconds("き")


def test_trailing_marks_make_no_difference() -> None:
    assert estimated_seconds("おつなぎします。") == estimated_seconds("おつなぎします")


# Seconds as espeak-ng speaks them at our pace. None of these was used to fit the estimate.
SPOKEN_ABROAD = {
    ("en", "The office is closed today. Please call again on the next working day."): 5.23,
    ("es", "La oficina está cerrada hoy. Llame de nuevo el próximo día laborable."): 5.28,
    ("pt", "O escritório está fechado hoje. Ligue novamente no próximo dia útil."): 5.05,
    ("zh", "今天不办公。请在下一个工作日再次来电。"): 3.83,
    ("ko", "오늘은 업무를 하지 않습니다. 다음 근무일에 다시 전화해 주십시오."): 5.44,
}


@pytest.mark.parametrize("language", ["en", "es", "pt", "zh", "ko"])
def test_the_estimate_of_other_languages_is_within_a_sixth(language: str) -> None:
    [(text, seconds)] = [(text, s) for (of, text), s in SPOKEN_ABROAD.items() if of == language]
    assert estimated_seconds(text, language=language) == pytest.approx(seconds, rel=1 / 6)


def test_a_language_without_a_voice_is_taken_for_english() -> None:
    assert estimated_seconds("Xin chào", language="vi") > estimated_seconds("Xin", language="vi") > 0
