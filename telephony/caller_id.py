"""What a telephone shows of who calls: the project's name and the caller's number."""

from __future__ import annotations

_BREAKS_OUT = '"\\<>'


def shown(number: str, title: str = "") -> str:
    """The caller id in ARI's form, `"title" <number>`; a withheld number (empty) is `anonymous`.

    The brackets matter: without them Asterisk takes `anonymous` for a name, and its own user name for the number.
    """
    party = f"<{number or 'anonymous'}>"
    kept = "".join(letter for letter in title if letter.isprintable() and letter not in _BREAKS_OUT)
    return f'"{kept}" {party}' if kept else party
