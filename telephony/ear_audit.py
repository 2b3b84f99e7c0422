"""Each use of a supervisor's ear, written into the audit log before anything of it is carried out."""

from __future__ import annotations

import logging
from collections.abc import Callable

from calls.notes import NoteEar
from store.audit import AuditLog

log = logging.getLogger(__name__)


def ear_audit(audit: AuditLog) -> Callable[[NoteEar], None]:
    """What to do with a `NoteEar`: it was by whom, in which way, at whose conversation."""

    def carry_out(note: NoteEar) -> None:
        try:
            audit.note(
                "ear", note.by or f"seat:{note.seat}", project=note.project, call=note.call, seat=note.seat,
                heard=note.heard, mode=note.state,
            )  # fmt: skip
        except OSError as error:
            # The journal has it too: the supervisor who steps in is not stopped by a full disk.
            log.error("the audit log cannot be written (%s): free some room on its disk", error.strerror)

    return carry_out
