"""What callers and operators do, as a scenario's YAML says it. All durations are in seconds."""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.distributions import Amount, Duration
from sim.scenario.words import KeyShares, Model, Share


def _whole_number(text: object) -> object:
    return int(text) if isinstance(text, str) and text.isdecimal() else text


def _rising(shares: dict[int, float]) -> dict[int, float]:
    for near, far in itertools.pairwise(sorted(shares)):
        if shares[far] < shares[near]:
            raise ValueError(f"whom {near} sends away, {far} sends away too: give {far} no smaller share")
    return shares


def _together(classes: dict[str, InquiryClass]) -> dict[str, InquiryClass]:
    if sum(one.share for one in classes.values()) > 1 + 1e-9:
        raise ValueError("the shares of `classes` are more than 1 together")
    return classes


Threshold = Annotated[int, BeforeValidator(_whole_number), Field(ge=1)]
Thresholds = Annotated[dict[Threshold, Share], AfterValidator(_rising)]


class InquiryClass(Duration):
    """Calls of one class of inquiry: their share of all calls, how long they talk, and (`wrapup`) are written down.

    Without a `wrapup` of its own the scenario's holds.
    """

    share: Share
    wrapup: Duration | None = None


class Handle(Duration):
    """How long callers talk. `classes`: those of some classes of inquiry; the rest is of none of them.

    Where the project has a class of that name, the operator gives it to the call.
    """

    classes: Annotated[dict[str, InquiryClass], AfterValidator(_together)] = Field(default_factory=dict)


class Again(Model):
    """This `share` of those who did not get through try again after a `wait`."""

    share: Share
    wait: Duration


class Redial(Model):
    """Who tries again, `most` times at most.

    `after_busy`: no line was free, the queue was full, or the wait was cut short (outcomes `blocked`, `overflowed`,
    `timed_out`). `after_abandon`: he had hung up in the queue.
    """

    after_busy: Again | None = None
    after_abandon: Again | None = None
    most: Annotated[int, Field(ge=1, le=100, strict=True)] = 5


class Balking(Model):
    """The share of callers who hang up on being told at least so much: their place in the line, the wait in seconds.

    Each caller has one measure: who has heard a figure and stayed only goes at a worse one. What is announced is what
    counts: places beyond the tenth are told as one (11), waits by the minute and up to half an hour.
    """

    position: Thresholds = Field(default_factory=dict)
    expected_wait: Thresholds = Field(default_factory=dict)


class FlowHabits(Model):
    """What callers do in the flow.

    `hang_up`: the share that hangs up somewhere in the first guidance. `keys`: the share of each key that is
    pressed when a menu waits; the rest press nothing. `menus`: the same for single menus, by their nodes (those of a
    sub-flow: SUBFLOW.NODE); `keys` is for all others. A line that may be left by keys (an enqueue) can stand there too:
    each caller decides once, at the end of the first notice.
    """

    hang_up: Share = 0.0
    keys: KeyShares = Field(default_factory=dict)
    menus: dict[str, KeyShares] = Field(default_factory=dict)


class Spread(Model):
    """How different people are: a lognormal factor of mean 1 for each; `cv` is its standard deviation."""

    cv: Amount


class Breaks(Model):
    """Short breaks at any time: one begins `every` so many seconds of being there, after the call in progress, and is
    `length` seconds long. Those at fixed times belong to a shift."""

    every: Duration
    length: Duration

    @model_validator(mode="after")
    def _work_too(self) -> Breaks:
        if self.every.average() < 60 and self.every.file is None:
            raise ValueError("`every` is below a minute: an operator would do nothing but take breaks")
        return self


class Operators(Model):
    """What operators do beside talking and writing.

    `misses`: the share of rings at which nobody is there; whoever rings there while he is `away` is missed too, and
    when he is back, he takes calls again. `speed`: his own factor on talk and wrap-up. `lateness`: so late he is after
    each beginning of a shift; who would be too late for all of it does not come.
    """

    misses: Share = 0.0
    away: Duration = Duration(mean=120.0)
    speed: Spread | None = None
    lateness: Duration | None = None
    breaks: Breaks | None = None
