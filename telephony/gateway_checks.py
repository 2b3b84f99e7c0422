"""Gateways that a flow names and the site does not have."""

from __future__ import annotations

from pathlib import Path

from engine.centre import Centre
from engine.targets import unknown_names
from ivr.yaml_marks import ConfigurationError
from telephony.site import Site


def check_gateways(config: Path, centre: Centre, site: Site) -> None:
    """Raises ConfigurationError for each gateway in a project of `config` that `site` does not know."""
    known = [gateway.name for gateway in site.gateways]
    projects = centre.projects.values()
    problems = unknown_names(
        config / "projects", projects, "gateway", lambda node: node.gateways(), known, "site.yaml"
    )
    if problems:
        raise ConfigurationError(problems)
