from pathlib import Path

import pyopenjtalk
import pytest

from ivr.yaml_marks import ConfigurationError
from telephony.readings import Readings, load_readings, reader

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config" / "guidance"


def spoken(text: str) -> str:
    """As the Japanese voice says it with the readings of this project, in katakana; pauses are left out."""
    kana = pyopenjtalk.g2p(reader(load_readings(CONFIG))(text, "ja"), kana=True)
    assert isinstance(kana, str)
    return kana.replace("、", "").replace("。", "")


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("埼玉県", "サイタマケン"),
        ("廿日市市", "ハツカイチシ"),
        ("藤沢市", "フジサワシ"),
        ("自動車税", "ジドーシャゼー"),
        ("コバトンALKOOマイレージ", "コバトンアルコーマイレージ"),
        ("羽生市", "ハニューシ"),
        ("嵐山町", "ランザンマチ"),
        ("善行", "ゼンギョー"),
        ("eLTAX", "エルタックス"),
        ("0570-012-229", "ゼロゴーナナゼロゼロイチニーニーニーキュー"),
        ("0570-015566", "ゼロゴーナナゼロゼロイチゴーゴーロクロク"),
    ],
)
def test_names_of_places_taxes_and_products_are_read_rightly(text: str, kana: str) -> None:
    assert spoken(text) == kana


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0570-012-229", "0 5 7 0, 0 1 2, 2 2 9"),
        ("0570-015566", "0 5 7 0, 0 1 5, 5 6 6"),
        ("0466-25-1111", "0 4 6 6, 2 5, 1 1 1 1"),
        ("(0466)25-1111", "0 4 6 6, 2 5, 1 1 1 1"),
        ("0570012229", "0 5 7 0, 0 1 2, 2 2 9"),
        ("09012345678", "0 9 0, 1 2 3 4, 5 6 7 8"),
        ("０５７０－０１２－２２９", "0 5 7 0, 0 1 2, 2 2 9"),
    ],
)
def test_a_telephone_number_is_read_digit_by_digit(written: str, read: str) -> None:
    read_aloud = reader(Readings())
    assert read_aloud(f"Call {written}, please.", "en") == f"Call {read}, please."
    assert "ゼロ" in read_aloud(f"電話は{written}です。", "ja")


@pytest.mark.parametrize("text", ["2026-05-07", "08:30-17:15", "12345-678-9012", "1,000", "5-10"])
def test_what_is_no_telephone_number_is_left_alone(text: str) -> None:
    assert reader(Readings())(text, "en") == text


def test_the_longest_name_wins_and_what_was_put_in_is_not_read_over_again() -> None:
    read = reader(
        Readings({"ja": {"佐伯": "さいき", "佐伯市": "さえきし", "さいき": "x", "0570-1-111": "y"}})
    )
    assert read("佐伯市の佐伯、0570-1-111", "ja") == "サエキシのサイキ、y"


def test_a_latin_name_is_met_as_a_whole_word_only() -> None:
    read = reader(Readings({"en": {"tax": "levy"}}))
    assert read("tax, taxes, a syntax: tax", "en") == "levy, taxes, a syntax: levy"
    assert reader(Readings({"ja": {"ALKOO": "アルコー"}}))("コバトンALKOOの", "ja") == "コバトンアルコーの"


def test_a_reading_in_hiragana_is_no_particle() -> None:
    read = reader(Readings({"ja": {"羽生市": "はにゅうし"}}))
    assert pyopenjtalk.g2p(read("羽生市", "ja"), kana=True) == "ハニューシ"  # and not ワニューシ


def test_the_readings_of_one_language_are_not_those_of_another() -> None:
    read = reader(load_readings(CONFIG))
    assert read("ALKOO", "ja") == "アルコー"
    assert read("ALKOO", "ko") == "ALKOO"


def test_no_file_is_no_readings_and_a_broken_one_is_told_with_its_line(tmp_path: Path) -> None:
    assert load_readings(tmp_path) == Readings()
    (tmp_path / "readings.yaml").write_text("ja:\n  佐伯: [さいき]\n")
    with pytest.raises(ConfigurationError, match=r"readings\.yaml:2:3: error: a text is expected here"):
        load_readings(tmp_path)
