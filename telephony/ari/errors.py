"""Everything that can go wrong between us and ARI, split by whose fault it is."""

from __future__ import annotations


class AriFailure(Exception):  # noqa: N818  # AriError is the refusal, as in ari-py's descendants
    """Base of every error of this package."""


class AriError(AriFailure):
    """Asterisk refused a request. `status` is the HTTP status, `message` what Asterisk said."""

    def __init__(self, status: int, message: str, what: str = "request") -> None:
        super().__init__(f"Asterisk refused {what}: {status} {message}")
        self.status = status
        self.message = message


class AriDisconnected(AriFailure):
    """The connection went away, or is not there yet; the request may or may not have been carried out."""


class AriBusy(AriFailure):
    """Too many requests wait for their answers."""

    def __init__(self, outstanding: int) -> None:
        super().__init__(
            f"{outstanding} ARI requests wait for their answers, which is the most allowed. Asterisk does not"
            " keep up: look at its CPU and locks (`core show locks`), lower the call rate, or raise"
            " AriSettings.max_outstanding."
        )


class AriUnreachable(AriFailure):
    """No ARI answers at host:port."""


class AriAuthError(AriFailure):
    """Asterisk does not accept the user or the password."""

    def __init__(self, address: str, username: str) -> None:
        super().__init__(
            f"ARI at {address} refused user {username!r}: set AriSettings.username and AriSettings.password"
            f" to those of section [{username}] in Asterisk's ari.conf, then `ari reload` there."
        )


class AriReplaced(AriFailure):
    """Another process connected with the same application name and took the events over."""

    def __init__(self, app: str) -> None:
        super().__init__(
            f"another process has taken over the ARI application {app!r}; this one stays disconnected."
            " Stop the other one, or give one of them an application name of its own, and start again."
        )


def refused(address: str, username: str, status: int) -> AriAuthError | AriUnreachable:
    """What an HTTP status in place of a WebSocket means."""
    if status in (401, 403):
        return AriAuthError(address, username)
    return AriUnreachable(
        f"{address} answers with HTTP {status} instead of ARI: load res_ari_events.so and set"
        " `enabled = yes` in Asterisk's ari.conf."
    )


def unreachable(address: str, port: int, error: BaseException) -> AriUnreachable:
    """That nobody answers there."""
    return AriUnreachable(
        f"no ARI at {address} ({type(error).__name__}): is Asterisk running, and does its http.conf"
        f" have `enabled = yes` and port {port}?"
    )
