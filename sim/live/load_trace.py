"""SIPp's message trace as it grows: each message once."""

from __future__ import annotations

from pathlib import Path

from sim.live.trace import Message, read_messages


class Tail:
    """`new()` reads what has been written since it was last asked; a line that is not whole yet waits."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new(self) -> list[Message]:
        """The messages that have come, in their order; none where there is no file yet."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._offset += len(whole)
        return list(read_messages(whole.decode("utf-8", errors="replace").splitlines(keepends=True)))
