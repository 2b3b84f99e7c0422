import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ivr.guidance_model import Guidance, GuidanceEntry, Spoken, fingerprint, said_on

pytestmark = pytest.mark.unit

ENTRY: TypeAdapter[Guidance] = TypeAdapter(GuidanceEntry)
MAY_1, MAY_31, JUNE_1 = dt.date(2026, 5, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 1)


def guidance(value: Any) -> Guidance:
    return ENTRY.validate_python(value)


def in_may(**more: Any) -> Guidance:
    return guidance({"texts": {"ja": "五月"}, "from": "2026-05-01", "to": "2026-05-31", **more})


def test_the_short_form_is_the_first_version_of_its_texts_and_holds_always() -> None:
    short = guidance({"ja": "はい", "en": "yes"})
    assert short == guidance({"texts": {"ja": "はい", "en": "yes"}})
    assert (short.version, short.always) == (1, True)
    assert short.all_spoken() == [Spoken("はい", "ja"), Spoken("yes", "en")]


def test_a_wav_is_spoken_in_place_of_its_text() -> None:
    own = guidance({"texts": {"ja": "はい", "en": "yes"}, "wav": {"en": "yes.wav"}})
    assert own.spoken("en") == Spoken("yes", "en", "yes.wav")
    assert own.spoken("ja") == Spoken("はい", "ja")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"texts": {}},
        {"texts": {"ja": "x"}, "version": 0},
        {"texts": {"ja": "x"}, "ja": "x"},
        {"texts": {"ja": "x"}, "from": "2026-02-30"},
        {"japanese": "x"},
        {"ja": 1},
        "x",
        None,
    ],
)
def test_what_has_another_shape_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        guidance(wrong)


def test_the_first_and_the_last_day_belong_to_the_period() -> None:
    days = [dt.date(2026, 4, 30), MAY_1, MAY_31, JUNE_1]
    assert [in_may().holds_on(day) for day in days] == [False, True, True, False]
    assert guidance({"texts": {"ja": "x"}, "from": "2026-05-01", "version": 2}).holds_on(dt.date.max)
    assert guidance({"texts": {"ja": "x"}, "to": "2026-05-01", "version": 2}).holds_on(dt.date.min)


def test_outside_its_period_the_other_text_is_said_and_so_on() -> None:
    texts = {
        "notice": in_may(otherwise="june"),
        "june": guidance(
            {"texts": {"ja": "六月"}, "from": "2026-06-01", "to": "2026-06-30", "otherwise": "plain"}
        ),
        "plain": guidance({"ja": "いつも"}),
    }
    days = [dt.date(2026, 4, 30), MAY_1, JUNE_1, dt.date(2026, 7, 1)]
    assert [said_on(texts, "notice", day) for day in days] == ["plain", "notice", "june", "plain"]
    assert said_on(texts, "digit_1", MAY_1) == "digit_1"


@given(st.lists(st.sampled_from("abcd"), min_size=4, max_size=4), st.sampled_from("abcd"))
def test_texts_that_point_at_each_other_come_to_an_end(otherwise: list[str], first: str) -> None:
    texts = {name: in_may(otherwise=other) for name, other in zip("abcd", otherwise, strict=True)}
    assert said_on(texts, first, JUNE_1) in texts


def test_what_is_approved_is_the_words_and_the_sound() -> None:
    prints = [fingerprint("a"), fingerprint("b"), fingerprint("a", b"1"), fingerprint("a", b"2")]
    assert len(set(prints)) == 4
    assert fingerprint("a") == prints[0]
