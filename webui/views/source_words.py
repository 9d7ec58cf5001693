"""What the configuration tab says of each source and of each activity type of Marketo."""

from dataclasses import dataclass

from flask_babel import gettext

from webui.config import PREFIX, Settings
from webui.feeds import health
from webui.feeds.health import FAILING, GOOD, LATE, OFF, PAUSED, WAITING, SourceHealth
from webui.ingest import activity_types
from webui.ingest.activity_types import NONE, Choice
from webui.vocabulary import CHAT, OTHERS, TYPES, ActivityType, Family
from webui.wording import family_label, label

TONES = {OFF: "quiet", WAITING: "open", GOOD: "good", LATE: "late", PAUSED: "late", FAILING: "bad"}
HOOKS = {"adobe-io": "/hooks/adobe-io", "marketo-activities": "/hooks/marketo-activities"}
CONNECTS = {"adobe-io": "adobe_client_id", "marketo-activities": "marketo_push_token"}


@dataclass(frozen=True)
class Source:
    """A source in words.

    ``missing`` are the variables that would connect it, ``hook`` the address to register where it comes from.
    """

    health: SourceHealth
    state: str
    tone: str
    missing: tuple[str, ...]
    hook: str | None
    counts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Types:
    """Marketo's activity types that may be ours.

    ``options`` are (value, words) of what one can be taken for: those of no family, then each family's under
    its label.
    """

    choices: list[Choice]
    unresolved: list[ActivityType]
    options: tuple[tuple[str | None, tuple[tuple[str, str], ...]], ...]


def sources(settings: Settings) -> tuple[Source, ...]:
    """Return every source, worded for the viewer."""
    words = {
        OFF: gettext("not configured"),
        WAITING: gettext("waiting for the first delivery"),
        GOOD: gettext("in order"),
        LATE: gettext("late"),
        PAUSED: gettext("paused"),
        FAILING: gettext("failing"),
    }
    return tuple(
        Source(
            health=one,
            state=words[one.state],
            tone=TONES[one.state],
            missing=_missing(one.source, settings),
            hook=_hook(one.source, settings),
            counts=_counts(one),
        )
        for one in health.sources(settings)
    )


def types(settings: Settings) -> Types:
    """Return the activity types that Marketo named and that may be ours."""
    known = settings.activity_types
    plain = (("", gettext("by its name")), (NONE, gettext("not shown")))
    of_families = tuple((family_label(one.key), _options(one)) for one in (CHAT, *OTHERS))
    options = ((None, plain), *of_families)
    return Types(activity_types.choices(known), activity_types.unresolved(known), options)


def _options(family: Family) -> tuple[tuple[str, str], ...]:
    """Return what of a family a type of Marketo's can be; Marketo has flows of Chat's types alone.

    A kind that its primary value tells apart is no type of Marketo's.
    """
    kinds = {kind for one in TYPES for kind in one.kinds.values()}
    found = []
    for one in TYPES:
        if one.family != family.key or one.key in kinds:
            continue
        name = label(one.labels)
        found.append((one.key, name))
        if family is CHAT:
            found.append((f"{one.key}:flow", gettext("%(type)s, in a conversational flow", type=name)))
    return tuple(found)


def _missing(source: str, settings: Settings) -> tuple[str, ...]:
    if source == "marketo-rest":
        return tuple(settings.missing_for_rest())
    needed = CONNECTS.get(source)
    return (PREFIX + needed.upper(),) if needed and not getattr(settings, needed) else ()


def _hook(source: str, settings: Settings) -> str | None:
    path = HOOKS.get(source)
    return settings.public_url + path if path else None


def _counts(one: SourceHealth) -> tuple[tuple[str, str, int], ...]:
    """Return (fate, words, how many) of the day; the rare fates only when there were some."""
    words = {
        "read": gettext("read"),
        "added": gettext("added"),
        "updated": gettext("updated"),
        "unchanged": gettext("unchanged"),
        "ignored": gettext("ignored"),
        "rejected": gettext("rejected"),
        "foreign": gettext("meant for others"),
        "unpaired": gettext("not paired"),
    }
    return tuple(
        (fate, said, one.today[fate])
        for fate, said in words.items()
        if fate not in health.RARE or one.today[fate]
    )
