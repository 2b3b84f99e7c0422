"""A certificate of the monitor's own: made where there is none, made anew in good time. It vouches for itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import ipaddress
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from store.durable import sync_directory

VALID_DAYS = 396
"""With the hour below not above the 397 days that browsers take."""
RENEW_DAYS = 30
_BEFORE = dt.timedelta(hours=1)  # a browser's clock may be slow
_SUBJECT = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Denwaban monitor")])


def made_if_due(certificate: Path, key: Path, names: Sequence[str], now: dt.datetime) -> str:
    """Make both files if they are needed; why, or empty where those that are there will do.

    `names`: what it has to be good for, names and addresses. Two processes may ask at once. Raises OSError.
    """
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(certificate.parent):
        why = _due(certificate, key, names, now)
        if why:
            _make(certificate, key, names, now)
    return why


def _due(certificate: Path, key: Path, names: Sequence[str], now: dt.datetime) -> str:
    if not (certificate.exists() and key.exists()):
        return "there was none"
    try:
        there = x509.load_pem_x509_certificate(certificate.read_bytes())
        fits = load_pem_private_key(key.read_bytes(), None).public_key() == there.public_key()
        good_for = list(there.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except (ValueError, TypeError, x509.ExtensionNotFound):
        return "that which was there is damaged"
    if not fits:
        return "its key was another's"
    if good_for != _alternatives(names):
        return "its names have changed"
    if there.not_valid_after_utc - now < dt.timedelta(days=RENEW_DAYS):
        return "the old one ended soon"
    return ""


def _make(certificate: Path, key: Path, names: Sequence[str], now: dt.datetime) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    made = _unsigned(private.public_key(), names, now).sign(private, hashes.SHA256())
    # A crash between the two leaves a key that does not fit: the next start makes both anew.
    _write(key, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    _write(certificate, made.public_bytes(Encoding.PEM), 0o644)


def _unsigned(
    public: ec.EllipticCurvePublicKey, names: Sequence[str], now: dt.datetime
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder(_SUBJECT, _SUBJECT, public, x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + dt.timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage() -> x509.KeyUsage:
    no = dict.fromkeys(
        (
            "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
            "crl_sign", "encipher_only", "decipher_only",
        ),
        False,
    )  # fmt: skip
    return x509.KeyUsage(digital_signature=True, **no)


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Whole or not there, and never with more rights than `mode`, not even for a moment."""
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_directory(path.parent)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
