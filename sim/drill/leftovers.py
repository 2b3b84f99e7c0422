"""What a drill left behind: processes that know its folder, mounts below it, the folder itself, ports still held."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

from telephony.site import Ports


def processes(folder: Path) -> list[int]:
    """Every process (but this one) whose command line or working directory names the folder."""
    return sorted(pid for pid in _all_processes() if pid != os.getpid() and _knows(pid, str(folder)))


def mounts(folder: Path) -> list[str]:
    """Every mount below the folder, the innermost first."""
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    below = [line.split(" ")[1] for line in lines]
    return sorted((path for path in below if path.startswith(f"{folder}/")), reverse=True)


def left_behind(folder: Path, ports: Ports) -> list[str]:
    """In words, one for each thing; nothing if it is as if the drill had never been."""
    found = [f"process {pid} still runs" for pid in processes(folder)]
    found += [f"{path} is still mounted" for path in mounts(folder)]
    if folder.exists():
        found.append(f"the folder {folder} is still there")
    if _held(ports.sip, socket.SOCK_DGRAM):
        found.append(f"UDP port {ports.sip} is still held")
    tcp = (ports.http, ports.ami, ports.api, ports.monitor)
    return found + [f"TCP port {port} is still held" for port in tcp if _held(port, socket.SOCK_STREAM)]


def end_all(folder: Path) -> None:
    """SIGKILL to each process of the drill, by its id: after a drill that went wrong."""
    for pid in processes(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _knows(pid: int, folder: str) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        return folder in command or str(Path(f"/proc/{pid}/cwd").readlink()).startswith(folder)
    except (OSError, ValueError):  # it has just ended
        return False


def _held(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
