"""TLS for the monitor: the certificate that site.yaml names, or one of its own."""

from __future__ import annotations

import datetime as dt
import logging
import socket
import ssl
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from supervisor.monitor.own_certificate import made_if_due
from telephony.control import ControlError
from telephony.site import Site

log = logging.getLogger(__name__)

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has no others."""


class CertificateError(ControlError):
    """The monitor has no certificate that can be used; the message says what to do."""


class Pair(NamedTuple):
    """Where a certificate and its key are. `own`: they are ours to make, and to make anew."""

    certificate: Path
    key: Path
    own: bool

    @property
    def advice(self) -> str:
        """What to do if something is wrong with them."""
        if self.own:
            return f"remove {self.certificate.parent}, and start again for a new one"
        return "see `monitor.certificate` and `monitor.key` in site.yaml"


def pair_of(site: Site) -> Pair:
    """The files of a site, whether they are there or not."""
    given = site.monitor
    if given.certificate is not None and given.key is not None:
        return Pair(given.certificate, given.key, own=False)
    folder = site.secrets / "monitor"
    return Pair(folder / "cert.pem", folder / "key.pem", own=True)


def server_context(site: Site) -> ssl.SSLContext:
    """What a server needs for TLS; the site's own certificate is made where it is missing or ends soon.

    Raises CertificateError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    load_into(context, site)
    return context


def load_into(context: ssl.SSLContext, site: Site) -> None:
    """Take up the files as they are now: at the start, and now and then for those that were renewed meanwhile.

    Connections that are open go on; new ones get the new certificate. Raises CertificateError.
    """
    pair = pair_of(site)
    if pair.own:
        _make(pair, site)
    _check(pair)
    try:
        context.load_cert_chain(pair.certificate, pair.key)
    except (ssl.SSLError, OSError) as error:
        raise CertificateError(
            f"{pair.certificate} cannot be used for TLS ({error.strerror or error}): {pair.advice}"
        ) from None


def fingerprint(site: Site) -> str:
    """SHA-256 of the site's certificate as browsers show it (`AB:CD:...`). Raises CertificateError."""
    return _certificate(pair_of(site)).fingerprint(hashes.SHA256()).hex(":").upper()


def names(site: Site) -> list[str]:
    """For what a certificate of our own is good: the names and addresses by which a browser may come."""
    bound = [] if site.bind.monitor.is_unspecified else [str(site.bind.monitor)]
    host = [name for name in [socket.gethostname().lower()] if name and name.isascii()]
    given = [name.lower() for name in site.monitor.names]
    return list(dict.fromkeys(["localhost", "127.0.0.1", "::1", *bound, *host, *given]))


def _make(pair: Pair, site: Site) -> None:
    try:
        why = made_if_due(pair.certificate, pair.key, names(site), dt.datetime.now(dt.UTC))
    except OSError as error:
        raise CertificateError(
            f"the monitor's certificate cannot be made ({error.filename}: {error.strerror}): is there room on the "
            "disk, and may this user write there?"
        ) from None
    if why:
        log.info("a certificate was made for the monitor (%s): %s", why, fingerprint(site))


def _check(pair: Pair) -> None:
    certificate, key = _certificate(pair), _key(pair)
    if certificate.public_key() != key.public_key():
        raise CertificateError(f"{pair.key} is not the key of {pair.certificate}: {pair.advice}")
    now = dt.datetime.now(dt.UTC)
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= now <= last:
        told = "%s is valid from %s to %s, and not now: browsers refuse it; put a new one there"
        log.warning(told, pair.certificate, first, last)


def _certificate(pair: Pair) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(pair.certificate, pair))[
            0
        ]  # those behind it are the chain
    except ValueError:
        raise CertificateError(
            f"{pair.certificate} holds no certificate in PEM form: {pair.advice}"
        ) from None


def _key(pair: Pair) -> PrivateKeyTypes:
    data = _read(pair.key, pair)
    others = 0o077 if pair.own else 0o007  # a group of those who may read keys is usual
    if pair.key.stat().st_mode & others:
        raise CertificateError(f"{pair.key} can be read by others: `chmod 600 {pair.key}`")
    try:
        return load_pem_private_key(data, None)
    except TypeError:
        raise CertificateError(
            f"{pair.key} is locked by a password, which nobody could type at a start: store it without one "
            "(`openssl pkey -in OLD -out NEW`), mode 0600"
        ) from None
    except ValueError:
        raise CertificateError(f"{pair.key} holds no private key in PEM form: {pair.advice}") from None


def _read(path: Path, pair: Pair) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateError(f"{path} cannot be read ({error.strerror}): {pair.advice}") from None
