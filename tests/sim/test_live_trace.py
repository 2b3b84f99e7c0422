from __future__ import annotations

import pytest

from sim.live.callers import LoadProgress, progress
from sim.live.trace import CallTrace, Ending, call_traces, read_messages

pytestmark = pytest.mark.unit


def line(at: float, direction: str, call: str, sequence: str, first_line: str) -> str:
    return f"2026-11-20\t10:00:00.000000\t{at}\t{direction}\t{call}\tCSeq:{sequence}\t{first_line}\n"


def traced(*lines: str) -> CallTrace:
    [trace] = call_traces(read_messages(lines)).values()
    return trace


SET_UP = (
    line(10.0, "S", "1-7@127.0.0.1", "1 INVITE", "INVITE sip:0570012229@127.0.0.1:5060 SIP/2.0"),
    line(10.1, "R", "1-7@127.0.0.1", "1 INVITE", "SIP/2.0 100 Trying"),
    line(10.2, "R", "1-7@127.0.0.1", "1 INVITE", "SIP/2.0 180 Ringing"),
)
ANSWERED = (
    *SET_UP,
    line(11.0, "R", "1-7@127.0.0.1", "1 INVITE", "SIP/2.0 200 OK"),
    line(11.0, "S", "1-7@127.0.0.1", "1 ACK", "ACK sip:127.0.0.1:5060 SIP/2.0"),
)


def test_a_call_that_hangs_up_itself() -> None:
    trace = traced(
        *ANSWERED,
        line(14.0, "S", "1-7@127.0.0.1", "2 BYE", "BYE sip:127.0.0.1:5060 SIP/2.0"),
        line(14.1, "R", "1-7@127.0.0.1", "2 BYE", "SIP/2.0 200 OK"),
    )
    assert (trace.invited_at, trace.ringing_at, trace.answered_at, trace.ended_at) == (10.0, 10.2, 11.0, 14.0)
    assert (trace.setup_code, trace.ending, trace.talk_s) == (200, Ending.NEAR_END_HUNG_UP, 3.0)
    assert (trace.called_user, trace.retransmissions) == ("0570012229", 0)


def test_a_call_that_the_far_end_hangs_up() -> None:
    trace = traced(*ANSWERED, line(12.0, "R", "1-7@127.0.0.1", "5 BYE", "BYE sip:robot@127.0.0.1 SIP/2.0"))
    assert (trace.ending, trace.ended_at) == (Ending.FAR_END_HUNG_UP, 12.0)


def test_a_call_that_was_cancelled() -> None:
    trace = traced(
        *SET_UP,
        line(12.0, "S", "1-7@127.0.0.1", "1 CANCEL", "CANCEL sip:0570012229@127.0.0.1:5060 SIP/2.0"),
        line(12.0, "R", "1-7@127.0.0.1", "1 CANCEL", "SIP/2.0 200 OK"),
        line(12.1, "R", "1-7@127.0.0.1", "1 INVITE", "SIP/2.0 487 Request Terminated"),
    )
    assert (trace.setup_code, trace.ending, trace.answered_at) == (487, Ending.CANCELLED, None)


def test_a_call_that_was_refused() -> None:
    trace = traced(*SET_UP, line(10.5, "R", "1-7@127.0.0.1", "1 INVITE", "SIP/2.0 486 Busy Here"))
    assert (trace.setup_code, trace.ending, trace.ended_at) == (486, Ending.REFUSED, 10.5)


@pytest.mark.parametrize("lines", [SET_UP, ANSWERED], ids=["ringing", "talking"])
def test_a_call_that_goes_on(lines: tuple[str, ...]) -> None:
    assert traced(*lines).ending is Ending.UNFINISHED


def test_a_repeated_message_is_a_retransmission() -> None:
    assert traced(SET_UP[0], SET_UP[0], *SET_UP).retransmissions == 2


def test_a_line_that_is_not_whole_yet_is_left_out() -> None:
    assert list(read_messages(["2026-11-20\t10:00:00\t10.0\tS\n", SET_UP[0].rstrip("\n")])) == []


def test_messages_without_an_invite_are_no_call() -> None:
    options = line(1.0, "R", "ready-1", "1 OPTIONS", "OPTIONS sip:ready@127.0.0.1 SIP/2.0")
    assert call_traces(read_messages([options])) == {}


def test_progress_counts_calls_that_started_were_answered_and_ended() -> None:
    refused = [one.replace("1-7@", "2-7@") for one in SET_UP]
    refused.append(line(10.5, "R", "2-7@127.0.0.1", "1 INVITE", "SIP/2.0 486 Busy Here"))
    assert progress(call_traces(read_messages([*ANSWERED, *refused]))) == LoadProgress(2, 1, 1)
