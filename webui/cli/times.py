"""How times are written at the command line."""

import re
from datetime import UTC, datetime, timedelta

import click

UNITS = {"s": 1, "m": 60, "h": 3600}


def since_option(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """Read an option as a date (UTC), or so many days ago."""
    if value is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{1,6}d", value):
            return datetime.now(UTC) - timedelta(days=int(value[:-1]))
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("write a date such as 2026-11-23 (UTC), or days such as 7d") from None


def before_option(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Read an option as ``since_option`` does; a time that is yet to come is refused."""
    at = since_option(context, parameter, value)
    if at is not None and at > datetime.now(UTC):
        raise click.BadParameter("write a date that has begun, or days such as 760d")
    return at


def every_option(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """Read an option as a time that passes; return seconds."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", value)
    if found is None:
        raise click.BadParameter("write a time such as 30s, 5m or 1h")
    return int(found[1]) * UNITS[found[2]]
