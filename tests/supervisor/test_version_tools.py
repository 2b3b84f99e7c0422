"""The commands `publish`, `versions` and `rollback`: what they say, and their exit codes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from denwaban import main
from telephony.control import Control, Reply, Request
from tests.telephony.office import Office, Running

pytestmark = pytest.mark.unit

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def command(office: Office, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command line: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["--config", str(office.config), *arguments])
        return code, *capsys.readouterr()

    return run


def test_publishing_and_the_way_back(office: Office, command: Command) -> None:
    kept = "is kept; no service runs: it will be in service from the next start\n"
    assert command("publish", "tax", "--by", "hana") == (0, f"tax version 1 {kept}", "")
    unchanged = "nothing has changed since version 1 was published\n"
    assert command("publish", "tax", "--by", "hana") == (0, f"tax version 1 {kept}", unchanged)
    office.write("tax", lines=5)
    assert command("publish", "tax", "--note", "five lines") == (0, f"tax version 2 {kept}", "")
    assert command("rollback", "tax", "1", "--by", "taro") == (0, f"tax version 3 {kept}", "")
    code, told, _ = command("versions", "tax")
    assert code == 0
    assert [line[0] + line.split("  ")[-1] for line in told.splitlines()] == [
        " hana",
        " five lines",
        "*version 1 again",
    ]


def test_the_versions_for_a_program(office: Office, command: Command) -> None:
    command("publish", "tax", "--by", "hana", "--note", "first")
    (office.store.version("tax", 1).folder / "about.json").unlink()
    office.write("tax", lines=5)
    command("publish", "tax", "--by", "hana", "--note", "second")
    _, told, _ = command("versions", "tax", "--json")
    found = json.loads(told)
    damaged, whole = found["versions"]
    assert (found["project"], found["live"]) == ("tax", 2)
    assert (damaged["version"], damaged["sha256"], damaged["by"]) == (1, None, None)
    assert (whole["by"], whole["note"], whole["copy_of"], whole["refused"]) == ("hana", "second", None, False)
    assert "damaged" in command("versions", "tax")[1]


def test_what_goes_wrong_is_told(office: Office, command: Command) -> None:
    assert command("versions", "tax") == (
        1,
        "",
        "tax was never published; do so with: denwaban publish tax\n",
    )
    assert command("rollback", "tax", "1")[::2] == (
        1,
        "the project tax has no version 1 (there are: none was ever published)\n",
    )
    office.write("tax", colour="red")
    code, told, error = command("publish", "tax")
    assert (code, told) == (1, "")
    assert "'colour' means nothing here" in error


async def test_with_a_running_service(office: Office, command: Command) -> None:
    running = Running(office)
    async with running.control:
        done = await asyncio.to_thread(command, "publish", "tax")
        assert done == (0, "tax version 1 is in service: the next caller hears it\n", "")
        _, told, _ = await asyncio.to_thread(command, "versions", "tax", "--json")
    assert json.loads(told)["live"] == 1
    assert running.replays()


async def test_a_later_version_and_a_project_without_seats(office: Office, command: Command) -> None:
    async def publish(request: Request) -> Reply:
        return {"live": 7, "seated": False}

    async with Control(office.socket, {"publish": publish}):
        done = await asyncio.to_thread(command, "publish", "tax")
    assert done == (
        0,
        "tax version 1 is kept; version 7, published meanwhile, is in service\n",
        "no seat serves tax yet: name it in seats.yaml and start the service again\n",
    )


async def test_a_service_that_refuses(office: Office, command: Command) -> None:
    async with Control(office.socket, {}):
        code, _, error = await asyncio.to_thread(command, "publish", "tax")
    assert code == 1
    assert "the running service cannot do that" in error
    assert [one.refused for one in office.store.versions("tax")] == [True]
    assert "refused by the service" in command("versions", "tax")[1]
