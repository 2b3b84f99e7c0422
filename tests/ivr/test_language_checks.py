from __future__ import annotations

from pathlib import Path

import pytest

from tests.ivr.project_file import told

pytestmark = pytest.mark.unit

PROJECT = """\
project: tax
name: Tax
languages: [ja, en, zh]
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-fri: ["08:30-17:15"]}}
guidance:
  menu: {ja: 英語は一。}
  hello: {ja: こんにちは。, en: Hello., zh: 你好。}
  bye: {ja: さようなら。, en: Bye., zh: 再见。}
flow:
  start: ask
  nodes:
    ask: {type: menu, prompt: menu, keys: {"1": english, "2": chinese}, after: hello}
    english: {type: language, set: en, next: hello}
    chinese: {type: language, set: zh, next: hello}
    hello: {type: say, guidance: hello, next: bye}
    bye: {type: hangup, guidance: bye}
"""
BRANCH = """\
    hello:
      type: branch
      cases:
        - {when: {language: en}, to: hello_en}
      otherwise: bye
    hello_en: {type: say, guidance: hello, next: bye}
"""
RETURN = """\
    hello: {type: call, flow: greeting, next: bye}
"""
GREETING = """\
subflows:
  greeting:
    start: choose
    nodes:
      choose:
        type: branch
        cases:
          - {when: {language: zh}, to: return}
        otherwise: hello
      hello: {type: say, guidance: hello, next: return}
"""


def missing(folder: Path, text: str) -> list[str]:
    """The texts that are told to be missing."""
    return [line.split("error: ")[1] for line in told(folder, text)]


def hello_in(languages: str, text: str = PROJECT) -> str:
    """The project with another `hello`."""
    return text.replace("{ja: こんにちは。, en: Hello., zh: 你好。}", languages)


def test_a_text_before_the_language_is_chosen_is_needed_in_the_own_one_only(tmp_path: Path) -> None:
    assert missing(tmp_path, PROJECT) == []


def test_a_text_after_it_is_needed_in_each(tmp_path: Path) -> None:
    assert missing(tmp_path, hello_in("{ja: こんにちは。}")) == [
        "the text 'hello' is missing in 'en'",
        "the text 'hello' is missing in 'zh'",
    ]


def test_a_text_that_is_said_instead_is_needed_too(tmp_path: Path) -> None:
    text = PROJECT.replace(
        "  bye: {ja",
        "  today: {texts: {ja: 今。, en: Now., zh: 今。}, to: 2026-05-31, otherwise: later}\n  bye: {ja",
    ).replace("  bye: {ja", "  later: {ja: 後。, en: Later.}\n  bye: {ja")
    assert missing(
        tmp_path, text.replace("{type: say, guidance: hello", "{type: say, guidance: [hello, today]")
    ) == ["the text 'later' is missing in 'zh'"]


def test_a_branch_on_the_language_leads_only_its_callers_there(tmp_path: Path) -> None:
    text = PROJECT.replace("    hello: {type: say, guidance: hello, next: bye}\n", BRANCH)
    assert missing(tmp_path, hello_in("{ja: こんにちは。, en: Hello.}", text)) == []
    assert missing(tmp_path, hello_in("{ja: こんにちは。}", text)) == ["the text 'hello' is missing in 'en'"]


def test_a_language_goes_along_into_a_subflow_and_back(tmp_path: Path) -> None:
    text = PROJECT.replace("    hello: {type: say, guidance: hello, next: bye}\n", RETURN) + GREETING
    assert missing(tmp_path, text) == []
    assert missing(tmp_path, text.replace(", zh: 再见。", "")) == ["the text 'bye' is missing in 'zh'"]


def test_a_project_in_one_language_needs_it_in_every_text(tmp_path: Path) -> None:
    assert missing(tmp_path, PROJECT.replace("{ja: 英語は一。}", "{en: One.}")) == [
        "the text 'menu' is missing in 'ja'"
    ]
