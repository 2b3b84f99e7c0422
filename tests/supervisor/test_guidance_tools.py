"""`denwaban guidance`, through the command line, in a configuration of its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import insert

import denwaban
from calls.record import CallRecord
from store.database import Database
from store.migrations import upgrade
from store.models import CALLS
from store.rows import call_row
from telephony.speech_audio import wav
from tests.ivr.project_file import CALENDAR, GOOD

pytestmark = pytest.mark.unit

TEXTS = """\
  notice: {ja: はい。, en: Yes.}
  info: {texts: {ja: いいえ。}, wav: {ja: no.wav}, version: 2}
  sorry: {texts: {ja: 五月。}, version: 3, from: 2026-05-01, otherwise: info}
"""


async def keep(config: Path, record: CallRecord) -> None:
    """A record as the service would have left it."""
    url = f"sqlite+aiosqlite:///{config}/var/denwaban.db"
    await upgrade(url)
    async with Database(url) as database, database.engine.begin() as connection:
        await connection.execute(insert(CALLS), [call_row("run", record)])


Run = Callable[..., int]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for folder in ("projects", "calendars", "guidance"):
        (tmp_path / folder).mkdir()
    before, _, after = GOOD.partition("  notice: {ja")
    text = before + TEXTS + after[after.index("flow:") :]
    text = text.replace("name: Tax office\n", "name: Tax office\nlanguages: [ja, en]\n")
    (tmp_path / "projects" / "tax.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "calendars" / "jp.yaml").write_text(CALENDAR, encoding="utf-8")
    (tmp_path / "site.yaml").write_text(f"var_directory: {tmp_path}/var\n")
    (tmp_path / "seats.yaml").write_text("seats: [{ids: s1, projects: [tax]}]\n")
    tone = 0.3 * np.sin(2 * np.pi * 500 * np.arange(16000) / 16000)
    (tmp_path / "guidance" / "no.wav").write_bytes(wav(tone, 16000))
    return tmp_path


@pytest.fixture
def run(config: Path) -> Run:
    return lambda *given: denwaban.main(["--config", str(config), "guidance", *given])


def rows(run: Run, capsys: pytest.CaptureFixture[str]) -> dict[tuple[str, str], dict[str, object]]:
    capsys.readouterr()
    assert run("list", "tax", "--json") == 0
    return {(row["guidance"], row["language"]): row for row in json.loads(capsys.readouterr().out)}


def test_the_list_tells_what_is_said_when_and_who_approved_it(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(run, capsys)
    assert list(found) == [("notice", "ja"), ("notice", "en"), ("info", "ja"), ("sorry", "ja")]
    sorry = found["sorry", "ja"]
    assert (sorry["version"], sorry["from"], sorry["to"], sorry["otherwise"]) == (
        3,
        "2026-05-01",
        None,
        "info",
    )
    assert (sorry["by"], sorry["at"], sorry["rendered"]) == ("", None, False)
    assert found["info", "ja"]["wav"] == "no.wav"


def test_render_makes_the_sound_and_tells_what_has_no_text(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("render", "tax", "info", "notice") == 0
    assert capsys.readouterr().out.splitlines() == [
        "3 rendered, 0 were there already",
        "info has no text in 'en': callers hear it in 'ja'",
    ]
    found = rows(run, capsys)
    assert found["info", "ja"]["rendered"]
    assert found["info", "ja"]["seconds"] == pytest.approx(1.0, abs=0.01)
    assert not found["sorry", "ja"]["rendered"]


def test_one_text_that_cannot_be_spoken_does_not_keep_the_others(
    config: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "guidance" / "no.wav").write_bytes(b"broken")
    assert run("render", "tax", "info", "sorry") == 1
    told = capsys.readouterr()
    assert "info.ja: the WAV no.wav (ja) cannot be spoken: it is no WAV file" in told.err
    assert told.out.startswith("1 rendered, 0 were there already")


def test_play_writes_what_the_telephone_plays(
    config: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("play", "tax", "info", "--output", str(config / "out.wav")) == 0
    with wave.open(str(config / "out.wav")) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 8000)
    assert "いいえ。" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("play", "tax", "inof"), "there is no guidance text 'inof'; did you mean 'info'?"),
        (("play", "tax", "info", "--language", "en"), "info has no text in 'en' (there are: ja)"),
        (("list", "tx"), "there is no project 'tx'"),
        (("approve", "tax", "notise"), "did you mean 'notice'?"),
        (("heard", "c1"), "there is no call 'c1' in the records"),
    ],
)
def test_what_is_not_there_is_told(
    run: Run, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], told: str
) -> None:
    assert run(*given) == 1
    assert told in capsys.readouterr().err


def test_without_a_sound_card_program_a_file_is_offered(
    config: Path, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(config))
    assert run("play", "tax", "info") == 1
    assert "use --output FILE.wav" in capsys.readouterr().err


def test_approve_notes_who_agreed_to_which_words(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("approve", "tax", "notice", "info", "--by", "田中") == 0
    assert "notice (version 1, ja): はい。" in capsys.readouterr().out
    found = rows(run, capsys)
    assert {key for key, row in found.items() if row["by"] == "田中"} == {
        ("notice", "ja"),
        ("notice", "en"),
        ("info", "ja"),
    }


def test_check_listens_to_wavs_and_reads_the_dictionary(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert denwaban.main(["--config", str(config), "check", str(config / "projects" / "tax.yaml")]) == 0
    (config / "guidance" / "no.wav").write_bytes(wav(np.zeros(16000), 16000))
    (config / "guidance" / "readings.yaml").write_text("ja: {埼玉: 1}\n", encoding="utf-8")
    assert denwaban.main(["--config", str(config), "check", str(config)]) == 1
    told = capsys.readouterr().err
    assert "tax.yaml:12:39: error: no.wav: there is nothing to hear in it: record it again" in told
    assert "readings.yaml:1:10: error: a text is expected here; put it in quotes" in told


def test_what_a_caller_heard_is_told_word_for_word(
    config: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    at = dt.datetime(2026, 5, 7, tzinfo=dt.UTC).timestamp()
    heard = ("notice@1.en", "info@2.ja", "info@1.ja", "gone@1.ja", "old")
    (config / "var").mkdir()
    asyncio.run(
        keep(
            config,
            CallRecord(
                call="c1",
                leg="leg1",
                project="tax",
                number="0570012229",
                caller="",
                arrived_at=at,
                heard=heard,
            ),
        )
    )
    assert run("heard", "c1") == 0
    lost = "(its words are kept nowhere any more)"
    assert capsys.readouterr().out.splitlines() == [
        "notice (version 1, en): Yes.",
        "info (version 2, ja): いいえ。",
        f"info (version 1, ja): {lost}",
        f"gone (version 1, ja): {lost}",
        f"old (version 0, ): {lost}",
    ]
