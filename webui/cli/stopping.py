"""Ending a command that runs for long, when the operator says so and never amid the database's work.

An exception that a signal's handler raises may come out anywhere, inside of a database driver too, which
is left in disorder then. So the handler takes a note, and raises only while the command waits or asks
Marketo, where it spends its time.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from webui.config import Settings
from webui.marketo.connection import Connection
from webui.marketo.pace import Limiter

T = TypeVar("T")


class Stopped(BaseException):
    """The operator wants the command to end: what is not stored whole is not stored."""


class Stop:
    """Whether the command is to end, by SIGTERM or SIGINT from now on."""

    def __init__(self) -> None:
        self._is_asked = self._may_raise = False
        signal.signal(signal.SIGTERM, self._note)
        signal.signal(signal.SIGINT, self._note)

    @contextmanager
    def ends_here(self) -> Iterator[None]:
        """Let Stopped be raised at any point of the block, at once where the end was asked for before."""
        might, self._may_raise = self._may_raise, True
        try:
            if self._is_asked:
                raise Stopped
            yield
        finally:
            self._may_raise = might

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped."""
        with self.ends_here():
            time.sleep(seconds)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked = True
        if self._may_raise:
            raise Stopped


class EndingConnection(Connection):
    """A connection whose calls and waits raise Stopped."""

    def __init__(self, settings: Settings, limiter: Limiter, stop: Stop) -> None:
        super().__init__(settings, limiter=limiter)
        self._stop = stop

    def pause(self, seconds: float) -> None:
        """Wait; raises Stopped."""
        with self._stop.ends_here():
            super().pause(seconds)

    def repeat(self, call: str, once: Callable[[str], T]) -> T:
        """Make a call as ``Connection`` does; raises Stopped, too."""
        with self._stop.ends_here():
            return super().repeat(call, once)
