"""The monitor's TLS certificate: of its own, or one that was given."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import socket
import ssl
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from supervisor.monitor.certificate import (
    CertificateError,
    fingerprint,
    load_into,
    names,
    pair_of,
    server_context,
)
from supervisor.monitor.own_certificate import made_if_due
from telephony.control import ControlError
from telephony.site import Bind, MonitorSite, Site

pytestmark = pytest.mark.unit

NOW = dt.datetime(2026, 5, 7, tzinfo=dt.UTC)
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(
        var_directory=tmp_path / "var", monitor=MonitorSite(names=("Monitor.City.example", "192.0.2.7"))
    )


def with_monitor(site: Site, **monitor: Any) -> Site:
    return site.model_copy(update={"monitor": MonitorSite.model_validate(monitor)})


def own(site: Site) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pair_of(site).certificate.read_bytes())


async def shake_hands(context: ssl.SSLContext, client: ssl.SSLContext, name: str) -> tuple[str, bytes]:
    """The version of TLS, and the server's certificate, of a connection by a name."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client, server_hostname=name)
        link = writer.get_extra_info("ssl_object")
        told = link.version(), link.getpeercert(binary_form=True)
        writer.close()
        await writer.wait_closed()
    return told


def trusting(site: Site) -> ssl.SSLContext:
    """A browser to which the certificate was given."""
    return ssl.create_default_context(cafile=str(pair_of(site).certificate))


# ---- of its own


async def test_a_browser_that_knows_it_comes_by_each_of_its_names(site: Site) -> None:
    context = server_context(site)
    for name in ("localhost", "127.0.0.1", "::1", "monitor.city.example", "192.0.2.7", socket.gethostname()):
        version, shown = await shake_hands(context, trusting(site), name)
        assert version == "TLSv1.3"
        assert fingerprint(site).replace(":", "").lower() == hashlib.sha256(shown).hexdigest()


async def test_a_browser_refuses_it_by_another_name_or_if_it_does_not_know_it(site: Site) -> None:
    context = server_context(site)
    with pytest.raises(ssl.SSLCertVerificationError):
        await shake_hands(context, trusting(site), "elsewhere.example")
    with pytest.raises(ssl.SSLCertVerificationError):
        await shake_hands(context, ssl.create_default_context(), "localhost")


