import subprocess
import sys
import wave
from pathlib import Path

import pytest

from telephony.guidance import RATES, GuidanceError, GuidanceNotRendered, GuidanceStore, Voice

pytestmark = pytest.mark.unit

YES = ("はい。", "ja")
NO = ("いいえ。", "ja")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[tuple[str, str], str]]:
    directory = tmp_path_factory.mktemp("guidance")
    return directory, GuidanceStore(directory).prepare([YES, NO, YES])


def audio(media: str, ending: str = ".wav") -> Path:
    return Path(media.removeprefix("sound:") + ending)


def test_each_text_becomes_mono_16_bit_files_of_both_rates(
    rendered: tuple[Path, dict[tuple[str, str], str]],
) -> None:
    for media in rendered[1].values():
        for ending, rate in RATES.items():
            with wave.open(str(audio(media, ending))) as file:
                assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, rate)
                assert 0.5 < file.getnframes() / rate < 2.0
    assert len(list(rendered[0].iterdir())) == 4


def test_media_and_duration_are_those_of_the_prepared_file(
    rendered: tuple[Path, dict[tuple[str, str], str]],
) -> None:
    directory, media = rendered
    store = GuidanceStore(directory)
    assert store.media(*YES) == media[YES] != media[NO]
    with wave.open(str(audio(media[YES]))) as file:
        assert store.duration(*YES) == file.getnframes() / 8000


def test_what_is_there_is_not_rendered_again(rendered: tuple[Path, dict[tuple[str, str], str]]) -> None:
    directory, media = rendered
    before = {file: file.stat().st_mtime_ns for file in directory.iterdir()}
    assert GuidanceStore(directory).prepare([YES]) == {YES: media[YES]}
    assert {file: file.stat().st_mtime_ns for file in directory.iterdir()} == before


def test_surrounding_blanks_and_the_form_of_characters_make_no_difference(
    rendered: tuple[Path, dict[tuple[str, str], str]],
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


def test_another_voice_is_another_file(rendered: tuple[Path, dict[tuple[str, str], str]]) -> None:
    with pytest.raises(GuidanceNotRendered):
        GuidanceStore(rendered[0], Voice(speed=1.2)).media(*YES)


def test_a_language_without_a_voice_is_told(tmp_path: Path) -> None:
    with pytest.raises(GuidanceError, match="no voice speaks 'en' yet"):
        GuidanceStore(tmp_path).prepare([("Hello", "en")])


@pytest.mark.parametrize("text", ["", "。", "😀"])
def test_a_text_without_sound_is_told_and_leaves_no_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(GuidanceError, match="cannot be spoken"):
        GuidanceStore(tmp_path).prepare([(text, "ja")])
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
