"""The SIP messages of the robots, as SIPp templates (what stands in brackets SIPp fills in).

The branch of a caller's INVITE is written out rather than left to SIPp, because CANCEL and the ACK of a
refusal have to repeat it.
"""

from sim.live.keys import PAYLOAD_TYPE as KEY_PAYLOAD_TYPE
from sim.live.udp_ports import LOOPBACK

LEAVE = "MESSAGE"
"""A request with the id of a call, from ourselves to our own SIPp: end this call now.

SIPp has no such wish: told to quit it waits for its calls, and the called side drops them without a BYE.
"""

BODY_LESS = "Content-Length: 0\n\n"

_EVENTS = f"""\
a=rtpmap:{KEY_PAYLOAD_TYPE} telephone-event/8000
a=fmtp:{KEY_PAYLOAD_TYPE} 0-16
"""

# [media_port] and not [rtpstream_audio_port]: the same number, and SIPp still knows it in later versions.
SDP = f"""\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=robot 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 {KEY_PAYLOAD_TYPE}
a=rtpmap:0 PCMU/8000
{_EVENTS}a=ptime:20
a=sendrecv
"""

SDP_WITHOUT_EVENTS = SDP.replace(f"RTP/AVP 0 {KEY_PAYLOAD_TYPE}", "RTP/AVP 0").replace(_EVENTS, "")
"""Of a line that knows keys as tones in the audio only."""

_BYE_NUMBER = 100
"""Every request of a caller has a higher number than those before it; keys by INFO have 2 and on."""

_VIA = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}\n"
_INVITE_BRANCH = "z9hG4bK-invite-[pid]-[call_number]"
_CONTACT = "Contact: <sip:robot@[local_ip]:[local_port]>\n"
_REMOTE = "sip:[field0]@[remote_ip]:[remote_port]"

IDENTIFIED = "<sip:[field1]@[local_ip]:[local_port]>"
ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>'


def _from(withheld: bool) -> str:
    return f"From: {ANONYMOUS if withheld else IDENTIFIED};tag=[pid]-[call_number]\n"


def invite(*, withheld: bool, with_sdp: bool, with_events: bool = True) -> str:
    """The caller's INVITE: number dialled in field 0, caller id in field 1 (unless withheld)."""
    identity = "Privacy: id\n" if withheld else "P-Asserted-Identity: <sip:[field1]@[local_ip]>\n"
    return (
        f"INVITE {_REMOTE} SIP/2.0\n"
        + _VIA.format(branch=_INVITE_BRANCH)
        + _from(withheld)
        + f"To: <{_REMOTE}>\nCall-ID: [call_id]\nCSeq: 1 INVITE\n{_CONTACT}{identity}"
        + "Max-Forwards: 70\nAllow: INVITE, ACK, BYE, CANCEL\n"
        + _body(with_sdp, with_events)
    )


def cancel(*, withheld: bool) -> str:
    return _same_transaction("CANCEL", withheld, f"To: <{_REMOTE}>\n")


def acknowledge_refusal(*, withheld: bool) -> str:
    return _same_transaction("ACK", withheld, f"To: <{_REMOTE}>[peer_tag_param]\n")


def _same_transaction(method: str, withheld: bool, to_header: str) -> str:
    return (
        f"{method} {_REMOTE} SIP/2.0\n"
        + _VIA.format(branch=_INVITE_BRANCH)
        + _from(withheld)
        + to_header
        + f"Call-ID: [call_id]\nCSeq: 1 {method}\nMax-Forwards: 70\n{BODY_LESS}"
    )


def _body(with_sdp: bool, with_events: bool) -> str:
    if not with_sdp:
        return BODY_LESS
    return SDP if with_events else SDP_WITHOUT_EVENTS


def acknowledge(*, withheld: bool, with_sdp: bool, with_events: bool = True) -> str:
    """The ACK of a 200; it carries our SDP when the INVITE did not."""
    return _in_call("ACK", 1, withheld) + _body(with_sdp, with_events)


def key_info(key: str, *, number: int, withheld: bool) -> str:
    """A key as SIP INFO, the `number`-th (from 0) of the call."""
    body = "Content-Type: application/dtmf-relay\nContent-Length: [len]\n\n"
    return _in_call("INFO", 2 + number, withheld) + body + f"Signal={key}\nDuration=160\n"


