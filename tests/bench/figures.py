"""Figures that have a target: what was measured, and beside what."""

from dataclasses import dataclass
from statistics import median

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """A figure in ``unit``; ``beside`` is what it is compared with, ``target`` says what it should be."""

    what: str
    value: float
    unit: str
    target: str
    beside: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the other."""
        return self.value / self.beside if self.beside else None


def compared(what: str, pairs: list[tuple[float, float]], target: str) -> Figure:
    """Return the medians of (ours, the other's) milliseconds."""
    ours, others = zip(*pairs, strict=True)
    return Figure(what, median(ours), "ms", target, median(others))


def table(title: str, figures: list[Figure]) -> Table:
    """Return the figures as a table."""
    found = Table(title=title)
    found.add_column("what")
    for heading in ("figure", "beside", "ratio", "target"):
        found.add_column(heading, justify="right")
    for one in figures:
        found.add_row(
            one.what,
            f"{one.value:,.1f} {one.unit}",
            "–" if one.beside is None else f"{one.beside:,.1f} {one.unit}",
            "–" if one.ratio is None else f"{one.ratio:.2f}",
            one.target,
        )
    return found
