"""`denwaban try`, `diagram`, `diff` and `schema`: an administrator's questions about a project, without a telephone."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.extensions_file import listed_extensions
from ivr import transcript
from ivr.interpreter import FlowLoopError
from ivr.loader import load_project
from ivr.messages import nearest
from ivr.project import Project
from ivr.script import Circumstances
from ivr.steps import QueueView
from ivr.walkthrough import walk
from ivr.yaml_marks import ConfigurationError, read
from supervisor.checking import calendars_for

_KEYS = re.compile(r"[0-9*#-]*")


class ToolError(Exception):
    """What was asked for cannot be done; says what to do next."""


def try_call(given: argparse.Namespace) -> int:
    """`denwaban try`: print what a caller would hear."""
    return _told(lambda: _try(given))


def draw(config: Path, project: str, output: Path | None) -> int:
    """`denwaban diagram`: the flow as SVG, through Graphviz."""
    from ivr.diagram import diagram

    return _told(lambda: _written(_svg(diagram(named_project(config, project))), output))


def compare(config: Path, before: str, after: str, *, as_json: bool) -> int:
    """`denwaban diff`: print what changes for callers."""
    return _told(
        lambda: _compare(named_project(config, before), named_project(config, after), as_json=as_json)
    )


def write_schema(output: Path | None) -> int:
    """`denwaban schema`: the JSON Schema of project files."""
    from ivr.schema import project_schema

    text = json.dumps(project_schema(), ensure_ascii=False, indent=2) + "\n"
    done = _told(lambda: _written(text, output))
    if output is not None and not done:
        line = f"# yaml-language-server: $schema={output}"
        print(f"Editors complete a project file that begins with this line:\n{line}", file=sys.stderr)
    return done


def _told(do: Callable[[], None]) -> int:
    try:
        do()
    except (ConfigurationError, FlowLoopError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _try(given: argparse.Namespace) -> None:
    project = named_project(given.config, given.project)
    presses = [press.strip() for press in given.press.split(",")]
    if not all(_KEYS.fullmatch(press) for press in presses):
        raise ToolError(f"'{given.press}' are no keys; write them like 2,1 (0-9, *, # and - for none)")
    walked = walk(
        project,
        _local_time(given.at),
        presses,
        caller=_digits(given.caller),
        number=_number(project, _digits(given.number)),
        met=_circumstances(given),
    )
    if given.json:
        print(json.dumps(transcript.as_mapping(walked), ensure_ascii=False, indent=2))
    else:
        print("\n".join(transcript.as_lines(walked)))


def _local_time(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is no time; write it like 2026-05-07T17:20") from None


def _digits(number: str) -> str:
    return re.sub(r"[-() ]", "", number)


def _number(project: Project, dialled: str) -> str:
    known = [number.number for number in project.numbers]
    if dialled and dialled not in known:
        raise ToolError(f"{dialled} is no number of this project (known: {', '.join(known)})")
    return dialled


def _circumstances(given: argparse.Namespace) -> Circumstances:
    turned_away = given.line in ("full", "no_seats", "long_wait")
    free = given.free if given.free is not None else int(not turned_away)
    return Circumstances(
        line=given.line or "",
        transfer=given.transfer or "",
        queue=QueueView(given.waiting, free, given.wait),
        switched=given.switched,
        extensions=_extensions(given.config),
    )


def named_project(config: Path, given: str) -> Project:
    """A project by its name in the configuration, or by its file. Raises ToolError, ConfigurationError."""
    path = Path(given)
    if path.suffix not in (".yaml", ".yml"):
        path = config / "projects" / f"{given}.yaml"
        if not path.is_file():
            names = sorted(file.stem for file in path.parent.glob("*.yaml"))
            raise ToolError(
                f"there is no project '{given}'{nearest(given, names)} (known: {', '.join(names)})"
            )
    return load_project(path, calendars_for(path.parent, config))


def _extensions(config: Path) -> frozenset[str] | None:
    """The numbers of `extensions.yaml`; None (any number is taken for one) where there is no such file."""
    path = config / "extensions.yaml"
    if not path.is_file():
        return None
    document = read(path)
    found = listed_extensions(document, set())
    if document.problems:
        raise ConfigurationError(document.problems)
    return frozenset(extension.number for extension in found)


def _svg(graph: str) -> str:
    try:
        drawn = subprocess.run(["dot", "-Tsvg"], input=graph.encode(), capture_output=True, check=True)
    except FileNotFoundError:
        raise ToolError("the program `dot` is missing; install Graphviz: apt install graphviz") from None
    except subprocess.CalledProcessError as error:
        raise ToolError(f"Graphviz could not draw the flow: {error.stderr.decode()}") from None
    return drawn.stdout.decode()


def _compare(before: Project, after: Project, *, as_json: bool) -> None:
    from ivr.diff import difference
    from ivr.diff_words import as_lines, as_mapping

    today = dt.datetime.now(ZoneInfo(after.timezone)).date()
    found = difference(before, after, today)
    if as_json:
        print(json.dumps(as_mapping(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_lines(found)))


def _written(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ToolError(f"{output} cannot be written: {error.strerror}") from None
    print(f"written: {output}", file=sys.stderr)
