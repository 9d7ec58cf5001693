"""The detail of a chat activity: its own fields in order, then what else is known, all of it as text."""

import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from tests.html.conftest import FULL, on_one_database
from tests.html.pages import DASH, detail, facts, fields, rows, squeezed, value
from tests.reading import HTMX, one, soup, texts
from webui.views.paths import detail_path
from webui.vocabulary import BY_KEY, OTHERS, TYPES

FIELDS = {
    "engaged-dialogue": ["dialogue-name", "page-url", "status"],
    "agent-engaged": ["dialogue-name", "agent", "page-url", "status"],
    "scheduled-appointment": ["dialogue-name", "agent", "page-url", "scheduled-on", "status"],
    "reached-goal": ["dialogue-name", "goal-name", "page-url"],
    "interacted-with-document": ["dialogue-name", "document", "status"],
}
LABELS = {
    "dialogue-name": "Dialogue Name",
    "agent": "Agent",
    "page-url": "Page URL",
    "scheduled-on": "Scheduled on",
    "status": "Status",
    "goal-name": "Goal Name",
    "document": "Document",
}


@pytest.fixture
def make_one(make_person, make_activities):
    """Store one activity of the lead, with these fields; return its id."""
    make_person()
    return lambda type_key="engaged-dialogue", **fields: make_activities([fields], type_key=type_key)[0]


@on_one_database
@pytest.mark.parametrize("type_key", FIELDS)
def test_a_detail_shows_exactly_the_fields_of_its_type_in_order(client, make_one, type_key):
    statuses = BY_KEY[type_key].statuses
    shown = detail(client, make_one(type_key, **FULL, status=statuses[0].key if statuses else None))

    assert shown["data-type"] == type_key
    assert fields(one(shown, "dl:first-of-type:not(details *)")) == FIELDS[type_key] == fields(shown)
    assert texts(shown, "dt[data-field]") == [LABELS[key] for key in FIELDS[type_key]]


@on_one_database
@pytest.mark.parametrize("type_key", [key for key in FIELDS if key != "agent-engaged"])
def test_a_field_without_a_value_stays_as_a_dash(client, make_one, type_key):
    shown = detail(client, make_one(type_key, dialogue_name=None))

    assert {key: squeezed(value(shown, key)) for key in fields(shown)} == dict.fromkeys(
        FIELDS[type_key], DASH
    )


@on_one_database
def test_a_talk_with_an_agent_shows_only_what_is_known_of_it(client, make_one):
    assert fields(detail(client, make_one("agent-engaged", dialogue_name=None))) == []
    assert fields(detail(client, make_one("agent-engaged", agent_name="Mia", guid="b"))) == [
        "dialogue-name",
        "agent",
    ]


@on_one_database
def test_every_status_is_a_badge_with_its_key_and_its_word(client, company):
    for (type_key, status), id_ in company.activities.items():
        if type_key not in FIELDS:
            continue
        shown = detail(client, id_)
        if status is None:
            assert not shown.select("dl [data-status]")
            continue
        badge = one(shown, "dl [data-status]")
        label = next(one.labels["en"] for one in BY_KEY[type_key].statuses if one.key == status)

        assert badge in value(shown, "status").select("*")
        assert (badge["data-status"], squeezed(badge)) == (status, label)


def test_the_detail_says_whose_it_is_and_when_it_happened(client, make_account, make_person, make_activity):
    make_account()
    make_person("003A", kind="contact", account_crm_id="001A")
    id_ = make_activity(at="2025-03-02T09:15:42Z")

    head = one(detail(client, id_), "header")

    assert [(a["href"], squeezed(a)) for a in head.select("a")] == [
        ("/contacts/003A", "Ann Lee"),
        ("/accounts/001A", "Larkspur"),
    ]
    assert one(head, "time")["datetime"] == "2025-03-02T09:15:42Z"
    assert "Sunday, March 2, 2025" in squeezed(one(head, "time"))


