"""UDP ports of this machine for the robots: which are free, and a clear word when one is not."""

import socket

LOOPBACK = "127.0.0.1"


class PortTakenError(OSError):
    """Another program holds the UDP port."""


def check_port_free(port: int) -> None:
    """Raises PortTakenError when another program on this machine holds the UDP port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTakenError(
                f"UDP port {port} is taken: end the program that holds it (ss -ulnp) or choose another port"
            ) from error


def free_port() -> int:
    """A UDP port on loopback that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def free_media_port() -> int:
    """An even UDP port that is free together with the port two above it, which SIPp takes for video."""
    for _ in range(100):
        port = free_port() & ~1
        try:
            check_port_free(port)
            check_port_free(port + 2)
        except PortTakenError:
            continue
        return port
    raise PortTakenError("no pair of UDP ports is free on this machine: end some of the running loads")
