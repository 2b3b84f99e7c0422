"""Is this the Asterisk we need? Version, modules, ARI and AMI of one that runs: ours or somebody else's."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp

from telephony.modules import REQUIRED
from telephony.plan import AsteriskPlan
from telephony.secrets import Secrets
from telephony.site import Site
from telephony.tree import MINIMUM_VERSION, AsteriskError, Version, parse_version, version_text

_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class AsteriskAddress:
    """Where an Asterisk's two doors are, and who we are there."""

    host: str
    http_port: int
    ami_port: int
    ari_user: str = "denwaban"
    ami_user: str = "denwaban"

    @property
    def ari_url(self) -> str:
        return f"http://{self.host}:{self.http_port}/ari"


def address_of_plan(plan: AsteriskPlan) -> AsteriskAddress:
    """Of the embedded one. It listens on 0.0.0.0 perhaps; we reach it on loopback then."""
    host = "127.0.0.1" if plan.bind.http.is_unspecified else str(plan.bind.http)
    return AsteriskAddress(host, plan.ports.http, plan.ports.ami, plan.ari_user, plan.ami_user)


def address_of_site(site: Site) -> AsteriskAddress:
    """Of the external one that site.yaml names."""
    part = site.asterisk
    return AsteriskAddress(part.host, site.ports.http, site.ports.ami, part.ari_user, part.ami_user)


async def check_asterisk(
    address: AsteriskAddress, secrets: Secrets, modules: Iterable[str] = REQUIRED
) -> Version:
    """The version, where everything needed is there. Raises AsteriskError that says what is wrong."""
    version = check_version(await ari_info(address, secrets))
    check_modules(await _get(address, secrets, "asterisk/modules"), modules)
    await check_ami(address, secrets)
    return version


async def ari_info(address: AsteriskAddress, secrets: Secrets) -> dict[str, Any]:
    """`GET /asterisk/info`: answers only once Asterisk has booted fully. Raises AsteriskError."""
    info: dict[str, Any] = await _get(address, secrets, "asterisk/info")
    return info


def check_version(info: dict[str, Any]) -> Version:
    """The version in an answer to `GET /asterisk/info`. Raises AsteriskError where it is too old."""
    told = str(info.get("system", {}).get("version", ""))
    version = parse_version(told)
    if version is None:
        raise AsteriskError(f"this Asterisk tells no version that can be read: {told!r}")
    if version < MINIMUM_VERSION:
        raise AsteriskError(
            f"this Asterisk is {version_text(version)}; {version_text(MINIMUM_VERSION)} or later is needed "
            "(22.9 has deadlocks in ARI). Upgrade it, or use `asterisk: {mode: embedded}` in site.yaml"
        )
    return version


def check_modules(listed: list[dict[str, Any]], needed: Iterable[str]) -> None:
    """`listed` answers `GET /asterisk/modules`. Raises AsteriskError that names every module missing."""
    running = {module["name"].removesuffix(".so") for module in listed if module["status"] == "Running"}
    missing = [name for name in needed if name not in running]
    if missing:
        raise AsteriskError(
            f"{len(missing)} modules that are needed do not run in this Asterisk: {', '.join(missing)}. "
            "Install them and load them in its modules.conf"
        )


def ari_headers(address: AsteriskAddress, secrets: Secrets) -> dict[str, str]:
    """The HTTP headers that let us in."""
    login = base64.b64encode(f"{address.ari_user}:{secrets.ari}".encode()).decode()
    return {"Authorization": f"Basic {login}"}


async def _get(address: AsteriskAddress, secrets: Secrets, path: str) -> Any:
    headers = ari_headers(address, secrets)
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=timeout) as session,
            session.get(f"{address.ari_url}/{path}") as answer,
        ):
            _check_status(address, answer.status)
            return await answer.json()
    except (aiohttp.ClientError, TimeoutError) as problem:
        raise AsteriskError(
            f"ARI does not answer at {address.ari_url} ({problem or 'time-out'}). Does Asterisk run, and do "
            "`enabled`, `bindaddr` and `bindport` of its http.conf agree with `ports.http` in site.yaml?"
        ) from None


def _check_status(address: AsteriskAddress, status: int) -> None:
    if status == 401:
        raise AsteriskError(
            f"ARI at {address.ari_url} refuses the user `{address.ari_user}`: the password in the file "
            "`ari` of secrets_directory is not the one in its ari.conf"
        )
    if status != 200:
        raise AsteriskError(
            f"{address.ari_url} answers with {status}: no ARI is there (is `enabled = yes` in its ari.conf, "
            "and is res_ari loaded?)"
        )


async def check_ami(address: AsteriskAddress, secrets: Secrets) -> None:
    """Logs in and out again. Raises AsteriskError where that does not work."""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            answer = await _ami_login(address, secrets)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as problem:
        raise AsteriskError(
            f"AMI does not answer at {address.host}:{address.ami_port} ({problem or 'time-out'}). Do "
            "`enabled`, `bindaddr` and `port` of its manager.conf agree with `ports.ami` in site.yaml?"
        ) from None
    if "Response: Success" not in answer:
        raise AsteriskError(
            f"AMI at {address.host}:{address.ami_port} refuses the user `{address.ami_user}`: the password "
            "in the file `ami` of secrets_directory is not the one in its manager.conf"
        )


async def _ami_login(address: AsteriskAddress, secrets: Secrets) -> str:
    reader, writer = await asyncio.open_connection(address.host, address.ami_port)
    try:
        await reader.readuntil(b"\r\n")  # "Asterisk Call Manager/..."
        login = (
            "Action: Login",
            f"Username: {address.ami_user}",
            f"Secret: {secrets.ami}",
            "Events: off",
            "",
            "",
        )
        writer.write("\r\n".join(login).encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        writer.write(b"Action: Logoff\r\n\r\n")
        await writer.drain()
        return answer
    finally:
        writer.close()
        await writer.wait_closed()
