from __future__ import annotations

import socket
from pathlib import Path

import pytest

from sim.live.behaviour import talk
from sim.live.callers import Caller, run_callers
from sim.live.operators import Operators, SeatRobot
from sim.live.sipp import SippMissingError, require_sipp
from sim.live.udp_ports import PortTakenError, check_port_free, free_media_port

pytestmark = pytest.mark.unit

NOWHERE = ("127.0.0.1", 9)
SEAT = SeatRobot("seat01", "secret", tone_hz=None)


def test_a_missing_sipp_is_told_with_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SippMissingError, match="sip-tester"):
        require_sipp()


def test_a_taken_port_is_told_with_its_number() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"UDP port {port} is taken"):
            check_port_free(port)


def test_a_media_port_is_even_and_free_with_its_neighbour() -> None:
    port = free_media_port()
    assert port % 2 == 0
    check_port_free(port)
    check_port_free(port + 2)


def test_operators_need_a_seat(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Operators([], registrar=NOWHERE, work_dir=tmp_path)


@pytest.mark.parametrize("seat", ["", "seat 01", "seat;01", "[seat]"])
def test_a_seat_name_that_would_break_the_injection_file_is_refused(tmp_path: Path, seat: str) -> None:
    with pytest.raises(ValueError, match="use letters"):
        Operators([SeatRobot(seat, "secret", tone_hz=None)], registrar=NOWHERE, work_dir=tmp_path)


def test_a_secret_is_in_no_message(tmp_path: Path) -> None:
    robot = SeatRobot("seat01", "hush;hush", tone_hz=None)
    with pytest.raises(ValueError, match="secret of seat01") as error:
        Operators([robot], registrar=NOWHERE, work_dir=tmp_path)
    assert "hush" not in f"{error.value}{robot!r}"


async def test_a_load_needs_a_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        await run_callers([], target=NOWHERE, work_dir=tmp_path)


async def test_a_load_needs_a_rate(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above 0"):
        await run_callers([Caller("35", None, None)], target=NOWHERE, work_dir=tmp_path, rate=0)


@pytest.mark.parametrize("number", ["", "0570;1", "0570 1", "[field1]", "１２３"])
async def test_a_number_that_would_break_the_injection_file_is_refused_unnamed(
    tmp_path: Path, number: str
) -> None:
    for caller in (Caller(number, None, None, talk(1)), Caller("35", number, None, talk(1))):
        with pytest.raises(ValueError, match="a number may hold") as error:
            await run_callers([caller], target=NOWHERE, work_dir=tmp_path)
        assert not number or number not in str(error.value)
