"""Where calls were transferred to, and the calls of our own: what is counted besides the callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from calls.lifecycle import Outcome
from calls.notes import Direction
from calls.record import CallRecord
from reports.means import mean

REACHED = frozenset({Outcome.ANSWERED, Outcome.DEGRADED_ANSWERED})
MADE = REACHED | {Outcome.NOT_REACHED}


class Transferred(msgspec.Struct, frozen=True, kw_only=True):
    """Transfers that reached somebody; a call may have several.

    `by_kind`: `seat`, `extension`, `outside`. `by_department`: those to extensions, by their name in
    `config/extensions.yaml`, or by the number where it has none. What did not occur is left out.
    """

    total: int
    by_kind: dict[str, int]
    by_department: dict[str, int]


class Dialled(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of our own whose party was dialled (`made`) and answered (`reached`); `mean_talk` in seconds."""

    made: int
    reached: int
    mean_talk: float | None


def transferred(records: Iterable[CallRecord], departments: Mapping[str, str]) -> Transferred:
    """Count the transfers of some calls. `departments`: the names of extensions by their numbers."""
    targets = [target.partition(":") for record in records for target in record.transfers]
    kinds = Counter(kind for kind, _, _ in targets)
    names = Counter(departments.get(number) or number for kind, _, number in targets if kind == "extension")
    return Transferred(
        total=len(targets), by_kind=dict(sorted(kinds.items())), by_department=dict(sorted(names.items()))
    )


def dialled(records: Iterable[CallRecord], direction: Direction) -> Dialled:
    """Count the calls of our own of one kind."""
    ours: Sequence[CallRecord] = [record for record in records if record.direction == direction]
    return Dialled(
        made=sum(record.outcome in MADE for record in ours),
        reached=sum(record.outcome in REACHED for record in ours),
        mean_talk=mean(record.talk for record in ours),
    )
