"""Who calls in the demo, and what has to become of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calls.lifecycle import Outcome
from ivr.nodes.menu import Menu
from ivr.project import Project
from sim.live.behaviour import CallerBehaviour, KeyPress, talk
from sim.live.callers import Caller
from sim.live.tones import caller_tone_hz

SEATS = 34
TALK_S = 9.0
Speech = Callable[[str], float]
"""Seconds that a guidance text of the project lasts."""


@dataclass(frozen=True)
class Part:
    """One caller of the demo and the outcome that the flow promises him."""

    caller: Caller
    outcome: Outcome
    keys: str = ""


def in_hours(project: Project, speech: Speech) -> list[Part]:
    """44 callers: 34 that talk at once, 4 that wait first, 3 that give up waiting, 3 that give up in the notice."""
    notice = speech("recording_notice")
    parts = [Part(_caller(project, i, talk(notice + TALK_S)), Outcome.ANSWERED) for i in range(SEATS)]
    # These find all seats taken: they come behind the 34 and wait until the first of those hang up.
    later, behind = 1.5, len(parts)
    parts += [
        Part(_caller(project, behind + i, talk(notice + 2 * TALK_S + 3), later), Outcome.ANSWERED)
        for i in range(4)
    ]
    parts += [
        Part(_caller(project, behind + 4 + i, talk(notice + 3), later), Outcome.ABANDONED_QUEUE)
        for i in range(3)
    ]
    return parts + [
        Part(_caller(project, behind + 7 + i, talk(notice / 2)), Outcome.ABANDONED_IVR) for i in range(3)
    ]


def after_hours(project: Project, speech: Speech, first: int) -> list[Part]:
    """16 callers: 14 press a key of the menu (two of them a wrong one before), 2 hang up in the notice."""
    notice, menu = speech("closed_notice"), _menu(project)
    items = [key for key, node in menu.keys.items() if project.flow.nodes[node] is not menu]
    parts = []
    for i in range(14):
        keys = items[i % len(items)] if i < 12 else "9" + items[i % len(items)]
        presses = [KeyPress(keys[0], notice + 2.0), *(KeyPress(key, 5.0) for key in keys[1:])]
        behaviour = CallerBehaviour(presses=tuple(presses))
        parts.append(Part(_caller(project, first + i, behaviour, 0.3 * i), Outcome.SELF_SERVED, keys))
    return parts + [
        Part(_caller(project, first + 14 + i, talk(notice / 2)), Outcome.CLOSED) for i in range(2)
    ]


def _caller(project: Project, index: int, behaviour: CallerBehaviour, delay_s: float = 0.0) -> Caller:
    # Numbers that nobody has: 090-0000-xxxx. Every tenth caller withholds his.
    number = None if index % 10 == 9 else f"0900000{index:04d}"
    dialled = project.numbers[index % len(project.numbers)].number
    return Caller(dialled, number, caller_tone_hz(index), behaviour, delay_s=delay_s)


def _menu(project: Project) -> Menu:
    return next(node for node in project.flow.nodes.values() if isinstance(node, Menu))