def bye(*, withheld: bool) -> str:
    return _in_call("BYE", _BYE_NUMBER, withheld) + BODY_LESS


def _in_call(method: str, sequence: int, withheld: bool) -> str:
    # Not [next_url]: SIPp forgets it when the answer to a CANCEL, which has no Contact, crosses with the call's own.
    return (
        f"{method} {_REMOTE} SIP/2.0\n"
        + _VIA.format(branch="[branch]")
        + _from(withheld)
        + f"To: <{_REMOTE}>[peer_tag_param]\n[routes]\n"
        + f"Call-ID: [call_id]\nCSeq: {sequence} {method}\n{_CONTACT}Max-Forwards: 70\n"
    )


def operator_bye() -> str:
    """The BYE of the called side: From and To change places ($caller, $called were kept from the INVITE)."""
    return (
        "BYE [next_url] SIP/2.0\n"
        + _VIA.format(branch="[branch]")
        + f"From: [$called];tag={OPERATOR_TAG}\nTo: [$caller]\n[routes]\n"
        + f"Call-ID: [call_id]\nCSeq: [cseq] BYE\n{_CONTACT}Max-Forwards: 70\n{BODY_LESS}"
    )


OPERATOR_TAG = "[pid]-robot-[call_number]"


def reply(status: str, *, tag: str = "", body: str = BODY_LESS) -> str:
    """A response to the message that came last. `tag` is added to To where the dialogue has none yet."""
    to_tag = f";tag={tag}" if tag else ""
    return (
        f"SIP/2.0 {status}\n[last_Via:]\n[last_Record-Route:]\n[last_From:]\n[last_To:]{to_tag}\n"
        f"[last_Call-ID:]\n[last_CSeq:]\n{_CONTACT}{body}"
    )


def late_answer() -> str:
    """200 for an INVITE that is not the message that came last ($via, $caller, $called, $number were kept from it)."""
    return (
        f"SIP/2.0 200 OK\nVia: [$via]\nFrom: [$caller]\nTo: [$called];tag={OPERATOR_TAG}\n"
        f"Call-ID: [call_id]\nCSeq: [$number]\n{_CONTACT}{SDP}"
    )


def reply_to_cancelled_invite() -> str:
    """487 for the INVITE, built from the CANCEL, whose Via and number are the same."""
    return (
        f"SIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n[last_To:];tag={OPERATOR_TAG}\n"
        f"[last_Call-ID:]\nCSeq: [cseq] INVITE\n{BODY_LESS}"
    )


def register(contact: str, *, attempt: int, authenticated: bool) -> str:
    """REGISTER of field 0, with the credentials of field 1. `contact` is the whole header value."""
    credentials = "[field1]\n" if authenticated else ""
    return (
        "REGISTER sip:[remote_ip]:[remote_port] SIP/2.0\n"
        + _VIA.format(branch=f"z9hG4bK-register-{attempt}-[pid]-[call_number]")
        + "From: <sip:[field0]@[remote_ip]:[remote_port]>;tag=[pid]-[call_number]\n"
        + "To: <sip:[field0]@[remote_ip]:[remote_port]>\n"
        + f"Call-ID: [call_id]\nCSeq: {attempt} REGISTER\nContact: {contact}\n"
        + f"{credentials}Max-Forwards: 70\nExpires: [field2]\n{BODY_LESS}"
    )


def credentials(user: str, password: str) -> str:
    """What SIPp turns into the header that answers a challenge; it has to stand whole in its field."""
    return f"[authentication username={user} password={password}]"


def own_request(method: str, own_port: int, port: int, call_id: str, number: int) -> bytes:
    """A request of our own to our SIPp."""
    lines = [
        f"{method} sip:robots@{LOOPBACK}:{port} SIP/2.0",
        f"Via: SIP/2.0/UDP {LOOPBACK}:{own_port};branch=z9hG4bK-own-{own_port}-{call_id}",
        f"From: <sip:owner@{LOOPBACK}:{own_port}>;tag=own-{number}",
        f"To: <sip:robots@{LOOPBACK}:{port}>",
        f"Call-ID: {call_id}",
        f"CSeq: {number} {method}",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
