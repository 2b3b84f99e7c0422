"""A project with every node that touches the outside, behind one menu."""

from __future__ import annotations

from typing import Any

from engine.centre import Centre, SeatPlan
from engine.extensions_file import Extension
from ivr.project import Project

NUMBER, CALLER, TONE_HZ = "0480000001", "0900000001", 440
OUTSIDE = "0481234567"
SILENT_HZ = 300


def transfer(to: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"type": "transfer", "to": to, "ring_s": 2, "unanswered": "sorry", "unknown": "nobody"} | more


NODES: dict[str, Any] = {
    "menu": {
        "type": "menu",
        "prompt": "prompt",
        "keys": {
            "1": "seat", "2": "extension", "3": "code", "4": "outside", "5": "message", "6": "callback", "7": "sms",
        },
        "after": "sorry",
    },
    "seat": transfer({"seat": "seat01"}),
    "extension": transfer({"extension": "35"}),
    "code": {"type": "collect", "prompt": "prompt", "into": "CODE", "length": 2, "next": "directory", "after": "sorry"},
    "directory": transfer({"variable": "CODE"}),
    "outside": transfer({"outside": OUTSIDE}),
    "message": {"type": "message", "prompt": "prompt", "max_s": 20, "silence_s": 2, "next": "thanks"},
    "callback": {"type": "callback", "queue": "main", "accepted": "thanks", "refused": "sorry"},
    "sms": {"type": "sms", "gateway": "sms", "text": "窓口は本庁舎2階です", "next": "notify"},
    "notify": {"type": "notify", "gateway": "sms", "text": "{caller} から", "next": "thanks"},
    "thanks": {"type": "hangup", "guidance": "thanks"},
    "sorry": {"type": "hangup", "guidance": "sorry", "outcome": "overflowed"},
    "nobody": {"type": "hangup", "guidance": "nobody", "outcome": "timed_out"},
}  # fmt: skip


def centre() -> Centre:
    """One project with every such node, one seat and one extension."""
    project = Project.model_validate(
        {
            "project": "city",
            "name": "city",
            "numbers": [{"number": NUMBER}],
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "guidance": {name: {"ja": "はい。"} for name in ("prompt", "thanks", "sorry", "nobody")},
            "flow": {"start": "menu", "nodes": NODES},
            "queues": {"main": {}},
        }
    )
    extensions = {"35": Extension("ext35", "35")}
    return Centre({"city": project}, (SeatPlan("seat01", ("city",)),), extensions)
