"""What the vocabulary says of each thing: a status, a type of activity, a family of types."""

from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

Labels = MappingProxyType[str, str]

LANGUAGES = ("en", "ja")
NONE: Labels = MappingProxyType({})


def labels_of(en: str, ja: str) -> Labels:
    """Return the labels of one thing."""
    return MappingProxyType({"en": en, "ja": ja})


def told_by(attributes: Labels, fields: tuple[str, ...]) -> Labels:
    """Return those of the attributes that tell one of these fields; others are shown by Marketo's names."""
    return MappingProxyType({name: field for name, field in attributes.items() if field in fields})


@dataclass(frozen=True)
class Status:
    """A value of a status attribute: its key, its labels and other spellings that mean it."""

    key: str
    labels: Labels
    tone: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ActivityType:
    """A type of activity.

    ``fields`` are keys of ``FIELDS``, in the order of the detail; ``optional`` ones show only when known.
    ``names`` are Marketo's names, ``classic_id`` its id where that is the same in every subscription.

    Attributes are named in lower case, without blanks: ``status_attribute`` holds the status, ``about`` what
    the activity is about, before its primary value (``is_about_primary`` says whether that tells it at all);
    ``told`` says which field of the detail each other one is. ``kinds`` are the types that the primary value
    tells apart, where Marketo has one type for several.
    """

    key: str
    family: str
    labels: Labels
    fields: tuple[str, ...]
    statuses: tuple[Status, ...]
    icon: str
    listed_globally: bool
    names: tuple[str, ...]
    status_attribute: str | None = None
    has_transcript: bool = False
    optional: frozenset[str] = frozenset()
    classic_id: int | None = None
    about: tuple[str, ...] = ()
    is_about_primary: bool = True
    told: Labels = field(default_factory=lambda: NONE)
    kinds: Labels = field(default_factory=lambda: NONE)

    def status(self, text: str) -> Status | None:
        """Return the status that ``text`` spells, whatever its case; None if the type has no such one."""
        return self._by_spelling.get(text.strip().casefold())

    @cached_property
    def _by_spelling(self) -> dict[str, Status]:
        return {spelling: one for one in self.statuses for spelling in (one.key, *one.spellings)}

    def rank(self, status: str | None) -> int:
        """Return how far along ``status`` is, -1 for none: a later one replaces an earlier one."""
        return next((place for place, one in enumerate(self.statuses) if one.key == status), -1)


@dataclass(frozen=True)
class Family:
    """A family of activities: a tab of each panel, and a row of the dashboard's grid.

    ``columns`` are those between the name and the date; ``about`` is the one that says what an activity is
    about, ``choice`` the parameter that filters by it (None: too many to choose from). ``is_global`` says
    whether the global tab has a tab of it.
    """

    key: str
    labels: Labels
    icon: str
    columns: tuple[str, ...]
    about: str
    choice: str | None
    is_global: bool

    @cached_property
    def person_columns(self) -> tuple[str, ...]:
        """The columns of the panel of a lead or contact."""
        return (*self.columns, "date")

    @cached_property
    def group_columns(self) -> tuple[str, ...]:
        """The columns of the panel of an account or opportunity."""
        return ("name", *self.columns, "date")

    @cached_property
    def global_columns(self) -> tuple[str, ...]:
        """The columns of the global tab."""
        return ("person", "account", *self.columns, "date")
