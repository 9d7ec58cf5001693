"""The configuration tab: prerequisites, the switch in its section, Operational Settings, history, Reset."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from tests.conftest import API_KEY
from tests.html.conftest import browser
from tests.html.pages import rows, send, squeezed, turn
from tests.reading import one, soup, texts
from webui import operational_settings
from webui.access.secret import secrets_of
from webui.database import db
from webui.installation import facts
from webui.models import Activity, Installation, Person

NEW_KEY = "a-new-key-of-enough-bytes-" + "9" * 10
KEYS = ["package-version", "dynamic-chat-connection", "api-secret-key"]


def prerequisites(page) -> dict[str, bool]:
    return {one["data-prerequisite"]: one["data-met"] == "true" for one in page.select("[data-prerequisite]")}


def says(page, key: str) -> str:
    return squeezed(one(page, f"[data-prerequisite={key}]"))


def history(page) -> list[list[str]]:
    """Return (what, from, to) of each line of the history, newest first."""
    lines = one(page, "[data-section=history]").select("tr[data-change]")
    return [[line["data-change"], *texts(line, "td")[3:]] for line in lines]


def checkbox(page):
    return one(page, "details[data-section=visualforce-panel] input[name=enable_dynamic_chat]")


def is_on(page) -> bool:
    return checkbox(page).has_attr("checked")


def stored(column):
    """Read a column of the installation's row as it is in the database now."""
    db.session.rollback()
    found = db.session.execute(select(column)).scalar_one()
    db.session.rollback()
    return found


def test_three_prerequisites_are_checked_in_order(bare_client):
    assert list(prerequisites(soup(bare_client.get("/config")))) == KEYS


def test_on_a_new_installation_no_prerequisite_is_met_and_each_says_how_to_mend_it(bare_client):
    page = soup(bare_client.get("/config"))

    assert prerequisites(page) == dict.fromkeys(KEYS, False)
    assert "Installed Packages" in says(page, "package-version")
    assert "chatpane import" in says(page, "dynamic-chat-connection")
    assert "Admin, Sales Insight" in says(page, "api-secret-key")


def test_with_all_set_up_every_prerequisite_is_met(client):
    page = soup(client.get("/config"))

    assert prerequisites(page) == dict.fromkeys(KEYS, True)
    assert "2.4.0" in says(page, "package-version")


VERSIONS = {
    "2.3.9": False,
    "2.4": True,
    "2.10": True,
    "2.4.0rc1": False,
    "10.0": True,
    "1.99": False,
    "2.4.0": True,
}


def test_package_versions_compare_as_versions(bare_client):
    for version, suffices in VERSIONS.items():
        assert send(bare_client, "/config/package-version", package_version=version).status_code == 303
        page = soup(bare_client.get("/config"))

        assert prerequisites(page)["package-version"] is suffices
        assert version in says(page, "package-version")
        assert ("Upgrade" in says(page, "package-version")) is not suffices


def test_what_is_no_version_is_refused_with_a_reason(bare_client):
    for version in ("", "two", "2.4.x", "2.4.0\0", "v", "2.4.0" + ".0" * 60):
        page = soup(send(bare_client, "/config/package-version", package_version=version), 422)

        assert "2.4.0" in one(page, "[data-error]").get_text()
        assert stored(Installation.package_version) is None


def test_one_delivered_activity_connects_dynamic_chat(bare_client, make_activity):
    make_activity()

    page = soup(bare_client.get("/config"))

    assert prerequisites(page)["dynamic-chat-connection"]
    assert "bulk activity extract" in squeezed(one(page, "[data-section=operational-settings]"))


def test_people_alone_connect_nothing(bare_client, make_person):
    make_person()

    assert not prerequisites(soup(bare_client.get("/config")))["dynamic-chat-connection"]


def test_the_switch_stands_in_the_collapsed_visualforce_panel_section(client):
    page = soup(client.get("/config"))
    section = one(page, "details[data-section=visualforce-panel]")

    assert not section.has_attr("open")
    assert texts(section, "summary") == ["Visualforce Panel"]
    assert checkbox(page)["type"] == "checkbox"
    assert squeezed(checkbox(page).find_parent("label")) == "Enable Dynamic Chat Data"


def test_the_switch_is_off_at_first(bare_client):
    assert not is_on(soup(bare_client.get("/config")))


@pytest.mark.parametrize("missing", KEYS)
def test_turning_on_is_refused_while_one_prerequisite_is_unmet(bare_client, make_activity, missing):
    if missing != "package-version":
        send(bare_client, "/config/package-version", package_version="2.4.0")
    if missing != "api-secret-key":
        send(bare_client, "/config/api-secret-key", api_secret_key=API_KEY)
    if missing != "dynamic-chat-connection":
        make_activity()

    page = soup(turn(bare_client, on=True), 422)

    section = one(page, "details[data-section=visualforce-panel]")
    assert section.has_attr("open")
    assert "prerequisite" in squeezed(one(section, "[data-error]"))
    assert [key for key, met in prerequisites(page).items() if not met] == [missing]
    assert not is_on(page)
    assert stored(Installation.chat_enabled) is False
    assert "switch" not in [line[0] for line in history(page)]


