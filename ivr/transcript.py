"""A walk through a flow, for people (lines with times) and for scripts (one mapping)."""

from __future__ import annotations

from typing import Any

from ivr.script import SILENT
from ivr.walkthrough import Heard, Pressed, Walk


def as_mapping(walk: Walk) -> dict[str, Any]:
    """`open reason heard[{guidance version language text at}] keys end`, and what else is known; `at` is local time."""
    return {
        "project": walk.project,
        "at": walk.began.isoformat(timespec="seconds"),
        "open": walk.open,
        "reason": walk.reason,
        "heard": [_heard(walk, heard) for heard in walk.heard],
        "keys": walk.keys,
        "end": walk.end,
        "outcome": walk.outcome,
        "target": walk.target,
        "seconds": round(walk.seconds, 1),
        "nodes": list(walk.nodes),
        "unused": list(walk.unused),
        "sent": [{"gateway": sent.gateway, "to": sent.to, "text": sent.text} for sent in walk.sent],
    }


def _heard(walk: Walk, heard: Heard) -> dict[str, Any]:
    return {
        "guidance": heard.guidance,
        "version": heard.version,
        "language": heard.language,
        "text": heard.text,
        "at": walk.time_of(heard.at).isoformat(timespec="seconds"),
    }


def as_lines(walk: Walk) -> list[str]:
    """One line for each text, key and notice, with the local time of each; then the end."""
    state = "open" if walk.open else "closed"
    lines = [f"{walk.project}, {walk.began:%Y-%m-%d %H:%M} ({walk.began:%a}): {state} ({walk.reason})"]
    lines += [f"{walk.time_of(step.at):%H:%M:%S}  {_line(step)}" for step in walk.steps]
    lines += [
        f"          sends to {sent.to or 'the gateway'} by {sent.gateway}: {sent.text}" for sent in walk.sent
    ]
    lines.append(f"{walk.time_of(walk.seconds):%H:%M:%S}  {_end(walk)}")
    if walk.unused:
        lines.append(f"Never asked for, so not pressed: {', '.join(walk.unused)}")
    return lines


def _line(step: Heard | Pressed) -> str:
    if isinstance(step, Heard):
        return f"{step.guidance} (version {step.version}, {step.language}): {step.text}"
    if step.key == SILENT:
        return f"nothing is pressed at '{step.node}'"
    return f"key {step.key} at '{step.node}'"


def _end(walk: Walk) -> str:
    told = f"end: {walk.end}"
    if walk.target:
        told += f" {walk.target}"
    return f"{told} ({walk.outcome})" if walk.outcome else told
