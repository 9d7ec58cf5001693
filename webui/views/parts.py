"""Parts of pages that were made before, remembered in this process.

A part is a function of its arguments alone: whatever it depends on, such as the viewer's language and today,
is one of them. So none is ever out of date, whatever is stored: a row that was changed is another row. What a
fragment says after a change is mostly what it said before.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask import Flask, current_app

A_MIB = 64  # parts of a kind for each MiB of fragments

F = TypeVar("F", bound=Callable[..., Any])


class Parts(dict[Callable[..., Any], Callable[..., Any]]):
    """The functions that make parts, each as one that remembers the last ``most`` it made."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __missing__(self, make: Callable[..., Any]) -> Callable[..., Any]:
        return self.setdefault(make, lru_cache(self._most)(make))


def init_app(app: Flask, room_mib: int) -> None:
    """Let this process remember as many parts as suit so many MiB of fragments; 0 remembers none."""
    app.extensions["chatpane_parts"] = Parts(room_mib * A_MIB)


def remembering(make: F) -> F:
    """Return a function that makes parts as one that remembers what it made last.

    Arguments that are equal must look alike: there is no ``True`` beside a ``1``.
    """
    return cast("F", current_app.extensions["chatpane_parts"][make])
