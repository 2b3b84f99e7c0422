"""`python -m tests.sim.journal_digest SCENARIO ...`: a digest of each scenario's journal, and by what it was run."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from sim import native


def main() -> None:
    """One JSON object: `compiled`, and the digest of each scenario by its path."""
    compiled = native.use()
    from calls.commands import encode_commands
    from calls.events import encode_event
    from calls.journal import Entry
    from sim.run import run
    from sim.scenario import load_scenario

    told: dict[str, object] = {"compiled": compiled}
    for name in sys.argv[1:]:
        state = hashlib.sha256()

        def keep(entry: Entry, state: hashlib._Hash = state) -> None:
            state.update(repr(entry.at).encode())
            state.update(encode_event(entry.event) + encode_commands(entry.commands))

        figures = run(load_scenario(Path(name)), keep).summary
        figures.pop("calls_per_second")
        state.update(json.dumps(figures, sort_keys=True).encode())
        told[name] = state.hexdigest()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
