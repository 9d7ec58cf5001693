"""Parts of pages that were made before, remembered in this process.

A part is a function of its arguments alone: whatever it depends on, such as the viewer's language and today,
is one of them. So none is ever out of date, whatever is stored: a row that was changed is another row. What a
fragment says after a change is mostly what it said before.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import Flask, current_app

A_MIB = 64  # parts of a kind for each MiB of fragments: they then take a tenth of that, about

F = TypeVar("F", bound=Callable[..., Any])


class Parts:
    """The functions that make parts, each as one that remembers what it made last."""

    def __init__(self, room_mib: int) -> None:
        self._room_mib = room_mib
        self._remembering: dict[Callable[..., Any], Callable[..., Any]] = {}

    def of(self, make: Callable[..., Any], a_mib: int) -> Callable[..., Any]:
        """Return a function as one that remembers so many parts for each MiB of room."""
        if make not in self._remembering:
            self._remembering[make] = lru_cache(self._room_mib * a_mib)(make)
        return self._remembering[make]


def init_app(app: Flask, room_mib: int) -> None:
    """Let this process remember as many parts as suit so many MiB of fragments; 0 remembers none."""
    app.extensions["chatpane_parts"] = Parts(room_mib)


def remembering(make: F, a_mib: int = A_MIB) -> F:
    """Return a function that makes parts as one that remembers what it made last.

    Arguments that are equal must look alike: there is no ``True`` beside a ``1``. ``a_mib`` is how many are
    remembered for each MiB of fragments: fewer where they are larger than a row.
    """
    known: Parts = current_app.extensions["chatpane_parts"]
    return cast("F", known.of(make, a_mib))
