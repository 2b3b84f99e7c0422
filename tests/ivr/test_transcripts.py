"""The four projects that come along: what every caller hears, case by case (`transcripts/PROJECT.yaml`)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from calls.lifecycle import Outcome
from engine.extensions_file import listed_extensions
from ivr import builtin_texts
from ivr.loader import load, load_projects
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.menu import Menu
from ivr.project import Project
from ivr.script import Circumstances, LineReason
from ivr.steps import QueueView
from ivr.walkthrough import EndKind, Walk, walk
from ivr.yaml_marks import read

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config"
EXTENSIONS = frozenset(one.number for one in listed_extensions(read(CONFIG / "extensions.yaml"), set()))
TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.yaml"))


class Meets(BaseModel):
    """What the caller meets besides the clock; see `ivr.walkthrough.Circumstances`."""

    model_config = ConfigDict(extra="forbid")

    line: LineReason | Literal[""] = ""
    transfer: Literal["", "unanswered", "unknown"] = ""
    waiting: int = 0
    seats_free: int = 1
    expected_wait: float | None = None
    switched: Literal["", "open", "closed", "disaster"] = ""
    message_s: float = 10.0

    def circumstances(self) -> Circumstances:
        """The same in the words of the walk."""
        queue = QueueView(self.waiting, self.seats_free, self.expected_wait)
        return Circumstances(self.line, self.transfer, queue, self.switched, EXTENSIONS, self.message_s)


class Case(BaseModel):
    """One caller. `press`: as after `denwaban try --press`. `heard`: ids, with `@en` what is not said in Japanese."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str
    at: dt.datetime
    press: str = ""
    number: str = ""
    caller: str = Field(default="09000000001", alias="from")
    meets: Meets = Meets()
    heard: list[str]
    open: bool
    end: EndKind
    target: str = ""
    outcome: Outcome | None = None
    sent: list[str] = []


class Transcript(BaseModel):
    """One file."""

    model_config = ConfigDict(extra="forbid")

    cases: list[Case]


PROJECTS = load_projects(sorted((CONFIG / "projects").glob("*.yaml")), CONFIG / "calendars")
CASES = {
    f"{path.stem}: {case.name}": (PROJECTS[path.stem], case)
    for path in TRANSCRIPTS
    for case in load(path, Transcript).cases
}


def walked(project: Project, case: Case) -> Walk:
    """The call of a case."""
    number = case.number.replace("-", "")
    return walk(project, case.at, case.press.split(","), case.caller, number, case.meets.circumstances())


@pytest.mark.parametrize("name", CASES)
def test_what_is_heard(name: str) -> None:
    project, case = CASES[name]
    went = walked(project, case)
    heard = [h.guidance if h.language == "ja" else f"{h.guidance}@{h.language}" for h in went.heard]
    found = (heard, went.open, went.end, went.target, went.outcome, [sent.text for sent in went.sent])
    assert found == (case.heard, case.open, case.end, case.target, case.outcome, case.sent)


def test_each_project_has_a_transcript_and_no_case_stands_there_twice() -> None:
    assert {path.stem for path in TRANSCRIPTS} == set(PROJECTS)
    assert len(CASES) == sum(len(load(path, Transcript).cases) for path in TRANSCRIPTS)


@pytest.mark.parametrize("name", PROJECTS)
def test_every_text_in_every_language_but_japanese_and_every_japanese_text_is_heard_in_some_case(
    name: str,
) -> None:
    project = PROJECTS[name]
    own = {name: said.texts for name, said in project.guidance.items() if name not in builtin_texts.TEXTS}
    heard = {
        (h.guidance, h.language) for p, case in CASES.values() if p is project for h in walked(p, case).heard
    }
    assert (
        not {(text, language) for text, said in own.items() for language in said if language != "ja"} - heard
    )
    assert not own.keys() - {text for text, _ in heard}


@pytest.mark.parametrize("name", PROJECTS)
def test_every_key_of_every_menu_and_line_is_pressed_in_some_case(name: str) -> None:
    project = PROJECTS[name]
    pressed = {(p.node, p.key) for q, case in CASES.values() if q is project for p in walked(q, case).pressed}
    offered = {
        (name, key)
        for name, node in project.flow.nodes.items()
        if isinstance(node, Menu | Enqueue)
        for key in node.keys
    }
    assert not offered - pressed
