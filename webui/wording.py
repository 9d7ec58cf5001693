"""Labels, dates and numbers in the viewer's language and time zone.

A request says once, with ``use``, whom it words for; the filters below read that. Dates are worded by
Babel, a day at a time and remembered, for a page of rows has many times and few days.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Domain, gettext
from jinja2 import pass_context
from jinja2.runtime import Context

from webui.vocabulary import BY_KEY, COLUMNS, FAMILY, FIELDS, PANELS, PARTS, SOURCES, Labels


class Words(NamedTuple):
    """For whom a request is worded: a language of ``vocabulary.LANGUAGES`` and a time zone."""

    language: str
    zone: ZoneInfo


class _Catalogue(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The translations into one language, found once: Flask-Babel settles the language with each text."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._found = Translations.load(self.translation_directories[0], [language])

    def get_translations(self) -> NullTranslations:
        """Return the translations."""
        return self._found


@cache
def _catalogue(language: str) -> _Catalogue:
    return _Catalogue(language)


def use(language: str, zone: ZoneInfo) -> None:
    """Word the rest of this request in ``language``, with times of ``zone``."""
    g.words = Words(language, zone)
    _catalogue(language).as_default()


def words() -> Words:
    """Return for whom this request is worded; English and UTC until ``use`` says otherwise."""
    found: Words = g.get("words") or Words("en", ZoneInfo("UTC"))
    return found


def label(labels: Labels) -> str:
    """Return the label in the viewer's language."""
    return labels[words().language]


def type_label(key: str) -> str:
    """Return what an activity type is called."""
    return label(BY_KEY[key].labels)


def status_label(status: str, type_key: str) -> str:
    """Return what a status of a type is called."""
    found = BY_KEY[type_key].status(status)
    return label(found.labels) if found else status


def status_tone(status: str, type_key: str) -> str:
    """Return the tone of a status: good, open, quiet or bad."""
    found = BY_KEY[type_key].status(status)
    return found.tone if found else "quiet"


def column_label(key: str, columns: Sequence[str] = ()) -> str:
    """Return a column's heading; among the global tab's columns the date says its time too."""
    return label(COLUMNS["date-and-time" if key == "date" and "account" in columns else key])


def field_label(key: str) -> str:
    """Return what a field of the detail is called."""
    return label(FIELDS[key])


def family_label(key: str) -> str:
    """Return what a family of activities is called."""
    return label(FAMILY[key].labels)


def family_icon(key: str) -> str:
    """Return the name of a family's icon in the sprite."""
    return FAMILY[key].icon


def family_of(type_key: str) -> str:
    """Return the key of the family that a type belongs to."""
    return BY_KEY[type_key].family


def panel_label(panel: str, *, plural: bool = False) -> str:
    """Return what the records of a panel are called: ``leads`` is Lead, or Leads."""
    return label(PANELS[panel][plural])


def part_label(key: str) -> str:
    """Return what a part of the dashboard is called."""
    return label(PARTS[key])


def source_label(source: str) -> str:
    """Return what a source of activities is called."""
    if source in SOURCES:
        return label(SOURCES[source])
    return gettext("a bulk activity extract") if source == "activities" else source


def change_label(what: str) -> str:
    """Return what a line of the configuration's history is about."""
    names = {
        "switch": gettext("Enable Dynamic Chat Data"),
        "package-version": gettext("Sales Insight package version"),
        "api-secret-key": gettext("API Secret Key"),
        "allowed-origins": gettext("Allowed origins"),
        "activity-types": gettext("Activity types"),
        "panel-tabs": gettext("Tabs of the panels"),
        "global-tabs": gettext("Tabs of the global tab"),
        "families": gettext("Activities that are taken in"),
        "kept-days": gettext("How long activities are kept"),
        "hidden-days": gettext("How long a person stays hidden"),
        "reset": gettext("Reset"),
    }
    return names.get(what, what)


def position_label(value: str | None) -> str:
    """Return a value of the configuration's history in words, nothing as a dash."""
    known = {"on": gettext("on"), "off": gettext("off"), "set": gettext("filled in")}
    return known.get(value or "", value or "–")


def icon(type_key: str) -> str:
    """Return the name of a type's icon in the sprite."""
    return BY_KEY[type_key].icon


def utc(at: datetime) -> str:
    """Write a time for machines: RFC 3339, UTC, to the second."""
    return f"{(at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()[:19]}Z"


def local_day(at: datetime) -> date:
    """Return the day of a time in the viewer's zone."""
    return at.astimezone(words().zone).date()


def day_start(day: date) -> datetime:
    """Return when a day begins in the viewer's zone; aware UTC."""
    return datetime.combine(day, time(), words().zone).astimezone(UTC)


def today() -> date:
    """Return the viewer's today."""
    return local_day(datetime.now(UTC))


