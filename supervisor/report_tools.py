"""What `denwaban report` does."""

from __future__ import annotations

import argparse

from engine.build import load_centre
from reports.main import ReportError, daily_json
from telephony.main import EXPECTED, told
from telephony.site import load_site
from telephony.versions import live_versions, projects_of, version_store


def report(given: argparse.Namespace) -> int:
    """Print a report; 0, or 1 with what to do."""
    try:
        site = load_site(given.config / "site.yaml")
        # By the promise that is in service, not by a draft of it.
        live = projects_of(live_versions(version_store(site.var_directory)))
        centre = load_centre(given.config, live)
        print(daily_json(centre.projects, site.store_url, given.project, given.date, centre.extensions))
    except (*EXPECTED, ReportError) as error:
        return told(error)
    return 0
