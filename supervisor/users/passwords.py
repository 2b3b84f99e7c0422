"""Passwords: what is a good one, and how it is kept (Argon2id)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200

_HASHER = (
    PasswordHasher()
)  # with the parameters that the library recommends today: 3 rounds of 64 MiB (RFC 9106)


def hash_password(password: str) -> str:
    """What is kept of a password, with a salt of its own. Takes 64 MiB and about a tenth of a second."""
    return _HASHER.hash(_bytes(password))


def verify(hashed: str, password: str) -> bool:
    """Whether it is the password of which `hashed` was made. As slow as `hash_password`, whatever is asked.

    False also for a hash that is damaged: a new password has to be set then.
    """
    fits = len(password) <= LONGEST  # a longer one cannot have been set; the work is done all the same
    try:
        return _HASHER.verify(hashed, _bytes(password[:LONGEST])) and fits
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hashed: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(hashed)


def problem_with(password: str, user_id: str) -> str:
    """What has to be better about a new password; empty if it is good."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"choose a password of {SHORTEST} to {LONGEST} characters: a sentence does very well"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        return "choose a password without control characters: nobody can type them into a browser"
    if _folded(password) == _folded(user_id):
        return "choose a password that is not the user's id"
    if len(set(password)) == 1:
        return "choose a password that is not one character repeated"
    return ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bytes(password: str) -> bytes:
    # Full-width or not, composed or not: it depends on the keyboard, not on the one who types.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