class Moment(NamedTuple):
    """A time in words: the viewer's day, for machines, in full, and as people say it."""

    day: date
    utc: str
    full: str
    said: str


_CLOCK = "\0"


def moment(at: datetime) -> Moment:
    """Return a time in words."""
    return moment_for(at, words(), today())


def moment_for(at: datetime, viewer: Words, now: date) -> Moment:
    """Return a time in words for a viewer whose today is ``now``, and whom this request is worded for."""
    local = at.astimezone(viewer.zone)
    day, clock = local.date(), f"{local.hour:02}:{local.minute:02}"
    full, said = _day_words(day, viewer.language, viewer.zone.key, now)
    return Moment(day, utc(at), full.replace(_CLOCK, clock), said.replace(_CLOCK, clock))


@lru_cache(maxsize=4_000)
def _day_words(day: date, language: str, zone_key: str, now: date) -> tuple[str, str]:
    """Return a day in words, in full and as said, with room for the clock."""
    full = f"{_full_day(day, language)}{' ' if language == 'ja' else ', '}{_CLOCK} ({zone_key})"
    return full, _said(day, _CLOCK, now, language)


def _said(day: date, clock: str, now: date, language: str) -> str:
    days = (day - now).days
    if days == 0:
        return gettext("today %(time)s", time=clock)
    if days == -1:
        return gettext("yesterday %(time)s", time=clock)
    if days == 1:
        return gettext("tomorrow %(time)s", time=clock)
    said = _short_day(day, language, day.year != now.year)
    return f"{said} {clock}" if language == "ja" else f"{said}, {clock}"


def when(at: datetime) -> str:
    """Write day and time as people say them: ``today 14:05``, ``Nov 21, 14:05``, and a year not this one."""
    return moment(at).said


def when_in_full(at: datetime) -> str:
    """Write day, time and zone in full: ``Monday, November 23, 2026, 14:05 (Asia/Tokyo)``."""
    return moment(at).full


def day_heading(day: date) -> str:
    """Write a day as the heading of its rows: today, yesterday, or the weekday and date."""
    if day == today():
        return gettext("Today")
    if day == today() - timedelta(days=1):
        return gettext("Yesterday")
    return _heading_day(day, words().language, day.year != today().year)


def short_day(day: date) -> str:
    """Write a day briefly: ``Nov 23``."""
    return _short_day(day, words().language, day.year != today().year)


def week_heading(week: date) -> str:
    """Write a week's Monday as briefly as the heads of narrow columns need: ``Nov 23``, ``11/23``."""
    return f"{week.month}/{week.day}" if words().language == "ja" else _short_day(week, "en", False)


def full_day(day: date) -> str:
    """Write a day in full: ``Monday, November 23, 2026``."""
    return _full_day(day, words().language)


def duration(length: timedelta) -> str:
    """Write how long something is, roughly: ``12 minutes``."""
    return format_timedelta(length, granularity="minute", locale=words().language)


def number(value: int) -> str:
    """Write a number with its separators, which each language has from a thousand on."""
    return str(value) if 0 <= value < 1_000 else _number(value, words().language)


def enumeration(parts: Iterable[str]) -> str:
    """Write several things one after another, as the language does."""
    return ("、" if words().language == "ja" else ", ").join(parts)


def change(value: int) -> str:
    """Write by how much something changed, with its sign: ``+5``, ``−10``."""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{number(abs(value))}"


@lru_cache(maxsize=4_000)
def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=language))


@lru_cache(maxsize=4_000)
def _short_day(day: date, language: str, with_year: bool) -> str:
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=language)


@lru_cache(maxsize=4_000)
def _heading_day(day: date, language: str, with_year: bool) -> str:
    return format_skeleton("yMMMEd" if with_year else "MMMEd", day, locale=language)


def person_name(row: Any) -> str:
    """Return whose a row of a list or a detail is, in words where the person was deleted."""
    return gettext("Deleted person") if row.person_crm_id is None else row.person_name


@lru_cache(maxsize=4_000)
def _full_day(day: date, language: str) -> str:
    return format_date(day, "full", locale=language)


def _asked_each_time(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Keep Jinja from folding a filter of a constant into the template, in the first viewer's language."""

    @pass_context
    def asked(_context: Context, *arguments: Any, **options: Any) -> Any:
        return filter_(*arguments, **options)

    return asked


def init_app(app: Flask) -> None:
    """Give the templates the filters."""
    filters: tuple[Any, ...] = (
        type_label,
        status_label,
        status_tone,
        column_label,
        field_label,
        family_label,
        family_icon,
        family_of,
        panel_label,
        part_label,
        source_label,
        change_label,
        position_label,
        icon,
        utc,
        when,
        when_in_full,
        day_heading,
        week_heading,
        full_day,
        duration,
        number,
        change,
        person_name,
    )
    for one in filters:
        app.add_template_filter(_asked_each_time(one), one.__name__)
    app.add_template_global(words)
