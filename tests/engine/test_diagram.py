from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from calls.lifecycle import LIFECYCLE, Move, State
from engine.diagram import mermaid, svg, with_picture

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
AGAIN = "run `python -m engine.diagram`"


def test_the_picture_in_the_documentation_is_the_table() -> None:
    assert (ROOT / "docs" / "lifecycle.svg").read_text(encoding="utf-8") == svg(), AGAIN


def test_the_picture_in_the_readme_is_the_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_picture(readme) == readme, AGAIN


def test_mermaid_has_every_arrow_and_no_other() -> None:
    found = {
        (State(source), Move(move), State(target))
        for source, target, moves in re.findall(r"(\w+) --> (\w+): (.*)", mermaid())
        for move in moves.split(", ")
    }
    assert found == {(source, move, to) for source, moves in LIFECYCLE.items() for move, to in moves.items()}
    assert "[*] --> ARRIVED" in mermaid()
    assert "CLOSED --> [*]" in mermaid()


def test_the_svg_is_well_formed_and_names_every_state_and_every_move() -> None:
    words = " ".join(ElementTree.fromstring(svg()).itertext())  # noqa: S314 (our own text)
    assert {str(word) for word in (*State, *Move)} <= set(re.findall(r"\w+", words))


def test_an_arrow_more_in_the_table_is_an_arrow_more_in_both_pictures() -> None:
    more = LIFECYCLE | {State.WRAP_UP: LIFECYCLE[State.WRAP_UP] | {Move.RETRIEVED: State.RINGING}}
    assert svg(more).count('class="arrow"') == svg().count('class="arrow"') + 1
    assert "WRAP_UP --> RINGING: retrieved" in mermaid(more)


def test_the_text_round_the_picture_stays_and_without_marks_there_is_no_place() -> None:
    text = with_picture("before\n<!-- lifecycle -->\nold\n<!-- /lifecycle -->\nafter\n")
    assert text.startswith("before\n<!-- lifecycle -->\n```mermaid\nstateDiagram-v2\n")
    assert text.endswith("```\n<!-- /lifecycle -->\nafter\n")
    with pytest.raises(ValueError, match="no line <!-- lifecycle -->"):
        with_picture("before")
