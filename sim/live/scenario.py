"""Builds a SIPp scenario step by step, and knows the index of each step.

SIPp fixes the file of `rtp_stream` when it loads the scenario, so one process gives each call its own tone
only by branching. `Scenario` numbers its steps the way SIPp does; a call then jumps to
the index that its line of the injection file names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from xml.sax.saxutils import escape

_HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name={name}>\n'
_FOOTER = "</scenario>\n"


@dataclass(frozen=True)
class Action:
    """One action inside a step, already as XML. `jump_label` is resolved when the scenario is written."""

    xml: str = ""
    jump_label: str | None = None


def _quote(value: str) -> str:
    # always in double quotes: SIPp does not read single ones
    return '"' + escape(value, {'"': "&quot;"}) + '"'


def _attributes(values: dict[str, str | int | None]) -> str:
    return "".join(f" {name}={_quote(str(value))}" for name, value in values.items() if value is not None)


def action(element: str, **attributes: str | int) -> Action:
    return Action(f"<{element}{_attributes(dict(attributes))}/>")


def execute(**attributes: str) -> Action:
    """An `exec` action, such as `execute(rtp_stream="tone-300.ul,-1,0")`."""
    return action("exec", **attributes)


def number_from(text: str, variable: str) -> tuple[Action, Action]:
    """Puts a text that holds a number (a field of the injection file) into a numeric variable."""
    as_text = f"{variable}_text"
    return (
        action("assignstr", assign_to=as_text, value=text),
        action("todouble", assign_to=variable, variable=as_text),
    )


def jump_by(variable: str) -> Action:
    """Jumps to the step whose index the variable holds; the step before it must have no `next`."""
    return action("jump", variable=variable)


def remember(label: str, variable: str) -> Action:
    """Puts the index of a label into a variable, for `jump_by` later."""
    return Action(xml=variable, jump_label=label)


class Scenario:
    """A list of SIPp steps. Labels are names; `index(label)` is known once every step is there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[tuple[str, Sequence[Action], str]] = []
        self._labels: dict[str, int] = {}
        self._steps = 0
        self._variables: list[str] = []

    def __len__(self) -> int:
        return self._steps

    def index(self, label: str) -> int:
        """Index of the step after this label. Raises KeyError for a label that was never set."""
        return self._labels[label]

    def label(self, name: str) -> None:
        if name in self._labels:
            raise ValueError(f"label {name!r} is set twice in scenario {self._name!r}")
        self._labels[name] = self._steps
        self._parts.append((f"<label id={_quote(name)}/>", (), ""))

    def target(self, name: str) -> None:
        """A label that `jump_by` reaches: SIPp reads the `next` of the step before the one it jumps to."""
        self.nop()
        self.label(name)

    def reference(self, *variables: str) -> None:
        """Names variables that are only written, which SIPp otherwise takes for a mistake."""
        self._variables.extend(variables)

    def send(self, message: str, *, retrans_ms: int | None = None, then: str | None = None) -> None:
        opening = f"<send{_attributes({'retrans': retrans_ms, 'next': then})}>"
        text = dedent(message).strip("\n")
        self._add(f"{opening}<![CDATA[\n{text}\n]]>", (), "</send>")

    def receive(
        self,
        *,
        request: str | None = None,
        response: int | None = None,
        optional: bool = False,
        then: str | None = None,
        test: str | None = None,
        timeout_ms: int | None = None,
        on_timeout: str | None = None,
        route_set: bool = False,
        auth: bool = False,
        actions: Sequence[Action] = (),
    ) -> None:
        """One awaited message. In a chain of optional ones only the first one's time-out counts."""
        attributes = _attributes(
            {
                "request": request,
                "response": response,
                "optional": "true" if optional else None,
                "next": then,
                "test": test,
                "timeout": timeout_ms,
                "ontimeout": on_timeout,
                "rrs": "true" if route_set else None,
                "auth": "true" if auth else None,
            }
        )
        self._add(f"<recv{attributes}>", actions, "</recv>")

    def nop(self, *actions: Action, then: str | None = None, test: str | None = None) -> None:
        self._add(f"<nop{_attributes({'next': then, 'test': test})}>", actions, "</nop>")

    def pause_by(self, variable: str) -> None:
        """Waits for as many milliseconds as the variable holds; no message may come meanwhile."""
        self._add(f"<pause{_attributes({'variable': variable})}/>", (), "")

    def xml(self) -> str:
        body = "\n".join(self._render(*part) for part in self._parts)
        references = "".join(f"<Reference variables={_quote(v)}/>\n" for v in self._variables)
        return f"{_HEADER.format(name=_quote(self._name))}{body}\n{references}{_FOOTER}"

    def _add(self, opening: str, actions: Sequence[Action], closing: str) -> None:
        self._parts.append((opening, actions, closing))
        self._steps += 1

    def _render(self, opening: str, actions: Sequence[Action], closing: str) -> str:
        inner = "".join(self._render_action(one) for one in actions)
        return f"{opening}<action>{inner}</action>{closing}" if inner else f"{opening}{closing}"

    def _render_action(self, one: Action) -> str:
        if one.jump_label is None:
            return one.xml
        return action("assign", assign_to=one.xml, value=self.index(one.jump_label)).xml
