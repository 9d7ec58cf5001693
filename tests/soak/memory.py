"""How much memory each process holds while time goes by, and whether that grows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from threading import Event, Thread

LOOK_EVERY = 2.0
LEAST_LOOKS = 6  # in the second half of a life, below which a slope says nothing


@dataclass
class Life:
    """A process: its name, its id, and (seconds since the begin, MiB) of each look."""

    name: str
    pid: int
    looks: list[tuple[float, float]] = field(default_factory=list)

    @property
    def slope(self) -> float | None:
        """MiB an hour in the second half of its life; None where that is too short."""
        later = self.looks[len(self.looks) // 2 :]
        if len(later) < LEAST_LOOKS:
            return None
        return linear_regression(*zip(*later, strict=True)).slope * 3_600

    @property
    def peak(self) -> float:
        """The most MiB of all looks."""
        return max(mib for _, mib in self.looks)

    def at(self, share: float) -> float:
        """Return the MiB at a share of its life."""
        return self.looks[round(share * (len(self.looks) - 1))][1]


class Watch(Thread):
    """Looks at every process of the hosts; ``running`` gives the first process of each by its name."""

    def __init__(self, running: Callable[[], Mapping[str, int]], now: Callable[[], float]) -> None:
        super().__init__(daemon=True)
        self._running, self._now, self._over = running, now, Event()
        self._lives: dict[int, Life] = {}

    def run(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        """Look once."""
        for name, pid in self._running().items():
            for one, called in ((pid, name), *((child, f"{name}, worker") for child in children(pid))):
                mib = resident(one)
                if mib is not None:
                    self._lives.setdefault(one, Life(called, one)).looks.append((self._now(), mib))

    def stop(self) -> tuple[Life, ...]:
        """Look no more; return the lives, by name, each name's oldest first."""
        self._over.set()
        if self.is_alive():
            self.join()
        return tuple(sorted(self._lives.values(), key=lambda life: (life.name, life.looks[0])))


def children(pid: int) -> list[int]:
    """Return the children of a process; none where it has gone, or the system does not tell."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> float | None:
    """Return the MiB that a process holds, files apart; None where it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    kept = [line for line in lines if line.startswith("RssAnon:")]
    return int(kept[0].split()[1]) / 1024 if kept else None
