"""What an Asterisk has to be for us, as plain data: the input of rendering and of starting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.extensions_file import listed_extensions
from engine.seats_file import SeatsFile
from ivr.loader import load
from ivr.yaml_marks import ConfigurationError, read
from telephony.site import Bind, DegradedSite, PhonesSite, Ports, Site, TrunkSite


@dataclass(frozen=True)
class Phone:
    """A telephone that registers with us. `number` is what others dial, empty where nobody dials it."""

    id: str
    number: str = ""
    name: str = ""


@dataclass(frozen=True)
class BenchQueue:
    """Asterisk's own app_queue over the same telephones: the rival in the benchmark. Never in service."""

    number: str
    members: tuple[str, ...] = ()
    ring_timeout_s: int = 20


@dataclass(frozen=True)
class AsteriskPlan:
    """One Asterisk instance. Everything it writes is below `instance`; `tree` is only read.

    Every directory is absolute. Several plans run side by side when instance and ports differ.
    """

    tree: Path
    instance: Path
    ports: Ports
    bind: Bind
    trunk: TrunkSite
    phones: tuple[Phone, ...]
    phone_rules: PhonesSite = field(default_factory=PhonesSite)
    app: str = "denwaban"
    ari_user: str = "denwaban"
    ami_user: str = "denwaban"
    bench_queue: BenchQueue | None = None
    degraded_rules: DegradedSite = field(default_factory=DegradedSite)
    channel_events: bool = True  # Asterisk's own account of every call (CEL); off only to see what it costs

    @property
    def etc(self) -> Path:
        return self.instance / "etc"

    @property
    def log(self) -> Path:
        """Asterisk's warnings and errors, one per line."""
        return self.instance / "log" / "messages.log"

    @property
    def spool(self) -> Path:
        return self.instance / "spool"

    @property
    def monitor(self) -> Path:
        """Where MixMonitor writes when it is given a relative name."""
        return self.spool / "monitor"

    @property
    def degraded(self) -> Path:
        """What Asterisk needs to serve callers alone, and what it notes of them (see `calls.degraded`)."""
        return self.instance / "degraded"

    @property
    def beep(self) -> Path:
        """What a caller hears before his message is recorded."""
        return self.instance / "sounds" / "beep.wav"

    @property
    def messages(self) -> Path:
        """Where ARI's own recordings are written: the messages that callers leave."""
        return self.spool / "recording"

    @property
    def events_file(self) -> Path:
        """Asterisk's own account of every call (CEL), by which reconciliations are made: see `store.accounts`."""
        return self.instance / "log" / "cel-custom" / "events.csv"

    @property
    def control_socket(self) -> Path:
        return self.instance / "run" / "asterisk.ctl"

    @property
    def music(self) -> Path:
        """Audio for callers who wait or are held."""
        return self.instance / "music"


def plan_for(site: Site, phones: Sequence[Phone]) -> AsteriskPlan:
    """The embedded Asterisk of a site."""
    var = site.var_directory.absolute()
    return AsteriskPlan(
        tree=(var / site.asterisk.tree).absolute(),
        instance=var / "run" / "asterisk",
        ports=site.ports,
        bind=site.bind,
        trunk=site.trunk,
        phones=tuple(phones),
        phone_rules=site.phones,
        degraded_rules=site.degraded,
        app=site.asterisk.app,
        ari_user=site.asterisk.ari_user,
        ami_user=site.asterisk.ami_user,
    )


def load_phones(seats: Path, extensions: Path) -> list[Phone]:
    """Every telephone that registers with us, seats first. Raises ConfigurationError."""
    phones = [
        Phone(plan.id, plan.number, group.name)
        for group in load(seats, SeatsFile).seats
        for plan in group.plans()
    ]
    document = read(extensions)
    directory = listed_extensions(document, {phone.id for phone in phones})
    if document.problems:
        raise ConfigurationError(document.problems)
    return phones + [Phone(one.id, one.number, one.name) for one in directory if one.via == "phone"]
