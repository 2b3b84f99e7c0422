"""A text for a caller's ear."""

from __future__ import annotations

from calls.commands import PlayGuidance
from engine.call import Call
from engine.floor import Floor

LONGEST_GUIDANCE_S = 600.0
"""A playback that has not ended by then is taken as ended: no caller may hang on one lost event."""

GOES_ON_AFTER_S = 0.5
"""A text that could not be played is passed over after so long, unless the caller has hung up by then.

Asterisk tells first that the playback failed and then that the caller had hung up in the middle of it: who goes on
at once takes a caller who has gone into the line.
"""


def speak(floor: Floor, call: Call, guidance: str, now: float) -> None:
    """Play a text of the call's project, in the caller's language as of today."""
    call.plays += 1
    call.playback = f"{call.id}.p{call.plays}"
    facts = call.facts
    said = facts.days_texts.said(guidance, call.position.language, call.hours.today(now))
    floor.out.append(
        PlayGuidance(call.leg, call.playback, facts.project, said.guidance, said.language, said.version)
    )
