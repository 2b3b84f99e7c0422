"""Our ARI client; see `client`."""

from telephony.ari.client import AriClient
from telephony.ari.connection import AriSettings, Disconnected, OnDone, Response
from telephony.ari.errors import (
    AriAuthError,
    AriBusy,
    AriDisconnected,
    AriError,
    AriFailure,
    AriReplaced,
    AriUnreachable,
)

__all__ = [
    "AriAuthError",
    "AriBusy",
    "AriClient",
    "AriDisconnected",
    "AriError",
    "AriFailure",
    "AriReplaced",
    "AriSettings",
    "AriUnreachable",
    "Disconnected",
    "OnDone",
    "Response",
]
