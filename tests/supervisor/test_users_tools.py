"""`denwaban user`."""

from __future__ import annotations

import asyncio
import getpass
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import denwaban
from store.audit import FILE, AuditLog
from store.database import Database
from store.users import StoredUser, read_users
from supervisor.users import passwords
from supervisor.users.accounts import is_user_id
from supervisor.users.sessions import Sessions
from telephony.site import load_site
from tests.supervisor.monitor_users import PASSWORD, hash_quickly
from tests.telephony.office import Office

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
PEOPLE = "people: [{id: op101, number: '101', name: 花, role: leader, supervises: [tax]}]"
LIMIT = 60.0

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    hash_quickly(monkeypatch)
    office = Office(tmp_path)
    (office.config / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    return office


@pytest.fixture
def command(office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `denwaban user ...`: exit code, standard output, standard error. `given`: on standard input."""

    def run(*arguments: str, given: str = PASSWORD + "\n") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        code = denwaban.main(["--config", str(office.config), "user", *arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def hana(command: Command) -> None:
    """A supervisor of tax."""
    assert add(command)[0] == 0


def add(
    command: Command, user: str = "hana", *more: str, role: str = "supervisor", given: str = PASSWORD
) -> tuple[int, str, str]:
    return command(
        "add", user, "--role", role, "--project", "tax", "--password-stdin", *more, given=given + "\n"
    )


def in_store(office: Office, do: Callable[[Database], Any]) -> Any:
    """What something says of the site's database."""

    async def asked() -> Any:
        async with Database(load_site(office.config / "site.yaml").store_url) as database:
            return await do(database)

    return asyncio.run(asked())


def users(office: Office) -> list[StoredUser]:
    found: list[StoredUser] = in_store(office, read_users)
    return found


def noted(office: Office) -> list[dict[str, Any]]:
    path = load_site(office.config / "site.yaml").var_directory / FILE
    return [
        {key: value for key, value in entry.items() if key not in ("at", "why")}
        for entry in AuditLog(path).entries()
    ]


# ---- adding


def test_the_first_one_makes_the_tables(office: Office, command: Command) -> None:
    assert command("list") == (0, "", "nobody may log in yet: denwaban user add\n")
    told = add(command, "hana", "--project", "water", "--project", "tax", "--name", "花 (例)")
    assert told == (0, "hana may log in: supervisor of tax, water\n", "")
    [hana] = users(office)
    assert (hana.id, hana.name, hana.disabled) == ("hana", "花 (例)", False)
    assert hana.grants == (("tax", "supervisor"), ("water", "supervisor"))
    assert passwords.verify(hana.password, PASSWORD)


def test_it_is_noted_by_whom_before_it_is_done(office: Office, command: Command) -> None:
    add(command, "hana", "--project", "water")
    by = getpass.getuser()
    assert noted(office) == [
        {"by": by, "what": "user_add", "user": "hana"},
        {"by": by, "what": "user_role", "user": "hana", "project": "tax", "role": "supervisor"},
        {"by": by, "what": "user_role", "user": "hana", "project": "water", "role": "supervisor"},
    ]


def test_for_all_projects(office: Office, command: Command) -> None:
    given = ["add", "chief", "--role", "administrator", "--project", "*", "--password-stdin"]
    assert command(*given) == (0, "chief may log in: administrator of all projects\n", "")
    assert users(office)[0].grants == (("*", "administrator"),)


def test_somebody_of_people_yaml_has_his_name(office: Office, command: Command) -> None:
    add(command, "op101")
    add(command, "op102")
    assert [one.name for one in users(office)] == ["花", ""]


def test_nobody_is_added_twice(office: Office, command: Command, hana: None) -> None:
    before = users(office)
    code, out, err = add(command, role="administrator", given="quite another password")
    assert (code, out) == (1, "")
    assert "there is a user 'hana' already: change him with `denwaban user role`" in err
    assert users(office) == before


@pytest.mark.parametrize(
    "bad", ["", "Hana", "花", "-hana", ".hana", "a b", "a" * 41, "hana\n", "(unknown)", "*"]
)
def test_an_id_that_cannot_be_one(office: Office, command: Command, bad: str) -> None:
    assert not is_user_id(bad)
    code, _, err = command("add", "--role", "leader", "--project", "tax", "--password-stdin", "--", bad)
    assert (code, users(office)) == (1, [])
    assert "up to 40 small letters, digits" in err


def test_the_engine_s_administrator_is_nobody_who_logs_in(command: Command) -> None:
    assert not is_user_id("admin")
    code, _, err = add(command, "admin")
    assert code == 1
    assert "'admin' is nobody in particular" in err


def test_a_project_that_is_not_there_is_told_with_those_that_are(office: Office, command: Command) -> None:
    code, _, err = add(command, "hana", "--project", "watr")
    assert (code, users(office)) == (1, [])
    assert (
        err == "there is no project 'watr'; did you mean 'water'? (there are: tax, water; or '*' for all)\n"
    )


@pytest.mark.parametrize("role", ["operator", "", "Supervisor"])
def test_a_role_that_is_not_there(command: Command, role: str) -> None:
    with pytest.raises(SystemExit) as ended:
        add(command, role=role)
    assert ended.value.code == 2


# ---- passwords


@pytest.mark.parametrize("given", ["", "short", "aaaaaaaaaaaaaaa"])
def test_a_bad_password_is_told_and_nothing_is_done(office: Office, command: Command, given: str) -> None:
    code, out, err = add(command, given=given)
    assert (code, out, users(office), noted(office)) == (1, "", [], [])
    assert err.startswith("choose a password")


def test_a_password_of_a_file_with_windows_ends(office: Office, command: Command) -> None:
    assert add(command, given=f"{PASSWORD}\r\nmore")[0] == 0
    assert passwords.verify(users(office)[0].password, PASSWORD)


@contextmanager
def terminal(office: Office, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command as a program at a terminal of its own."""
    master, slave = pty.openpty()
    command = [sys.executable, str(ROOT / "denwaban.py"), "--config", str(office.config), "user", *arguments]
    program = subprocess.Popen(
        command, stdin=slave, stdout=subprocess.PIPE, stderr=slave, cwd=ROOT, start_new_session=True
    )
    os.close(slave)
    with closing(program.stdout or io.BytesIO()):
        try:
            yield program, master
        finally:
            program.kill()
            program.wait(LIMIT)
            os.close(master)


def shown(master: int, until: bytes) -> bytes:
    """What a terminal shows, up to and with some words."""
    seen, end = b"", time.monotonic() + LIMIT
    while until not in seen:
        assert time.monotonic() < end, seen
        seen += os.read(master, 4096)
    return seen


def rest(master: int) -> bytes:
    """What is shown until the program has ended."""
    seen = b""
    with suppress(OSError):  # a terminal whose program has ended says so by an error
        while more := os.read(master, 4096):
            seen += more
    return seen


ADD = ("add", "hana", "--role", "supervisor", "--project", "tax")


def test_it_is_typed_twice_and_never_shown(office: Office) -> None:
    with terminal(office, *ADD) as (program, master):
        seen = shown(master, b"new password of hana: ")
        os.write(master, PASSWORD.encode() + b"\n")
        seen += shown(master, b"the same again: ")
        os.write(master, PASSWORD.encode() + b"\n")
        seen += rest(master)
        assert program.wait(LIMIT) == 0
        assert program.stdout is not None
        assert program.stdout.read() == b"hana may log in: supervisor of tax\n"
    assert PASSWORD.encode() not in seen
    assert passwords.verify(users(office)[0].password, PASSWORD)


def test_two_different_ones(office: Office) -> None:
    with terminal(office, *ADD) as (program, master):
        shown(master, b"new password of hana: ")
        os.write(master, PASSWORD.encode() + b"\n")
        shown(master, b"the same again: ")
        os.write(master, PASSWORD.upper().encode() + b"\n")
        assert b"two different passwords" in rest(master)
        assert program.wait(LIMIT) == 1
    assert users(office) == []


def test_who_thinks_better_of_it_is_not_asked_again(office: Office) -> None:
    with terminal(office, *ADD) as (program, master):
        shown(master, b"new password of hana: ")
        program.send_signal(signal.SIGINT)
        assert program.wait(LIMIT) == 130
    assert users(office) == []


def test_without_a_terminal_it_is_not_taken_from_anywhere(office: Office) -> None:
    command = [sys.executable, str(ROOT / "denwaban.py"), "--config", str(office.config), "user", *ADD]
    ran = subprocess.run(
        command, input=f"{PASSWORD}\n{PASSWORD}\n", capture_output=True, text=True, check=False, cwd=ROOT,
        start_new_session=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("there is no terminal on which a password can be typed unseen")
    assert "--password-stdin" in ran.stderr
    assert users(office) == []


# ---- changing


def test_the_list(command: Command, hana: None) -> None:
    add(command, "taro", "--name", "太郎", role="leader")
    command("role", "taro", "auditor", "--project", "*")
    command("disable", "taro")
    command("role", "hana", "supervisor", "--project", "tax", "--remove")
    assert command("list") == (
        0,
        "hana  may do nothing\ntaro  太郎  auditor of all projects, leader of tax  (disabled)\n",
        "",
    )


def test_the_list_for_a_program(command: Command, hana: None) -> None:
    code, out, err = command("list", "--json")
    [told] = json.loads(out)["users"]
    assert (code, err, told.pop("created_at")) == (0, "", told.pop("changed_at"))
    grants = [{"project": "tax", "role": "supervisor"}]
    assert told == {"id": "hana", "name": "", "disabled": False, "grants": grants}


def test_a_role_takes_the_place_of_another(office: Office, command: Command, hana: None) -> None:
    assert command("role", "hana", "leader", "--project", "tax") == (0, "hana  leader of tax\n", "")
    assert command("role", "hana", "auditor", "--project", "*")[0] == 0
    assert users(office)[0].grants == (("*", "auditor"), ("tax", "leader"))


def test_a_role_of_a_project_that_is_no_more_can_be_taken_away(
    office: Office, command: Command, hana: None
) -> None:
    office.file("tax").unlink()
    assert command("role", "hana", "leader", "--project", "tax")[0] == 1
    assert command("role", "hana", "supervisor", "--project", "tax", "--remove")[0] == 0
    assert users(office)[0].grants == ()
    assert noted(office)[-1]["what"] == "user_role_removed"


def test_a_role_that_he_has_not_is_not_taken_away(office: Office, command: Command, hana: None) -> None:
    told = "hana is not leader of tax: hana  supervisor of tax\n"
    assert command("role", "hana", "leader", "--project", "tax", "--remove") == (1, "", told)
    assert len(noted(office)) == 2


def test_a_new_password(office: Office, command: Command, hana: None) -> None:
    given = "quite another password"
    told = "hana has a new password, and is logged out\n"
    assert command("password", "hana", "--password-stdin", given=given) == (0, told, "")
    [stored] = users(office)
    assert passwords.verify(stored.password, given)
    assert not passwords.verify(stored.password, PASSWORD)
    assert given not in str(noted(office))


CHANGES = [
    ("role", "hana", "leader", "--project", "tax"),
    ("role", "hana", "supervisor", "--project", "tax", "--remove"),
    ("password", "hana", "--password-stdin"),
    ("disable", "hana"),
    ("enable", "hana"),
    ("remove", "hana"),
]


@pytest.mark.parametrize("arguments", CHANGES)
def test_whoever_is_changed_has_to_log_in_anew(
    office: Office, command: Command, hana: None, arguments: tuple[str, ...]
) -> None:
    def sessions(database: Database) -> Sessions:
        return Sessions(lambda: database, 3600.0, 3600.0)

    now = time.time()
    opened = in_store(office, lambda database: sessions(database).open("hana", now))
    before = in_store(office, lambda database: sessions(database).of(opened.token, now))
    assert before is not None
    assert command(*arguments, given="quite another password\n")[0] == 0
    assert in_store(office, lambda database: sessions(database).of(opened.token, now)) is None
    assert noted(office)[-1]["user"] == "hana"


@pytest.mark.parametrize("arguments", CHANGES)
def test_nobody_is_changed_who_is_not_there(
    office: Office, command: Command, arguments: tuple[str, ...]
) -> None:
    add(command, "hanae")
    code, out, err = command(*arguments)
    assert (code, out) == (1, "")
    assert err == "there is no user 'hana'; did you mean 'hanae'? (there are: hanae)\n"
    assert len(noted(office)) == 2


@pytest.mark.parametrize("arguments", CHANGES)
def test_what_cannot_be_noted_is_not_done(
    office: Office, command: Command, hana: None, arguments: tuple[str, ...]
) -> None:
    before = users(office)
    path = load_site(office.config / "site.yaml").var_directory / FILE
    path.unlink()
    path.mkdir()
    code, _, err = command(*arguments)
    assert (code, users(office)) == (1, before)
    assert "the audit log cannot be written" in err


def test_disabled_and_enabled(office: Office, command: Command, hana: None) -> None:
    command("disable", "hana")
    assert [one.disabled for one in users(office)] == [True]
    command("enable", "hana")
    assert [one.disabled for one in users(office)] == [False]
    assert [entry["what"] for entry in noted(office)[-2:]] == ["user_disable", "user_enable"]


def test_removed_and_added_again(office: Office, command: Command, hana: None) -> None:
    assert command("remove", "hana")[0] == 0
    assert users(office) == []
    assert add(command, role="leader")[0] == 0
    assert users(office)[0].grants == (("tax", "leader"),)


# ---- what it works with


def test_a_database_that_is_not_there(office: Office, command: Command) -> None:
    site = json.loads((office.config / "site.yaml").read_text())
    site["store"] = {"url": "postgresql://denwaban:geheim@127.0.0.1:1/denwaban"}
    (office.config / "site.yaml").write_text(json.dumps(site))
    code, out, err = command("list")
    assert (code, out) == (1, "")
    assert "the database does not answer" in err
    assert "geheim" not in err


def test_a_mistake_in_the_configuration_is_told_with_its_place(office: Office, command: Command) -> None:
    (office.config / "people.yaml").write_text("people: [{id: x}]")
    code, _, err = add(command)
    assert code == 1
    assert "people.yaml:1:" in err
