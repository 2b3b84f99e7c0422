"""Who may do what: one pure function over who asks, what right it takes, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.centre import Person, Role

ADMIN = "admin"
"""The id of the one who has every right and is nobody in particular."""


class Right(StrEnum):
    """What a request takes."""

    NONE = "none"
    PERSON = "person"
    SEAT = "seat"
    TALK = "talk"
    LOGIN = "login"
    DIAL = "dial"
    EAR = "ear"
    PROJECT = "project"


RULES: dict[Right, str] = {
    Right.NONE: "anybody, without a token",
    Right.PERSON: "everybody with a token; what is told is what this person may see",
    Right.SEAT: "who sits there, or supervises one of the seat's projects",
    Right.TALK: "who sits there, or supervises the project of the seat's call",
    Right.LOGIN: "oneself, at a seat where nobody else sits; another person: who supervises a project of the seat, one "
    "of that person's, and all that that person supervises",
    Right.DIAL: "who sits there, or supervises one of the seat's projects; for a project that the seat serves",
    Right.EAR: "who supervises the project of the conversation, and sits there; or, where nobody in particular sits, "
    "if the seat's own configuration supervises that project too",
    Right.PROJECT: "who supervises the project",
}
"""The same in words, for the description. `admin` may do all of it."""


@dataclass(frozen=True)
class Who:
    """Who asks. `supervises` is empty for an operator, whatever the configuration says.

    `lent`: the administrator lends him these rights (see `supervisor.api.on_behalf`). Then nothing is his because he
    sits there but the seat itself: whatever the configuration says of him, he sees and does what these projects have.
    """

    id: str
    name: str = ""
    role: Role | str = "operator"
    projects: frozenset[str] = frozenset()
    supervises: frozenset[str] = frozenset()
    lent: bool = False

    @property
    def admin(self) -> bool:
        """Whether there is nothing that he may not."""
        return self.role == ADMIN


def who_is(person: Person) -> Who:
    """A person as the rights see him."""
    supervises = frozenset() if person.role == "operator" else frozenset(person.supervises)
    return Who(person.id, person.name, person.role, frozenset(person.projects), supervises)


ADMINISTRATOR = Who(ADMIN, role=ADMIN)


@dataclass(frozen=True)
class About:
    """What a request is about. `operator`: who sits at the seat; `projects`: those of the seat, or of its call.

    `desk`: the projects that may be heard from the seat by whoever supervises them, where nobody in particular sits.
    `person`: who is to be logged in. `project`: for which an outside number is dialled, empty for the seat's first.
    """

    operator: str = ""
    projects: frozenset[str] = frozenset()
    person: Who | None = None
    project: str = ""
    desk: frozenset[str] = frozenset()


def allowed(who: Who, right: Right, about: About) -> bool:
    """Whether somebody may do something."""
    if who.admin or right in (Right.NONE, Right.PERSON):
        return True
    own, supervised = _own(who, about), bool(about.projects & who.supervises)
    match right:
        case Right.SEAT | Right.TALK:
            return own or supervised
        case Right.PROJECT:
            return supervised
        case Right.DIAL:
            return (own or supervised) and (not about.project or about.project in about.projects)
        case Right.EAR:
            # With nothing to hear, the engine says so: that is no question of rights.
            heard = who.supervises if own else who.supervises & about.desk
            return bool(heard) and about.projects <= heard
        case _:
            return _may_log_in(who, about, supervised=supervised)


def _own(who: Who, about: About) -> bool:
    """Whether it is at his own seat; with lent rights only as far as they go."""
    foreign = who.lent and about.projects and not about.projects & (who.projects | who.supervises)
    return about.operator == who.id and not foreign


def _may_log_in(who: Who, about: About, *, supervised: bool) -> bool:
    """Nobody gets by a login, of himself or of another, what he may not supervise."""
    person = about.person
    if person is None or (person.id == who.id and not who.lent):
        return supervised or (person is not None and about.operator in ("", who.id))
    return supervised and bool(person.projects & who.supervises) and person.supervises <= who.supervises
