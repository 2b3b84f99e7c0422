"""`python -m supervisor.monitor --site SITE_YAML --page FOLDER`: the monitor of a site by itself."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supervisor.monitor.main import monitor

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="supervisor.monitor", description="The live monitor of a site")
    parser.add_argument("--site", type=Path, required=True, help="its site.yaml")
    parser.add_argument("--page", type=Path, required=True, help="the folder of the built page")
    given = parser.parse_args()
    sys.exit(monitor(given.site, given.page))
