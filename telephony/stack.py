"""What a service runs, put together from a `config/` folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.build import load_centre
from engine.centre import Centre
from telephony.asterisk_check import AsteriskAddress, address_of_plan, address_of_site
from telephony.gateway_checks import check_gateways
from telephony.plan import AsteriskPlan, load_phones, plan_for
from telephony.secrets import Secrets, load_given, load_or_make
from telephony.site import Site, load_site
from telephony.versions import live_versions, numbers_in, projects_of, version_store


@dataclass(frozen=True)
class Stack:
    """The site, the configuration of the engine, and its Asterisk."""

    site: Site
    centre: Centre
    plan: AsteriskPlan
    secrets: Secrets
    config: Path
    wavs: Mapping[str, Path] = field(default_factory=dict)
    """Where a project's WAVs of one's own are, if not in config/guidance."""

    @property
    def embedded(self) -> bool:
        """Whether the Asterisk is ours."""
        return self.site.asterisk.mode == "embedded"

    @property
    def recordings(self) -> Path:
        """The root of all finished recordings."""
        return (self.site.var_directory / "recordings").absolute()

    @property
    def address(self) -> AsteriskAddress:
        """Where the Asterisk of this stack listens."""
        return address_of_plan(self.plan) if self.embedded else address_of_site(self.site)


def load_stack(config: Path, say: Callable[[str], None] = lambda text: None) -> Stack:
    """The stack of a `config/` folder: each project as it was last published, or as its file says if it never was.

    `say` is told which. Raises ConfigurationError with every mistake, AsteriskError for a secret that is missing.
    """
    site = load_site(config / "site.yaml")
    live = live_versions(version_store(site.var_directory), say)
    centre = replace(load_centre(config, projects_of(live)), versions=numbers_in(live))
    for name, project in centre.projects.items():
        folder = live[name].version.content if name in live else config
        check_gateways(folder, Centre({name: project}, ()), site)
        number = centre.versions.get(name)
        say(f"{name}: version {number}" if number else f"{name}: from its file, never published")
    wavs = {name: published.wavs for name, published in live.items()}
    return replace(stack_of(site, centre, config), wavs=wavs)


def stack_of(site: Site, centre: Centre, config: Path) -> Stack:
    """The same with another site or another centre: for demos, benches and tests side by side with the service."""
    centre = replace(centre, early_media=site.trunk.early_media)
    phones = load_phones(config / "seats.yaml", config / "extensions.yaml")
    plan = plan_for(site, phones)
    if site.asterisk.mode == "external":
        return Stack(site, centre, plan, load_given(site.secrets), config)
    ids = [phone.id for phone in plan.phones]
    secrets = load_or_make(site.secrets, ids, with_trunk=site.trunk.registration is not None)
    return Stack(site, centre, plan, secrets, config)
