"""Moments, visits, e-mails and scores as Marketo tells them: by extract, by REST and pushed, all alike."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from tests.conftest import batch_of
from tests.ingest.files import chat_row, write_types
from tests.servers.adobe import CLIENT_ID, chat_event
from webui import family_settings
from webui.database import db
from webui.ingest import activity_types, adobe_io, marketo_push, marketo_rest, store
from webui.ingest.activity_types import CLASSIC
from webui.ingest.adobe_io import Us
from webui.ingest.attributes import activity, moment
from webui.ingest.records import ActivityRecord
from webui.ingest.type_names import resolve, words_of
from webui.models import Dialogue, InstallationWeek
from webui.vocabulary import BY_KEY, FAMILY, TYPES

US = Us(CLIENT_ID, "123-ABC-456")
AT = "2031-04-02T08:15:30Z"
VISIT, FORM, LINK = 1, 2, 3
SENT, DELIVERED, BOUNCED, OPENED, CLICKED, SOFT_BOUNCED = 6, 7, 8, 10, 11, 27
SCORE, SALES_SENT, SALES_BOUNCED, MOMENT = 22, 39, 48, 46


def row(type_id, attributes=None, primary="null", **cells):
    """Return a row of an extract."""
    return chat_row(
        attributes, activityTypeId=str(type_id), primaryAttributeValue=primary, **{**NO_REF, **cells}
    )


NO_REF = {"primaryAttributeValueId": "null"}


@pytest.fixture
def by_extract(chats):
    """Take in one activity as a row of an extract; return what is stored of it."""

    def take(type_id, attributes, primary):
        return chats(row(type_id, attributes, primary or "null"))[0]

    return take


@pytest.fixture
def by_rest(bare_app, stored):
    """The same as an item of the REST API; None where nothing is stored."""

    def take(type_id, attributes, primary):
        save_item(type_id, attributes, primary)
        return stored().get("g1")

    return take


def save_item(type_id, attributes, primary):
    """Store an item of the REST API; return the counts."""
    item = {
        "marketoGUID": "g1",
        "leadId": 501,
        "activityDate": AT,
        "activityTypeId": type_id,
        "attributes": listed(attributes),
    }
    if primary is not None:
        item["primaryAttributeValue"] = primary
    return store.save(marketo_rest.batch_of([json.dumps(item).encode()], activity_types.load({})))


@pytest.fixture
def by_event(bare_app, stored):
    """The same as an event of Adobe I/O, which names its type."""

    def take(type_id, attributes, primary):
        name = CLASSIC[type_id].names[0]
        event = chat_event(name, type_id, primaryAttributeValue=primary, attributes=listed(attributes))
        store.save(adobe_io.parse(json.dumps([event]).encode(), activity_types.load({}), US))
        return next(iter(stored().values()), None)

    return take


@pytest.fixture
def by_push(bare_app, stored):
    """The same as Marketo's activity push sends it."""

    def take(type_id, attributes, primary):
        data = chat_event(CLASSIC[type_id].names[0], type_id, leadId=501)["data"]
        data |= {"marketoGUID": "g1", "primaryAttributeValue": primary, "attributes": listed(attributes)}
        body = json.dumps({"munchkinId": "123-ABC-456", "activities": [data]}).encode()
        store.save(marketo_push.parse(body, activity_types.load({}), "123-ABC-456"))
        return stored().get("g1")

    return take


def listed(attributes):
    """Write attributes as a list of names and values."""
    return [{"name": name, "value": value} for name, value in attributes.items()]


@pytest.fixture(params=["extract", "rest", "event", "push"])
def taken(request, by_extract, by_rest, by_event, by_push):
    """Take in one activity by each way in turn."""
    return {"extract": by_extract, "rest": by_rest, "event": by_event, "push": by_push}[request.param]


# The same by each way


def test_a_visit_tells_its_page_and_how_the_visitor_came(taken):
    found = taken(
        VISIT,
        {
            "Webpage URL": "/pricing",
            "Referrer URL": "https://search.example/?q=docks",
            "Query Parameters": "utm_source=mail",
            "Search Engine": "Example",
            "Search Query": "docks",
            "User Agent": "Mozilla/5.0",
            "Client IP Address": "192.0.2.66",
        },
        "acme.example/pricing",
    )
    assert (found.family, found.type_key, found.dialogue) == ("web", "visited-page", "acme.example/pricing")
    assert found.page_url == "/pricing"
    assert found.told == {
        "referrer": "https://search.example/?q=docks",
        "query": "utm_source=mail",
        "search-engine": "Example",
        "search-words": "docks",
        "user-agent": "Mozilla/5.0",
    }


