"""`denwaban user`: who may log in to the monitor, and as what. It works beside the running service, and without it."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import getpass
import json
import signal
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from engine.build import load_centre
from engine.centre import Centre
from ivr.messages import nearest
from ivr.yaml_marks import ConfigurationError
from store.audit import FILE, AuditLog
from store.database import Database, DatabaseUrlError
from store.migrations import NewerDatabaseError, upgrade_database
from store.users import (
    StoredUser,
    add_user,
    read_user,
    read_users,
    remove_grant,
    remove_user,
    set_disabled,
    set_grant,
    set_password,
)
from supervisor.api.rights import ADMIN
from supervisor.flow_tools import ToolError
from supervisor.users.accounts import ID_RULE, is_user_id
from supervisor.users.passwords import hash_password, problem_with
from supervisor.users.roles import EVERY
from telephony.site import Site, load_site
from telephony.versions import live_versions, projects_of, version_store


def user(given: argparse.Namespace) -> int:
    """`denwaban user add|list|role|password|disable|enable|remove`; the exit code."""
    try:
        asyncio.run(_do(given))
    except (ConfigurationError, DatabaseUrlError, NewerDatabaseError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    except (SQLAlchemyError, OSError) as error:
        told = f"the database does not answer ({type(error).__name__}): is it up, and is `store` in site.yaml right?"
        print(told, file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True)
class _Desk:
    """What each of the commands works with. `by`: who sits at this machine."""

    given: argparse.Namespace
    site: Site
    database: Database
    by: str = field(default_factory=getpass.getuser)

    async def user(self) -> StoredUser:
        """The one it is about."""
        found = await read_user(self.database, self.given.id)
        if found is None:
            known = [one.id for one in await read_users(self.database)]
            there = f"there are: {', '.join(known)}" if known else "nobody may log in yet: denwaban user add"
            raise ToolError(f"there is no user '{self.given.id}'{nearest(self.given.id, known)} ({there})")
        return found

    def note(self, what: str, user: str, **details: str) -> None:
        """Into the audit log, before it is done."""
        try:
            AuditLog(self.site.var_directory / FILE).note(what, self.by, user=user, **details)
        except OSError as error:
            raise ToolError(
                f"the audit log cannot be written ({error.strerror}), so this is not done: free some room on its disk"
            ) from None


async def _do(given: argparse.Namespace) -> None:
    site = load_site(given.config / "site.yaml")
    async with Database(site.store_url) as database:
        await upgrade_database(database)
        await _TOOLS[given.what](_Desk(given, site, database))


async def _add(desk: _Desk) -> None:
    given, centre = desk.given, _centre(desk.given.config, desk.site)
    if given.id == ADMIN:
        raise ToolError(f"'{ADMIN}' is nobody in particular: every user has an id of his own; choose another")
    if not is_user_id(given.id):
        raise ToolError(f"'{given.id}' cannot be an id: {ID_RULE}")
    projects = [_known(project, centre) for project in dict.fromkeys(given.projects)]
    if await read_user(desk.database, given.id) is not None:
        raise ToolError(_there_already(given.id))
    person = centre.people.get(given.id)
    name = given.name or (person.name if person else "")
    hashed = hash_password(_new_password(given))
    desk.note("user_add", given.id)
    for project in projects:
        desk.note("user_role", given.id, project=project, role=given.role)
    grants = [(project, given.role) for project in projects]
    if not await add_user(desk.database, given.id, name, hashed, grants, time.time()):
        raise ToolError(_there_already(given.id))
    print(f"{given.id} may log in: {given.role} of {', '.join(map(_spoken, projects))}")


def _there_already(user_id: str) -> str:
    return (
        f"there is a user '{user_id}' already: change him with `denwaban user role` or `denwaban user password`, or "
        "remove him first"
    )


async def _list(desk: _Desk) -> None:
    users = await read_users(desk.database)
    if desk.given.json:
        print(json.dumps({"users": [_mapping(one) for one in users]}, ensure_ascii=False, indent=2))
    elif users:
        print("\n".join(map(_line, users)))
    else:
        print("nobody may log in yet: denwaban user add", file=sys.stderr)


def _mapping(stored: StoredUser) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.name,
        "disabled": stored.disabled,
        "grants": [{"project": project, "role": role} for project, role in stored.grants],
        "created_at": _moment(stored.created_at),
        "changed_at": _moment(stored.changed_at),
    }


def _moment(at: float) -> str:
    return dt.datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")


def _line(stored: StoredUser) -> str:
    roles = ", ".join(f"{role} of {_spoken(project)}" for project, role in stored.grants)
    told = [stored.id, *filter(None, [stored.name]), roles or "may do nothing"]
    return "  ".join(told) + ("  (disabled)" if stored.disabled else "")


async def _role(desk: _Desk) -> None:
    if desk.given.remove:
        await _role_removed(desk)
    else:
        await _role_given(desk)
    print(_line(await desk.user()))


async def _role_given(desk: _Desk) -> None:
    stored, given = await desk.user(), desk.given
    project = _known(given.project, _centre(given.config, desk.site))
    desk.note("user_role", stored.id, project=project, role=given.role)
    await set_grant(desk.database, stored.id, project, given.role, time.time())


async def _role_removed(desk: _Desk) -> None:
    stored, given = await desk.user(), desk.given
    if (given.project, given.role) not in stored.grants:
        raise ToolError(f"{stored.id} is not {given.role} of {_spoken(given.project)}: {_line(stored)}")
    desk.note("user_role_removed", stored.id, project=given.project, role=given.role)
    await remove_grant(desk.database, stored.id, given.project, time.time())


async def _password(desk: _Desk) -> None:
    stored = await desk.user()
    hashed = hash_password(_new_password(desk.given))
    desk.note("user_password", stored.id)
    await set_password(desk.database, stored.id, hashed, time.time())
    print(f"{stored.id} has a new password, and is logged out")


async def _disable(desk: _Desk) -> None:
    stored = await desk.user()
    desk.note("user_disable", stored.id)
    await set_disabled(desk.database, stored.id, True, time.time())
    print(f"{stored.id} may not log in, and is logged out")


async def _enable(desk: _Desk) -> None:
    stored = await desk.user()
    desk.note("user_enable", stored.id)
    await set_disabled(desk.database, stored.id, False, time.time())
    print(f"{stored.id} may log in")


async def _remove(desk: _Desk) -> None:
    stored = await desk.user()
    desk.note("user_remove", stored.id)
    await remove_user(desk.database, stored.id)
    print(f"{stored.id} is forgotten, and logged out")


_TOOLS: dict[str, Callable[[_Desk], Awaitable[None]]] = {
    "add": _add,
    "list": _list,
    "role": _role,
    "password": _password,
    "disable": _disable,
    "enable": _enable,
    "remove": _remove,
}


# ---- what is typed


def _centre(config: Path, site: Site) -> Centre:
    return load_centre(config, projects_of(live_versions(version_store(site.var_directory))))


def _known(project: str, centre: Centre) -> str:
    if project != EVERY and project not in centre.projects:
        near, there = nearest(project, centre.projects), ", ".join(centre.projects)
        raise ToolError(f"there is no project '{project}'{near} (there are: {there}; or '{EVERY}' for all)")
    return project


def _spoken(project: str) -> str:
    return "all projects" if project == EVERY else project


def _new_password(given: argparse.Namespace) -> str:
    password = _line_given() if given.password_stdin else _typed_twice(given.id)
    if problem := problem_with(password, given.id):
        raise ToolError(problem)
    return password


def _line_given() -> str:
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise ToolError("standard input is no text in UTF-8: give the password as one line of it") from None


def _typed_twice(user_id: str) -> str:
    try:
        with _interruptible(), warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be seen as it is typed
            password = getpass.getpass(f"new password of {user_id}: ")
            again = getpass.getpass("the same again: ")
    except (getpass.GetPassWarning, EOFError):
        raise ToolError(
            "there is no terminal on which a password can be typed unseen: give it as one line of standard input, "
            "with --password-stdin"
        ) from None
    if password != again:
        raise ToolError("these were two different passwords: nothing was changed; start again")
    return password


@contextmanager
def _interruptible() -> Iterator[None]:
    """asyncio takes the first Ctrl-C for itself, and who is asked for a password would go on being asked."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
