"""What a service runs, put together from a `config/` folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.build import load_centre
from engine.centre import Centre
from telephony.asterisk_check import AsteriskAddress, address_of_plan, address_of_site
from telephony.plan import AsteriskPlan, load_phones, plan_for
from telephony.secrets import Secrets, load_given, load_or_make
from telephony.site import Site, load_site


@dataclass(frozen=True)
class Stack:
    """The site, the configuration of the engine, and its Asterisk."""

    site: Site
    centre: Centre
    plan: AsteriskPlan
    secrets: Secrets

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


def load_stack(config: Path) -> Stack:
    """The stack of a `config/` folder.

    Raises ConfigurationError with every mistake, AsteriskError for a secret that is missing.
    """
    return stack_of(load_site(config / "site.yaml"), load_centre(config), config)


def stack_of(site: Site, centre: Centre, config: Path) -> Stack:
    """The same with another site or another centre: for demos, benches and tests side by side with the service."""
    phones = load_phones(config / "seats.yaml", config / "extensions.yaml")
    plan = plan_for(site, phones)
    if site.asterisk.mode == "external":
        return Stack(site, centre, plan, load_given(site.secrets))
    ids = [phone.id for phone in plan.phones]
    secrets = load_or_make(site.secrets, ids, with_trunk=site.trunk.registration is not None)
    return Stack(site, centre, plan, secrets)
