from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ivr.diagram import diagram
from ivr.diagram_words import LOOKS, condition_word
from ivr.nodes import TYPES
from ivr.nodes.conditions import Condition
from tests.ivr.every_node import EVERY_NODE, project

pytestmark = pytest.mark.unit


@pytest.fixture
def drawn(tmp_path: Path) -> str:
    return diagram(project(tmp_path))


def line_of(drawn: str, beginning: str) -> str:
    return next(line.strip() for line in drawn.splitlines() if line.strip().startswith(beginning))


def test_every_node_type_has_a_look() -> None:
    assert set(TYPES) <= set(LOOKS)


def test_hours_menus_lines_and_ends_are_told_apart() -> None:
    told_apart = [LOOKS[kind] for kind in ("hours", "menu", "enqueue", "hangup")]
    assert len({look.shape for look in told_apart}) == len({look.fill for look in told_apart}) == 4


def test_every_node_is_drawn_in_its_shape(drawn: str) -> None:
    assert "shape=diamond" in line_of(drawn, '"gate" [')
    assert "shape=cylinder" in line_of(drawn, '"line" [')
    assert "shape=component" in line_of(drawn, '"directory.ask" [')


def test_keys_stand_on_the_arrows(drawn: str) -> None:
    assert 'label=" 2 "' in line_of(drawn, '"top" -> "english"')
    assert 'label=" 0 "' in line_of(drawn, '"top" -> "top"')


def test_what_nobody_chooses_is_dashed_and_said(drawn: str) -> None:
    used_up = line_of(drawn, '"top" -> "bye"')
    assert "3回とも入力なし・誤り" in used_up
    assert "style=dashed" in used_up
    assert "300秒待った" in line_of(drawn, '"line" -> "leave"')
    assert "満員\\n担当者なし" in line_of(drawn, '"line" -> "again"')


def test_all_ways_out_of_a_line(tmp_path: Path) -> None:
    ways = 'timeout: leave, keys: {"1": jump}, long_wait: bye, closing: snow, closed: text, priority: 3}'
    queue = "max_wait_s: 300, max_expected_wait_s: 60, last_call_s: 60, at_closing: release"
    drawn = diagram(
        project(
            tmp_path,
            EVERY_NODE,
            ("timeout: leave}", ways),
            ("queues: {main: {max_wait_s: 300", f"queues: {{main: {{{queue}"),
        )
    )
    assert 'label=" 1 "' in line_of(drawn, '"line" -> "jump"')
    for node, word in (("bye", "予想待ちが長い"), ("snow", "終了までに応答できない")):
        assert word in line_of(drawn, f'"line" -> "{node}"')
        assert "style=dashed" in line_of(drawn, f'"line" -> "{node}"')
    assert "待ち中に受付終了" in line_of(drawn, '"line" -> "text"')
    assert "優先度 +3" in line_of(drawn, '"line" [')


def test_defaults_are_seen(drawn: str) -> None:
    menu = line_of(drawn, '"top" [')
    assert "無操作5秒で再案内、3回まで" in menu
    assert "誤入力 → wrong" in menu
    assert "途中で切った発信者" in drawn


def test_conditions_stand_on_the_arrows(drawn: str) -> None:
    assert "着信番号 0466252222" in line_of(drawn, '"who" -> "line"')


@pytest.mark.parametrize(
    ("when", "word"),
    [
        ({"withheld": True}, "非通知"),
        ({"language": "en"}, "言語 en"),
        ({"variable": {"name": "x", "equals": "1"}}, "x = 1"),
        ({"expected_wait": {"queue": "q", "at_least_s": 60}}, "予想待ち 60秒以上"),
        ({"seats_free": {"queue": "q", "at_least": 2}}, "空席 2以上"),
        ({"date": {"from": "2026-05-01", "to": "2026-05-31"}}, "2026-05-01〜2026-05-31"),
    ],
)
def test_condition_words(when: dict[str, object], word: str) -> None:
    assert condition_word(Condition.model_validate(when).model_dump()) == word


def test_the_beginnings(drawn: str) -> None:
    assert "0466251111 main" in line_of(drawn, '":call" [')
    assert line_of(drawn, '":disaster" ->').startswith('":disaster" -> "snow"')


def test_a_sub_flow_is_a_cluster(drawn: str) -> None:
    cluster = drawn[drawn.index("cluster_directory") :].split("\n  }")[0]
    assert '"directory.ring" [' in cluster
    assert '"ask" [' not in cluster
    assert line_of(drawn, '"ask" -> "directory.ask"')
    assert line_of(drawn, '"directory.sorry" -> "directory.return"')


def test_names_are_escaped(drawn: str) -> None:
    assert 'label="City & hall（city　第3版）"' in drawn


def test_texts_are_wrapped_and_cut(drawn: str) -> None:
    shown = re.findall(r">([^<>]+)</TD>", line_of(drawn, '"top" ['))
    assert "お電話ありがとうございます。" in shown


def test_graphviz_draws_it(drawn: str) -> None:
    assert shutil.which("dot"), "install Graphviz: ./setup.sh"
    made = subprocess.run(["dot", "-Tsvg"], input=drawn.encode(), capture_output=True, check=True)
    svg = made.stdout.decode()
    assert made.stderr == b""
    assert "City &amp; hall" in svg
    assert svg.count('class="node"') == 22
