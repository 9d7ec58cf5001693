"""At a glance: what a rep sees of a record above its tabs, and where each part leads."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.html.conftest import this_week
from tests.html.pages import squeezed, turn
from tests.reading import one, soup

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def book(make_person, make_activity):
    """Book an appointment of a lead, in the state and at the time that are given; returns its id."""
    make_person()

    def make(status: str, *, hours: int, ago: int, **fields) -> int:
        return make_activity(
            type_key="scheduled-appointment",
            status=status,
            at=NOW - timedelta(hours=ago),
            scheduled_for=NOW + timedelta(hours=hours),
            **fields,
        )

    return make


def part(client, key: str, panel: str = "/leads/00Q1"):
    return soup(client.get(panel)).select_one(f"[data-glance] a[data-glance-item={key}]")


def test_the_next_appointment_comes_with_its_agent_and_state(client, book):
    book("scheduled", hours=90, ago=2, dialogue="Later")
    id_ = book("scheduled", hours=5, ago=3, agent_name="Mia Agent")

    found = part(client, "appointment")

    assert found["href"] == found["hx-get"] == f"/leads/00Q1/chat?open={id_}"
    assert one(found, "time")["datetime"] == (NOW + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "with Mia Agent" in squeezed(found)
    assert "Scheduled" in squeezed(found)


def test_an_appointment_that_was_put_off_is_shown_as_it_is_now(client, book):
    book("scheduled", hours=5, ago=3)
    id_ = book("rescheduled", hours=50, ago=2)

    assert part(client, "appointment")["href"].endswith(f"open={id_}")


def test_neither_a_cancelled_appointment_nor_one_in_the_past_is_the_next(client, book):
    book("scheduled", hours=5, ago=3)
    book("cancelled", hours=5, ago=2)
    book("scheduled", hours=-1, ago=9, dialogue="Over")

    assert part(client, "appointment") is None


def test_a_new_booking_after_a_cancelled_one_counts(client, book):
    book("cancelled", hours=5, ago=3)
    id_ = book("scheduled", hours=7, ago=2)

    assert part(client, "appointment")["href"].endswith(f"open={id_}")


def test_engagement_score_and_documents_lead_to_their_rows(client, make_person, make_activity):
    make_person()
    make_activity(at=this_week(), status="completed", score=1)
    scored = make_activity(at=this_week(60), status="completed", score=3)
    newest = make_activity("Support", at=this_week(120), status="dropped")
    for second in range(2):
        make_activity(at=this_week(second), type_key="interacted-with-document", status="opened")

    assert part(client, "engagement")["href"].endswith(f"?open={newest}")
    assert "Support" in squeezed(part(client, "engagement"))
    assert part(client, "score")["href"].endswith(f"?open={scored}")
    assert "3 of 3" in squeezed(part(client, "score"))
    documents = part(client, "documents")
    assert squeezed(one(documents, ".value")) == "2"
    rows = soup(client.get(documents["href"])).select("tr[data-activity]")
    assert [row["data-type"] for row in rows] == ["interacted-with-document"] * 2


def test_an_accounts_line_says_whose_it_is(client, make_account, make_person, make_activity):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A", first_name="Bo", last_name="Ek")
    make_activity()

    assert "Bo Ek" in squeezed(part(client, "engagement", "/accounts/001A"))


def test_there_is_no_line_where_there_is_nothing_to_say_or_the_switch_is_off(
    client, make_person, make_activity
):
    make_person()
    assert soup(client.get("/leads/00Q1")).select("[data-glance]") == []
    make_activity()
    assert soup(client.get("/leads/00Q1")).select("[data-glance]")
    turn(client, on=False)
    assert soup(client.get("/leads/00Q1")).select("[data-glance], [data-glance-item]") == []


def test_a_cancelled_booking_hides_no_other_of_the_same_dialogue(client, book):
    book("scheduled", hours=5, ago=4)
    stands = book("scheduled", hours=50, ago=3)
    book("cancelled", hours=5, ago=2)

    assert part(client, "appointment")["href"].endswith(f"open={stands}")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_documents_of_the_week_lead_to_just_as_many_rows_in_any_zone(
    client, make_person, make_activity, zone
):
    make_person()
    for second in (-1, 0, 1):  # around the begin of the week
        make_activity(at=this_week(second), type_key="interacted-with-document", status="opened")

    documents = soup(client.get(f"/leads/00Q1?tz={zone}")).select_one("[data-glance-item=documents]")

    assert squeezed(one(documents, ".value")) == "2"
    assert len(soup(client.get(f"{documents['href']}&tz={zone}")).select("tr[data-activity]")) == 2


def test_a_deleted_person_has_no_name_there_either(client, make_account, make_person, make_activity, delete):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A", first_name="Bo", last_name="Ek")
    make_activity()
    delete(501, keep_activities=True)

    assert "Deleted person" in squeezed(part(client, "engagement", "/accounts/001A"))
