"""``chatpane forget``: a person who asks to be erased is in no page, table or file of ours any more."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from tests.cli.conftest import refused
from webui import attention, audit
from webui.access import grants, salesforce_ids
from webui.access.grants import Grant, Opens
from webui.database import db
from webui.ingest import store
from webui.ingest.records import ActivityRecord, Batch, PersonRecord, Rejection, RoleRecord
from webui.models import (
    AccessGrant,
    Activity,
    Base,
    FeedAddress,
    FormerMarketoLead,
    Hidden,
    Rejected,
    Watched,
)

EMAIL = "ann@larkspur.example"


@pytest.fixture
def ann(shared, save, make_person, make_opportunity, make_activity):
    """Ann, a lead who became a contact, known by two Marketo ids; and Bo, whom nobody forgets."""
    make_person("00Q1", email=EMAIL)
    make_person("003A", kind="contact", email=EMAIL, account_crm_id="001A")
    make_person("003A", kind="contact", marketo_id=502)
    make_person(
        "003B", kind="contact", marketo_id=503, first_name="Bo", last_name="Moe", account_crm_id="001A"
    )
    make_opportunity("006A", people=("003A", "003B"))
    make_activity(marketo_id=503)
    db.session.rollback()
    return make_activity(transcript="Ann Lee: it is me", extra={"Nickname": "Annie"})


def counts(run):
    """Return what the command says that it erased."""
    assert run.returncode == 0, run.stderr
    return {name: int(count) for name, _, count in (line.partition(": ") for line in run.stdout.splitlines())}


def everything():
    """Return all that the database holds, as one text."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return "\n".join(repr(row) for table in tables for row in db.session.execute(select(table)))


@pytest.mark.parametrize("person", ["contacts/003A", "leads/00Q1", "003A", "00Q1", EMAIL.upper()])
def test_a_person_is_forgotten_under_every_name_they_have(shared, ann, person):
    said = counts(shared("forget", person, "--yes"))
    assert (said["activities"], said["roles"]) == (1, 1)
    left = everything()
    for word in ("Ann", EMAIL, "Annie", "it is me"):
        assert word not in left
    assert "Moe" in left


def written_to_ann(make_activity):
    """Let others write to Ann and about her, and let her visit a page; all but one page is hers alone."""
    make_activity("Ann Lee asked for an offer", type_key="milestone-moment")
    make_activity("Offer for Ann Lee", type_key="sent-sales-email", dialogue_ref="77")
    make_activity(f"acme.example/?email={EMAIL}", type_key="visited-page")
    for marketo_id in (501, 503):
        make_activity("acme.example/pricing", type_key="visited-page", marketo_id=marketo_id)
    db.session.rollback()


@pytest.mark.parametrize("keeps_first", [False, True])
def test_nothing_is_left_of_what_was_written_to_a_forgotten_person(
    shared, ann, make_activity, delete, keeps_first
):
    written_to_ann(make_activity)
    person = "003A"
    if keeps_first:
        delete(501, 502, keep_activities=True)
        person = "marketo/501"

    assert counts(shared("forget", person, "--yes"))["activities"] == 5

    left = everything().casefold()
    for word in ("ann lee", "offer", EMAIL):
        assert word not in left
    assert "acme.example/pricing" in left


def test_a_subject_that_was_known_with_and_without_marketos_id_is_forgotten_too(shared, ann, make_activity):
    sent = {"guid": "sent", "type_key": "sent-sales-email", "at": "2031-04-02T08:15:30+00:00"}
    for ref in ({"dialogue_ref": "77"}, {}, {"dialogue_ref": "78"}):
        make_activity("Offer for Ann Lee", **sent, **ref)
    db.session.rollback()

    counts(shared("forget", "003A", "--yes"))

    assert "Offer" not in everything()


def test_a_forgotten_person_is_on_nobodys_list_and_keeps_none(shared, ann):
    attention.watch("link:kim", "contacts", "003A")
    attention.hide("link:kim", "leads", "00Q1", 7)
    attention.watch("link:kim", "contacts", "003B")
    attention.watch(f"oidc:{EMAIL}", "contacts", "003B")
    attention.make_address(f"oidc:{EMAIL}", "digest", generation=0, language="en", zone="UTC")
    db.session.rollback()

    assert counts(shared("forget", "003A", "--yes"))["list entries"] == 4
    db.session.rollback()
    kept = select(Watched.viewer, Watched.crm_id)
    assert db.session.execute(kept).all() == [("link:kim", "003B")]
    assert db.session.execute(select(Hidden.crm_id)).all() == []
    assert db.session.execute(select(FeedAddress.viewer)).all() == []