def test_the_address_of_a_visitors_machine_is_not_kept(taken):
    found = taken(VISIT, {"Client IP Address": "192.0.2.66", "client_ip_address": "192.0.2.67"}, "/")
    assert "192.0.2" not in str(vars(found))


def test_a_changed_score_tells_by_how_much_to_what_and_why(taken):
    found = taken(
        SCORE,
        {"Change Value": "+5", "Old Value": 10, "New Value": 15, "Reason": "Filled out a form"},
        "Lead Score",
    )
    assert (found.type_key, found.dialogue) == ("changed-score", "Lead Score")
    assert (found.score_change, found.new_score) == (5, 15)
    assert found.told == {"old-score": "10", "reason": "Filled out a form"}


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("Email", "email-moment"),
        ("Milestone", "milestone-moment"),
        ("Web", "web-moment"),
        ("wEB ", "web-moment"),
    ],
)
def test_a_moment_is_of_the_kind_that_its_primary_value_says(taken, kind, key):
    found = taken(MOMENT, {"Description": "Came back", "Source": "Campaign", "Date": AT}, kind)
    assert (found.family, found.type_key, found.dialogue) == ("moments", key, "Came back")
    assert found.told == {"source": "Campaign", "dated": AT}
    assert found.extra is None


def test_a_bounced_email_tells_whose_and_why(taken):
    found = taken(
        BOUNCED,
        {"Category": 2, "Subcategory": "2003", "Details": "550 unknown", "Email": "ann@larkspur.example"},
        "Spring mail",
    )
    assert (found.type_key, found.dialogue) == ("bounced-email", "Spring mail")
    assert found.told == {
        "category": "2",
        "subcategory": "2003",
        "reason": "550 unknown",
        "address": "ann@larkspur.example",
    }


def test_a_clicked_email_tells_its_link(taken):
    found = taken(CLICKED, {"Link": "https://acme.example/a", "Device": "iPhone", "Platform": "iOS"}, "Mail")
    assert (found.type_key, found.dialogue) == ("clicked-email", "Mail")
    assert found.told == {"link": "https://acme.example/a", "device": "iPhone", "platform": "iOS"}


# Scores


@pytest.mark.parametrize(
    ("attributes", "change", "new"),
    [
        ({"Change Value": "+5", "New Value": "15"}, 5, 15),
        ({"Change Value": "-10", "New Value": -3}, -10, -3),
        ({"Change Value": "=20", "Old Value": 5, "New Value": 20}, 15, 20),
        ({"Old Value": "5", "New Value": "20"}, 15, 20),
        ({"New Value": 0, "Old Value": 0}, 0, 0),
        ({"New Value": "7.0"}, None, 7),
        ({"Change Value": 5.0}, 5, None),
        ({"Change Value": "+5"}, 5, None),
        ({"New Value": "many", "Old Value": "few"}, None, None),
        ({"New Value": "1.5"}, None, None),
        ({"Change Value": "+" + "9" * 16}, None, None),
        ({"New Value": True, "Change Value": []}, None, None),
        ({}, None, None),
    ],
)
def test_a_change_is_as_told_or_else_from_the_old_value_to_the_new(by_rest, attributes, change, new):
    found = by_rest(SCORE, attributes, "Lead Score")
    assert (found.score_change, found.new_score) == (change, new)


# Moments


def test_a_moment_of_a_kind_that_is_none_of_ours_keeps_what_marketo_called_it(by_rest):
    found = by_rest(MOMENT, {"Description": "Called us"}, "Phone")
    assert (found.type_key, found.dialogue, found.extra) == ("moment", "Called us", {"Type": "Phone"})


def test_a_moment_without_a_kind_or_a_description_is_one_all_the_same(by_rest):
    found = by_rest(MOMENT, {}, None)
    assert (found.type_key, found.dialogue, found.extra) == ("moment", None, None)


@pytest.mark.parametrize("told", [(None, "Web"), ("Web", None)])
def test_a_moment_whose_kind_is_told_once_is_of_that_kind_and_counted_so(by_rest, make_person, told):
    make_person(marketo_id=501)
    for kind in told:
        found = by_rest(MOMENT, {"Description": "Came back"}, kind)
    counted = db.session.execute(select(InstallationWeek.type_key, InstallationWeek.count)).all()
    assert (found.type_key, [tuple(row) for row in counted]) == ("web-moment", [("web-moment", 1)])


