"""What callers do in the flow: who hangs up in the first text, and which keys each menu gets.

Where in the flow a key was pressed does not stand in the journal: the days are let happen once more, in the engine of
today's flow, which knows where every caller is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from calls.record import CallRecord
from engine.centre import Centre
from ivr.nodes.menu import Menu
from ivr.project import Project
from sim.learn import estimate, service_times
from sim.learn.estimate import FEW, choose, share
from sim.learn.fitted import Part, Question
from sim.learn.laws import rounded
from sim.learn.orders import recorded_orders, with_seats
from sim.learn.past import Past
from sim.learn.person import Laws
from sim.learn.rerun import Rerun, rerun

USUAL_TALK_S = 300.0
"""Where nobody ever talked."""


def fit_flow(question: Question, records: Sequence[CallRecord]) -> Part:
    """The key `flow` of the scenario."""
    known = [question.past.calls[one.call] for one in records if one.call in question.past.calls]
    heard = [one for one in known if one.heard]
    left = share(sum(one.first_text_cut for one in heard), len(heard))
    part = Part({}, len(heard), data={"estimates": {"hang_up": left._asdict()}})
    if len(known) < len(records):
        part.thin.append(
            f"flow: of {len(records) - len(known)} of {len(records)} calls the journal is not there"
        )
    if left.value > 0:
        part.value["hang_up"] = rounded(left.value)
    part.told.append(f"hang_up: {left.told()} of {len(heard)} who heard a first text")
    if any(one.presses for one in known):
        _menus(question, part)
    part.value = part.value or None
    return part


def _menus(question: Question, part: Part) -> None:
    """Shares of keys, node by node."""
    again = seen_again(question.past, question.centre, question.project.project)
    name, nodes = question.project.project, question.project.flow.table.nodes
    menus: dict[str, dict[str, float]] = {}
    for (project, node), asked in sorted(again.asked.items()):
        if project != name or not isinstance(nodes.get(node), Menu):
            continue
        keys = Counter(
            {
                digit: n
                for (of, place, digit), n in sorted(again.pressed.items())
                if (of, place) == (name, node)
            }
        )
        menus[node] = {digit: rounded(count / asked) for digit, count in keys.items()}
        shares = {digit: share(count, asked) for digit, count in keys.items()}
        part.told.append(
            f"menu {node} asked {asked} times: " + ", ".join(f"{d} {s.told()}" for d, s in shares.items())
        )
        part.data.setdefault("menus", {})[node] = {
            "asked": asked, "keys": {digit: one._asdict() for digit, one in shares.items()},
        }  # fmt: skip
        if asked < FEW:
            part.thin.append(f"flow: the menu {node} was heard only {asked} times")
    if menus:
        part.value["menus"] = menus


def laws_of(past: Past, records: Sequence[CallRecord], project: Project) -> Laws:
    """What a replay draws from: the laws of the very days that are replayed."""
    talk = choose(service_times.talk_seen(records), estimate.TALK, "conversations")
    wrapup = choose(service_times.wrapup_seen(records, project), estimate.WRITING, "wrap-ups")
    patience = choose(
        service_times.patience_seen(records, past.heard_until), estimate.PATIENCE, "abandonments"
    )
    rings = [
        ring.answered - ring.began
        for one in past.calls.values()
        for ring in one.rings
        if ring.answered is not None
    ]
    return Laws(
        patience.law if patience is not None else None,
        service_times.law_or(talk, USUAL_TALK_S),
        wrapup.law if wrapup is not None else None,
        tuple(rings) or (0.0,),
    )


def seen_again(past: Past, centre: Centre, project: str) -> Rerun:
    """The days once more through the engine of today's flow, to see where in the flow each key was pressed."""
    centre = with_seats(centre, project, (one.seat for one in past.activity))
    laws = laws_of(past, past.of(project), centre.projects[project])
    return rerun(past, centre, recorded_orders(past, centre), laws)
