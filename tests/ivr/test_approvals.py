import datetime as dt
from pathlib import Path

import pytest

from ivr.approvals import FILE_NAME, Approvals, approval_of, approved, dump_approvals, read_approvals
from ivr.guidance_model import Guidance

pytestmark = pytest.mark.unit

MONDAY, TUESDAY = (dt.datetime(2026, 5, day, 9, tzinfo=dt.UTC) for day in (11, 12))
YES = Guidance(texts={"ja": "はい", "en": "yes"})


def approve(
    approvals: Approvals, text: Guidance, by: str, at: dt.datetime, folder: Path = Path()
) -> Approvals:
    return approved(approvals, "tax", "yes", text, folder, by, at)


def by(approvals: Approvals, text: Guidance, language: str = "ja", folder: Path = Path()) -> str | None:
    found = approval_of(approvals["tax"]["yes"], text, language, folder)
    return None if found is None else found.by


def test_an_approval_holds_for_the_exact_words_of_one_version_and_language() -> None:
    approvals = approve({}, YES, "tanaka", MONDAY)
    assert by(approvals, YES) == by(approvals, YES, "en") == "tanaka"
    assert by(approvals, YES.model_copy(update={"version": 2})) is None
    assert by(approvals, YES.model_copy(update={"texts": {"ja": "はい。"}})) is None


def test_who_approves_again_changes_nothing_and_a_new_version_is_added() -> None:
    once = approve({}, YES, "tanaka", MONDAY)
    assert approve(once, YES, "sato", TUESDAY) == once
    second = Guidance(texts={"ja": "ええ"}, version=2)
    twice = approve(once, second, "sato", TUESDAY)
    assert (by(twice, YES), by(twice, second)) == ("tanaka", "sato")
    assert [approval.at for approval in twice["tax"]["yes"]] == [MONDAY, MONDAY, TUESDAY]


def test_another_wav_needs_another_approval(tmp_path: Path) -> None:
    own = Guidance(texts={"ja": "はい"}, wav={"ja": "yes.wav"})
    (tmp_path / "yes.wav").write_bytes(b"1")
    approvals = approve({}, own, "tanaka", MONDAY, tmp_path)
    assert by(approvals, own, folder=tmp_path) == "tanaka"
    (tmp_path / "yes.wav").write_bytes(b"2")
    assert by(approvals, own, folder=tmp_path) is None


def test_the_file_is_read_as_it_was_written_and_none_is_no_approval(tmp_path: Path) -> None:
    assert read_approvals(tmp_path) == {}
    approvals = approve({}, YES, "田中 一郎: 課長", MONDAY)
    (tmp_path / FILE_NAME).write_text(dump_approvals(approvals), encoding="utf-8")
    assert read_approvals(tmp_path) == approvals
    assert "田中 一郎" in (tmp_path / FILE_NAME).read_text(encoding="utf-8")