def test_an_appointment_shows_date_and_time_in_the_viewers_zone(client, make_one):
    id_ = make_one("scheduled-appointment", scheduled_for=datetime(2026, 12, 1, 15, 30, tzinfo=UTC))

    cell = value(detail(client, id_, query_string={"tz": "Asia/Tokyo"}), "scheduled-on")

    assert one(cell, "time")["datetime"] == "2026-12-01T15:30:00Z"
    assert "December 2, 2026" in squeezed(cell)
    assert "00:30" in squeezed(cell)
    assert not cell.select("small")


def test_an_appointment_without_a_time_zone_is_taken_for_utc_and_says_so(client, make_one):
    id_ = make_one(
        "scheduled-appointment",
        scheduled_for=datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
        scheduled_text="2026-12-01 09:30",
    )

    cell = value(detail(client, id_), "scheduled-on")

    assert one(cell, "time")["datetime"] == "2026-12-01T09:30:00Z"
    assert "time zone" in squeezed(one(cell, "small"))


def test_an_appointment_that_cannot_be_read_is_shown_as_it_was_written_with_a_remark(client, make_one):
    cell = value(
        detail(client, make_one("scheduled-appointment", scheduled_text="next Tuesday")), "scheduled-on"
    )

    assert not cell.select("time")
    assert squeezed(cell).startswith("next Tuesday")
    assert "not a date" in squeezed(one(cell, "small"))


@on_one_database
@pytest.mark.parametrize(
    ("type_key", "field", "key"),
    [
        ("engaged-dialogue", "page_url", "page-url"),
        ("interacted-with-document", "document_url", "document"),
    ],
)
def test_only_http_addresses_are_links(client, make_one, make_activities, type_key, field, key):
    """Strangers on a website choose these addresses; a javascript: link would run as ours."""
    addresses = {
        "https://www.larkspur.example/a?b=c&d=%20#e": True,
        "http://larkspur.example": True,
        "HTTPS://larkspur.example": True,
        "https://営業.example/価格": True,
        "javascript:alert(1)": False,
        "JaVaScRiPt:alert(1)": False,
        " javascript:alert(1)": False,
        "java\tscript:alert(1)": False,
        "data:text/html,<script>alert(1)</script>": False,
        "vbscript:x": False,
        "file:///etc/passwd": False,
        "//larkspur.example/a": False,
        "/relative": False,
        "https:///no-host": False,
        "https:evil": False,
        "http://[": False,
        "www.larkspur.example": False,
    }
    ids = make_activities([{field: address} for address in addresses], type_key=type_key)

    for id_, (address, is_link) in zip(ids, addresses.items(), strict=True):
        cell = value(detail(client, id_), key)
        assert cell.get_text().strip() == address.strip()
        assert [a["href"] for a in cell.select("a")] == ([address] if is_link else []), address


@on_one_database
def test_a_link_to_outside_opens_a_window_that_knows_nothing_of_us(client, make_one):
    link = one(value(detail(client, make_one(**FULL)), "page-url"), "a")

    assert link["target"] == "_blank"
    assert {"noopener", "noreferrer"} <= set(link["rel"])


@on_one_database
def test_a_document_is_called_by_its_name_else_by_its_address(client, make_one):
    address = "https://www.larkspur.example/prices.pdf"
    named = value(detail(client, make_one("interacted-with-document", **FULL)), "document")
    nameless = value(
        detail(client, make_one("interacted-with-document", guid="b", document_url=address)), "document"
    )

    assert (squeezed(named), one(named, "a")["href"]) == ("Price list", address)
    assert (squeezed(nameless), one(nameless, "a")["href"]) == (address, address)


@on_one_database
def test_an_agent_is_shown_by_name_and_e_mail(client, make_one):
    both = make_one("scheduled-appointment", **FULL)
    alone = make_one("scheduled-appointment", guid="b", agent_email="mia@larkspur.example")

    assert "Mia Agent" in squeezed(value(detail(client, both), "agent"))
    assert "mia@larkspur.example" in squeezed(value(detail(client, both), "agent"))
    assert squeezed(value(detail(client, alone), "agent")) == "mia@larkspur.example"