def test_a_moment_of_another_kind_under_the_same_guid_is_rejected(by_rest):
    by_rest(MOMENT, {"Description": "Came back"}, "Web")
    assert save_item(MOMENT, {"Description": "Came back"}, "Email")["rejected"] == 1


# E-mails


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (SENT, "sent-email"),
        (DELIVERED, "delivered-email"),
        (BOUNCED, "bounced-email"),
        (SOFT_BOUNCED, "soft-bounced-email"),
        (OPENED, "opened-email"),
        (CLICKED, "clicked-email"),
        (SALES_SENT, "sent-sales-email"),
        (40, "opened-sales-email"),
        (41, "clicked-sales-email"),
        (45, "replied-sales-email"),
        (SALES_BOUNCED, "bounced-sales-email"),
    ],
)
def test_each_fate_of_an_email_is_a_type_of_its_own(by_rest, number, key):
    found = by_rest(number, {}, "Spring mail")
    assert (found.family, found.type_key, found.dialogue) == ("email", key, "Spring mail")


def test_an_email_of_sales_tells_from_whom_to_whom_and_by_what(by_rest):
    found = by_rest(
        SALES_SENT,
        {
            "Sent By": "kim@acme.example",
            "Received By": "ann@larkspur.example",
            "Source": "Salesforce",
            "Sales Template Name": "Follow up",
            "Sales Campaign Name": "Docks",
            "Artifact Id": 9,
        },
        "Re: Docks",
    )
    assert found.told == {
        "sent-by": "kim@acme.example",
        "received-by": "ann@larkspur.example",
        "source": "Salesforce",
        "template": "Follow up",
        "campaign": "Docks",
    }
    assert found.extra == {"Artifact Id": "9"}


def test_the_subject_is_an_attribute_before_it_is_the_primary_value(by_rest):
    assert by_rest(SENT, {"Email Subject": "Good morning"}, "Program.Mail 7").dialogue == "Good morning"


# How it is written


def test_attributes_may_be_an_object_or_a_list_and_names_are_matched_as_they_come(chats):
    objects, arrays = chats(
        row(VISIT, {"webpage_url": "/a", "REFERRER URL": "https://x.example"}, "a"),
        row(VISIT, listed({"Webpage URL": "/a", "Referrer URL": "https://x.example"}), "a"),
    )
    assert (objects.page_url, objects.told) == (arrays.page_url, arrays.told)
    assert objects.told == {"referrer": "https://x.example"}


def test_what_has_no_place_is_kept_under_marketos_name_and_what_is_empty_is_not(chats):
    (found,) = chats(
        row(FORM, {"Form Fields": "a=b", "Webform ID": 9, "Empty": "", "None": None}, "Contact us")
    )
    assert found.extra == {"Form Fields": "a=b", "Webform ID": "9"}


def test_one_line_texts_lose_controls_and_marks_of_direction(chats):
    (found,) = chats(row(CLICKED, {"Link": "https://a.example/\u202egpj\n.exe"}, "Spring\u2066mail"))
    assert found.told == {"link": "https://a.example/ gpj .exe"}
    assert found.dialogue == "Spring mail"


def test_a_value_beyond_the_longest_field_is_rejected_with_its_name(bring, extract, contents):
    counts = bring(extract(row(VISIT, {"User Agent": "x" * 1_000_001}, "/")))
    assert (counts["added"], counts["rejected"]) == (0, 1)
    assert "User Agent" in str(contents()["rejected"])


def test_a_page_of_the_same_name_with_and_without_marketos_id_is_one_by_each(chats):
    with_id, without = chats(
        row(VISIT, {}, "/pricing", primaryAttributeValueId="77"), row(VISIT, {}, "/pricing")
    )
    assert with_id.dialogue == without.dialogue == "/pricing"


# The same guid again


@pytest.fixture
def again(by_rest):
    """Take in the same activity twice: first as it was, then with what comes later."""

    def take(type_id, first, later, primary="Lead Score"):
        by_rest(type_id, first, primary)
        return by_rest(type_id, later, primary)

    return take


def test_what_comes_later_of_one_guid_is_added_to_what_is_known(again):
    found = again(
        CLICKED, {"Link": "https://a.example", "Step ID": 5}, {"Device": "iPhone", "Campaign Run ID": 7}
    )
    assert found.told == {"link": "https://a.example", "device": "iPhone"}
    assert found.extra == {"Step ID": "5", "Campaign Run ID": "7"}