def test_the_switch_is_turned_off_and_on_by_the_form(client, make_person):
    make_person()
    for on in (False, True):
        answer = turn(client, on)

        assert (answer.status_code, answer.headers["Location"]) == (303, "/config")
        page = soup(client.get("/config"))
        assert is_on(page) is on
        assert one(page, "[data-notice]").get_text(strip=True)
        assert client.get("/leads/00Q1/chat").status_code == (200 if on else 404)


def test_a_notice_of_what_changed_is_shown_once(client):
    turn(client, on=False)

    assert soup(client.get("/config")).select("[data-notice]")
    assert not soup(client.get("/config")).select("[data-notice]")


FORMS = {
    "/config/switch": {},
    "/config/package-version": {"package_version": "9.9.9"},
    "/config/api-secret-key": {"api_secret_key": NEW_KEY},
    "/config/reset": {"sure": "y"},
}


@pytest.mark.parametrize("token", [None, "", "nonsense"])
def test_a_form_without_its_token_changes_nothing(app, client, token):
    """Another site's page can send this form from the admin's browser; only ours knows the token."""
    before = soup(client.get("/config"))
    for action, values in FORMS.items():
        answer = client.post(action, data=values | ({} if token is None else {"csrf_token": token}))
        assert "too old" in one(soup(answer, 400), "[data-error]").get_text()

    after = soup(client.get("/config"))
    assert is_on(after)
    assert history(after) == history(before)
    assert operational_settings.api_keys(secrets_of(app.extensions["chatpane"])) == [API_KEY.encode()]


def test_the_token_of_another_browser_is_refused(app, client):
    token = one(soup(client.get("/config")), "form[action='/config/switch'] input[name=csrf_token]")["value"]
    other = browser(app)
    other.get("/config")

    assert other.post("/config/switch", data={"csrf_token": token}).status_code == 400
    assert is_on(soup(client.get("/config")))


def test_settings_are_changed_by_post_alone(client):
    for action in ("/config/switch", "/config/package-version", "/config/api-secret-key"):
        answer = client.get(action)
        assert "POST" in answer.headers["Allow"]
        assert one(soup(answer, 405), "[data-error]")


def test_the_version_cannot_be_lowered_while_the_switch_is_on(client):
    page = soup(send(client, "/config/package-version", package_version="2.3.9"), 422)

    assert "Turn it off first" in one(page, "[data-error]").get_text()
    assert prerequisites(page)["package-version"]
    assert stored(Installation.package_version) == "2.4.0"
    assert one(page, "input[name=package_version]")["value"] == "2.3.9"


def test_the_version_can_be_lowered_once_the_switch_is_off(client):
    turn(client, on=False)

    assert send(client, "/config/package-version", package_version="2.3.9").status_code == 303
    assert stored(Installation.package_version) == "2.3.9"


def test_a_key_of_fewer_than_32_bytes_is_refused(app, client):
    for key in ("", "short", "x" * 31, " " * 40, "é" * 15):
        page = soup(send(client, "/config/api-secret-key", api_secret_key=key), 422)

        assert "32 bytes" in one(page, "[data-error]").get_text()
        assert operational_settings.api_keys(secrets_of(app.extensions["chatpane"])) == [API_KEY.encode()]


def test_a_key_of_32_bytes_is_taken_whatever_its_letters(app, client):
    assert send(client, "/config/api-secret-key", api_secret_key="é" * 16).status_code == 303

    assert operational_settings.api_keys(secrets_of(app.extensions["chatpane"]))[0] == ("é" * 16).encode()


def test_a_key_is_never_shown_again(client, make_person):
    make_person()
    saved = send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)
    refused = send(client, "/config/api-secret-key", api_secret_key="this-one-is-short")

    answers = [
        saved,
        refused,
        *(client.get(url) for url in ("/config", "/config/reset", "/", "/leads/00Q1", "/global")),
    ]
    for answer in answers:
        said = answer.get_data(as_text=True) + str(answer.headers)
        assert NEW_KEY not in said
        assert API_KEY not in said
        assert "this-one-is-short" not in said
    assert not one(soup(client.get("/config")), "input[type=password][name=api_secret_key]").get("value")


def test_the_key_is_encrypted_at_rest(app, client):
    send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)

    db.session.rollback()
    row = db.session.execute(text("SELECT * FROM installation")).one()
    changes = db.session.execute(text("SELECT * FROM configuration_change")).all()
    db.session.rollback()

    assert NEW_KEY not in repr((row, changes))
    assert API_KEY not in repr((row, changes))
    keys = operational_settings.api_keys(secrets_of(app.extensions["chatpane"]))
    assert keys == [NEW_KEY.encode(), API_KEY.encode()]