@on_one_database
def test_a_transcript_is_shown_open_and_turn_by_turn(client, make_one):
    talk = "Ann: Hello\nBot: Hi! 👋\n\nMia Roth: What can I do?\nAnn: Quote <b>this</b>"

    section = one(
        detail(client, make_one("agent-engaged", agent_name="Mia Roth", transcript=talk)),
        "details[data-section=conversation][open]",
    )

    turns = one(section, "[data-transcript]").select(":scope > [data-turn]")
    assert [turn["data-turn"] for turn in turns] == ["visitor", "bot", "agent", "visitor"]
    assert [turn.select("p")[0].get_text() for turn in turns] == ["Ann", "Bot", "Mia Roth", "Ann"]
    assert [turn.select("p")[1].get_text() for turn in turns][1:] == [
        "Hi! 👋\n",
        "What can I do?",
        "Quote <b>this</b>",
    ]
    assert not section.select("[data-no-transcript], b")


@on_one_database
def test_a_transcript_that_does_not_tell_who_spoke_is_shown_line_by_line(client, make_one):
    talk = "She asked for a price.\n\n  Bot: What does it cost?"

    shown = detail(client, make_one(status="completed", transcript=talk))

    assert one(shown, "[data-transcript]").get_text() == talk
    assert not shown.select("[data-turn]")


@on_one_database
def test_a_summary_is_shown_with_the_conversation(client, make_one):
    shown = detail(client, make_one(status="completed", summary="Wants a quote."))

    assert "Wants a quote." in texts(one(shown, "details[data-section=conversation]"), "p")


@on_one_database
@pytest.mark.parametrize(
    ("status", "reason"),
    [("initiated", "not finished"), (None, "logged"), ("completed", "logged"), ("dropped", "logged")],
)
def test_a_transcript_that_is_not_there_says_why(client, make_one, status, reason):
    shown = detail(client, make_one(status=status))

    assert reason in squeezed(one(shown, "details[data-section=conversation] [data-no-transcript]"))
    assert not shown.select("[data-transcript]")


@on_one_database
def test_what_is_no_conversation_has_no_conversation(client, make_one):
    assert not detail(client, make_one("reached-goal")).select("[data-section=conversation]")


def test_a_score_of_nothing_is_shown_and_no_score_is_not(client, make_one):
    zero = facts(detail(client, make_one(score=0)))
    none = facts(detail(client, make_one(guid="b")))

    assert "0 of 3" in zero.values()
    assert len(none) == len(zero) - 1


def test_what_else_is_known_stands_folded_below_the_fields(client, make_one):
    shown = detail(client, make_one(**FULL, status="completed", is_flow=True))

    assert not one(shown, "details[data-section=more]").has_attr("open")
    assert list(facts(shown).values()) == [
        "2 of 3",
        "pricing · terms",
        "Europe",
        "conversational flow",
        "Homepage",
        "501",
    ]
    assert facts(shown)["Source Name"] == "Homepage"


def test_where_an_activity_of_a_converted_lead_came_from_stays_visible(client, make_person, make_activity):
    make_person("00Q1", kind="lead")
    id_ = make_activity()
    make_person("003A", kind="contact")

    shown = detail(client, id_)

    assert [said for said in facts(shown).values() if "00Q1" in said]
    assert one(shown, "header a")["href"] == "/contacts/003A"


@pytest.fixture
def booking(make_person, make_activities):
    """Store a booking that was moved and cancelled, then another; return their ids."""
    make_person()
    return make_activities(
        [
            {
                "at": datetime(2026, 3, day, 9, tzinfo=UTC),
                "status": status,
                "scheduled_for": datetime(2026, 4, day, 9, tzinfo=UTC),
            }
            for day, status in ((1, "scheduled"), (2, "rescheduled"), (3, "cancelled"), (10, "scheduled"))
        ],
        type_key="scheduled-appointment",
    )


def test_states_of_probably_the_same_booking_are_shown_together(client, booking):
    shown = one(detail(client, booking[1]), "details[data-section=booking]")

    assert "Probably the same booking" in squeezed(one(shown, "summary"))
    assert [time["datetime"] for time in shown.select("li time:first-child")] == [
        "2026-03-01T09:00:00Z",
        "2026-03-02T09:00:00Z",
        "2026-03-03T09:00:00Z",
    ]
    assert one(shown, "li[aria-current=true] time:first-child")["datetime"] == "2026-03-02T09:00:00Z"
    assert [word for word in ("Scheduled", "Rescheduled", "Cancelled") if word in squeezed(shown)]