def test_a_score_that_is_told_later_is_taken_over_and_what_is_left_out_stays(again):
    found = again(SCORE, {"Change Value": "+5", "Reason": "A form"}, {"New Value": 15})
    assert (found.score_change, found.new_score, found.told) == (5, 15, {"reason": "A form"})


def test_an_explicit_null_clears(again):
    first = {"Change Value": "+5", "New Value": 15, "Reason": "A form"}
    found = again(SCORE, first, {"Change Value": None, "New Value": None, "Reason": None})
    assert (found.score_change, found.new_score, found.told) == (None, None, None)


def test_an_explicit_null_clears_a_page_and_a_description(again, by_rest, forget):
    found = again(VISIT, {"Webpage URL": "/a", "User Agent": "x"}, {"Webpage URL": None, "User Agent": None})
    assert (found.page_url, found.told) == (None, None)
    forget()
    found = again(MOMENT, {"Description": "Came back"}, {"Description": None}, "Web")
    assert found.dialogue is None


@pytest.mark.parametrize("primary", [None, ""])
def test_an_explicit_null_clears_the_subject_of_an_email_without_a_name(again, primary):
    found = again(SALES_SENT, {"Email Subject": "Offer for Ann"}, {"Email Subject": None}, primary)
    assert found.dialogue is None


def test_an_explicit_null_clears_the_subject_of_an_email_and_its_name_remains(again):
    found = again(SENT, {"Email Subject": "Offer for Ann"}, {"Email Subject": None}, "Spring mail")
    assert found.dialogue == "Spring mail"


@pytest.mark.parametrize("primary", [None, "", "Lead Score"])
def test_no_primary_value_is_no_null(again, by_rest, primary):
    again(SCORE, {"New Value": 15}, {"New Value": 20})
    assert by_rest(SCORE, {"New Value": 25}, primary).dialogue == "Lead Score"


def test_what_was_cleared_or_replaced_is_kept_nowhere(again, forget):
    again(MOMENT, {"Description": "Ann called"}, {"Description": None}, "Web")
    assert db.session.scalars(select(Dialogue.name)).all() == []
    forget()
    again(SALES_SENT, {"Email Subject": "Offer for Ann"}, {"Email Subject": "Offer"})
    assert db.session.scalars(select(Dialogue.name)).all() == ["Offer"]


def test_what_a_rejected_activity_was_about_is_not_kept_as_if_one_was_about_it(by_rest):
    by_rest(MOMENT, {"Description": "Came back"}, "Web")
    assert save_item(MOMENT, {"Description": "Ann called"}, "Email")["rejected"] == 1
    assert db.session.scalars(select(Dialogue.name)).all() == ["Came back"]


def test_an_empty_text_says_nothing(again):
    found = again(SCORE, {"New Value": 15, "Reason": "A form"}, {"New Value": "", "Reason": ""})
    assert (found.new_score, found.told) == (15, {"reason": "A form"})


def test_the_same_again_changes_nothing(by_rest, stored):
    told = {"Change Value": "+5", "New Value": 15}
    before = by_rest(SCORE, told, "Lead Score")

    assert save_item(SCORE, told, "Lead Score")["unchanged"] == 1
    assert vars(stored()["g1"]) == vars(before)


# Which type it is


def test_the_classic_types_are_known_before_marketo_names_its_own(bare_app):
    known = activity_types.load({})
    for number, of_type in CLASSIC.items():
        assert (known[number].ours, known[number].is_flow) == (of_type, False)


def test_a_classic_id_that_marketo_calls_otherwise_is_what_marketo_calls_it(bring, extract, types):
    write_types(types, {VISIT: "Something else"})
    counts = bring(extract(row(VISIT, {}, "/")))
    assert (counts["added"], counts["ignored"]) == (0, 1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Visit Webpage", "visited-page"),
        ("Visited Web Page", "visited-page"),
        ("Fill Out Form", "filled-out-form"),
        ("Filled Out a Form", "filled-out-form"),
        ("Click Link", "clicked-link"),
        ("Clicked Link on Webpage", "clicked-link"),
        ("Send Email", "sent-email"),
        ("Email Delivered", "delivered-email"),
        ("Email Bounced Soft", "soft-bounced-email"),
        ("Opened Email", "opened-email"),
        ("Sent Sales Email", "sent-sales-email"),
        ("Receive Sales Email", "replied-sales-email"),
        ("Replied to Sales Email", "replied-sales-email"),
        ("Change Score", "changed-score"),
        ("Changed Score", "changed-score"),
        ("Interesting Moment", "moment"),
    ],
)
def test_a_type_is_known_by_marketos_name_in_each_tense(name, key):
    found = resolve(name)
    assert found is not None
    assert (found[0].key, found[1]) == (key, False)


