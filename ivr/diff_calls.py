"""What changes for callers on their way through two flows: both are walked side by side, key by key."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from ivr.nodes.base import NodeModel
from ivr.project import Project
from ivr.script import SILENT, Circumstances, LineReason
from ivr.steps import QueueView
from ivr.walkthrough import Heard, Pressed, Walk, walk

MOST_KEYS = 12
"""Entries of a path that is followed; a menu that was compared before is not compared again behind another."""

_ALL_KEYS = "1234567890*#"
_CROWDED = QueueView(waiting=1_000_000, seats_free=0, expected_wait=1e9)


class Situation(NamedTuple):
    """Under which circumstances a call is compared; `told` says them in words."""

    told: str
    met: Circumstances
    caller: str = "0312345678"
    number: str = ""


class Way(NamedTuple):
    """What follows the last key of a path: the texts (their ids), then a question (`asks`) or an end."""

    heard: tuple[str, ...]
    end: str
    target: str = ""
    outcome: str = ""
    sent: tuple[str, ...] = ()


class Change(NamedTuple):
    """Callers in a situation who press these keys (`-`: who then press nothing more) go another way."""

    situation: str
    keys: tuple[str, ...]
    before: Way
    after: Way


class _Pair(NamedTuple):
    before: Walk
    after: Walk


def changes(before: Project, after: Project, day: dt.date) -> list[Change]:
    """Every difference, each told once: in the first situation, and by the first path, that shows it."""
    found: dict[tuple[Way, Way, tuple[str, ...]], Change] = {}
    for situation in _situations(before, after, day):
        for change in _Comparison(before, after, day, situation).run():
            found.setdefault((change.before, change.after, change.keys), change)
    return list(found.values())


def _situations(before: Project, after: Project, day: dt.date) -> Iterator[Situation]:
    """Open and closed; and open once more for each thing that a flow may ask about or meet."""
    yield Situation("open", _met("open"))
    yield Situation("closed", _met("closed"))
    if before.disaster or after.disaster:
        yield Situation("switched to disaster", _met("disaster"))
    lines: tuple[LineReason, ...] = get_args(LineReason)
    for line in lines:
        yield Situation(f"open, line: {line}", _met("open", line=line))
    transfers: tuple[Literal["unanswered", "unknown"], ...] = ("unanswered", "unknown")
    for transfer in transfers:
        yield Situation(f"open, transfer: {transfer}", _met("open", transfer=transfer))
    if _branches(before) or _branches(after):
        yield from _branching(before, after)
    if _tells(before) or _tells(after):
        yield Situation("open, no seat free", _met("open", queue=QueueView()))


def _met(switched: Literal["open", "closed", "disaster"], **more: Any) -> Circumstances:
    return Circumstances(switched=switched, **more)


def _branches(project: Project) -> bool:
    return any(getattr(node, "type", "") == "branch" for node in project.flow.table.nodes.values())


def _tells(project: Project) -> bool:
    """Whether a caller hears something while he waits, or may press a key."""
    keys = any(node.queues() and getattr(node, "keys", ()) for node in project.flow.table.nodes.values())
    return keys or any(queue.notices for queue in project.queues.values())


def _branching(before: Project, after: Project) -> Iterator[Situation]:
    for state in ("open", "closed"):
        met = _met("open" if state == "open" else "closed")
        yield Situation(f"{state}, number withheld", met, caller="")
        yield Situation(f"{state}, many waiting", Circumstances(switched=met.switched, queue=_CROWDED))
        for number in {**_numbers(before), **_numbers(after)}:
            yield Situation(f"{state}, dialled {number}", met, number=number)
        for name, pattern in {**_listed(before), **_listed(after)}.items():
            yield Situation(f"{state}, caller in {name}", met, caller=pattern.rstrip("*"))


def _numbers(project: Project) -> dict[str, None]:
    return dict.fromkeys(number.number for number in project.numbers)


def _listed(project: Project) -> dict[str, str]:
    return {name: patterns[0] for name, patterns in project.number_lists.items() if patterns}


class _Comparison:
    """One situation: the paths that both projects still ask about, breadth first."""

    def __init__(self, before: Project, after: Project, day: dt.date, situation: Situation) -> None:
        self._projects = (before, after)
        self._at = dt.datetime.combine(day, dt.time(12))
        self._situation = situation

    def run(self) -> Iterator[Change]:
        waiting: deque[tuple[str, ...]] = deque([()])
        compared: set[tuple[str, str]] = set()
        while waiting:
            keys = waiting.popleft()
            pair = self._walked(keys)
            yield from self._change(keys, _after_keys(pair.before, keys), _after_keys(pair.after, keys))
            asking = (_asking(pair.before, keys), _asking(pair.after, keys))
            if "" in asking or asking in compared or len(keys) >= MOST_KEYS:
                continue
            compared.add(asking)
            yield from self._change(
                (*keys, SILENT), _untouched(pair.before, keys), _untouched(pair.after, keys)
            )
            waiting += [(*keys, entry) for entry in self._entries(asking)]

    def _walked(self, keys: tuple[str, ...]) -> _Pair:
        _, met, caller, number = self._situation
        before, after = (walk(project, self._at, keys, caller, number, met) for project in self._projects)
        return _Pair(before, after)

    def _change(self, keys: tuple[str, ...], before: Way, after: Way) -> Iterator[Change]:
        if not self._same(before, after):
            yield Change(self._situation.told, keys, before, after)

    def _same(self, before: Way, after: Way) -> bool:
        """A text is the same by its id (other words are told once, with the texts) or by its words."""
        heard = len(before.heard) == len(after.heard) and all(map(self._alike, before.heard, after.heard))
        return heard and before[1:] == after[1:]

    def _alike(self, before: str, after: str) -> bool:
        if before == after:
            return True
        old, new = (p.guidance.get(id_) for p, id_ in zip(self._projects, (before, after), strict=True))
        return old is not None and new is not None and old.texts == new.texts

    def _entries(self, asking: tuple[str, str]) -> list[str]:
        """What a caller may press: all that either offers, and one key that neither does."""
        nodes = [project.flow.table.nodes[name] for project, name in zip(self._projects, asking, strict=True)]
        offered = list(dict.fromkeys(entry for node in nodes for entry in _offered(node)))
        wrong = next((key for key in _ALL_KEYS if key not in offered), None)
        return offered if wrong is None else [*offered, wrong]


def _offered(node: NodeModel) -> list[str]:
    keys: Mapping[str, str] | None = getattr(node, "keys", None)
    if keys:
        return list(keys)
    least, most = getattr(node, "length", (0, 0))
    if not most:
        return []
    end = getattr(node, "end", None)
    return ["1" * most] if least == most or not end else ["1" * least + end]


def _split(walked: Walk, keys: tuple[str, ...]) -> int:
    """Where what follows the last key begins."""
    left = sum(map(len, keys))
    for index, step in enumerate(walked.steps):
        if not left:
            return index
        left -= isinstance(step, Pressed) and step.key != SILENT
    return len(walked.steps)


def _asking(walked: Walk, keys: tuple[str, ...]) -> str:
    """The node that waits for the next key; "" if the call has ended."""
    rest = walked.steps[_split(walked, keys) :]
    return next((step.node for step in rest if isinstance(step, Pressed)), "")


def _after_keys(walked: Walk, keys: tuple[str, ...]) -> Way:
    heard: list[str] = []
    for step in walked.steps[_split(walked, keys) :]:
        if isinstance(step, Pressed):
            return Way(tuple(heard), "asks")
        heard.append(step.guidance)
    return _ending(walked, heard)


def _untouched(walked: Walk, keys: tuple[str, ...]) -> Way:
    """What a caller hears who presses nothing more, from then to the end."""
    rest = walked.steps[_split(walked, keys) :]
    first = next(index for index, step in enumerate(rest) if isinstance(step, Pressed))
    return _ending(walked, [step.guidance for step in rest[first:] if isinstance(step, Heard)])


def _ending(walked: Walk, heard: list[str]) -> Way:
    sent = tuple(f"{sent.gateway}: {sent.text}" for sent in walked.sent)
    return Way(tuple(heard), walked.end, walked.target, walked.outcome or "", sent)