def test_every_state_of_a_booking_stays_in_the_list(client, booking):
    assert rows(soup(client.get("/leads/00Q1/chat"))) == booking[::-1]


def test_an_appointment_that_stands_alone_shows_no_booking(client, booking):
    assert not detail(client, booking[3]).select("[data-section=booking]")


def test_the_own_status_is_told_from_those_of_the_booking(client, booking):
    assert one(detail(client, booking[0]), "[data-status]")["data-status"] == "scheduled"


def test_the_detail_page_leads_back_to_the_chat_tab_of_its_person(client, company):
    id_ = company.activities["reached-goal", None]

    page = soup(client.get(f"/chat/activities/{id_}"))

    assert one(page, 'a[href="/leads/00Q1?tab=chat"]')
    assert "Reached Goal" in one(page, "title").get_text()


@on_one_database
def test_htmx_gets_the_detail_alone(client, make_one):
    id_ = make_one()
    part = soup(client.get(f"/chat/activities/{id_}", headers=HTMX))

    assert not part.select("html, main")
    assert squeezed(part) == squeezed(detail(client, id_))


def test_an_activity_of_nobody_we_know_is_not_found(client, make_activity):
    id_ = make_activity(marketo_id=9)

    for headers in ({}, HTMX):
        error = one(soup(client.get(f"/chat/activities/{id_}", headers=headers), 404), "[data-error]")
        assert len(squeezed(error)) > 20


def test_an_id_that_is_no_activity_is_not_found(client, make_one):
    make_one()

    for no_id in ("0", "2", f"{2**63 - 1}", f"{2**63}", "9" * 40, "-1", "1.5", "x", "%00", "1%20"):
        soup(client.get(f"/chat/activities/{no_id}"), 404)


HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'`{{7*7}}<!--&lt;&amp; שלום 👩‍👩‍👧 ]]>"


@pytest.fixture
def hostile(client, make_account, make_person, make_opportunity, make_activities):
    """Put markup into every text that the world outside can choose; return the pages that show it."""
    make_account(name=HOSTILE)
    make_person(
        "003A",
        kind="contact",
        first_name=HOSTILE,
        last_name="Lee",
        email=HOSTILE,
        owner=HOSTILE,
        account_crm_id="001A",
    )
    make_opportunity(people=("003A",), name=HOSTILE, account_crm_id="001A")
    texts_ = {name: HOSTILE for name in FULL if name not in ("scheduled_for", "score", "topics", "extra")}
    types = [*TYPES, BY_KEY["scheduled-appointment"]]
    ids = make_activities(
        {
            **texts_,
            "scheduled_text": HOSTILE,
            "dialogue_name": HOSTILE,
            "topics": [HOSTILE],
            "extra": {HOSTILE: HOSTILE},
            "told": dict.fromkeys(of.told.values(), HOSTILE),
            "new_score": 5,
            "type_key": of.key,
            "status": of.statuses[0].key if of.statuses else None,
        }
        for of in types
    )
    panels = ("/contacts/003A", "/accounts/001A", "/opportunities/006A")
    return [
        *panels,
        *(f"{panel}/chat?open={ids[0]}" for panel in panels),
        *(f"{panel}/dashboard?show-account=1" for panel in panels),
        *(f"{panel}/{family.key}" for panel in panels for family in OTHERS),
        "/global/chat",
        *(f"/global/{family.key}" for family in OTHERS if family.is_global),
        *(detail_path(of.key, id_) for of, id_ in zip(types, ids, strict=True)),
    ]  # fmt: skip


@on_one_database
def test_markup_from_outside_is_inert_on_every_page(client, hostile):
    for url in hostile:
        page = soup(client.get(url))

        assert not page.select("img, style, iframe, body script")
        assert {script["src"].split("/")[1] for script in page.select("script")} == {"pane"}
        assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert HOSTILE in page.get_text(), url
        assert not re.search(r"(?<!:)\b49\b", page.get_text())  # the clock may say :49