@pytest.mark.parametrize(
    "name",
    [
        "Merge Leads",
        "Click Link in Chat in Dialogue",
        "Change Data Value",
        "Change Score of Company",
        "Unsubscribe Email",
        "Send Alert",
        "Add to List",
        "Visit",
    ],
)
def test_a_type_that_only_sounds_like_one_is_none(name):
    assert resolve(name) is None


NAMES = [(one.key, name) for one in TYPES for name in one.names]


@given(
    of=some.sampled_from(NAMES),
    between=some.lists(some.sampled_from([" ", "  ", "_", " - "]), min_size=8, max_size=8),
    upper=some.booleans(),
)
def test_a_name_is_known_however_it_is_written(of, between, upper):
    key, name = of
    words = name.upper().split() if upper else name.lower().split()
    written = "".join(word + gap for word, gap in zip(words, between, strict=False))
    found = resolve(written)
    assert found is not None
    assert found[0].key == key


@given(
    of=some.sampled_from(NAMES),
    word=some.text(some.characters(categories=["Lu", "Ll"]), min_size=3, max_size=9),
)
def test_a_name_with_another_word_in_it_is_another_type(of, word):
    _, name = of
    more = words_of(f"{name} {word}")
    if more == words_of(name):
        return  # a word that says nothing, or is there already
    found = resolve(f"{name} {word}")
    assert (
        found is None
        or words_of(found[0].names[0]) == more
        or any(words_of(n) == more for n in found[0].names)
    )


values = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.text(max_size=12)
    | some.lists(some.integers(), max_size=2)
)
spelt = some.sampled_from(
    sorted(
        {name for one in TYPES for name in (*one.told, *one.about)} | {"newvalue", "oldvalue", "changevalue"}
    )
)


@given(
    of_type=some.sampled_from([one for one in TYPES if one.family != "chat"]),
    attributes=some.dictionaries(spelt | some.text(max_size=8), values, max_size=6),
    primary=some.none() | some.text(max_size=12),
)
def test_whatever_the_attributes_hold_a_record_comes_of_it(of_type, attributes, primary):
    record = activity(
        guid="g1",
        marketo_id=501,
        when=moment(AT),
        of_type=of_type,
        is_flow=False,
        primary_value=primary,
        primary_ref=None,
        attributes=attributes,
    )
    assert BY_KEY[record.type_key].family == of_type.family
    for number in (record.score_change, record.new_score):
        assert not isinstance(number, float)
    told = record.told if isinstance(record.told, dict) else {}
    assert told.keys() <= set(of_type.told.values())
    assert all(text is None or text.strip() == text != "" for text in told.values())


# What an admin does not want


@pytest.fixture
def off(bare_app):
    """Turn these families off."""
    return lambda *keys: family_settings.set_families("test", on=FAMILY.keys() - set(keys))


def test_what_is_off_is_ignored_by_each_way_and_counted_by_its_type(off, bring, extract, stored, capsys):
    off("web", "score")

    counts = bring(
        extract(*[row(number, {}, "/", marketoGUID=f"g{number}") for number in (VISIT, LINK, SCORE, SENT)])
    )

    assert (counts["read"], counts["added"], counts["ignored"]) == (4, 1, 3)
    assert list(stored()) == [f"g{SENT}"]


def test_what_is_off_is_not_stored_by_what_is_read_and_pushed(off, by_rest, by_event, by_push):
    off("web")
    for way in (by_rest, by_event, by_push):
        assert way(VISIT, {}, "/") is None


def test_an_update_of_what_is_off_changes_nothing(off, by_rest, stored):
    before = by_rest(SCORE, {"New Value": 15}, "Lead Score")
    off("score")
    by_rest(SCORE, {"New Value": 20}, "Lead Score")
    assert vars(stored()["g1"]) == vars(before)


def test_what_was_ignored_comes_with_its_file_once_it_is_wanted(off, bring, extract, stored):
    off("web")
    path = extract(row(VISIT, {}, "/"))
    bring(path)
    off()
    assert bring(path)["added"] == 1
    assert len(stored()) == 1


def test_chat_is_taken_in_whatever_is_off(off):
    off("moments", "web", "email", "score")
    record = ActivityRecord(
        guid="g1", marketo_id=501, at=moment(AT)[0], type_key="engaged-dialogue", is_flow=False
    )
    assert store.save(batch_of(record))["added"] == 1
