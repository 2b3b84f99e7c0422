"""What a telephone reads and writes: SIP messages as text."""

from __future__ import annotations

import hashlib
import re
import secrets
from urllib.parse import quote

ALLOW = "Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY, UPDATE"


class Dialogue:
    """What SIP calls by this name: the two parties and the number of the last request.

    `branch`: of the last request that was sent, by which its answers are known and it can be taken back.
    """

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.local = self.remote = self.target = self.branch = ""
        self.number = 0

    def as_replaced(self) -> str:
        """This call as the target of an attended transfer."""
        dialogue = f"{self.call_id};to-tag={tag(self.remote)};from-tag={tag(self.local)}"
        return f"<{self.target}?Replaces={quote(dialogue, safe='')}>"


def headers(text: str, name: str) -> list[str]:
    """The values of all headers of a name."""
    return re.findall(rf"^{name}: *(.*?)\r?$", text, re.MULTILINE | re.IGNORECASE)


def header(text: str, name: str) -> str:
    """A header's value, of several the first; empty where there is none."""
    return next(iter(headers(text, name)), "")


def status(text: str) -> int:
    """The status of an answer."""
    return int(text.split(" ", 2)[1])


def method(text: str) -> str:
    """What a request asks for."""
    return text.split(" ", 1)[0]


def branch(text: str) -> str:
    """By what a request and its answers are known."""
    found = re.search(r"branch=([^;\s]+)", header(text, "Via"))
    return found[1] if found else ""


def contact(text: str) -> str:
    """Where whoever sent this wants to be asked."""
    found = re.search(r"<([^>]+)>", header(text, "Contact"))
    return found[1] if found else ""


def audio_port(text: str) -> int | None:
    """Where he wants to hear, if he says so."""
    found = re.search(r"^m=audio (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else None


def tag(party: str) -> str:
    """The tag of a From or To."""
    return party.rpartition(";tag=")[2]


def word() -> str:
    """A word that nobody has said yet."""
    return secrets.token_hex(8)


def sdp(port: int, keys: int, version: int, direction: str) -> str:
    """Mu-law and keys by RFC 4733, at a port of this machine."""
    return (
        f"v=0\r\no=- 1 {version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 0 {keys}\r\na=rtpmap:{keys} telephone-event/8000\r\na={direction}\r\n"
    )


def message(body: str, *lines: str) -> bytes:
    """All of it, ready to be sent."""
    kind = ("Content-Type: application/sdp",) if body else ()
    head = "\r\n".join((*lines, *kind, f"Content-Length: {len(body)}"))
    return f"{head}\r\n\r\n{body}".encode()


def proof(user: str, password: str, asked: str, uri: str, challenge: str) -> str:
    """The Authorization header for a request (method and URI) that was answered by a challenge."""
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', header(challenge, "WWW-Authenticate")))
    own = _md5(f"{user}:{given['realm']}:{password}")
    client = word()
    response = _md5(f"{own}:{given['nonce']}:00000001:{client}:auth:{_md5(f'{asked}:{uri}')}")
    return (
        f'Authorization: Digest username="{user}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="{client}"'
        + (f', opaque="{given["opaque"]}"' if "opaque" in given else "")
    )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - SIP's digest knows nothing better here
