"""``chatpane audit``: the trail as scripts read it, newest first, uncut, and never changed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import refused
from webui.models import AuditEntry

NOW = datetime.now(UTC).replace(microsecond=0)
TRAIL = [
    ("opened", "link:0055", "leads/00Q1", None, "10.0.0.1", NOW - timedelta(days=20)),
    ("opened", "link:0055", "leads/00q1", None, "10.0.0.1", NOW - timedelta(days=9)),
    ("refused", None, "/leads/00Q1\x1b[2J\tx\n\u202e", "no session", "10.0.0.2", NOW - timedelta(days=3)),
    ("refused", "link:0056", "/leads/" + "x" * 390, "no rule allows …", "2001:db8::7", NOW),
    ("entered", "link:0056", "leads/00_1", "link, 佐藤", "10.0.0.3", NOW),
]


@pytest.fixture
def trail(shared):
    """The command on a database with this trail; what was done to prepare it is ten years old."""
    table = AuditEntry.__table__
    names = ("action", "viewer", "what", "why", "address", "at")
    with shared.database() as connection:
        connection.execute(table.delete())
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in TRAIL])
    return shared


def lines(run):
    """Return the cells of each line of a run."""
    assert run.returncode == 0, run.stderr
    return [line.split("\t") for line in run.stdout.split("\n")[:-1]]


def asked(chatpane, *options):
    """Return the records and paths that are listed."""
    return [line[3] for line in lines(chatpane("audit", *options))]


def test_the_trail_is_listed_newest_first_uncut_and_safe_to_show(trail):
    told = lines(trail("audit"))
    assert [line[1] for line in told] == ["entered", "refused", "refused", "opened", "opened"]
    assert told[0] == [
        NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "entered",
        "link:0056",
        "leads/00_1",
        "link, 佐藤",
        "10.0.0.3",
    ]
    assert told[1][3] == TRAIL[3][2]
    assert told[2][2:] == ["", "/leads/00Q1 [2J x", "no session", "10.0.0.2"]


def test_the_trail_is_narrowed_by_each_option(trail):
    opened = [TRAIL[1][2], TRAIL[0][2]]
    assert asked(trail, "--viewer", "link:0055") == opened
    assert asked(trail, "--action", "opened") == opened
    assert asked(trail, "--limit", "1") == ["leads/00_1"]
    assert len(asked(trail, "--since", "7d")) == 3
    assert len(asked(trail, "--since", (NOW - timedelta(days=10)).date().isoformat())) == 4
    assert len(asked(trail, "--since", NOW.isoformat())) == 2
    assert asked(trail, "--viewer", "link:0055", "--action", "refused") == []


def test_the_start_of_a_record_is_taken_as_it_is_written(trail):
    assert asked(trail, "--what", "leads/00Q1") == ["leads/00Q1"]
    assert asked(trail, "--what", "leads/00_") == ["leads/00_1"]
    assert asked(trail, "--what", "leads/%") == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--since", "yesterday"], "2026-11-23"),
        (["--since", "999999d"], "7d"),
        (["--action", "deleted"], "'refused'"),
        (["--limit", "0"], "x>=1"),
    ],
)
def test_options_that_cannot_be_used_name_their_form(chatpane, options, word):
    refused(chatpane("audit", *options), word, code=2)
