"""What a replay is told like: as one object, and as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.learn.replay import Replay

MOST_SHOWN = 50
_SHARES = ("answer_rate",)
_SECONDS = ("mean_wait", "longest_wait", "mean_talk")
_TOLD = {
    "patience": "waited longer than on that day: how long they would have is drawn from the fitted patience",
    "talk": "talked though they had not on that day: for how long is drawn from the fitted handle times",
    "key": "were asked for a key by a text that they had not heard: they press their next one after 2 s",
    "silent": "were asked for a key that day's flow had not asked for: they press nothing",
    "ring": "were rung for more often than on that day: for how long is drawn from its rings",
    "called_again": "called again on that day, and do so here, though they got through before",
    "transfers_cut": "were transferred by an operator: their call ends here with the first one",
    "without_journal": "are known by their record alone: keys are pressed after 2 s, texts have their usual length",
    "failed_by_system": "were failed by the system on that day: here they are callers like all others",
}


def as_data(found: Replay, project: str, date: dt.date, zone: ZoneInfo) -> dict[str, Any]:
    """For `--json`; no number of a caller is in it."""
    return {
        "project": project,
        "date": date.isoformat(),
        "before": found.before,
        "after": found.after,
        "promise": found.promise,
        "counts": found.counts(),
        "changes": [
            {"call": one.call, "at": _local(one.at, zone), "before": one.before, "after": one.after}
            | {"assumed": list(one.assumed)}
            for one in found.changes
        ],
        "rests_on": found.rests_on,
        "notes": found.notes,
    }


def as_tables(found: Replay, title: str, zone: ZoneInfo) -> Group:
    """For people."""
    parts: list[RenderableType] = [_figures(found, title)]
    parts.append(_changed(found, zone) if found.changes else Text("No call has another outcome."))
    parts.append(Text("\n".join(_lines(found))))
    return Group(*parts)


def _figures(found: Replay, title: str) -> Table:
    table = Table(title=title)
    for name in ("", "as it was", "replayed"):
        table.add_column(name, justify="left" if not name else "right")
    for name in ("offered", "answered", "abandoned", "counted", "kept", *_SHARES, *_SECONDS):
        table.add_row(
            name.replace("_", " "), *(_shown(name, side[name]) for side in (found.before, found.after))
        )
    table.add_row("promised", "", _shown("answer_rate", found.promise))
    for limit in found.before["service_level"]:
        sides = (side["service_level"][limit] for side in (found.before, found.after))
        table.add_row(f"answered within {limit} s", *(_shown("answer_rate", value) for value in sides))
    for outcome in sorted({*found.before["outcomes"], *found.after["outcomes"]}):
        table.add_row(
            f"  {outcome}", *(str(side["outcomes"].get(outcome, 0)) for side in (found.before, found.after))
        )
    return table


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    if name in _SHARES:
        return f"{100 * value:.2f} %"
    return f"{value:.1f} s" if name in _SECONDS else f"{value:,}"


def _changed(found: Replay, zone: ZoneInfo) -> Table:
    table = Table(title=f"calls with another outcome: {len(found.changes)}")
    for name in ("call", "came", "before", "after", "rests on"):
        table.add_column(name)
    for one in found.changes[:MOST_SHOWN]:
        table.add_row(one.call, _local(one.at, zone)[11:19], one.before, one.after, ", ".join(one.assumed))
    return table


def _lines(found: Replay) -> Iterator[str]:
    more = len(found.changes) - MOST_SHOWN
    if more > 0:
        yield f"... and {more} more: --json tells all of them"
    yield from (f"{count:5}  {pair}" for pair, count in found.counts().items())
    yield from (
        f"{count} callers {_TOLD[what]}" for what, count in found.rests_on.items() if count and what in _TOLD
    )
    if found.changes:
        yield f"{found.rests_on['changed_outcomes']} of {len(found.changes)} changed outcomes rest on something of this"
    yield from found.notes


def _local(at: float, zone: ZoneInfo) -> str:
    return dt.datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
