"""What the engine reads of a project at every step: plain attributes of a plain object (see `calls.queue_terms`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calls.queue_terms import QueueTerms
from ivr.days_texts import DaysTexts
from ivr.flow_table import FlowTable
from ivr.nodes.enqueue import Enqueue

if TYPE_CHECKING:
    from ivr.project import Project


class ProjectFacts:
    """`project`: its id. `title`: its name for people. `records`: conversations are recorded.

    `line_nodes`: the nodes at which a caller waits in a line. `terms`: of its queues, by their names.
    """

    def __init__(self, project: Project) -> None:
        self.project: str = project.project
        self.title: str = project.name
        self.language: str = project.language
        self.lines: int | None = project.lines
        self.records: bool = project.recording.enabled
        self.start: str = project.flow.start
        self.disaster: str | None = project.disaster
        self.table: FlowTable = project.flow.table
        self.days_texts = DaysTexts(project.guidance, project.language)
        self.line_nodes = frozenset(
            name for name, node in self.table.nodes.items() if isinstance(node, Enqueue)
        )
        self.terms: dict[str, QueueTerms] = {name: queue.terms for name, queue in project.queues.items()}
