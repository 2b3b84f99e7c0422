"""What contradicts itself in the settings of a project's queues, or contradicts its flow, though each is right."""

from __future__ import annotations

from collections.abc import Iterator

from calls.queue_settings import Notices, QueueSettings
from ivr.flow_names import parts
from ivr.messages import nearest
from ivr.nodes.enqueue import Enqueue
from ivr.project import Project
from ivr.yaml_marks import Document, Place


def check_queues(document: Document, project: Project) -> None:
    """Note every mistake of a project's queues, and of the ways out of their lines."""
    for name, settings in project.queues.items():
        place: Place = ("queues", name)
        if settings.policy == "ring_all" and "ring" in settings.model_fields_set:
            document.complain(
                (*place, "ring"), "with `policy: ring_all` all free telephones ring; leave `ring` out"
            )
        if settings.notices is not None:
            _notices(document, (*place, "notices"), settings.notices, project)
        _shown(document, (*place, "callback", "from_number"), settings.callback.from_number, project)
    for path, told in _never_taken(project):
        document.complain(path, told)


def _notices(document: Document, place: Place, notices: Notices, project: Project) -> None:
    if not (notices.guidance or notices.position or notices.expected_wait):
        document.complain(
            place, "nothing is said here; write `guidance`, `position: true` or `expected_wait: true`"
        )
    elif notices.guidance and notices.guidance not in project.guidance:
        told = f"there is no guidance text '{notices.guidance}'{nearest(notices.guidance, project.guidance)}"
        document.complain((*place, "guidance"), told)


def _shown(document: Document, place: Place, number: str | None, project: Project) -> None:
    """Who is called back sees a number of the project, so that his call to it comes here."""
    known = [known.number for known in project.numbers]
    if number is not None and number not in known:
        document.complain(place, f"{number} is no number of this project (known: {', '.join(known)})")


def _never_taken(project: Project) -> Iterator[tuple[Place, str]]:
    """Ways out of a line for which its queue has no reason, with their YAML paths."""
    for part in parts(project):
        for name, node in part.flow.nodes.items():
            if isinstance(node, Enqueue) and node.queue in project.queues:
                for way, needed in _reasons_missing(project.queues[node.queue]).items():
                    if getattr(node, way) is not None:
                        told = f"nobody takes this way: the queue '{node.queue}' needs {needed} for it"
                        yield (*part.place(name), way), told


def _reasons_missing(queue: QueueSettings) -> dict[str, str]:
    """The ways that the settings of a queue rule out, and which setting each of them needs."""
    missing = {}
    if queue.max_expected_wait_s is None:
        missing["long_wait"] = "`max_expected_wait_s`"
    if queue.at_closing == "serve":
        missing["closed"] = "`at_closing: release`"
        if not queue.last_call_s:
            missing["closing"] = "`last_call_s`"
    return missing
