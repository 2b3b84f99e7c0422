"""`python -m sim.bench.compiled MODULE PATH`: the `main` of a benchmark in its own process, on the compiled engine.

The benchmarks over telephones are of the sources, as the telephone runs them (see `sim.native`): each has its process.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.native import ROOT, use


def on_compiled(module: str, path: Path) -> Any:
    """What the `main` of a module prints for a path: one JSON value. Its standard error is shown."""
    command = [sys.executable, "-m", "sim.bench.compiled", module, str(path)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main() -> None:
    """Run it; the sources do it where nothing is compiled, and that is said."""
    if not use():
        print(
            "nothing is compiled of these sources (make compiled): the sources are measured", file=sys.stderr
        )
    importlib.import_module(sys.argv[1]).main(Path(sys.argv[2]))


if __name__ == "__main__":
    main()
