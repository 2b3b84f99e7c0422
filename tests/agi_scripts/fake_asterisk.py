"""Asterisk's side of the dialogue with an AGI script, on its two streams."""

from __future__ import annotations

import io
import shlex
from collections import deque
from typing import Any

from asterisk.agi import AGI


class FakeAsterisk:
    """`variables` of one channel; `ran` are the applications that the script had run, with what it gave them.

    `dead_after`: after so many commands the caller has hung up, and whatever comes is refused.
    """

    def __init__(self, leg: str, dead_after: int | None = None, **variables: str) -> None:
        self.variables = {f"DENWABAN_{name.upper()}": value for name, value in variables.items()}
        self.members: dict[str, list[str]] = {}
        self.ran: list[tuple[str, str]] = []
        self._left = dead_after
        self._lines = deque([f"agi_uniqueid: {leg}\n", "agi_callerid: 0488301111\n", "\n"])

    def agi(self) -> Any:
        """The script's end of it."""
        return AGI(self, self, io.StringIO())

    def readline(self) -> str:
        return self._lines.popleft()

    def flush(self) -> None:
        pass

    def write(self, command: str) -> None:
        if self._left == 0:
            self._lines.append("511 Command Not Permitted on a dead channel or intercept routine\n")
            return
        self._left = None if self._left is None else self._left - 1
        self._lines.append(f"200 result={self._answer(shlex.split(command))}\n")

    def _answer(self, words: list[str]) -> str:
        match words:
            case ["GET", "VARIABLE", name]:
                value = self._value(name)
                return f"1 ({value})" if value else "0"
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return "1"
            case ["EXEC", application, options]:
                self._run(application, options.split(","))
                return "0"
        raise AssertionError(words)

    def _value(self, name: str) -> str:
        function, _, rest = name.partition("(")
        if function == "QUEUE_MEMBER_LIST":
            return ",".join(self.members.get(rest[:-1], []))
        return self.variables.get(name, "")

    def _run(self, application: str, options: list[str]) -> None:
        self.ran.append((application, ",".join(options)))
        members = self.members.setdefault(options[0], [])
        if application == "AddQueueMember":
            members.append(options[1])
        else:
            members.remove(options[1])
