"""A project's flow as a picture: text for Graphviz, which lays it out. Pure strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from ivr.diagram_words import LOOKS, OTHER, QUIET, Look, exit_word, notes
from ivr.flow_table import RETURN
from ivr.nodes.base import NodeModel
from ivr.project import Project

FONT = "sans-serif"
_QUIETLY = 'style=dashed, color="#94a3b8", fontcolor="#475569"'
_CHOSEN = "penwidth=1.4, fontsize=13"
_WIDE = 30
"""Columns of a line of text (a kanji takes two), and how many lines of a text are shown."""
_LINES = 3
_FOLDED = re.compile(
    r"(?<=[^ -~])\s+(?=[^ -~])|\n"
)  # YAML joins lines by a space, which Japanese has no use for
_POINTS = 6.2
"""Width of a column. Said to Graphviz for each line: it may know no Japanese font when it measures."""

_HEAD = f"""\
digraph flow {{
  graph [rankdir=LR, nodesep=0.28, ranksep=0.55, fontname="{FONT}", fontsize=18, labelloc=t, pad=0.3];
  node [fontname="{FONT}", fontsize=11, style=filled, margin="0.14,0.07", penwidth=1.4];
  edge [fontname="{FONT}", fontsize=11, color="#475569", fontcolor="#0f172a", arrowsize=0.8];
"""


def diagram(project: Project) -> str:
    """The flow in the language of Graphviz (`dot -Tsvg` makes the picture).

    Shape and colour tell the types of node apart; keys stand on the arrows; ways that nobody chooses (time over,
    attempts used up, line full) are dashed.
    """
    lines = [_HEAD, f"  label={_quoted(f'{project.name}（{project.project}　第{project.version}版）')};"]
    lines += _beginnings(project)
    lines += _nodes(project, project.flow.nodes, "")
    for name, flow in project.subflows.items():
        lines += [
            f"  subgraph {_quoted(f'cluster_{name}')} {{",
            f'    label={_quoted(f"サブフロー {name}")}; style="rounded,filled"; color="#94a3b8"; fillcolor="#f8fafc";',
            f'    {_quoted(f"{name}.{RETURN}")} [label="戻る", shape=circle, fillcolor="#e2e8f0", color="#64748b"];',
            *_nodes(project, flow.nodes, f"{name}."),
            "  }",
        ]
    lines += _edges(project)
    lines += [_legend(project), "}"]
    return "\n".join(lines) + "\n"


def _beginnings(project: Project) -> Iterator[str]:
    numbers = [escape(f"{number.number} {number.name}".strip()) for number in project.numbers]
    yield f'  ":call" [label={_table(["<B>着信</B>", *numbers], 24)}, shape=cds, fillcolor="#0f172a", fontcolor=white];'
    yield f'  ":call" -> {_quoted(project.flow.start)} [penwidth=2];'
    if project.disaster:
        yield '  ":disaster" [label="災害時に切替", shape=cds, fillcolor="#7f1d1d", fontcolor=white];'
        yield f'  ":disaster" -> {_quoted(project.disaster)} [style=dashed];'


def _nodes(project: Project, nodes: Mapping[str, NodeModel], prefix: str) -> Iterator[str]:
    for name, node in nodes.items():
        look = LOOKS.get(_type(node), OTHER)
        double = ", peripheries=2" if look.shape == "ellipse" else ""
        style = 'style="filled,rounded", ' if look.shape == "box" else ""
        yield (
            f"  {_quoted(prefix + name)} [label={_label(project, name, node, look)}, {style}shape={look.shape}, "
            f'fillcolor="{look.fill}", color="{look.border}"{double}];'
        )


def _type(node: NodeModel) -> str:
    return str(getattr(node, "type", ""))


def _label(project: Project, name: str, node: NodeModel, look: Look) -> str:
    rows = [f'<B>{escape(name)}</B>  <FONT POINT-SIZE="9" COLOR="{look.border}">{escape(look.name)}</FONT>']
    wide = _columns(name) + _columns(look.name) + 2
    for line in _said(project, node):
        rows.append(escape(line))
        wide = max(wide, _columns(line))
    for note in notes(node):
        rows.append(f'<FONT POINT-SIZE="9" COLOR="#475569">{escape(note)}</FONT>')
        wide = max(wide, _columns(note))
    return _table(rows, wide)


def _table(rows: Iterable[str], wide: int) -> str:
    """Rows of marked-up text, with room for so many columns."""
    cells = "".join(f'<TR><TD ALIGN="LEFT" WIDTH="{wide * _POINTS:.0f}">{row}</TD></TR>' for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def _said(project: Project, node: NodeModel) -> list[str]:
    """The beginning of the first text of a node, in lines."""
    first = next((text for path, text in node.texts().items() if path != "invalid"), None)
    guidance = project.guidance.get(first or "")
    if guidance is None:
        return []
    lines = _wrapped(_FOLDED.sub("", guidance.texts.get(project.language, "").strip()))
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], lines[_LINES - 1][:-1] + "…"]


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for letter in text:
        if _columns(lines[-1]) + _columns(letter) > _WIDE:
            lines.append("")
        lines[-1] += letter
    return lines


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _edges(project: Project) -> Iterator[str]:
    yield from _ways(project, project.flow.nodes, "")
    for name, flow in project.subflows.items():
        yield from _ways(project, flow.nodes, f"{name}.")


def _ways(project: Project, nodes: Mapping[str, NodeModel], prefix: str) -> Iterator[str]:
    for name, node in nodes.items():
        yield from _arrows(project, prefix + name, node, prefix)
        for subflow in node.subflows().values():
            start = f"{subflow}.{project.subflows[subflow].start}"
            yield f"  {_quoted(prefix + name)} -> {_quoted(start)} [style=dotted, arrowhead=empty];"


def _arrows(project: Project, source: str, node: NodeModel, prefix: str) -> Iterator[str]:
    """One arrow for all exits of a kind that lead to the same node."""
    ways: dict[tuple[str, bool], list[str]] = {}
    for path, target in node.exits().items():
        ways.setdefault((target, path in QUIET), []).append(exit_word(path, node, project))
    for (target, quiet), words in ways.items():
        word = _joined(words)
        style = _QUIETLY if quiet else _CHOSEN
        label = _quoted(f" {word} " if word else "")
        yield f"  {_quoted(source)} -> {_quoted(prefix + target)} [label={label}, {style}];"


def _joined(words: Iterable[str]) -> str:
    found = [word for word in words if word]
    keys = all(len(word) == 1 for word in found)
    return "・".join(found) if keys else "\n".join(found)


def _legend(project: Project) -> str:
    kinds = {
        _type(node) for flow in (project.flow, *project.subflows.values()) for node in flow.nodes.values()
    }
    lines = ["途中で切った発信者は「案内中の途中放棄」（待ち行列では「待ち中の途中放棄」）。"]
    lines += ["「結果」を通った後に切れば、その結果に数える。"]
    if kinds & {"menu", "collect"}:
        lines.append("破線：本人が選ばない道（時間切れ・誤入力・満員など）")
    table = _table(["<B>凡例</B>", *map(escape, lines)], max(map(_columns, lines)))
    return f'  ":legend" [label={table}, shape=box, fillcolor="#f8fafc", color="#cbd5e1", fontsize=10];'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
