"""`gateways` of `site.yaml`: the HTTP services that send texts for us."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

GIVEN_SECRET = "{secret}"  # noqa: S105 (its place, not the secret)
"""In the value of a header: what the gateway's secret file holds."""

_FIELDS = {"id": "{id}", "project": "{project}", "to": "{to}", "text": "{text}"}


def _protected(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("write the gateway's address like https://gateway.example/send")
    if parts.scheme == "http" and not _on_this_machine(parts.hostname):
        raise ValueError("numbers and texts may not cross a network in the clear: use https")
    return url


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class GatewaySite(BaseModel):
    """One gateway. Times in seconds.

    `body`: the fields of the request, in which {to}, {text}, {id} and {project} stand for what is sent; {id} is the
    same at every try, so that a gateway can tell a repetition. A header may hold {secret}: the content of the file
    `gateways/NAME` below secrets_directory. `tries`: how often a text is tried before it is given up; between two
    tries it waits `first_pause_s`, and each time twice as long, up to `longest_pause_s`. `at_once`: texts under
    way at a time.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
    url: Annotated[str, AfterValidator(_protected)]
    method: Literal["POST", "PUT"] = "POST"
    format: Literal["json", "form"] = "json"
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, str] = Field(default_factory=lambda: dict(_FIELDS))
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 10.0
    tries: Annotated[int, Field(ge=1, le=1000)] = 30
    first_pause_s: Annotated[float, Field(gt=0, le=3600)] = 2.0
    longest_pause_s: Annotated[float, Field(gt=0, le=86400)] = 600.0
    at_once: Annotated[int, Field(ge=1, le=16)] = 2

    @property
    def wants_secret(self) -> bool:
        """Whether a secret file has to be there."""
        return any(GIVEN_SECRET in value for value in self.headers.values())
