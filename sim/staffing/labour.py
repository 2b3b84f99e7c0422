"""What Japan's Labour Standards Act (労働基準法) says of a shift. All times in minutes."""

from __future__ import annotations

MOST_A_DAY = 8 * 60
"""Article 32 (2): at most eight hours of work a day, breaks not counted."""
MOST_A_WEEK_H = 40.0
"""Article 32 (1): at most forty hours of work a week."""
MOST_DAYS = 6
"""Article 35: at least one day off a week."""
EDGE = 60
"""Article 34: a break lies within the work. Here: neither in its first hour nor in its last one."""


def least_break(work: int) -> int:
    """Article 34: more than six hours of work need 45 minutes of breaks, more than eight hours need 60."""
    if work > 8 * 60:
        return 60
    return 45 if work > 6 * 60 else 0


def usual_break(presence: int) -> int:
    """The shortest lawful break of somebody who is there so long, from coming to leaving."""
    return next(pause for pause in (0, 45, 60) if pause >= least_break(presence - pause))


def unlawful(presence: int, breaks: int) -> str:
    """What the Act has against a shift of such a length with so many minutes of breaks; "" where nothing."""
    work = presence - breaks
    if breaks < least_break(work):
        needed = least_break(work)
        return (
            f"{_told(work)} of work need at least {needed} minutes of breaks (Labour Standards Act, art. 34)"
        )
    if work > MOST_A_DAY:
        return f"{_told(work)} of work are more than 8 hours a day (Labour Standards Act, art. 32)"
    return ""


def _told(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes % 60 else f"{minutes // 60} h"