async def test_tls_1_2_with_forward_secrecy_and_nothing_older(site: Site) -> None:
    context = server_context(site)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    of_1_2 = [one["name"] for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
    assert of_1_2
    assert all(name.startswith("ECDHE-") and ("GCM" in name or "CHACHA20" in name) for name in of_1_2)
    client = trusting(site)
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert (await shake_hands(context, client, "localhost"))[0] == "TLSv1.2"
    client.set_ciphers("AES128-SHA256:ECDHE-ECDSA-AES128-SHA256")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await shake_hands(context, client, "localhost")


def test_it_is_made_once_and_its_key_is_for_our_eyes_only(site: Site) -> None:
    server_context(site)
    pair, first = pair_of(site), fingerprint(site)
    assert (pair.certificate, pair.key) == (
        site.secrets / "monitor/cert.pem",
        site.secrets / "monitor/key.pem",
    )
    assert stat.S_IMODE(pair.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(pair.key.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in pair.key.parent.iterdir()) == ["cert.pem", "key.pem"]
    server_context(site)
    assert fingerprint(site) == first


def test_browsers_take_it(site: Site) -> None:
    server_context(site)
    made = own(site)
    assert made.not_valid_after_utc - made.not_valid_before_utc <= 397 * DAY
    assert isinstance(made.public_key(), ec.EllipticCurvePublicKey)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_it_is_good_for_where_it_is_bound_unless_that_is_everywhere(site: Site) -> None:
    def bound(address: str) -> list[str]:
        return names(site.model_copy(update={"bind": Bind.model_validate({"monitor": address})}))

    assert "192.0.2.9" in bound("192.0.2.9")
    assert "0.0.0.0" not in bound("0.0.0.0")
    assert bound("127.0.0.1").count("127.0.0.1") == 1


@pytest.mark.parametrize(
    ("after", "wanted", "told"),
    [
        (0 * DAY, ["a"], ""),
        (366 * DAY, ["a"], ""),
        (366 * DAY + SECOND, ["a"], "the old one ended soon"),
        (1000 * DAY, ["a"], "the old one ended soon"),
        (0 * DAY, ["a", "192.0.2.1"], "its names have changed"),
        (0 * DAY, ["b"], "its names have changed"),
    ],
)
def test_when_it_is_made_anew(tmp_path: Path, after: dt.timedelta, wanted: list[str], told: str) -> None:
    certificate, key = tmp_path / "new/cert.pem", tmp_path / "new/key.pem"
    assert made_if_due(certificate, key, ["a"], NOW) == "there was none"
    before = certificate.read_bytes(), key.read_bytes()
    assert made_if_due(certificate, key, wanted, NOW + after) == told
    assert ((certificate.read_bytes(), key.read_bytes()) == before) is (told == "")
    assert made_if_due(certificate, key, wanted, NOW + after) == ""


@pytest.mark.parametrize("damage", ["cert.pem", "key.pem"])
def test_a_damaged_one_is_made_anew(site: Site, damage: str) -> None:
    server_context(site)
    (pair_of(site).certificate.parent / damage).write_bytes(b"-----BEGIN")
    server_context(site)


@pytest.mark.parametrize("gone", ["cert.pem", "key.pem"])
def test_half_of_it_is_none(site: Site, gone: str) -> None:
    server_context(site)
    (pair_of(site).certificate.parent / gone).unlink()
    server_context(site)


def test_a_crash_between_key_and_certificate_is_mended(site: Site, tmp_path: Path) -> None:
    server_context(site)
    other = site.model_copy(update={"secrets_directory": tmp_path / "other"})
    server_context(other)
    pair_of(other).key.replace(pair_of(site).key)
    (pair_of(site).key.parent / ".key.pem.part").write_bytes(b"half")
    server_context(site)


def test_two_at_once_make_one(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        contexts = list(pool.map(lambda _: server_context(site), range(16)))
    assert len(contexts) == 16


def test_a_key_that_others_can_read_is_told(site: Site) -> None:
    server_context(site)
    pair_of(site).key.chmod(0o640)
    with pytest.raises(CertificateError, match=r"can be read by others: `chmod 600 .*key\.pem`"):
        server_context(site)


def test_where_it_cannot_be_made_is_told(site: Site) -> None:
    site.secrets.mkdir(parents=True)
    (site.secrets / "monitor").write_text("a file")
    with pytest.raises(CertificateError, match=r"cannot be made .*is there room on the disk"):
        server_context(site)


async def test_one_that_was_renewed_is_taken_up_without_a_start(site: Site) -> None:
    context = server_context(site)
    before = fingerprint(site)
    pair_of(site).certificate.unlink()
    load_into(context, site)
    _, shown = await shake_hands(context, trusting(site), "localhost")
    assert fingerprint(site) != before
    assert hashlib.sha256(shown).hexdigest() == fingerprint(site).replace(":", "").lower()


# ---- one that was given


def key_of(bits: int = 0) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    return rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())


def written(folder: Path, key: Any, name: str = "given", until: dt.datetime | None = None) -> dict[str, Path]:
    """A certificate for `localhost` from an authority of its own, with it, and its key."""
    now = dt.datetime.now(dt.UTC)
    authority = ec.generate_private_key(ec.SECP256R1())
    root, subject = (
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in ("Root", name)
    )

    def signed(whose: x509.Name, public: Any, ca: bool) -> bytes:
        builder = x509.CertificateBuilder(root, whose, public, x509.random_serial_number())
        builder = builder.not_valid_before(now - 90 * DAY).not_valid_after(until or now + 90 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        return builder.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM)

    files = {"certificate": folder / f"{name}.pem", "key": folder / f"{name}.key"}
    chain = signed(subject, key.public_key(), False) + signed(root, authority.public_key(), True)
    files["certificate"].write_bytes(chain)
    files["key"].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files["key"].chmod(0o640)
    return files


async def test_a_given_one_is_shown_with_its_chain(site: Site, tmp_path: Path) -> None:
    given = with_monitor(site, **written(tmp_path, key_of()))
    _, shown = await shake_hands(server_context(given), trusting(given), "localhost")
    assert hashlib.sha256(shown).hexdigest() == fingerprint(given).replace(":", "").lower()
    assert not (site.secrets / "monitor").exists()


def test_a_given_one_is_never_written_over(site: Site, tmp_path: Path) -> None:
    files = written(tmp_path, key_of(), until=dt.datetime.now(dt.UTC) + DAY)
    before = files["certificate"].read_bytes(), files["key"].read_bytes()
    server_context(with_monitor(site, **files))
    assert (files["certificate"].read_bytes(), files["key"].read_bytes()) == before


def test_one_that_has_run_out_is_used_with_a_warning(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server_context(with_monitor(site, **written(tmp_path, key_of(), until=dt.datetime.now(dt.UTC) - DAY)))
    assert "and not now: browsers refuse it" in caplog.text


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("no certificate", "given.pem cannot be read .No such file or directory.: see `monitor.certificate`"),
        ("no key", "given.key cannot be read .No such file or directory.: see `monitor.certificate`"),
        ("key is a folder", "given.key cannot be read .Is a directory.: see `monitor.certificate`"),
        ("certificate is none", "given.pem holds no certificate in PEM form: see"),
        ("certificate is damaged", "given.pem holds no certificate in PEM form: see"),
        ("key is none", "given.key holds no private key in PEM form: see"),
        ("another key", "given.key is not the key of .*given.pem: see"),
        ("key with a password", "is locked by a password.*openssl pkey"),
        ("key for all", "given.key can be read by others: `chmod 600"),
        ("weak key", "given.pem cannot be used for TLS"),
    ],
)
def test_what_is_wrong_with_a_given_one_is_told(site: Site, tmp_path: Path, spoil: str, told: str) -> None:
    files = written(tmp_path, key_of(1024 if spoil == "weak key" else 0))
    certificate, key = files["certificate"], files["key"]
    match spoil:
        case "no certificate":
            certificate.unlink()
        case "no key":
            key.unlink()
        case "key is a folder":
            key.unlink()
            key.mkdir()
        case "certificate is none":
            certificate.write_text("hello")
        case "certificate is damaged":
            certificate.write_bytes(certificate.read_bytes().replace(b"M", b"N", 3))
        case "key is none":
            key.write_bytes(certificate.read_bytes())
        case "another key":
            written(tmp_path, key_of(), "other")["key"].replace(key)
        case "key with a password":
            locked = BestAvailableEncryption(b"secret")
            key.write_bytes(key_of().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
        case "key for all":
            key.chmod(0o644)
    with pytest.raises(CertificateError, match=told) as refused:
        server_context(with_monitor(site, **files))
    assert isinstance(refused.value, ControlError)


def test_before_the_first_start_there_is_no_fingerprint(site: Site) -> None:
    with pytest.raises(CertificateError, match="cannot be read"):
        fingerprint(site)
