"""`config/site.yaml`: where this Denwaban runs, and which Asterisk, trunk and ports it uses.

Only what differs from place to place stands there; flows, seats and numbers are in files of their own.
No secret ever does: those are files below `secrets_directory`.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from ivr.loader import load
from telephony.gateway_site import GatewaySite

Port = Annotated[int, Field(ge=1, le=65535)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=40)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$", min_length=1)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]  # or an address
Address = IPv4Address | IPv4Network


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class AsteriskSite(_Part):
    """An Asterisk of our own (`embedded`), or one that runs already (`external`)."""

    mode: Literal["embedded", "external"] = "embedded"
    tree: Path = Path("asterisk")  # embedded: below var_directory
    host: Host = "127.0.0.1"  # external, as are the next two; its ports are ports.http and ports.ami
    ari_user: Word = "denwaban"
    ami_user: Word = "denwaban"
    app: Word = "denwaban"  # the name of the Stasis application

    @model_validator(mode="after")
    def _embedded_is_here(self) -> AsteriskSite:
        if self.mode == "embedded" and self.host != "127.0.0.1":
            raise ValueError("host belongs to `mode: external`; where our own listens is set under `bind`")
        return self


class Ports(_Part):
    """Ports of this machine. RTP takes two per call leg: 2 x (callers + seats) at the least."""

    sip: Port = 5060
    http: Port = 8088
    ami: Port = 5038
    agi: Port = 4573
    api: Port = 8090
    monitor: Port = 8443
    rtp_first: Port = 10000
    rtp_last: Port = 12000

    @model_validator(mode="after")
    def _room_for_rtp(self) -> Ports:
        if self.rtp_last - self.rtp_first < 4:
            raise ValueError("rtp_last has to be well above rtp_first: two ports per call leg")
        return self


class Bind(_Part):
    """Addresses listened on. All but SIP stay on loopback unless somebody decides otherwise."""

    sip: IPv4Address = IPv4Address("127.0.0.1")
    http: IPv4Address = IPv4Address("127.0.0.1")
    ami: IPv4Address = IPv4Address("127.0.0.1")
    monitor: IPv4Address = IPv4Address("127.0.0.1")


class Registration(_Part):
    """For a carrier that wants us to register. The password is the file `trunk` below secrets_directory."""

    user: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]+$")]
    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+(:\d+)?$")]
    expires_s: Annotated[int, Field(ge=60, le=86400)] = 3600


class TrunkSite(_Part):
    """The carrier's line. `server`: where calls to the outside go; without it, to where we are registered.

    `qualify_s`: so often that server is asked whether it lives (0: never).
    """

    name: Word = "trunk"
    match: tuple[Address, ...] = (IPv4Address("127.0.0.1"),)
    caller_id_from: Literal["P-Asserted-Identity", "From"] = "P-Asserted-Identity"
    country_code: Annotated[str, Field(pattern=r"^[1-9]\d{0,2}$")] = "81"
    dtmf: Literal["auto", "rfc4733", "info", "inband", "auto_info"] = "auto"
    early_media: bool = False
    rtp_timeout_s: Annotated[int, Field(ge=2, le=3600)] = 60
    session_expires_s: Annotated[int, Field(ge=90, le=7200)] = 600
    registration: Registration | None = None
    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+(:\d+)?$")] | None = None
    qualify_s: Annotated[int, Field(ge=0, le=3600)] = 60

    @property
    def watched(self) -> bool:
        """Whether there is a server that is asked."""
        return bool(self.qualify_s and (self.server or self.registration))

    @property
    def watch(self) -> str:
        """The name under which it is asked."""
        return f"{self.name}-watch"

    @field_validator("country_code", mode="before")
    @classmethod
    def _digits(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value  # YAML reads 81 as a number


class PhonesSite(_Part):
    """What all desk telephones have in common."""

    qualify_s: Annotated[int, Field(ge=0, le=3600)] = 0
    registration_max_s: Annotated[int, Field(ge=60, le=7200)] = 300
    rtp_timeout_s: Annotated[int, Field(ge=2, le=3600)] = 30  # without any audio from it, in mid-call
    hold_timeout_s: Annotated[int, Field(ge=2, le=86400)] = 3600  # the same while it holds by its own button
    session_expires_s: Annotated[int, Field(ge=90, le=7200)] = 300  # asked twice as often whether it lives


class DegradedSite(_Part):
    """While the engine is away: a caller hears the bell for `wait_s` seconds before Asterisk serves him alone.

    An engine that is only restarted is back within two.
    """

    wait_s: Annotated[float, Field(ge=0, le=30, multiple_of=0.5)] = 3.0


class VoiceSite(_Part):
    """The guidance voice. speed 1.0 is its own pace; pitch in half tones; level in dB below full scale."""

    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0
    half_tone: Annotated[float, Field(ge=-12, le=12)] = 0.0
    level_db: Annotated[float, Field(ge=-40, le=-10)] = -22.0


class DiskSite(_Part):
    """The disk below var/: the alarm is raised below either of the two, and over when there is a tenth more."""

    low_mb: Annotated[int, Field(ge=0)] = 5000
    low_percent: Annotated[float, Field(ge=0, le=90)] = 5.0


class MonitorSite(_Part):
    """The supervisors' live monitor. Without `certificate` it makes one of its own, for `names` too.

    `session_hours`: log in anew after so long; `idle_minutes`: or once the page was not used for so long.
    """

    certificate: Path | None = None
    key: Path | None = None
    names: tuple[Name, ...] = ()
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    idle_minutes: Annotated[int, Field(ge=5, le=1440)] = 60
    wait_mark_s: Annotated[int, Field(ge=1, le=3600)] = 10
    service_level_s: Annotated[int, Field(ge=1, le=3600)] = 20

    @model_validator(mode="after")
    def _both_or_none(self) -> MonitorSite:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key belong together: give both, or neither for one of our own")
        return self


class AccountSite(_Part):
    """Asterisk's own account of every call, for `denwaban reconcile`."""

    keep_days: Annotated[int, Field(ge=31, le=3650)] = 400