def test_nothing_brings_a_forgotten_person_back(shared, ann, save):
    shared("forget", "003A", "--yes")
    before = everything().count("\n")
    save(
        PersonRecord(kind="lead", crm_id="00Q1", marketo_id=501, first_name="Ann"),
        PersonRecord(kind="contact", crm_id="003A", marketo_id=502, first_name="Ann"),
        RoleRecord(opportunity_crm_id="006A", person_crm_id="003A", role="Buyer", is_primary=False),
        ActivityRecord(
            guid="late", marketo_id=501, at=datetime.now(UTC), type_key="engaged-dialogue", is_flow=False
        ),
    )
    after = everything()
    assert "Ann" not in after
    assert "late" not in after
    assert after.count("\n") <= before + 1  # the sources' count of the day


def test_a_marketo_id_that_was_not_linked_yet_does_not_bring_a_forgotten_person_back(
    shared, ann, save, make_activity
):
    make_activity(marketo_id=777, transcript="Ann Lee: me again")
    shared("forget", "003A", "--yes")
    counted = save(PersonRecord(kind="contact", crm_id="003A", marketo_id=777, first_name="Ann"))
    assert counted["ignored"] == 1
    assert "Ann" not in everything()
    assert db.session.get(FormerMarketoLead, 777).winner_id is None


def test_a_forgotten_persons_row_takes_no_marketo_id_from_another(shared, ann, save):
    shared("forget", "003A", "--yes")
    save(PersonRecord(kind="contact", crm_id="003A", marketo_id=503, first_name="Ann"))
    assert "Moe" in everything()
    assert db.session.get(FormerMarketoLead, 503) is None


def test_the_command_asks_first_and_says_what_it_cannot_reach(shared, ann):
    refused(shared("forget", "003A", stdin="n\n"), "contacts/003A", "Ann Lee")
    assert "Ann" in everything()
    run = shared("forget", "003A", stdin="y\n")
    assert counts(run)["ids kept"] == 4
    assert "Backups" in run.stderr
    assert "bare ids stay" in run.stderr


def test_nobody_is_forgotten_who_is_not_meant_alone(shared, ann, make_person):
    make_person("003A", marketo_id=504, first_name="Cy", last_name="Roe", email=EMAIL)
    for asked in ("003A", EMAIL):
        refused(shared("forget", asked, "--yes"), "contacts/003A\tAnn Lee", "leads/003A\tCy Roe")
    refused(shared("forget", "nobody", "--yes"), "nobody is known as nobody")
    assert "Ann" in everything()


CSV = "marketoGUID,leadId,activityDate,activityTypeId"
BODIES = {
    "her lead id": ("activities", CSV, "g,501,then,1001"),
    "another's, with her number elsewhere": ("activities", CSV, "g,503,501,1001"),
    "her CRM id": ("people", "kind,crm_id", "contact,003A"),
    "an id that hers begins": ("people", "kind,crm_id", "contact,003A9"),
    "her address in a text": ("activities", CSV, f'g,503,then,"wrote from {EMAIL}."'),
    "an address that ends like hers": ("activities", CSV, f"g,503,then,jo{EMAIL}"),
    "a push of hers": ("adobe-io", "", '{"event": {"leadId": 502}}'),
    "a push of another": ("adobe-io", "", '{"event": {"leadId": 503, "id": 501}}'),
    "a push with blanks about her id": ("adobe-io", "", '{"event": {"leadId": " 501"}}'),
    "a push with her id as a fraction": ("adobe-io", "", '{"event": {"leadId": 501.0}}'),
    "her lead id after zeros": ("activities", CSV, "g,0501,then,1001"),
    "a broken row with her id after zeros": ("activities", CSV, 'g,0501,"then,1001'),
    "a lead of hers": ("marketo-leads", "", '{"id": 501}'),
    "a broken row with her id": ("activities", CSV, 'g,501,"then,1001'),
    "another's broken row": ("activities", CSV, 'g,503,"then,1001'),
}


def test_rejected_rows_about_the_person_go_and_others_stay(shared, ann):
    for name, (source, header, body) in BODIES.items():
        rejection = Rejection(line=1, body=body, reason="odd")
        store.save(Batch(source=source, file=name, header=header, rejections=[rejection]))
    said = counts(shared("forget", "003A", "--yes"))
    db.session.rollback()
    left = list(db.session.scalars(select(Rejected.file).order_by(Rejected.id)))
    assert left == [name for name in BODIES if "another" in name or "an id that" in name or "an addr" in name]
    assert said["rejected"] == len(BODIES) - len(left)


