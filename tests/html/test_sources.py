"""The sources on the configuration tab: how each fares, Test connection, and Marketo's activity types."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.html.conftest import browser, on_one_database
from tests.html.pages import send, squeezed
from tests.html.walk import reject
from tests.reading import one, soup, texts
from tests.servers.marketo import CLIENT_SECRET
from webui import create_app, operational_settings
from webui.database import db
from webui.ingest import activity_types, sources, trial
from webui.ingest.activity_types import AUTOMATIC
from webui.installation import writing
from webui.models import MarketoActivityType, SourceDay, SourceState

NAMES = [
    (1, "Visit Webpage"),
    (1001, "Engaged with a Dialogue"),
    (1004, "Reached Dialogue Goal"),
    (1011, "Clicked Link in Chat in Dialogue"),
    (100_001, "Our own"),
]


@pytest.fixture(autouse=True)
def no_test_before():
    trial.guard.reset()


@pytest.fixture
def connected(settings, marketo_settings, bare_app):
    """A browser on an installation whose settings name the local Marketo."""
    return browser(create_app(replace(settings, **of_marketo(marketo_settings))))


def of_marketo(settings):
    names = ("marketo_url", "marketo_client_id", "marketo_client_secret")
    return {name: getattr(settings, name) for name in names}


def source(client, key):
    return one(soup(client.get("/config")), f"[data-section=sources] [data-source={key}]")


def state(client, key):
    return source(client, key)["data-state"]


def types(client):
    """Return (id, taken for, what the select says) of each row."""
    rows = soup(client.get("/config")).select("[data-section=activity-types] tr[data-marketo-type]")
    return [
        (
            int(row["data-marketo-type"]),
            one(row, "td[data-taken-for]")["data-taken-for"],
            one(row, "option[selected]")["value"],
        )
        for row in rows
    ]


def choose(client, **values):
    return send(client, "/config/activity-types", **{name.replace("_", "-"): v for name, v in values.items()})


def test_a_new_installation_says_which_variables_connect_each_source(bare_client):
    for key, variables in {
        "marketo-rest": [
            "CHATPANE_MARKETO_URL",
            "CHATPANE_MARKETO_CLIENT_ID",
            "CHATPANE_MARKETO_CLIENT_SECRET",
        ],
        "adobe-io": ["CHATPANE_ADOBE_CLIENT_ID"],
        "marketo-activities": ["CHATPANE_MARKETO_PUSH_TOKEN"],
    }.items():
        shown = source(bare_client, key)
        assert (shown["data-state"], texts(shown, "code:not([data-hook-address])")) == ("off", variables)
        assert "not configured" in squeezed(shown)
    assert state(bare_client, "files") == "waiting"
    assert "chatpane import" in squeezed(source(bare_client, "files"))


@on_one_database
def test_settings_are_named_and_never_shown(connected, marketo_settings):
    page = connected.get("/config").get_data(as_text=True)

    assert state(connected, "marketo-rest") == "waiting"
    assert CLIENT_SECRET not in page
    assert marketo_settings.marketo_client_id not in page


@on_one_database
def test_the_pushes_say_which_address_to_register(settings, bare_app):
    app = create_app(
        replace(
            settings,
            public_url="https://pane.example.com",
            adobe_client_id="adobe-client",
            marketo_push_token="t" * 20,
        )
    )
    client = browser(app)

    assert texts(source(client, "adobe-io"), "[data-hook-address]") == [
        "https://pane.example.com/hooks/adobe-io"
    ]
    assert texts(source(client, "marketo-activities"), "[data-hook-address]") == [
        "https://pane.example.com/hooks/marketo-activities"
    ]
    assert "tttt" not in client.get("/config").get_data(as_text=True)


def test_what_an_import_brought_today_is_counted(client, make_person, make_activity):
    make_person()
    make_activity(at="2026-01-05T09:10Z")
    make_activity(at="2026-01-04T09:10Z")

    files = source(client, "files")

    counted = {cell["data-count"]: cell.get_text() for cell in files.select("[data-count]")}
    assert counted == {
        "read": "2",
        "added": "2",
        "updated": "0",
        "unchanged": "0",
        "ignored": "0",
        "rejected": "0",
    }
    assert files["data-state"] == "good"
    assert one(files, "[data-newest-activity] time")["datetime"] == "2026-01-05T09:10:00Z"
    assert one(files, "[data-last-success] time")
    assert not one(files, "[data-lag]").select("time")


@on_one_database
def test_fates_that_are_rare_are_shown_when_there_are_some(client, make_activity):
    make_activity()
    db.session.execute(update(SourceDay).values(foreign=3))
    db.session.commit()

    assert squeezed(one(source(client, "files"), "[data-count=foreign]")) == "3"
    assert not source(client, "files").select("[data-count=unpaired]")


def test_a_source_that_is_late_says_its_lag_and_what_is_left_of_the_quota(client):
    with writing():
        sources.succeeded("marketo-rest")
        sources.used("marketo-rest", 1_234)
    ago = datetime.now(UTC) - timedelta(hours=3)
    db.session.execute(update(SourceState).values(succeeded_at=ago))
    db.session.commit()

    rest = source(client, "marketo-rest")

    assert rest["data-state"] == "late"
    assert texts(rest, "[data-lag]") == ["3 hours"]
    assert texts(rest, "[data-calls-left]") == ["48,766"]


def test_the_last_error_is_told_with_its_time_until_the_next_success(client):
    sources.failed("adobe-io", "The key <b>cannot</b> be fetched.")

    shown = source(client, "adobe-io")
    assert shown["data-state"] == "failing"
    assert "The key <b>cannot</b> be fetched." in squeezed(one(shown, "[data-last-error]"))
    assert one(shown, "[data-last-error] time")["datetime"].startswith(f"{datetime.now(UTC):%Y-%m-%dT}")

    with writing():
        sources.succeeded("adobe-io")
    assert not source(client, "adobe-io").select("[data-last-error]")
    assert state(client, "adobe-io") == "good"


@on_one_database
def test_a_pause_says_until_when(client):
    until = datetime.now(UTC) + timedelta(hours=2)
    sources.failed("marketo-rest", "The calls of the day are used up.", code="607", paused_until=until)

    rest = source(client, "marketo-rest")

    assert rest["data-state"] == "paused"
    assert one(rest, "header time")["datetime"] == f"{until:%Y-%m-%dT%H:%M:%SZ}"


def test_rejected_rows_are_counted_with_the_command_that_lists_them(client):
    reject()

    kept = one(source(client, "files"), "[data-kept]")

    assert kept["data-kept"] == "1"
    assert "chatpane rejected list" in squeezed(kept)


# Test connection


def test_a_connection_that_works_meets_the_prerequisite_and_brings_the_activity_types(connected, marketo):
    for number, name in NAMES:
        marketo.add_type(number, name)

    answer = send(connected, "/config/test-connection")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/config")
    page = soup(connected.get("/config"))
    assert "Marketo answers" in squeezed(one(page, "[data-notice]"))
    prerequisite = one(page, "[data-prerequisite=dynamic-chat-connection]")
    assert prerequisite["data-met"] == "true"
    assert "no chat activity has arrived yet" in squeezed(prerequisite)
    assert one(page, "tr[data-marketo-type='1001'] [data-taken-for]")["data-taken-for"] == "engaged-dialogue"
    assert operational_settings.shown().last_delivery_at is None


def test_a_test_reads_no_activities_so_the_data_are_no_newer(connected, marketo):
    send(connected, "/config/test-connection")

    rest = source(connected, "marketo-rest")
    assert rest["data-state"] == "waiting"
    assert not rest.select("[data-last-success]")
    assert one(rest, "[data-calls-left]").get_text(strip=True) != "not asked today"


def test_a_test_makes_at_most_three_calls_even_when_all_fail(connected, marketo):
    for faults in ({}, {"http": 502, "times": None}, {"code": "601", "times": None}):
        trial.guard.reset()
        marketo.reset()
        before = len(marketo.asked_for("/"))
        if faults:
            marketo.fail_next("/rest", **faults)
        send(connected, "/config/test-connection")

        rest = marketo.asked_for("/rest")
        assert len(rest) <= 2, faults
        assert len(marketo.asked_for("/")) - before <= 4


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"path_part": "/identity", "http": 401}, "does not accept the credentials"),
        ({"path_part": "/rest", "code": "603"}, "denies access"),
        ({"path_part": "/rest", "http": 502}, "502"),
        ({"path_part": "/rest", "code": "607"}, "used up"),
    ],
)
@on_one_database
def test_a_connection_that_fails_says_why_beside_the_button(connected, marketo, fault, words):
    marketo.fail_next(times=None, **fault)

    page = soup(send(connected, "/config/test-connection"), 422)

    rest = one(page, "[data-source=marketo-rest]")
    assert words in squeezed(one(rest, "[data-error]"))
    assert one(rest, "button")["aria-describedby"] == one(rest, "[data-error]")["id"]
    assert one(page, "[data-prerequisite=dynamic-chat-connection]")["data-met"] == "false"
    assert CLIENT_SECRET not in str(page)


@on_one_database
def test_without_settings_the_test_says_which_are_missing(bare_client):
    page = soup(send(bare_client, "/config/test-connection"), 422)

    assert "CHATPANE_MARKETO_URL" in squeezed(one(page, "[data-source=marketo-rest] [data-error]"))


@on_one_database
def test_a_second_test_has_to_wait_a_moment(connected, marketo):
    assert send(connected, "/config/test-connection").status_code == 303
    asked = len(marketo.asked_for("/"))

    page = soup(send(connected, "/config/test-connection"), 422)

    assert "a moment ago" in squeezed(one(page, "[data-error]"))
    assert len(marketo.asked_for("/")) == asked


# Activity types


def test_before_marketo_named_any_type_the_section_says_how_they_come(bare_client):
    section = one(soup(bare_client.get("/config")), "[data-section=activity-types]")

    assert "Test connection" in squeezed(one(section, "[data-empty]"))


def test_types_that_are_ours_or_resemble_ours_or_are_custom_are_listed_with_what_they_are_taken_for(client):
    activity_types.learn_types(NAMES)

    assert types(client) == [
        (1001, "engaged-dialogue", ""),
        (1004, "reached-goal", ""),
        (1011, "none", ""),
        (100_001, "none", ""),
    ]


def test_a_type_that_nothing_resolves_to_is_named(client):
    activity_types.learn_types(NAMES)

    said = squeezed(one(soup(client.get("/config")), "[data-unresolved]"))

    assert "Scheduled Appointment" in said
    assert "Engaged Dialogue" not in said


def test_an_override_wins_over_the_name_and_stays_when_marketo_names_its_types_again(client):
    activity_types.learn_types(NAMES)

    answer = choose(client, type_1001="none", type_100001="scheduled-appointment:flow", type_1004="")

    assert answer.status_code == 303
    assert "chatpane rejected retry" in squeezed(one(soup(client.get("/config")), "[data-notice]"))
    chosen = [
        (1001, "none", "none"),
        (1004, "reached-goal", ""),
        (1011, "none", ""),
        (100_001, "scheduled-appointment", "scheduled-appointment:flow"),
    ]
    assert types(client) == chosen
    activity_types.learn_types(NAMES)
    assert types(client) == chosen
    known = activity_types.load({})
    assert (known[1001].ours, known[100_001].is_flow) == (None, True)


def test_an_override_can_be_taken_back(client):
    activity_types.learn_types(NAMES)
    choose(client, type_1001="none")
    choose(client, type_1001="")

    assert types(client)[0] == (1001, "engaged-dialogue", "")


@on_one_database
def test_overrides_are_lines_of_the_history(client):
    activity_types.learn_types(NAMES)
    choose(client, type_1001="none")

    line = soup(client.get("/config")).select("tr[data-change=activity-types]")

    assert len(line) == 1
    assert texts(line[0], "td")[2:] == [
        "Activity types",
        f"Engaged with a Dialogue (1001): {AUTOMATIC}",
        "Engaged with a Dialogue (1001): none",
    ]
    choose(client, type_1001="none")
    assert len(soup(client.get("/config")).select("tr[data-change=activity-types]")) == 1


@on_one_database
def test_what_is_no_type_is_refused_and_changes_nothing(client):
    activity_types.learn_types(NAMES)
    before = types(client)

    page = soup(choose(client, type_1001="none", type_1004="nonsense"), 422)

    assert one(page, "[data-section=activity-types] [data-error]").get_text(strip=True)
    assert types(client) == before


@on_one_database
def test_ids_that_marketo_did_not_name_are_left_alone(client):
    activity_types.learn_types(NAMES)

    assert choose(client, type_7="none", type_x="none", **{"type_9" * 8: "none"}).status_code == 303

    ids = db.session.execute(select(MarketoActivityType.id)).scalars().all()
    assert sorted(ids) == [number for number, _name in NAMES]


def test_the_settings_win_over_the_tab(settings, client):
    activity_types.learn_types(NAMES)
    choose(client, type_1001="reached-goal")
    fixed = browser(create_app(replace(settings, activity_types={1001: "scheduled-appointment"})))

    row = one(soup(fixed.get("/config")), "tr[data-marketo-type='1001']")

    assert one(row, "[data-taken-for]")["data-taken-for"] == "scheduled-appointment"
    assert one(row, "select").has_attr("disabled")
    assert "CHATPANE_ACTIVITY_TYPES" in squeezed(row)
    choose(fixed, type_1001="none")
    assert types(client)[0] == (1001, "reached-goal", "reached-goal")


def test_what_a_type_can_be_is_offered_by_family_and_flows_of_chats_types_alone(client):
    activity_types.learn_types(NAMES)
    select = one(soup(client.get("/config")), "select[name=type-100001]")

    groups = [group["label"] for group in select.select("optgroup")]
    assert groups == ["Chat", "Interesting Moments", "Web Activity", "Email", "Score"]
    values = [option["value"] for option in select.select("option")]
    assert set(values) - {""} <= set(activity_types.VALUES)
    flows = [value for value in values if value.endswith(":flow")]
    chat = one(select, "optgroup[label=Chat]")
    assert flows == [option["value"] for option in chat.select("option") if ":" in option["value"]]
    assert "moment" in values
    assert "web-moment" not in values, "Marketo has one type of moments; its kind is a value"


def test_what_is_the_same_in_every_marketo_is_beyond_doubt_and_not_listed(client):
    activity_types.learn_types(NAMES)

    assert 1 not in [number for number, *_ in types(client)]


def test_a_type_of_ones_own_can_be_taken_for_one_of_another_family(client):
    activity_types.learn_types(NAMES)
    choose(client, type_100001="visited-page")

    assert (100_001, "visited-page", "visited-page") in types(client)
