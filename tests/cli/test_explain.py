"""``chatpane explain``: by which rule somebody may see something, on the rules that the pages ask."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import refused
from tests.html.conftest import on_one_database
from webui.access import grants
from webui.access.grants import ADMIN, ALL, REP, Grant, Opens
from webui.database import LARGEST_ID, db
from webui.wording import utc

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
SOONER = LATER - timedelta(hours=1)


@pytest.fixture
def company(make_account, make_person, make_opportunity, make_activity):
    """An account with two contacts, one of them a converted lead, and a lead in an opportunity."""
    make_account()
    make_person("00Q1", marketo_id=501)
    make_person("003A", kind="contact", marketo_id=503, account_crm_id="001A")
    make_person("00Q9", marketo_id=509)
    make_person("003B", kind="contact", marketo_id=509, account_crm_id="001A")
    make_opportunity(people=("00Q1",))
    return {"lead": make_activity(), "contact": make_activity(marketo_id=503)}


def keep(viewer, *given):
    """Keep grants of a viewer, each in a browser of its own."""
    for number, (grant, until) in enumerate(given):
        grants.add(f"{viewer} {number}", viewer, grant, until)
    db.session.commit()


def explained(chatpane, viewer, record, **variables):
    """Return the lines of an explanation, after checking verdict against exit code."""
    run = chatpane("explain", "--viewer", viewer, "--record", record, **variables)
    said = run.stdout.splitlines()
    assert (said[0], run.returncode) in (("allowed", 0), ("forbidden", 1)), run.stderr
    return said, run.stderr


def test_each_kept_grant_is_tried_and_named_with_its_end_and_rule(shared, company):
    lead, account = Grant(REP, Opens("leads", "00Q1")), Grant(REP, Opens("accounts", "001A"))
    keep("link:0055", (lead, SOONER), (account, LATER), (account, SOONER))
    keep("link:0056", (lead, SOONER))

    said, _ = explained(shared, "0055", "contacts/003B")

    assert said == [
        "allowed",
        f"allowed: accounts/001A (rep, until {utc(LATER)}) by the rule: a contact of the account",
        f"forbidden: leads/00Q1 (rep, until {utc(SOONER)}): no rule allows contacts/003B",
    ]
    assert explained(shared, "link:0056", "contacts/003B")[0] == ["forbidden", said[2]]


def test_somebody_without_a_grant_is_said_to_have_none(shared, company):
    keep("canvas:00D:0055", (Grant(REP, ALL), LATER - timedelta(days=1)))
    for viewer, name in {"canvas:00D:0055": "canvas:00D:0055", "urn:x:7": "link:urn:x:7"}.items():
        said, _ = explained(shared, viewer, "leads/00Q1")
        assert said == ["forbidden", f"{name} has no grant: never let in, or the sessions are over"]


@on_one_database
@pytest.mark.parametrize(
    ("viewer", "record", "rule"),
    [
        ("leads/00Q1", "leads/00Q1", "the record itself"),
        ("leads/00Q9", "contacts/003B", "the record itself"),
        ("opportunities/006A", "leads/00Q1", "a person with a role in the opportunity"),
        ("all", "global", "opens all"),
        ("admin", "config", "admin"),
        ("all", "config", None),
        ("accounts/001A", "global", None),
        ("contacts/003A", "accounts/001A", None),
    ],
)
def test_a_link_that_nobody_made_yet_is_explained(shared, company, viewer, record, rule):
    said, _ = explained(shared, viewer, record)
    assert said[0] == ("allowed" if rule else "forbidden")
    assert said[1].endswith(f"by the rule: {rule}" if rule else f"no rule allows {record}")


def test_an_activity_is_explained_and_that_the_switch_hides_all(shared, company):
    record = f"activities/{company['contact']}"
    said, notes = explained(shared, "contacts/003B", record)
    assert said[1].endswith("by the rule: an activity of the contact or its account")
    assert notes == ""
    assert shared("switch", "off").returncode == 0
    assert "Enable Dynamic Chat Data is off" in explained(shared, "accounts/001A", record)[1]
    assert explained(shared, "contacts/003B", record, CHATPANE_SHOW_ACCOUNT="0")[0][0] == "forbidden"


def test_what_is_not_there_is_forbidden_to_everyone(shared, company):
    for record in ("leads/nobody", f"activities/{LARGEST_ID}"):
        said, _ = explained(shared, "all", record)
        assert said[0] == "forbidden"
        assert said[1].startswith(f"there is no {record}:")


@on_one_database
def test_a_link_to_what_is_not_there_grants_nothing(shared, company):
    said, _ = explained(shared, "accounts/nobody", "leads/00Q1")
    assert said == ["forbidden", "there is no accounts/nobody: a link that opens it is refused"]


@on_one_database
def test_a_converted_lead_is_said_to_be_the_contact(shared, company):
    said, notes = explained(shared, "accounts/001A", "leads/00Q9")
    assert said[0] == "forbidden"
    assert "leads/00Q9 is contacts/003B now" in notes


@on_one_database
@pytest.mark.parametrize("record", ["all", "people/1", "activities/x", "activities/9223372036854775808"])
def test_what_names_no_record_is_refused(shared, record):
    refused(shared("explain", "--viewer", "all", "--record", record), "leads/<crm_id>", code=2)


@on_one_database
def test_an_admins_grant_opens_the_configuration(shared, company):
    keep("oidc:kim", (Grant(ADMIN, ALL), LATER))
    said, notes = explained(shared, "oidc:kim", "config")
    assert said[1] == f"allowed: all (admin, until {utc(LATER)}) by the rule: admin"
    assert "CHATPANE_EMBED_ADMIN is off" in notes
