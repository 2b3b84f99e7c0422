import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.guidance_model import Spoken
from recordings.wav import HEADER_BYTES, wav_seconds
from telephony.guidance import GuidanceError, GuidanceNotRendered, GuidanceStore
from telephony.readings import Readings
from telephony.speech_audio import wav as wav_file
from telephony.voice import RATES, Voice

pytestmark = pytest.mark.unit

YES = Spoken("はい。", "ja")
NO = Spoken("いいえ。", "ja")
HELLO = Spoken("Hello.", "en")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Spoken, str]]:
    directory = tmp_path_factory.mktemp("guidance")
    return directory, GuidanceStore(directory).prepare([YES, NO, YES])


def audio(media: str, ending: str = ".wav") -> Path:
    return Path(media.removeprefix("sound:") + ending)


def test_each_text_becomes_mono_16_bit_files_of_both_rates(
    rendered: tuple[Path, dict[Spoken, str]],
) -> None:
    for media in rendered[1].values():
        for ending, rate in RATES.items():
            with wave.open(str(audio(media, ending))) as file:
                assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
                assert 0.5 < file.getnframes() / rate < 2.0
    assert len(list(rendered[0].iterdir())) == 4


def test_media_and_duration_are_those_of_the_prepared_file(
    rendered: tuple[Path, dict[Spoken, str]],
) -> None:
    directory, media = rendered
    store = GuidanceStore(directory)
    assert store.media(*YES) == media[YES] != media[NO]
    with wave.open(str(audio(media[YES]))) as file:
        assert store.duration(*YES) == file.getnframes() / 8000


def test_what_is_there_is_not_rendered_again(rendered: tuple[Path, dict[Spoken, str]]) -> None:
    directory, media = rendered
    before = {file: file.stat().st_mtime_ns for file in directory.iterdir()}
    assert GuidanceStore(directory).prepare([YES]) == {YES: media[YES]}
    assert {file: file.stat().st_mtime_ns for file in directory.iterdir()} == before


def test_surrounding_blanks_and_the_form_of_characters_make_no_difference(
    rendered: tuple[Path, dict[Spoken, str]],
) -> None:
    directory, media = rendered
    assert GuidanceStore(directory).media("\n はい。 ") == media[YES]


def test_an_empty_and_a_torn_file_are_rendered_again(tmp_path: Path) -> None:
    store = GuidanceStore(tmp_path)
    media = store.prepare([YES])[YES]
    whole = {ending: audio(media, ending).read_bytes() for ending in RATES}
    audio(media, ".wav").write_bytes(b"")
    audio(media, ".wav16").write_bytes(whole[".wav16"][:1000])
    store.prepare([YES])
    assert {ending: audio(media, ending).read_bytes() for ending in RATES} == whole


def test_media_never_renders_and_says_what_to_do(tmp_path: Path) -> None:
    store = GuidanceStore(tmp_path / "none")
    with pytest.raises(GuidanceNotRendered, match=r"「はい。」.*load the project again"):
        store.media(*YES)
    with pytest.raises(GuidanceNotRendered):
        store.duration(*YES)
    assert not (tmp_path / "none").exists()


def test_another_voice_is_another_file(rendered: tuple[Path, dict[Spoken, str]]) -> None:
    with pytest.raises(GuidanceNotRendered):
        GuidanceStore(rendered[0], Voice(speed=1.2)).media(*YES)


def test_a_language_without_a_voice_is_told(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match=r"no voice speaks 'vi'.*a WAV of your own"):
        GuidanceStore(tmp_path).prepare([Spoken("Xin chào", "vi")])


@pytest.mark.parametrize("text", ["", "。", "😀"])
def test_a_text_without_sound_is_told_and_leaves_no_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(GuidanceError, match="cannot be spoken"):
        GuidanceStore(tmp_path).prepare([Spoken(text, "ja")])
    assert not list(tmp_path.iterdir())


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    store = GuidanceStore(tmp_path)
    # A directory in the file's place: nobody, root neither, can put the file there.
    with pytest.raises(GuidanceNotRendered):
        store.media(*YES)
    Path(store._media(YES) + ".wav16").mkdir()
    with pytest.raises(GuidanceError, match="renderer failed"):
        store.prepare([YES])


def test_the_engine_pays_no_memory_for_the_synthesiser() -> None:
    code = "import sys, telephony.guidance; print('numpy' in sys.modules or 'pyopenjtalk' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def tone(frequency: float) -> bytes:
    return wav_file(0.3 * np.sin(2 * np.pi * frequency * np.arange(16000) / 16000), 16000)


def test_other_languages_have_voices_of_their_own(tmp_path: Path) -> None:
    media = GuidanceStore(tmp_path).prepare([HELLO, Spoken("Hello.", "es")])
    assert len(set(media.values())) == 2
    assert all(0.3 < wav_seconds(audio(name).stat().st_size - HEADER_BYTES) < 2.0 for name in media.values())


def test_a_name_in_the_dictionary_makes_another_sound_of_the_texts_it_stands_in_and_of_no_other() -> None:
    plain, knowing = (
        GuidanceStore(Path(), readings=Readings(readings)) for readings in ({}, {"ja": {"はい": "へい"}})
    )
    assert plain._media(YES) != knowing._media(YES)
    assert plain._media(NO) == knowing._media(NO)
    assert plain._media(HELLO) == knowing._media(HELLO)


def test_a_wav_of_ones_own_is_played_in_place_of_the_voice_and_read_again_when_it_changes(
    tmp_path: Path,
) -> None:
    own = Spoken("はい。", "ja", "yes.wav")
    store = GuidanceStore(tmp_path / "out", wavs=tmp_path)
    (tmp_path / "yes.wav").write_bytes(tone(500))
    first = store.prepare([own])[own]
    assert store.media(*own) == first
    assert store.duration(*own) == pytest.approx(1.0, abs=0.01)
    (tmp_path / "yes.wav").write_bytes(tone(700))
    assert store.media(*own) == first  # what callers hear does not change by itself
    assert store.prepare([own])[own] != first


def test_a_wav_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    own = Spoken("はい。", "ja", "yes.wav")
    with pytest.raises(GuidanceError, match=r"the WAV .*yes\.wav of the guidance 「はい。」 cannot be read"):
        GuidanceStore(tmp_path / "out", wavs=tmp_path).prepare([own])
    (tmp_path / "yes.wav").write_bytes(b"no sound")
    with pytest.raises(GuidanceError, match=r"the WAV yes\.wav \(ja\) cannot be spoken: it is no WAV file"):
        GuidanceStore(tmp_path / "out", wavs=tmp_path).prepare([own])


def test_a_missing_voice_says_which_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        GuidanceError, match="the voice for 'en' is missing: install the Debian package espeak-ng"
    ):
        GuidanceStore(tmp_path / "out").prepare([HELLO])