def test_the_audit_trail_keeps_its_lines_without_the_name(shared, ann, make_activity):
    other = make_activity(marketo_id=503)
    lines = [
        ("leads/00Q1", "link:rep", None),
        ("/contacts/003A/chat", f"oidc:{EMAIL}", "no rule allows contacts/003A"),
        (f"activities/{ann}", "link:rep", None),
        (f"/chat/activities/{ann}", "link:rep", None),
        (f"activities/{other}", "link:rep", "there is no contacts/003A9"),
        ("contacts/003B", "link:rep", None),
    ]
    for what, viewer, why in lines:
        audit.note(audit.OPENED, what, viewer=viewer, why=why)
    db.session.commit()
    times = [line.at for line in audit.entries()]

    said = counts(shared("forget", "003A", "--yes"))

    db.session.rollback()
    kept = list(audit.entries())
    assert said["audit entries"] == 4
    assert [line.at for line in kept] == times
    assert [(line.what, line.viewer, line.why) for line in reversed(kept)][-len(lines) :] == [
        ("leads/(forgotten)", "link:rep", None),
        ("/contacts/(forgotten)/chat", "oidc:(forgotten)", "no rule allows contacts/(forgotten)"),
        ("activities/(forgotten)", "link:rep", None),
        ("/chat/activities/(forgotten)", "link:rep", None),
        *lines[4:],
    ]


def test_who_was_let_in_to_the_persons_record_is_let_in_no_more(shared, ann):
    until = datetime.now(UTC) + timedelta(hours=1)
    for session, viewer, opens in (
        ("a", "link:rep", Opens("leads", "00Q1")),
        ("b", "link:rep", Opens("contacts", "003A")),
        ("c", f"oidc:{EMAIL}", Opens("accounts", "001A")),
        ("d", "link:rep", Opens("contacts", "003B")),
    ):
        grants.add(session, viewer, Grant("rep", opens), until)
    db.session.commit()
    assert counts(shared("forget", "003A", "--yes"))["grants"] == 3
    db.session.rollback()
    assert list(db.session.scalars(select(AccessGrant.crm_id))) == ["003B"]


@pytest.mark.parametrize("form", [0, 1])
def test_neither_form_of_a_salesforce_id_stays_in_the_trail_and_the_grants(
    shared, bare_app, make_person, form
):
    make_person(salesforce_ids.long_form("0035f00000AbCdE"), kind="contact")
    opened = salesforce_ids.forms("0035f00000AbCdE")[form]
    audit.note(audit.OPENED, f"contacts/{opened}", viewer="link:rep")
    until = datetime.now(UTC) + timedelta(hours=1)
    grants.add("a", "link:rep", Grant("rep", Opens("contacts", opened)), until)
    db.session.commit()
    said = counts(shared("forget", "contacts/0035f00000AbCdE", "--yes"))
    assert (said["grants"], said["audit entries"]) == (1, 1)


def test_somebody_deleted_earlier_is_forgotten_where_the_id_still_stands(shared, ann, delete):
    audit.note(audit.OPENED, "contacts/003A", viewer="link:rep")
    db.session.commit()
    delete(501, 502)
    run = shared("forget", "contacts/003A", "--yes")
    assert counts(run)["audit entries"] == 1


def test_what_was_kept_of_a_deleted_marketo_id_is_forgotten_by_that_id(shared, ann, delete):
    delete(501, 502, keep_activities=True)
    assert counts(shared("forget", "marketo/501", "--yes"))["activities"] == 1
    db.session.rollback()
    assert db.session.get(Activity, ann) is None


def test_a_marketo_id_whose_person_is_there_is_not_erased_by_it(shared, ann):
    refused(shared("forget", "marketo/503", "--yes"), "nobody is known as marketo/503")


def test_the_databases_file_holds_nothing_of_a_forgotten_person(shared, ann, settings, make_activity):
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "")
    written_to_ann(make_activity)
    db.session.remove()
    db.engine.dispose()

    run = shared("forget", "003A", "--yes")

    assert "stay readable" not in run.stderr
    # Another process reads the files: this one, closing them, would take SQLite's locks away from itself.
    files = sorted(path.parent.glob(path.name + "*"))
    held = subprocess.run(["cat", *files], capture_output=True, check=True).stdout
    assert b"Bo Moe" in held
    assert b"Ann Lee" not in held
    assert b"ann lee" not in held
    assert EMAIL.encode() not in held