def test_who_changed_the_key_and_when_is_said(client):
    before = datetime.now(UTC).replace(microsecond=0)
    send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)

    form = one(soup(client.get("/config")), "form[action='/config/api-secret-key']")

    assert "demo" in squeezed(form)
    assert datetime.fromisoformat(one(form, "time")["datetime"]) >= before


def test_the_same_key_again_changes_nothing_and_retires_none(app, client):
    send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)
    before = history(soup(client.get("/config")))
    send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)

    assert history(soup(client.get("/config"))) == before
    keys = operational_settings.api_keys(secrets_of(app.extensions["chatpane"]))
    assert keys == [NEW_KEY.encode(), API_KEY.encode()]


def test_before_a_key_is_filled_in_the_page_says_so(bare_client):
    form = one(soup(bare_client.get("/config")), "form[action='/config/api-secret-key']")

    assert "Not filled in yet." in squeezed(form)
    assert not form.select("time")


def test_the_history_says_who_changed_what_when_and_from_what_to_what(client):
    send(client, "/config/package-version", package_version="2.10")
    turn(client, on=False)
    page = soup(client.get("/config"))

    assert history(page)[:2] == [["switch", "on", "off"], ["package-version", "2.4.0", "2.10"]]
    newest = page.select("tr[data-change]")[0]
    assert "demo" in texts(newest, "td")
    assert "Enable Dynamic Chat Data" in texts(newest, "td")
    assert one(newest, "time")["datetime"]


def test_what_changed_nothing_is_no_line_of_the_history(client):
    before = history(soup(client.get("/config")))
    turn(client, on=True)
    send(client, "/config/package-version", package_version="2.4.0")

    assert history(soup(client.get("/config"))) == before


def test_before_anything_was_changed_the_history_says_so(bare_client):
    assert one(soup(bare_client.get("/config")), "[data-section=history] [data-empty]").get_text(strip=True)


def test_the_configuration_leads_to_reset_which_asks_again(client):
    page = soup(client.get("/config"))
    asked = soup(client.get(one(page, "a[href='/config/reset']")["href"]))

    assert one(asked, "form[action='/config/reset'] input[type=checkbox][name=sure]")
    assert asked.select("a[href='/config']")
    assert is_on(soup(client.get("/config")))


def test_reset_that_is_not_really_meant_changes_nothing(client):
    before = history(soup(client.get("/config")))

    asked = soup(send(client, "/config/reset"), 422)

    assert "Nothing was reset" in one(asked, "[data-error]").get_text()
    after = soup(client.get("/config"))
    assert is_on(after)
    assert history(after) == before


def test_reset_turns_the_switch_off_and_wipes_the_settings(app, client, make_person, make_activity):
    make_person()
    make_activity()
    assert send(client, "/config/reset", sure="y").headers["Location"] == "/config"

    page = soup(client.get("/config"))
    assert not is_on(page)
    assert prerequisites(page) == dict.fromkeys(KEYS, False)
    assert operational_settings.api_keys(secrets_of(app.extensions["chatpane"])) == []
    assert client.get("/leads/00Q1/chat").status_code == 404


def test_reset_keeps_the_history_and_the_data(client, make_person, make_activity):
    make_person()
    make_activity()
    before = history(soup(client.get("/config")))

    send(client, "/config/reset", sure="y")

    lines = history(soup(client.get("/config")))
    assert lines[-len(before) :] == before
    assert [line[0] for line in lines[: -len(before)]] == ["reset", "switch"]
    assert lines[1] == ["switch", "on", "off"]
    assert client.get("/leads/00Q1").status_code == 200
    assert (stored(func.count(Activity.id)), stored(func.count(Person.id))) == (1, 1)


def test_after_reset_all_can_be_set_up_again(client, make_person, make_activity, save):
    make_person()
    id_ = make_activity()
    send(client, "/config/reset", sure="y")
    send(client, "/config/package-version", package_version="2.4.0")
    send(client, "/config/api-secret-key", api_secret_key=NEW_KEY)
    make_activity(marketo_id=9)
    assert turn(client, on=True).status_code == 303

    assert rows(soup(client.get("/leads/00Q1/chat"))) == [id_]


def test_a_form_that_is_too_large_is_refused(client):
    answer = send(client, "/config/api-secret-key", api_secret_key="x" * 70_000)

    assert one(soup(answer, 413), "[data-error]").get_text(strip=True)


def test_the_configuration_is_kept_by_nobody_and_framed_by_nobody(client):
    answer = client.get("/config")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_reading_the_configuration_changes_nothing(client):
    version = facts().content_version
    db.session.rollback()
    for url in ("/config", "/config/reset"):
        client.get(url)

    assert facts().content_version == version
