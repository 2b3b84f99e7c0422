"""Whether what a project says of the time without an engine can be done."""

from __future__ import annotations

from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import Document, Place


def check_degraded(document: Document, project: Project) -> None:
    """Note every name that leads nowhere, and every contradiction."""
    rules = project.degraded
    for field, texts in rules.texts().items():
        for index, text in enumerate(texts):
            if text not in project.guidance:
                told = f"there is no guidance text '{text}'{nearest(text, project.guidance)}"
                document.complain(_place(document, field, index), told)
    for field in ("closed", "sorry"):
        if rules.texts().get(field) == ():
            document.complain(
                ("degraded", field), "there is nothing to say here; name a text or leave it out"
            )
    if rules.queue is not None and rules.queue not in project.queues:
        told = f"there is no queue '{rules.queue}'{nearest(rules.queue, project.queues)}"
        document.complain(("degraded", "queue"), told)
    _backup(document, project)


def _backup(document: Document, project: Project) -> None:
    rules = project.degraded
    if rules.backup is None:
        if rules.open == "backup":
            document.complain(("degraded", "open"), "'backup' is missing here: the number that is dialled")
    elif rules.backup in {number.number for number in project.numbers}:
        told = "this is a number of the project itself: its callers would come back here"
        document.complain(("degraded", "backup"), told)
    elif rules.open == "announce":
        told = "with `open: announce` nobody is dialled; take `backup` out or write `open: backup`"
        document.complain(("degraded", "backup"), told)


def _place(document: Document, field: str, index: int) -> Place:
    """A text of a list, or the only one."""
    one: Place = ("degraded", field, index)
    return one if one in document.marks else ("degraded", field)
