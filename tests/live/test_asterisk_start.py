"""Starting an Asterisk of our own: quiet where all is well, and told exactly where it is not."""

from __future__ import annotations

import asyncio
import dataclasses
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import check_ami, check_asterisk
from telephony.asterisk_process import AsteriskProcess
from telephony.modules import REQUIRED
from telephony.plan import AsteriskPlan, BenchQueue, Phone
from telephony.reload import endpoints_listed, endpoints_of
from telephony.render import render, rendered
from telephony.site import Ports, TrunkSite
from telephony.tree import MINIMUM_VERSION, AsteriskError
from tests.live.instances import make_plan, make_secrets

pytestmark = pytest.mark.live


async def start_refused(plan: AsteriskPlan) -> str:
    """What a start that fails says; no process is left."""
    asterisk = EmbeddedAsterisk(plan, make_secrets(plan))
    with pytest.raises(AsteriskError) as refused:
        await asterisk.start()
    with pytest.raises(AsteriskError, match="not started"):
        _ = asterisk.pid
    return str(refused.value)


def with_port(plan: AsteriskPlan, name: str, port: int) -> AsteriskPlan:
    return dataclasses.replace(plan, ports=plan.ports.model_copy(update={name: port}))


async def test_it_starts_without_a_warning_or_an_error(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    told: list[str] = []
    async with EmbeddedAsterisk(plan, make_secrets(plan), told.append) as asterisk:
        assert asterisk.version >= MINIMUM_VERSION
        assert asterisk.problems() == []
    assert len(told) == 1
    assert told[0].startswith("Asterisk 22.")


async def test_every_telephone_and_every_context_of_the_files_is_there(asterisk: EmbeddedAsterisk) -> None:
    plan = asterisk.plan
    assert endpoints_listed(await asterisk.console("pjsip list endpoints")) == endpoints_of(plan)
    listed = [await asterisk.console(f"pjsip list {what}") for what in ("aors", "auths")]
    for phone in plan.phones:
        assert all(re.search(rf"^ +\w+: +{phone.id}\b", answer, re.MULTILINE) for answer in listed)
    text = rendered(plan, asterisk.secrets)["extensions.conf"]
    contexts = set(re.findall(r"^\[(\w+)\]", text, re.MULTILINE)) - {"general"}
    shown = await asterisk.console("dialplan show")
    assert set(re.findall(r"^\[ Context '(\w+)' created by 'pbx_config'", shown, re.MULTILINE)) == contexts
    assert shown.count("[extensions.conf:") == len(re.findall(r"^(?:exten| same) *=>", text, re.MULTILINE))


async def test_100_extensions_start_without_a_warning_or_an_error(tmp_path: Path) -> None:
    many = tuple(Phone(f"ext{number}", str(number), "市民課") for number in range(1001, 1101))
    plan = make_plan(tmp_path, phones=many)
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        assert endpoints_listed(await asterisk.console("pjsip list endpoints")) == endpoints_of(plan)
        assert asterisk.problems() == []


@pytest.mark.parametrize("dtmf", ["auto", "rfc4733", "info", "inband", "auto_info"])
async def test_every_way_of_keys_is_known_to_asterisk(tmp_path: Path, dtmf: str) -> None:
    plan = make_plan(tmp_path, trunk=TrunkSite.model_validate({"dtmf": dtmf}))
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        shown = await asterisk.console("pjsip show endpoint trunk")
        assert re.search(rf"dtmf_mode +: {dtmf}$", shown, re.MULTILINE)
        assert asterisk.problems() == []


async def test_the_bench_queue_starts_without_a_warning_or_an_error(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, bench_queue=BenchQueue("8000"), channel_events=True)
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as asterisk:
        assert asterisk.problems() == []


async def test_two_run_side_by_side(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    async with EmbeddedAsterisk(plan, make_secrets(plan)) as other:
        assert other.pid != asterisk.pid
        await check_asterisk(asterisk.address, asterisk.secrets)


async def test_it_is_started_once(asterisk: EmbeddedAsterisk) -> None:
    before = asterisk.pid
    with pytest.raises(AsteriskError, match="started already"):
        await asterisk.start()
    assert (asterisk.pid, asterisk.up, asterisk.adopted, asterisk.outdated) == (before, True, False, ())


async def test_it_ends_when_told_to_drain(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    asterisk = EmbeddedAsterisk(plan, make_secrets(plan))
    await asterisk.start()
    ended = asyncio.create_task(asterisk.wait())
    await asyncio.sleep(0)  # the task takes hold of the process
    await asterisk.stop(drain_s=10)
    assert await ended == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sip", socket.SOCK_DGRAM), ("http", socket.SOCK_STREAM), ("ami", socket.SOCK_STREAM)],
)
async def test_a_taken_port_is_told_before_starting(
    tmp_path: Path, name: str, kind: socket.SocketKind
) -> None:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        told = await start_refused(with_port(make_plan(tmp_path), name, port))
    assert f"port {port} on 127.0.0.1" in told
    assert f"`ports.{name}` in site.yaml" in told
    assert not (tmp_path / "etc").exists()


async def test_all_taken_ports_are_told_at_once(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    told = await start_refused(make_plan(tmp_path, ports=asterisk.plan.ports))
    assert [name for name in ("sip", "http", "ami") if f"`ports.{name}`" in told] == ["sip", "http", "ami"]


class Meddled(EmbeddedAsterisk):
    """An Asterisk whose files somebody changed after they were rendered."""

    def __init__(self, plan: AsteriskPlan, meddle: Callable[[Path], None]) -> None:
        super().__init__(plan, make_secrets(plan))
        self._meddle = meddle

    def _spawn(self) -> AsteriskProcess:
        self._meddle(self.plan.etc)
        return super()._spawn()


def without(file: str, line: str) -> Callable[[Path], None]:
    def meddle(etc: Path) -> None:
        text = (etc / file).read_text()
        assert line in text
        (etc / file).write_text(text.replace(line, ""))

    return meddle


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        (
            "modules.conf",
            "load = app_mixmonitor.so\n",
            "1 modules .* do not run in this Asterisk: app_mixmonitor",
        ),
        ("modules.conf", "load = res_ari.so\n", "no ARI is there"),
        ("manager.conf", "enabled = yes\n", "AMI does not answer"),
    ],
)
async def test_what_is_missing_is_told(tmp_path: Path, file: str, line: str, told: str) -> None:
    asterisk = Meddled(make_plan(tmp_path), without(file, line))
    with pytest.raises(AsteriskError, match=told):
        await asterisk.start()


async def test_a_process_that_ends_at_once_has_its_last_words_told(tmp_path: Path) -> None:
    def spoil(etc: Path) -> None:
        with (etc / "modules.conf").open("a") as file:
            file.write("require = app_nothing.so\n")

    with pytest.raises(AsteriskError, match=r"(?s)ended at once .*app_nothing"):
        await Meddled(make_plan(tmp_path), spoil).start()


async def test_a_wrong_ari_password_is_told(asterisk: EmbeddedAsterisk) -> None:
    wrong = dataclasses.replace(asterisk.secrets, ari="wrong")
    with pytest.raises(AsteriskError, match=r"refuses the user `denwaban`.*the file `ari`"):
        await check_asterisk(asterisk.address, wrong)


async def test_a_wrong_ami_password_is_told(asterisk: EmbeddedAsterisk) -> None:
    wrong = dataclasses.replace(asterisk.secrets, ami="wrong")
    with pytest.raises(AsteriskError, match=r"refuses the user `denwaban`.*the file `ami`"):
        await check_ami(asterisk.address, wrong)


async def test_a_module_that_is_missing_elsewhere_is_told(asterisk: EmbeddedAsterisk) -> None:
    with pytest.raises(AsteriskError, match=r"2 modules .*: app_one, app_two\."):
        await check_asterisk(asterisk.address, asterisk.secrets, (*REQUIRED, "app_one", "app_two"))


async def test_nobody_there_is_told(asterisk: EmbeddedAsterisk, tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    elsewhere = dataclasses.replace(asterisk.address, http_port=plan.ports.http)
    with pytest.raises(AsteriskError, match=r"ARI does not answer at .*`ports.http` in site.yaml"):
        await check_asterisk(elsewhere, asterisk.secrets)


async def test_no_asterisk_there_is_told(tmp_path: Path) -> None:
    told = await start_refused(make_plan(tmp_path / "instance", tree=tmp_path / "nothing"))
    assert told == f"there is no Asterisk in {tmp_path}/nothing: run ./setup.sh"


def test_files_with_secrets_are_ours_alone(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    render(plan, make_secrets(plan))
    files = [*plan.etc.iterdir(), *(tmp_path / "secrets").rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_ports_of_a_plan_reach_the_files(tmp_path: Path) -> None:
    plan = make_plan(tmp_path, ports=Ports(sip=6060, rtp_first=30000, rtp_last=30100))
    files = rendered(plan, make_secrets(plan))
    assert "bind = 127.0.0.1:6060" in files["pjsip.conf"]
    assert "rtpstart = 30000\nrtpend = 30100" in files["rtp.conf"]
