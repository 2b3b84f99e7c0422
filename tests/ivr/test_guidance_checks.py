import datetime as dt
from pathlib import Path

import pytest

from ivr.approvals import FILE_NAME, approved, dump_approvals, read_approvals
from ivr.guidance_model import Guidance
from tests.ivr.project_file import GOOD, told

pytestmark = pytest.mark.unit

# The texts begin in the tenth line.
NOTICE = "  notice: {ja: 録音します。}\n"
KNOWN = "(known: ja, en, zh, ko, es, pt; any other language needs a WAV of your own under `wav`)"
assert GOOD.splitlines()[9] + "\n" == NOTICE


def with_notice(text: str, **more: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in more.items())
    return GOOD.replace(NOTICE, f"  notice: {text}\n").replace("flow:\n", f"{head}flow:\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{ja: " "}', "10:16: error: there is nothing to say in this text"),
        (
            "{ja: はい, jp: はい}",
            f"10:20: error: no voice speaks 'jp'; did you mean 'ja'? {KNOWN}",
        ),
        (
            "{texts: {ja: はい}, wav: {ja: yes.wav}}",
            "10:39: error: there is no file 'yes.wav' in GUIDANCE; did you mean 'wav/yes.wav'?",
        ),
        (
            "{texts: {ja: はい}, wav: {ja: ../../yes.wav}}",
            "10:39: error: give the path below config/guidance, like wav/notice.wav",
        ),
        (
            "{texts: {ja: はい}, wav: {en: wav/yes.wav}}",
            "10:39: error: write under `texts` what this WAV says in 'en'",
        ),
        (
            "{texts: {ja: はい}, from: 2026-06-01, to: 2026-05-31, otherwise: info}",
            "10:51: error: this day lies before `from`: the text would never be said",
        ),
        (
            "{texts: {ja: はい}, otherwise: info}",
            "10:40: error: `otherwise` needs `from` or `to`: this text is said always",
        ),
        (
            "{texts: {ja: はい}, from: 2026-06-01, version: 2}",
            "10:3: error: 'otherwise' is missing here: what is said when 'notice' does not hold",
        ),
        (
            "{texts: {ja: はい}, to: 2026-06-01, otherwise: inof}",
            "10:56: error: there is no guidance text 'inof'; did you mean 'info'?",
        ),
        (
            "{texts: {ja: はい}, to: 2026-06-01, otherwise: notice}",
            "10:56: error: this leads back to 'notice'",
        ),
    ],
)
def test_a_text_that_cannot_be_right_is_told_where_it_stands(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "projects").mkdir()
    sounds = tmp_path / "guidance" / "wav"
    sounds.mkdir(parents=True)
    (sounds / "yes.wav").touch()
    assert told(tmp_path / "projects", with_notice(text)) == [problem.replace("GUIDANCE", str(sounds.parent))]


def test_the_long_form_with_all_of_it_is_right(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "vi.wav").touch()
    text = (
        "{texts: {ja: はい, vi: Vâng}, wav: {vi: vi.wav}, version: 3, from: 2026-05-01, to: 2026-05-31, "
        "otherwise: info}"
    )
    assert told(tmp_path / "projects", with_notice(text)) == []


def approve(folder: Path, name: str, text: Guidance) -> None:
    folder.mkdir(exist_ok=True)
    now = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
    approvals = approved(read_approvals(folder), "tax", name, text, folder, "tanaka", now)
    (folder / FILE_NAME).write_text(dump_approvals(approvals))


def test_words_that_nobody_approved_are_told_only_where_approval_is_required(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    for name, words in (("info", "一を押してください。"), ("sorry", "混み合っております。")):
        approve(tmp_path / "guidance", name, Guidance(texts={"ja": words}))
    check = tmp_path / "projects"
    assert told(check, GOOD) == []
    advice = "; when it is right: denwaban guidance approve tax notice"
    required = with_notice("{ja: 録音します。}", approval="required")
    assert told(check, required) == [f"10:16: error: nobody has approved these words{advice}"]
    approve(tmp_path / "guidance", "notice", Guidance(texts={"ja": "録音します。"}))
    assert told(check, required) == []
    changed = with_notice("{ja: 録音しません。}", approval="required")
    assert told(check, changed) == [
        f"10:16: error: version 1 was approved with other words: give these a new version{advice}"
    ]


def test_a_damaged_file_of_approvals_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    (tmp_path / "guidance").mkdir()
    path = tmp_path / "guidance" / FILE_NAME
    path.write_text("tax:\n  notice:\n    - {language: ja}\n")
    [problem] = told(tmp_path / "projects", with_notice("{ja: はい}", approval="required"))
    assert problem.startswith(f"{path}:3:7: error: this approval is damaged")
