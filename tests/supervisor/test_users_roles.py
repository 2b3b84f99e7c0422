"""Who may do what at the monitor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.user_arguments import ROLES
from supervisor.users.roles import ACTS, EVERY, Act, Grant, Role, User, may, projects_of

pytestmark = pytest.mark.unit

# Written out once more, by hand: who changes the rule has to mean it.
TABLE = {
    "watch": "auditor leader supervisor administrator",
    "audit": "auditor administrator",
    "seat": "leader supervisor administrator",
    "listen": "leader supervisor administrator",
    "whisper": "leader supervisor administrator",
    "barge": "supervisor administrator",
    "take_over": "supervisor administrator",
    "switch": "supervisor administrator",
}
PROJECTS = ("tax", "alkoo", "card")

grants = st.lists(st.builds(Grant, st.sampled_from([*PROJECTS, EVERY]), st.sampled_from(Role))).map(tuple)


def somebody(*given: tuple[str, str]) -> User:
    return User("hana", "", tuple(Grant(project, Role(role)) for project, role in given))


@pytest.mark.parametrize(("act", "roles"), TABLE.items())
def test_each_role_in_its_project_and_nowhere_else(act: str, roles: str) -> None:
    for role in Role:
        user = somebody(("tax", role))
        assert may(user, Act(act), "tax") is (role in roles.split())
        assert not may(user, Act(act), "alkoo")


def test_every_role_and_every_act_is_in_the_table() -> None:
    assert set(ACTS) == set(Role)
    assert set(TABLE) == set(Act)
    assert tuple(Role) == ROLES


def test_who_has_no_grant_may_do_nothing() -> None:
    assert not any(may(somebody(), act, "tax") for act in Act)


def test_all_projects_are_all_that_there_are_now() -> None:
    user = somebody((EVERY, "auditor"), ("tax", "leader"))
    assert projects_of(user, Act.WATCH, PROJECTS) == {"tax", "alkoo", "card"}
    assert projects_of(user, Act.SEAT, PROJECTS) == {"tax"}
    assert projects_of(user, Act.SEAT, ["alkoo"]) == frozenset()
    assert projects_of(user, Act.WATCH, []) == frozenset()


def test_a_project_of_that_name_is_not_all_projects() -> None:
    assert not may(somebody(("tax", "administrator")), Act.WATCH, EVERY)


@given(grants, st.sampled_from(Act), st.sampled_from(PROJECTS), grants)
def test_a_grant_takes_nothing_away(
    some: tuple[Grant, ...], act: Act, project: str, more: tuple[Grant, ...]
) -> None:
    before, after = User("hana", "", some), User("hana", "", some + more)
    assert may(after, act, project) == (
        may(before, act, project) or may(User("hana", "", more), act, project)
    )


@given(grants, st.sampled_from(Act))
def test_the_projects_are_those_where_he_may(some: tuple[Grant, ...], act: Act) -> None:
    user = User("hana", "", some)
    assert projects_of(user, act, PROJECTS) == {project for project in PROJECTS if may(user, act, project)}
