"""Passwords of Asterisk's doors and of the telephones: made once, one file each, readable by us alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from telephony.tree import AsteriskError

_BYTES = 24  # 32 characters of base64: out of reach of guessing, and every telephone's form takes them


@dataclass(frozen=True)
class Secrets:
    """`phones` maps a telephone's id to its SIP password; `trunk` is the carrier's, where we register."""

    ari: str = field(repr=False)
    ami: str = field(repr=False)
    phones: dict[str, str] = field(repr=False)
    trunk: str | None = field(default=None, repr=False)


def load_or_make(directory: Path, phone_ids: Iterable[str], *, with_trunk: bool = False) -> Secrets:
    """What is there is kept, what is missing is made. Raises AsteriskError for a missing trunk password."""
    return Secrets(
        ari=_one(directory / "ari"),
        ami=_one(directory / "ami"),
        phones={id_: _one(directory / "phones" / id_) for id_ in phone_ids},
        trunk=_given(directory / "trunk") if with_trunk else None,
    )


def load_given(directory: Path) -> Secrets:
    """For an Asterisk that runs already: its owner puts the passwords there. Raises AsteriskError."""
    return Secrets(ari=_given(directory / "ari"), ami=_given(directory / "ami"), phones={})


def load_pin(path: Path, length: int) -> str:
    """A PIN of so many digits for people to type; made if it is not there. Raises AsteriskError."""
    pin = _read(path) if path.exists() else _make(path, f"{secrets.randbelow(10**length):0{length}}")
    if len(pin) != length or not (pin.isascii() and pin.isdigit()):
        raise AsteriskError(f"{path} holds no PIN: write {length} digits into it, or remove it for a new one")
    return pin


def load_gateway_secrets(directory: Path, names: Iterable[str]) -> dict[str, str]:
    """What the gateways' owners gave us, by the gateway's name. Raises AsteriskError for one that is missing."""
    return {name: _given(directory / "gateways" / name) for name in names}


def _one(path: Path) -> str:
    return _read(path) if path.exists() else _make(path, _new())


def _new() -> str:
    # SIPp, by which robots register in demos, loads and drills, takes a password that begins with 0x for hexadecimal.
    while (made := secrets.token_urlsafe(_BYTES)).lower().startswith("0x"):
        pass
    return made


def _make(path: Path, secret: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Never readable by others, not even for the moment between creating and chmod.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
    return secret


def _given(path: Path) -> str:
    if not path.exists():
        raise AsteriskError(f"{path} is missing: put the password into it, one line, mode 0600")
    return _read(path)


def _read(path: Path) -> str:
    secret = path.read_text(encoding="utf-8").strip()
    if not secret or any(not ("!" <= letter <= "~") or letter in ';"\\' for letter in secret):
        raise AsteriskError(
            f"{path} holds no usable password: one line of printable ASCII without blanks, quotes, `;`, `\\`"
        )
    return secret
