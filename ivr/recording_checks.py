"""Whether what a project says of keeping its recordings can all be true at once."""

from __future__ import annotations

from ivr.project import Project
from ivr.yaml_marks import Document


def check_recording(document: Document, project: Project) -> None:
    """Note every rule of retention that contradicts the rule of recording."""
    recording = project.recording
    if not recording.enabled:
        for field, done in (("retention_days", "keep"), ("erase_at_end", "erase")):
            if field in recording.model_fields_set:
                told = f"with `enabled: false` there is no recording to {done}"
                advice = f"take `{field}` out or write `enabled: true`"
                document.complain(("recording", field), f"{told}; {advice}")
    elif recording.erase_at_end and recording.retention_days == 0:
        told = "with `retention_days: 0` there is nothing left to erase at the end of the contract"
        advice = "take `erase_at_end` out or keep the recordings for at least a day"
        document.complain(("recording", "erase_at_end"), f"{told}; {advice}")
