"""Who may do what at the monitor: one table, and two pure questions to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

EVERY = "*"
"""As the project of a grant: all projects, also those that are still to come."""


class Role(StrEnum):
    """What somebody is for a project."""

    AUDITOR = "auditor"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What can be done at the monitor, always for one project."""

    WATCH = "watch"
    AUDIT = "audit"
    SEAT = "seat"
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"
    SWITCH = "switch"


_LEADING = frozenset({Act.WATCH, Act.SEAT, Act.LISTEN, Act.WHISPER})
_SUPERVISING = _LEADING | {Act.BARGE, Act.TAKE_OVER, Act.SWITCH}

ACTS: Mapping[Role, frozenset[Act]] = MappingProxyType(
    {
        Role.AUDITOR: frozenset({Act.WATCH, Act.AUDIT}),
        Role.LEADER: _LEADING,
        Role.SUPERVISOR: _SUPERVISING,
        Role.ADMINISTRATOR: _SUPERVISING | {Act.AUDIT},
    }
)
"""The rule: there is no other."""


class Grant(NamedTuple):
    """A role for a project, or for `EVERY` one."""

    project: str
    role: Role


@dataclass(frozen=True)
class User:
    """Somebody who may log in. `name` is for the screen and may be empty."""

    id: str
    name: str
    grants: tuple[Grant, ...]


def may(user: User, act: Act, project: str) -> bool:
    """Whether somebody may do something for a project; grants add up."""
    return any(act in ACTS[grant.role] for grant in user.grants if grant.project in (project, EVERY))


def projects_of(user: User, act: Act, known: Iterable[str]) -> frozenset[str]:
    """Those of the `known` projects for which somebody may do something."""
    return frozenset(project for project in known if may(user, act, project))
