"""The service number of a project: who knows its PIN opens and closes the project by telephone.

It is a project like any other to the engine, with a flow of its own, so that nothing of it counts as a caller of
the city's. The digits of the PIN never come here: the edge collects them and tells whether they were right.
"""

from __future__ import annotations

from calls.events import OverrideKind
from calls.lifecycle import Outcome
from ivr.guidance_model import Guidance
from ivr.nodes.base import NodeModel
from ivr.nodes.hangup import HangUp
from ivr.nodes.menu import Menu
from ivr.positions import move
from ivr.project import Flow, Number, Project
from ivr.steps import (
    Action,
    Entered,
    Goto,
    Input,
    Key,
    Listen,
    PinTyped,
    Played,
    Position,
    Say,
    Stay,
    SwitchHours,
    Turn,
    World,
)

PIN_NODE = "@pin"  # never a node of a YAML file
PIN_LENGTH = 8
PIN_ATTEMPTS = 3
PIN_PAUSE_S = 15.0
KEYS: dict[str, OverrideKind] = {"1": "closed", "2": "open", "3": "disaster", "0": "none"}

_TEXTS = {
    "pin": "暗証番号を、八桁で押してください。",
    "wrong_pin": "暗証番号が違います。もう一度、八桁で押してください。",
    "refused": "確認できませんでした。電話を切ります。",
    "choice": "受付を終了にするには一、受付中にするには二、通常に戻すにはゼロを押してください。",
    "choice_disaster": (
        "受付を終了にするには一、受付中にするには二、災害時の案内にするには三、通常に戻すにはゼロを押してください。"
    ),
    "no_such_key": "押された番号は使えません。",
    "closed": "本日いっぱい、受付を終了にしました。",
    "open": "本日いっぱい、受付中にしました。",
    "disaster": "本日いっぱい、災害時の案内にしました。",
    "none": "通常の受付時間に戻しました。",
    "nothing": "何も変えずに、電話を切ります。",
}


class Pin(NodeModel):
    """Asks for the PIN; a wrong one and silence are attempts, and after three of them the call ends."""

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """The answer to one input."""
        match given:
            case Entered():
                return Turn(position, Say("pin"))
            case Played():
                return Turn(position, Listen(PIN_PAUSE_S))
            case PinTyped(ok=True):
                return Turn(position, Goto("choice"))
            case Key():
                return Turn(position, Stay())
        tried = move(position, attempts=position.attempts + 1)
        if tried.attempts >= PIN_ATTEMPTS:
            return Turn(tried, Goto("refused"))
        return Turn(tried, Say("wrong_pin" if isinstance(given, PinTyped) else "pin"))

    def exits(self) -> dict[str, str]:
        """The right PIN, and too many wrong ones."""
        return {"right": "choice", "wrong": "refused"}


class Switch(NodeModel):
    """Orders one kind of override and says so."""

    project: str
    kind: OverrideKind

    def step(self, position: Position, given: Input, world: World) -> Turn:
        """The order, then the words."""
        action: Action = SwitchHours(self.project, self.kind)
        return Turn(position, action if isinstance(given, Entered) else Goto(f"told_{self.kind}"))

    def exits(self) -> dict[str, str]:
        """The words."""
        return {"done": f"told_{self.kind}"}


def service_project(project: Project) -> Project | None:
    """The service number of a project as a project of its own; None where it has no such number.

    Its name has a dot and can therefore never be another project's.
    """
    if project.service_number is None:
        return None
    return project.model_copy(
        update={
            "project": f"{project.project}.service",
            "language": "ja",
            "numbers": [Number(number=project.service_number.number)],
            "lines": None,
            "guidance": {name: Guidance(texts={"ja": text}) for name, text in _TEXTS.items()},
            "flow": _flow(project),
            "disaster": None,
            "service_number": None,
            "queues": {},
            "subflows": {},
        }
    )


def _flow(project: Project) -> Flow:
    kinds = {key: kind for key, kind in KEYS.items() if kind != "disaster" or project.disaster}
    prompt = "choice_disaster" if project.disaster else "choice"
    keys = {key: f"switch_{kind}" for key, kind in kinds.items()}
    nodes: dict[str, NodeModel] = {
        PIN_NODE: Pin(),
        "refused": _end("refused", Outcome.ABANDONED_IVR),
        "choice": Menu.model_validate(
            {
                "type": "menu", "prompt": prompt, "keys": keys, "invalid": "no_such_key",
                "timeout_s": 10, "attempts": 3, "after": "nothing",
            }
        ),
        "nothing": _end("nothing", Outcome.ABANDONED_IVR),
        **{f"switch_{kind}": Switch(project=project.project, kind=kind) for kind in kinds.values()},
        **{f"told_{kind}": _end(kind, Outcome.SELF_SERVED) for kind in kinds.values()},
    }  # fmt: skip
    # Its two own node types stand in no YAML file, so the union of those that do is not asked.
    return Flow.model_construct(start=PIN_NODE, nodes=nodes)


def _end(text: str, outcome: Outcome) -> HangUp:
    return HangUp.model_validate({"type": "hangup", "guidance": text, "outcome": outcome})
