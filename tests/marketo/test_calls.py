"""What Chatpane asks Marketo for, and what it makes of the answers."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from webui.marketo import calls
from webui.marketo.failures import NotAvailable, Refused, StaleCursor, TookTooLong, TooMany

LONG_AGO = datetime(2031, 4, 2, tzinfo=UTC)
CHAT = range(1001, 1011)


def guids(page):
    return [msgspec.json.decode(row)["marketoGUID"] for row in page.rows]


def read_all(connection, token, types=CHAT, leads=()):
    """Return the guids of all pages, and the last token."""
    found = []
    while True:
        page = calls.activities(connection, token, types, leads)
        found += guids(page)
        if not page.more:
            return found, page.next_token
        token = page.next_token


def test_activity_types_have_ids_and_names(marketo, connection):
    marketo.add_type(100_001, "Engaged elsewhere")

    types = calls.activity_types(connection)

    assert (1001, "Engage with a Dialogue") in types
    assert types[-1] == (100_001, "Engaged elsewhere")


def test_activities_are_read_from_a_time_on(marketo, connection):
    marketo.add_activity(501, at=LONG_AGO - timedelta(days=1))
    later = marketo.add_activity(501, at=LONG_AGO)

    found, _ = read_all(connection, calls.paging_token(connection, LONG_AGO))

    assert found == [later]
    assert marketo.asked_for("pagingtoken")[0].params == {"sinceDatetime": "2031-04-02T00:00:00Z"}


def test_a_time_in_another_zone_is_asked_for_in_utc(marketo, connection):
    east = datetime.fromisoformat("2031-04-02T09:00:00.123456+09:00")
    calls.paging_token(connection, east)

    assert marketo.asked[0].params == {"sinceDatetime": "2031-04-02T00:00:00Z"}


def test_each_row_is_kept_whole(marketo, connection):
    said = {"Conversation Status": "Completed", "Document Opened": True, "Conversation Score": 2, "Empty": ""}
    marketo.add_activity(
        501, at=LONG_AGO, primary="Pricing", attributes=said, date_form="+0000", has_id=False
    )

    page = calls.activities(connection, calls.paging_token(connection, LONG_AGO), CHAT)

    assert [msgspec.json.decode(row) for row in page.rows] == [
        {
            "marketoGUID": "880001",
            "leadId": 501,
            "activityDate": "2031-04-02T00:00:00+0000",
            "activityTypeId": 1001,
            "primaryAttributeValue": "Pricing",
            "attributes": [
                {"name": "Conversation Status", "value": "Completed"},
                {"name": "Document Opened", "value": True},
                {"name": "Conversation Score", "value": 2},
            ],
        }
    ]


def test_short_and_empty_pages_are_not_the_end(marketo, connection):
    added = [marketo.add_activity(501, at=LONG_AGO) for _ in range(10)]
    marketo.rest.page_sizes = [3, 0, 0, 1]

    found, _ = read_all(connection, calls.paging_token(connection, LONG_AGO))

    assert found == added
    assert len(marketo.asked_for("activities.json")) == 5


def test_the_last_token_goes_on_with_what_comes_later_even_with_an_older_date(marketo, connection):
    marketo.add_activity(501)
    _, token = read_all(connection, calls.paging_token(connection, LONG_AGO - timedelta(days=9_000)))
    late = marketo.add_activity(501, at=marketo.now() - timedelta(days=3), created=marketo.now())

    assert read_all(connection, token)[0] == [late]


def test_activities_can_be_read_of_some_people(marketo, connection):
    marketo.add_activity(501, at=LONG_AGO)
    wanted = marketo.add_activity(502, at=LONG_AGO)

    found, _ = read_all(connection, calls.paging_token(connection, LONG_AGO), leads=[502, 503])

    assert found == [wanted]


def test_a_forgotten_token_is_a_stale_cursor(marketo, connection):
    token = calls.paging_token(connection, LONG_AGO)
    marketo.forget_paging_tokens()

    with pytest.raises(StaleCursor):
        calls.activities(connection, token, CHAT)


def test_a_token_of_another_question_is_a_stale_cursor(marketo, connection):
    marketo.add_activity(501, at=LONG_AGO)
    _, token = read_all(connection, calls.paging_token(connection, LONG_AGO))

    with pytest.raises(StaleCursor):
        calls.activities(connection, token, [32])


@pytest.mark.parametrize(("types", "leads"), [((), ()), (range(11), ()), (CHAT, range(31))])
def test_more_than_marketo_takes_in_one_question_is_not_asked(marketo, connection, types, leads):
    with pytest.raises(ValueError, match="Marketo takes 1 to"):
        calls.activities(connection, "A===", types, leads)
    assert marketo.asked == []


def test_a_page_that_takes_too_long_is_asked_for_in_a_smaller_size(marketo, connect):
    added = [marketo.add_activity(501, at=LONG_AGO) for _ in range(150)]
    connection = connect(few_attempts=1)
    token = calls.paging_token(connection, LONG_AGO)
    marketo.fail_next("activities.json", code="604")

    page = calls.activities(connection, token, CHAT)

    assert guids(page) == added[:100]
    assert page.more


def test_what_takes_too_long_in_every_size_is_given_up(marketo, connection):
    token = calls.paging_token(connection, LONG_AGO)
    marketo.fail_next("activities.json", code="604", times=None)

    with pytest.raises(TookTooLong):
        calls.activities(connection, token, CHAT)
    assert {one.params["batchSize"] for one in marketo.asked_for("activities.json")} == {"300", "100", "30"}


def test_a_page_that_leads_nowhere_ends_the_reading(marketo, connection):
    body = b'{"success": true, "moreResult": true, "nextPageToken": "A===", "result": []}'
    marketo.fail_next("activities.json", body=body)

    assert calls.activities(connection, "A===", CHAT) == calls.Page([], "A===", more=False)


def test_deleted_people_are_read_with_a_token_of_their_own(marketo, connection):
    token = calls.paging_token(connection, LONG_AGO - timedelta(days=9_000))
    gone = marketo.delete_lead(marketo.add_lead(firstName="Ann", lastName="Lee"))

    page = calls.deleted_leads(connection, token)

    assert guids(page) == [gone]
    assert not page.more
    marketo.add_activity(501)
    assert guids(calls.deleted_leads(connection, page.next_token)) == []


def test_a_merge_is_an_activity_of_the_winner(marketo, connection):
    loser, winner = marketo.add_lead(), marketo.add_lead()
    token = calls.paging_token(connection, LONG_AGO - timedelta(days=9_000))
    marketo.merge(loser, winner)

    (row,) = calls.activities(connection, token, [32]).rows

    said = msgspec.json.decode(row)
    assert said["leadId"] == winner
    assert {"name": "Merge IDs", "value": f"[{loser}]"} in said["attributes"]


def test_people_are_found_by_a_crm_id_and_one_id_may_be_of_two(marketo, connection):
    first = marketo.add_lead(email="ann@example.com", sfdcContactId="003A")
    second = marketo.add_lead(sfdcContactId="003A")
    marketo.add_lead(sfdcContactId="003B")

    found = calls.leads(connection, "sfdcContactId", ["003A", "003X"], ["id", "email"])

    assert found == [{"id": first, "email": "ann@example.com"}, {"id": second, "email": None}]


def test_people_of_several_pages_are_all_found(marketo, connection):
    numbers = [marketo.add_lead(company="Acme", sfdcAccountId="001A") for _ in range(7)]
    marketo.rest.page_sizes = [3, 0]

    found = calls.leads(connection, "sfdcAccountId", ["001A"], ["id"])

    assert [one["id"] for one in found] == numbers


def test_nobody_found_is_an_empty_list(connection):
    assert calls.leads(connection, "id", [501], ["id"]) == []


def test_more_than_a_thousand_matches_are_too_many(marketo, connection):
    for _ in range(1_001):
        marketo.add_lead(sfdcAccountId="001A")

    with pytest.raises(TooMany, match="Too many results"):
        calls.leads(connection, "sfdcAccountId", ["001A"], ["id"])


def test_a_field_that_marketo_does_not_know_is_refused(connection):
    with pytest.raises(Refused, match="1006: Field 'shoeSize' not found"):
        calls.leads(connection, "id", [501], ["id", "shoeSize"])


@pytest.mark.parametrize("values", [[], range(301), ["Acme, Inc."]])
def test_values_that_cannot_be_asked_for_are_not_asked_for(marketo, connection, values):
    with pytest.raises(ValueError, match="Marketo"):
        calls.leads(connection, "company", values, ["id"])
    assert marketo.asked == []


def test_fields_of_people_are_known_and_some_searchable(marketo, connection):
    marketo.add_lead(crmId="A-1")

    fields = calls.lead_fields(connection)

    assert {"email", "sfdcType", "crmId"} <= fields.known
    assert {"email", "sfdcContactId", "crmId"} <= fields.searchable
    assert "sfdcType" not in fields.searchable


def test_companies_opportunities_and_roles_are_found(marketo, connection):
    marketo.add_company(externalCompanyId="C-1", company="Larkspur")
    marketo.add_opportunity(externalOpportunityId="O-1", name="Renewal")
    marketo.add_role(externalOpportunityId="O-1", leadId=501, role="Buyer")

    (company,) = calls.companies(connection, "externalCompanyId", ["C-1"])
    (opportunity,) = calls.opportunities(connection, "externalOpportunityId", ["O-1"])
    (role,) = calls.roles(connection, "leadId", [501], ["role", "leadId", "marketoGUID"])

    assert company["company"] == "Larkspur"
    assert opportunity["name"] == "Renewal"
    assert role == {"seq": 0, "role": "Buyer", "leadId": 501, "marketoGUID": "guid-oppo-1"}


@pytest.mark.parametrize("thing", [calls.COMPANIES, calls.OPPORTUNITIES, calls.ROLES])
def test_a_describe_says_what_can_be_searched(connection, thing):
    fields = calls.fields_of(connection, thing)

    assert fields.searchable
    assert fields.searchable < fields.known


@pytest.mark.parametrize("code", ["603", "610", "703", "1018"])
@pytest.mark.parametrize("thing", [calls.COMPANIES, calls.OPPORTUNITIES, calls.ROLES])
def test_with_a_native_crm_sync_these_are_not_available(marketo, connection, code, thing):
    marketo.rest.native_sync = code

    with pytest.raises(NotAvailable):
        calls.fields_of(connection, thing)
    with pytest.raises(NotAvailable):
        calls.roles(connection, "leadId", [501])
    assert len(marketo.asked) == 2


def test_usage_is_that_of_all_integrations(marketo, connection):
    marketo.door.elsewhere = 1_200

    assert calls.usage_today(connection) == 1_201
