"""The administrator's commands: exit codes, and JSON alone on standard output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import denwaban
from tests.ivr.every_node import EVERY_NODE

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
OPEN = "2026-05-07T12:00"


class Ran(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def it(*arguments: object) -> Ran:
        code = denwaban.main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return it


@pytest.fixture
def city(tmp_path: Path) -> Path:
    path = tmp_path / "city.yaml"
    path.write_text(EVERY_NODE, encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The configuration that comes along, to be spoilt."""
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a program of its own."""
    command = [sys.executable, str(ROOT / "denwaban.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}, cwd=ROOT
    )


# ---- check


def test_the_configuration_that_comes_along_is_right(run: Any) -> None:
    assert run("check") == Ran(0, "", "")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("site.yaml", "sip: 5060", "sipp: 5060", "error: 'sipp' means nothing here; did you mean 'sip'?"),
        ("seats.yaml", "seats:", "seat:", "error: 'seats' is missing here"),
        ("extensions.yaml", "- {id: ", "- {di: ", "error: 'id' is missing here"),
        ("people.yaml", "role: leader", "role: lead", "did you mean 'leader'?"),
        ("people.yaml", 'number: "181"', 'number: "281"', "is given twice: the seat 'leader01' has it"),
        ("extensions.yaml", '"35", name', '"101", name', "is given twice: the person 'op101' has it"),
        ("shifts.yaml", "days: mon-fri", "days: mon-fry", "'mon-fry' is no weekday"),
        ("calendars/jp-municipal.yaml", "holidays: JP", "holidays: XX", "error: the public holidays of 'XX'"),
        ("projects/saitama-autotax.yaml", "start: gate", "start: gaet", "did you mean 'gate'?"),
    ],
)
def test_every_file_of_a_configuration_is_checked(
    run: Any, config: Path, file: str, old: str, new: str, told: str
) -> None:
    path = config / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    for asked in (["--config", config, "check"], ["check", config], ["check", path]):
        ran = run(*asked)
        assert (ran.code, ran.out) == (1, "")
        assert any(line.startswith(f"{path}:") and told in line for line in ran.err.splitlines()), ran.err


def test_mistakes_of_all_files_in_one_run_each_once(run: Any, tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = EVERY_NODE.replace("project: city", f"project: {name}").replace("after: bye", "after: by")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    ran = run("check", tmp_path, tmp_path / "one.yaml")
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert len(lines) == len(set(lines))
    assert {Path(line.split(":")[0]).name for line in lines} == {"one.yaml", "two.yaml"}
    assert all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in lines)


def test_a_path_that_is_not_there(run: Any, tmp_path: Path) -> None:
    ran = run("check", tmp_path / "none.yaml")
    assert (ran.code, ran.err) == (1, f"{tmp_path}/none.yaml:1:1: error: there is no such file\n")


def test_a_folder_without_files(run: Any, tmp_path: Path) -> None:
    ran = run("check", tmp_path)
    assert (ran.code, ran.err) == (1, f"{tmp_path}:1:1: error: there is no .yaml file in this folder\n")


def test_a_check_loads_nothing_heavy() -> None:
    code = (
        "import denwaban, sys; denwaban.main(['check']); denwaban.main(['try', 'saitama-autotax', '--at', "
        f"'{OPEN}']); print(sorted(set(sys.modules) & {{'aiohttp', 'numpy', 'sqlalchemy', 'uvloop', 'asyncio'}}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_large_flow(run: Any, tmp_path: Path) -> None:
    nodes = "".join(
        f"    n{i}: {{type: menu, prompt: top, keys: {{'1': n{i + 1}, '2': n0}}, after: n{i + 1}}}\n"
        for i in range(1000)
    )
    head = EVERY_NODE.split("languages:")[0].replace("project: city", "project: large")
    text = f"{head}hours: {{weekly: {{}}}}\nguidance: {{top: {{ja: はい。}}}}\nflow:\n  start: n0\n  nodes:\n{nodes}"
    path = tmp_path / "large.yaml"
    path.write_text(text + "    n1000: {type: hangup}\n", encoding="utf-8")
    assert run("check", path) == Ran(0, "", "")


# ---- try


def test_try_as_json(run: Any) -> None:
    ran = run("try", "saitama-autotax", "--at", "2026-05-07T17:20", "--press", "2,1", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.data["open"], ran.data["reason"], ran.data["end"]) == (False, "after closing", "hangup")
    assert [set(heard) for heard in ran.data["heard"]] == [
        {"guidance", "version", "language", "text", "at"}
    ] * len(ran.data["heard"])
    assert ran.data["keys"] == ["2"]


def test_try_in_words(run: Any, city: Path) -> None:
    ran = run("try", city, "--at", OPEN, "--press", "3,35#", "--unanswered")
    assert ran.code == 0
    assert ran.out.splitlines()[-1].endswith("end: queue main")


@pytest.mark.parametrize(
    ("options", "end"),
    [
        (["--press", "1"], "queue"),
        (["--press", "1", "--full", "--from", "03-1234-5678"], "callback"),
        (["--press", "1", "--no-seats"], "message"),
        (["--press", "1", "--timeout"], "message"),
        (["--press", "1", "--long-wait", "--from", "0312345678"], "callback"),
        (["--press", "1", "--closing", "--from", "0312345678"], "callback"),
        (["--press", "1", "--closed"], "queue"),
        (["--press", "3,35#"], "transfer"),
        (["--from", "0467-12-3456"], "queue"),
        (["--number", "0466-25-2222"], "queue"),
        (["--waiting", "9", "--from", "0312345678"], "callback"),
        (["--switched", "disaster"], "hangup"),
    ],
)
def test_ways_through_a_flow(run: Any, city: Path, options: list[str], end: str) -> None:
    assert run("try", city, "--at", OPEN, "--json", *options).data["end"] == end


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["saitama-autotx", "--at", OPEN], "did you mean 'saitama-autotax'?"),
        (["saitama-autotax", "--at", "noon"], "write it like 2026-05-07T17:20"),
        (["saitama-autotax", "--at", OPEN, "--press", "x"], "0-9, *, # and - for none"),
        (["saitama-autotax", "--at", OPEN, "--number", "0312345678"], "is no number of this project"),
        (["none.yaml", "--at", OPEN], "none.yaml:1:1: error: there is no such file"),
    ],
)
def test_what_cannot_be_tried(run: Any, arguments: list[str], told: str) -> None:
    ran = run("try", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


# ---- diagram


def test_a_picture(run: Any, city: Path, tmp_path: Path) -> None:
    printed = run("diagram", city)
    assert printed.code == 0
    assert printed.out.rstrip().endswith("</svg>")
    written = run("diagram", city, "--output", tmp_path / "city.svg")
    assert (written.code, written.out, written.err) == (0, "", f"written: {tmp_path}/city.svg\n")
    assert (tmp_path / "city.svg").read_text(encoding="utf-8") == printed.out


def test_without_graphviz(tmp_path: Path) -> None:
    ran = program("diagram", "saitama-autotax", PATH=str(tmp_path))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "the program `dot` is missing; install Graphviz: apt install graphviz\n"


def test_a_picture_that_cannot_be_written(run: Any, city: Path, tmp_path: Path) -> None:
    ran = run("diagram", city, "--output", tmp_path / "none" / "city.svg")
    assert ran.code == 1
    assert "cannot be written" in ran.err


# ---- diff


def test_a_draft_of_another_name(run: Any, city: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(EVERY_NODE.replace('"4": leave', '"4": line'), encoding="utf-8")
    ran = run("diff", city, draft, "--json")
    assert (ran.code, ran.err, ran.data["same"]) == (0, "", False)
    assert run("diff", city, draft).out.startswith("When open, callers who press 4 ")


def test_no_difference(run: Any) -> None:
    ran = run("diff", "saitama-autotax", "saitama-autotax")
    assert ran == Ran(0, "Callers notice no difference.\n", "")


def test_a_draft_with_a_mistake(run: Any, city: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(EVERY_NODE.replace('"4": leave', '"4": leaf'), encoding="utf-8")
    ran = run("diff", city, draft)
    assert (ran.code, ran.out) == (1, "")
    assert "did you mean 'leave'?" in ran.err


# ---- schema, and the program itself


def test_the_schema(run: Any, tmp_path: Path) -> None:
    printed = run("schema")
    assert (printed.code, printed.err, printed.data["title"]) == (0, "", "Denwaban project")
    written = run("schema", "--output", tmp_path / "project.json")
    assert f"# yaml-language-server: $schema={tmp_path}/project.json" in written.err
    assert json.loads((tmp_path / "project.json").read_text(encoding="utf-8")) == printed.data


def test_as_a_program() -> None:
    ran = program("try", "saitama-autotax", "--at", OPEN, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["end"] == "queue"


def test_in_a_machine_without_a_japanese_locale() -> None:
    ran = program("try", "saitama-autotax", "--at", OPEN, LC_ALL="C", PYTHONIOENCODING="utf-8")
    assert (ran.returncode, "お電話" in ran.stdout) == (0, True)


def test_an_unknown_command() -> None:
    assert program("chekc").returncode == 2
