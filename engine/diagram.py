"""Draws the lifecycle table: as SVG for the documentation, as Mermaid text for the README. Pure strings.

`python -m engine.diagram` writes `docs/lifecycle.svg` and the picture in README.md anew.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

from calls.lifecycle import LIFECYCLE, Move, State

BEGIN, END = "<!-- lifecycle -->", "<!-- /lifecycle -->"
_BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)

Table = dict[State, dict[Move, State]]


class _Box(NamedTuple):
    """Middle, width and height."""

    x: float
    y: float
    w: float = 132
    h: float = 44


class _Point(NamedTuple):
    x: float
    y: float


class _Arrow(NamedTuple):
    source: State | None  # None: the frame round the conversation
    target: State
    label: str


_SIZE = _Point(1380, 700)
_FRAME = _Box(1130, 215, 430, 350)
_IN_FRAME = (State.TALKING, State.HELD, State.CONSULTING)
_BOXES = {
    State.ARRIVED: _Box(100, 90),
    State.IVR: _Box(330, 90),
    State.QUEUED: _Box(560, 90),
    State.RINGING: _Box(790, 90),
    State.TALKING: _Box(1130, 90),
    State.TRANSFERRED: _Box(675, 310),
    State.HELD: _Box(1000, 320),
    State.CONSULTING: _Box(1260, 320),
    State.WRAP_UP: _Box(1130, 500),
    State.CLOSED: _Box(690, 620, 1310),  # as wide as the picture, so that every way to it goes straight down
}
_LABEL_AT: dict[tuple[State | None, State], float] = {
    (State.RINGING, State.TALKING): 0.6,  # not on the frame
    (None, State.TRANSFERRED): 0.3,  # not on the way from RINGING to CLOSED
    (State.HELD, State.TALKING): 0.3,  # these two beside each other
    (State.TALKING, State.CONSULTING): 0.7,
    (State.WRAP_UP, State.CLOSED): 0.45,
}
_STYLE = """\
  <style>
    text { font: 13px sans-serif; fill: #222; text-anchor: middle }
    text { paint-order: stroke; stroke: #fff; stroke-width: 4px }
    .state { font-weight: bold; font-size: 14px; stroke: none }
    .box { fill: #e8f0fa; stroke: #2b5c94; stroke-width: 1.5 }
    .frame { fill: none; stroke: #2b5c94; stroke-dasharray: 6 4 }
    .arrow { stroke: #555; stroke-width: 1.3; marker-end: url(#tip) }
  </style>
  <marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
    <path d="M0,0 L8,4 L0,8 z" fill="#555"/>
  </marker>"""


def svg(table: Table = LIFECYCLE) -> str:
    """The table as one SVG picture that needs no other file."""
    common, everywhere = _of_all(table, _IN_FRAME), _of_all(table, [s for s in table if table[s]])
    arrows = _arrows(table, common, everywhere)
    pairs = {(arrow.source, arrow.target) for arrow in arrows}
    legend = ", ".join(f"{move} → {state}" for move, state in everywhere.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE.x:g} {_SIZE.y:g}" role="img">',
        "  <title>The life of a call</title>",
        _STYLE,
        f'  <rect width="{_SIZE.x:g}" height="{_SIZE.y:g}" fill="#fff"/>',
        _rectangle(_FRAME, "frame", 14),
        f'  <text x="{_FRAME.x - 140:g}" y="{_FRAME.y + 160:g}">in conversation</text>',
        *(_drawn(arrow, two_way=(arrow.target, arrow.source) in pairs) for arrow in arrows),
        *(_state(state) for state in table),
        f'  <text x="{_SIZE.x / 2:g}" y="{_SIZE.y - 24:g}">from every other state: {legend}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def mermaid(table: Table = LIFECYCLE) -> str:
    """The table as a Mermaid state diagram, every arrow of it."""
    lines = ["stateDiagram-v2", f"    [*] --> {next(iter(table))}"]
    for source, moves in table.items():
        for target in dict.fromkeys(moves.values()):
            label = ", ".join(move for move in moves if moves[move] is target)
            lines.append(f"    {source} --> {target}: {label}")
        if not moves:
            lines.append(f"    {source} --> [*]")
    return "\n".join(lines) + "\n"


def with_picture(text: str) -> str:
    """A Markdown text with the Mermaid picture between its two marks.

    Raises ValueError where the marks are not there.
    """
    if not _BLOCK.search(text):
        raise ValueError(f"the text has no line {BEGIN} with a line {END} after it")
    return _BLOCK.sub(lambda _: f"{BEGIN}\n```mermaid\n{mermaid()}```\n{END}", text, count=1)


def _of_all(table: Table, states: list[State] | tuple[State, ...]) -> dict[Move, State]:
    """The moves that lead from all of some states to one and the same other state."""
    first = table[states[0]]
    return {
        move: target
        for move, target in first.items()
        if target not in states and all(table[state].get(move) is target for state in states)
    }


def _arrows(table: Table, common: dict[Move, State], everywhere: dict[Move, State]) -> list[_Arrow]:
    """Moves between the same two states share an arrow; what all the conversation has goes out from its frame."""
    frame = {move: target for move, target in common.items() if move not in everywhere}
    labels: dict[tuple[State | None, State], list[str]] = {}
    for move, target in frame.items():
        labels.setdefault((None, target), []).append(move)
    for source, moves in table.items():
        for move, target in moves.items():
            if move not in everywhere and not (source in _IN_FRAME and move in frame):
                labels.setdefault((source, target), []).append(move)
    return [_Arrow(source, target, ", ".join(moves)) for (source, target), moves in labels.items()]


def _drawn(arrow: _Arrow, *, two_way: bool) -> str:
    box, target = _BOXES[arrow.source] if arrow.source else _FRAME, _BOXES[arrow.target]
    if arrow.target is State.CLOSED:
        target = target._replace(x=box.x, w=box.w)
    elif arrow.source is None and abs(target.y - box.y) < box.h / 2:
        box = box._replace(y=target.y, h=2)  # level with where it goes, not from the middle of the frame
    length = math.dist(box[:2], target[:2])
    ahead = _Point((target.x - box.x) / length, (target.y - box.y) / length)
    aside = _aside(ahead) if two_way else _Point(0, 0)
    start, end = _edge(box, ahead, aside), _edge(target, _Point(-ahead.x, -ahead.y), aside)
    share = _LABEL_AT.get((arrow.source, arrow.target), 0.7 if arrow.target is State.CLOSED else 0.5)
    x = start.x + (end.x - start.x) * share + aside.x * 3.2
    y = start.y + (end.y - start.y) * share + aside.y * 1.2 + (5 if two_way else 5 - 6 * abs(ahead.x))
    return (
        f'  <line class="arrow" x1="{start.x:.1f}" y1="{start.y:.1f}" x2="{end.x:.1f}" y2="{end.y:.1f}"/>\n'
        f'  <text x="{x:.1f}" y="{y:.1f}">{arrow.label}</text>'
    )


def _aside(ahead: _Point) -> _Point:
    """How far an arrow makes room for the one that comes the other way, along the edge it starts from."""
    if abs(ahead.y) > abs(ahead.x) / 2:
        return _Point(math.copysign(11, -ahead.y), 0)
    return _Point(0, math.copysign(9, ahead.x))


def _edge(box: _Box, ahead: _Point, aside: _Point) -> _Point:
    """Where a line from the middle of a box leaves it, moved aside."""
    reach = min(
        box.w / 2 / abs(ahead.x) if ahead.x else math.inf, box.h / 2 / abs(ahead.y) if ahead.y else math.inf
    )
    return _Point(box.x + ahead.x * reach + aside.x, box.y + ahead.y * reach + aside.y)


def _rectangle(box: _Box, kind: str, round_: int = 9) -> str:
    place = f'x="{box.x - box.w / 2:g}" y="{box.y - box.h / 2:g}" width="{box.w:g}" height="{box.h:g}"'
    return f'  <rect class="{kind}" {place} rx="{round_}"/>'


def _state(state: State) -> str:
    box = _BOXES[state]
    return f'{_rectangle(box, "box")}\n  <text class="state" x="{box.x:g}" y="{box.y + 5:g}">{state}</text>'


def main() -> None:
    """Write both pictures below the project's folder."""
    root = Path(__file__).parents[1]
    (root / "docs" / "lifecycle.svg").write_text(svg(), encoding="utf-8")
    readme = root / "README.md"
    readme.write_text(with_picture(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
