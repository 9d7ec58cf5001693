"""Which states of appointments are probably of the same booking: Marketo gives no booking id.

Those of a person in a dialogue follow each other in time, and each "scheduled" begins another booking. One
that is cancelled is the one for the same time, else the latest.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class State(Protocol):
    """A state of an appointment; the time that it is for is aware UTC."""

    @property
    def status(self) -> str | None: ...
    @property
    def scheduled_for(self) -> datetime | None: ...


S = TypeVar("S", bound=State)


def bookings(states: Iterable[S]) -> list[list[S]]:
    """Return a person's states in a dialogue, given oldest first, by booking: the last is how it stands."""
    found: list[list[S]] = []
    for state in states:
        if state.status == "scheduled" or not found:
            found.append([state])
            continue
        same_time = (one for one in reversed(found) if one[-1].scheduled_for == state.scheduled_for)
        latest = found[-1]
        (next(same_time, latest) if state.status == "cancelled" else latest).append(state)
    return found