class StoreSite(_Part):
    """The database, as a SQLAlchemy URL; none means SQLite below var_directory."""

    url: str | None = None


class Site(_Part):
    """The whole file. Relative directories are relative to where Denwaban is started."""

    asterisk: AsteriskSite = AsteriskSite()
    ports: Ports = Ports()
    bind: Bind = Bind()
    trunk: TrunkSite = TrunkSite()
    phones: PhonesSite = PhonesSite()
    degraded: DegradedSite = DegradedSite()
    voice: VoiceSite = VoiceSite()
    gateways: tuple[GatewaySite, ...] = ()
    disk: DiskSite = DiskSite()
    account: AccountSite = AccountSite()
    monitor: MonitorSite = MonitorSite()
    store: StoreSite = StoreSite()
    var_directory: Path = Path("var")
    secrets_directory: Path | None = Field(default=None, validate_default=True)
    allow_test_clock: bool = False

    @field_validator("gateways")
    @classmethod
    def _one_of_each_name(cls, gateways: tuple[GatewaySite, ...]) -> tuple[GatewaySite, ...]:
        names = [gateway.name for gateway in gateways]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two gateways have the name '{twice[0]}'")
        return gateways

    @field_validator("secrets_directory")
    @classmethod
    def _below_var(cls, value: Path | None, info: ValidationInfo) -> Path:
        return value or info.data.get("var_directory", Path("var")) / "secrets"

    @property
    def secrets(self) -> Path:
        """Where the secrets are, one file each."""
        assert self.secrets_directory is not None  # set by _below_var
        return self.secrets_directory

    @property
    def store_url(self) -> str:
        """A SQLAlchemy URL for asyncio."""
        return self.store.url or f"sqlite+aiosqlite:///{(self.var_directory / 'denwaban.db').absolute()}"


def load_site(path: Path) -> Site:
    """`config/site.yaml`. Raises ConfigurationError with every mistake."""
    return load(path, Site)
