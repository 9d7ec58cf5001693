"""What goes wrong, as an admin reads it, and how often it is tried again."""

from datetime import UTC, datetime

import pytest

from webui.marketo import failures
from webui.marketo.failures import next_midnight

TYPES = "/rest/v1/activities/types.json"
NEVER, FEW, MANY = 1, 3, 6


@pytest.mark.parametrize(
    ("code", "kind", "attempts"),
    [
        ("502", failures.Unreachable, MANY),
        ("603", failures.AccessDenied, NEVER),
        ("604", failures.TookTooLong, FEW),
        ("606", failures.TooFast, MANY),
        ("607", failures.QuotaUsedUp, NEVER),
        ("608", failures.Unreachable, MANY),
        ("609", failures.Refused, NEVER),
        ("610", failures.NotAvailable, NEVER),
        ("611", failures.Unreachable, FEW),
        ("614", failures.Unreachable, MANY),
        ("615", failures.TooFast, MANY),
        ("616", failures.NotAvailable, NEVER),
        ("699", failures.Unreachable, FEW),
        ("701", failures.Refused, NEVER),
        ("703", failures.NotAvailable, NEVER),
        ("713", failures.Unreachable, MANY),
        ("799", failures.Refused, NEVER),
        ("1003", failures.Refused, NEVER),
        ("1006", failures.Refused, NEVER),
        ("1008", failures.AccessDenied, NEVER),
        ("1018", failures.NotAvailable, NEVER),
        ("1035", failures.NotAvailable, NEVER),
    ],
)
def test_each_code_has_its_kind_and_its_attempts(marketo, connect, code, kind, attempts):
    connection = connect(at_once=1)
    marketo.fail_next("types", code=code, message="Marketo's own words", times=None)

    with pytest.raises(failures.MarketoFailure) as told:
        connection.get(TYPES, {"of": "ann@example.com"})

    assert (type(told.value), told.value.code) == (kind, code)
    assert len(marketo.asked) == attempts


def test_a_failure_says_the_call_the_words_and_the_request_but_no_query(marketo, connection):
    marketo.fail_next("types", code="603", message="Access denied")

    with pytest.raises(failures.AccessDenied) as told:
        connection.get(TYPES, {"of": "ann@example.com"})

    assert str(told.value) == (
        "Marketo denies access to this call (GET /rest/v1/activities/types.json, 603: Access denied). "
        "Give the API-only user's role the read-only permissions for activities, people, companies and "
        "opportunities, and put this server's address on Marketo's allowlist if there is one. "
        f"Request id {told.value.request_id}."
    )


def test_a_failure_does_not_repeat_the_token(marketo, connection):
    connection.get(TYPES)
    marketo.fail_next("types", code="610", message=f"no such thing for {marketo.door.token}\n\x1b[1m!")

    with pytest.raises(failures.NotAvailable) as told:
        connection.get(TYPES)

    assert told.value.message == "no such thing for … [1m!"


@pytest.mark.parametrize("code", ["702", "1004", "1013"])
def test_nothing_found_is_an_empty_answer(marketo, connection, code):
    marketo.fail_next("types", code=code)

    assert connection.get(TYPES).rows == []


@pytest.mark.parametrize("code", ["1003", "701", "704"])
def test_a_refused_paging_token_is_a_stale_cursor(marketo, connection, code):
    marketo.fail_next("activities", code=code, message="Invalid value")

    with pytest.raises(failures.StaleCursor, match="begin again"):
        connection.get("/rest/v1/activities.json", {"nextPageToken": "A===", "activityTypeIds": "1"})


def test_too_many_matches_are_no_stale_cursor(marketo, connection):
    marketo.fail_next("leads", code="1003", message="Too many results match the filter")

    with pytest.raises(failures.TooMany):
        connection.get("/rest/v1/leads.json", {"nextPageToken": "A==="})


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Too many jobs (10) in queue", failures.QueueFull),
        ("Export daily quota 500MB exceeded.", failures.BulkQuotaUsedUp),
        ("Export is already queued", failures.AlreadyQueued),
        ("Something else", failures.Refused),
    ],
)
def test_the_three_meanings_of_1029_are_told_apart_by_the_message(marketo, connection, message, kind):
    marketo.fail_next("export", code="1029", message=message)

    with pytest.raises(kind):
        connection.post("/bulk/v1/activities/export/1/enqueue.json")


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2031-01-15T05:59:59Z", "2031-01-15T06:00:00Z"),
        ("2031-01-15T06:00:00Z", "2031-01-16T06:00:00Z"),
        ("2031-07-15T04:00:00Z", "2031-07-15T05:00:00Z"),
        ("2031-03-09T07:00:00Z", "2031-03-10T05:00:00Z"),  # the night the clocks go forward
        ("2031-11-02T06:00:00Z", "2031-11-03T06:00:00Z"),  # and the one they go back
    ],
)
def test_the_quota_begins_anew_at_midnight_in_chicago(now, midnight):
    assert next_midnight(datetime.fromisoformat(now)) == datetime.fromisoformat(midnight)


def test_a_quota_that_is_used_up_says_until_when(marketo, connection):
    marketo.door.calls_per_day = 1
    connection.get(TYPES)

    with pytest.raises(failures.QuotaUsedUp, match=r"begins anew at .* UTC\.") as told:
        connection.get(TYPES)
    assert told.value.until == next_midnight(datetime.now(UTC))