def test_markup_from_outside_is_shown_letter_by_letter(client, hostile):
    shown = detail(client, int(hostile[-1].rpartition("/")[2]))

    assert value(shown, "dialogue-name").get_text() == HOSTILE
    assert value(shown, "page-url").get_text() == HOSTILE
    assert HOSTILE in value(shown, "scheduled-on").get_text()
    assert HOSTILE in [name.get_text() for name in one(shown, "[data-section=more]").select("dt")]


@on_one_database
def test_what_a_viewer_writes_into_the_address_is_inert_too(client, make_one):
    make_one()
    for url in (
        "/leads/00Q1?tab={}",
        "/leads/00Q1/chat?dialogue={}",
        "/leads/00Q1/chat?after={}",
        "/leads/{}",
        "/{}",
    ):
        page = BeautifulSoup(
            client.get(url.format("%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")).text, "html.parser"
        )
        assert not page.select("img")


def test_earlier_and_later_talks_lead_on_one_after_the_other(client, make_person, make_activities):
    make_person()
    talk = {"status": "completed", "transcript": "Bot: Hi\nAnn: Hello"}
    first, second, third = make_activities(
        [{**talk, "at": datetime(2025, 3, day, 9, tzinfo=UTC)} for day in (1, 2, 3)],
        type_key="engaged-dialogue",
    )
    make_activities([{"at": datetime(2025, 3, 2, 8, tzinfo=UTC)}], type_key="reached-goal")

    shown = detail(client, third)
    assert not shown.select("[data-talk=later]")
    beyond = one(shown, "[data-talk=earlier]")
    assert beyond["href"] == beyond["hx-get"] == f"/chat/activities/{second}/talk?beyond=earlier"

    loaded = soup(client.get(beyond["hx-get"], headers=HTMX))
    assert len(one(loaded, f'[data-talk-of="{second}"]').select("[data-turn]")) == 2
    assert not loaded.select("[data-talk=later]")
    assert one(loaded, "[data-talk=earlier]")["href"] == f"/chat/activities/{first}/talk?beyond=earlier"
    last = soup(client.get(f"/chat/activities/{first}/talk", headers=HTMX))
    assert not last.select("[data-talk]")
    assert one(detail(client, first), "[data-talk=later]")
    assert one(soup(client.get(beyond["href"])), f'[data-activity-detail="{second}"]')


def test_a_transcript_is_there_to_take_along(client, make_one):
    talk = "Ann: こんにちは\nBot: Hi"
    id_ = make_one(transcript=talk)
    link = one(detail(client, id_), "a[data-download]")

    answer = client.get(link["href"])

    assert answer.get_data(as_text=True) == talk
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Ann Lee Engaged Dialogue ')
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_appointment_is_there_to_take_along(client, make_one):
    at = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
    id_ = make_one("scheduled-appointment", scheduled_for=at, status="cancelled", agent_email="mia@a.example")
    link = one(detail(client, id_), "a[data-download]")

    answer = client.get(link["href"])
    lines = answer.get_data(as_text=True).split("\r\n")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"DTSTART:20261201T153000Z", "STATUS:CANCELLED", "ORGANIZER:mailto:mia@a.example"} <= set(lines)


def test_what_is_not_there_cannot_be_taken_along(client, make_one):
    id_ = make_one("scheduled-appointment", scheduled_text="next Tuesday")

    assert not detail(client, id_).select("[data-download]")
    for name in ("appointment.ics", "transcript.txt"):
        assert one(soup(client.get(f"/chat/activities/{id_}/{name}"), 404), "[data-error]")


def test_a_file_of_a_person_with_a_japanese_name_has_a_header_that_servers_can_send(
    client, make_person, make_activity
):
    make_person(first_name=None, last_name="佐藤")
    id_ = make_activity(transcript="Bot: こんにちは")

    named = client.get(f"/chat/activities/{id_}/transcript.txt").headers["Content-Disposition"]

    assert named.encode("ascii").decode() == named
    assert "filename*=UTF-8''%E4%BD%90%E8%97%A4%20Engaged" in named
