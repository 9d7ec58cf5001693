"""Two languages and every time zone: which one is taken, and that page and fragment agree."""

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask_babel import gettext

from tests.html.conftest import browser, on_one_database
from tests.html.pages import squeezed
from tests.reading import HTMX, one, soup, texts
from webui import wording
from webui.access.viewer import zone_named
from webui.views.paths import details_of
from webui.vocabulary import BY_KEY, CHAT, COLUMNS, FAMILIES, LANGUAGES, PANELS

pytestmark = on_one_database


def language(answer) -> str:
    return one(soup(answer), "html")["lang"]


def of_fragment(answer) -> str:
    """Return the language of a Chat tab's fragment, by its headings."""
    headings = texts(soup(answer), "th")
    return next(of for of in LANGUAGES if headings == [COLUMNS[key][of] for key in CHAT.person_columns])


def said(app, of: str, text: str) -> str:
    """Return one of the product's texts in a language."""
    with app.test_request_context():
        wording.use(of, zone_named("UTC"))
        return gettext(text)


@pytest.fixture
def lead(make_person, make_activity):
    """A lead with one chat on a Sunday in March 2025."""
    make_person()
    make_activity(at="2025-03-02T09:15Z")
    return "/leads/00Q1"


def test_the_language_is_the_one_that_the_browser_accepts(client, lead):
    accepted = {
        "ja": "ja",
        "ja-JP,ja;q=0.9,en;q=0.8": "ja",
        "en-GB,en;q=0.9": "en",
        "fr,ja;q=0.5": "ja",
        "fr": "en",
        "": "en",
        "en;q=0.5,ja;q=0.7": "ja",
        "nonsense;;q=x": "en",
    }

    assert {
        value: language(client.get(lead, headers={"Accept-Language": value})) for value in accepted
    } == accepted


def test_the_language_of_the_address_comes_first_and_is_remembered(client, lead):
    assert language(client.get(f"{lead}?lang=ja", headers={"Accept-Language": "en"})) == "ja"
    assert language(client.get(lead, headers={"Accept-Language": "en"})) == "ja"
    assert language(client.get(f"{lead}?lang=en")) == "en"
    assert language(client.get(lead, headers={"Accept-Language": "ja"})) == "en"


def test_a_language_that_we_do_not_speak_is_passed_over(client, lead):
    assert language(client.get(f"{lead}?lang=fr", headers={"Accept-Language": "ja"})) == "ja"
    assert language(client.get(lead)) == "en"


def test_the_language_of_the_page_comes_before_the_choice_of_another_window(client, lead):
    client.get(f"{lead}?lang=en")

    assert of_fragment(client.get(f"{lead}/chat", headers=HTMX | {"X-Pane-Language": "ja"})) == "ja"
    assert of_fragment(client.get(f"{lead}/chat?lang=en", headers=HTMX | {"X-Pane-Language": "ja"})) == "en"


def page_headers(page) -> dict[str, str]:
    """Return what the page sends along with each fragment that it asks for."""
    return json.loads(one(page, "body")["hx-headers:inherited"])


def test_a_fragment_keeps_the_language_and_zone_of_its_page(app, lead):
    """In an iframe no cookie may come back: the page itself must say how it was worded."""
    page = soup(browser(app).get(f"{lead}?lang=ja&tz=Asia/Tokyo"))
    url = one(page, "[data-fragment=chat]")["hx-get"]

    part = browser(app).get(url, headers=HTMX | page_headers(page) | {"Accept-Language": "en"})

    assert of_fragment(part) == "ja"
    assert squeezed(one(soup(part), "td[data-column=date]")) == "2025年3月2日 18:15"


def test_the_choice_is_kept_in_a_cookie_that_other_sites_do_not_send(client, lead):
    cookies = client.get(f"{lead}/chat?lang=ja&tz=Asia/Tokyo", headers=HTMX).headers.getlist("Set-Cookie")

    assert {cookie.partition("=")[0] for cookie in cookies} == {"lang", "tz"}
    for cookie in cookies:
        assert "SameSite=Lax" in cookie


def test_what_is_no_choice_sets_no_cookie(client, lead):
    for query in (
        "lang=fr",
        "lang=",
        "tz=Mars/Olympus",
        "tz=../../etc/passwd",
        "tz=%00",
        "tz=" + "x" * 500,
        "tz=Europe",
    ):
        for answer in (client.get(f"{lead}?{query}"), client.get(f"{lead}/chat?{query}", headers=HTMX)):
            assert answer.status_code == 200
            chosen = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
            assert chosen <= {"session"}  # which a page with a form has


@pytest.mark.parametrize(
    ("query", "short", "full"),
    [
        ("lang=en&tz=UTC", "Mar 2, 2025, 09:15", "Sunday, March 2, 2025, 09:15 (UTC)"),
        ("lang=en&tz=Asia/Tokyo", "Mar 2, 2025, 18:15", "Sunday, March 2, 2025, 18:15 (Asia/Tokyo)"),
        (
            "lang=en&tz=America/Los_Angeles",
            "Mar 2, 2025, 01:15",
            "Sunday, March 2, 2025, 01:15 (America/Los_Angeles)",
        ),
        ("lang=ja&tz=Asia/Tokyo", "2025年3月2日 18:15", "2025年3月2日日曜日 18:15 (Asia/Tokyo)"),
    ],
)
def test_dates_are_worded_in_the_viewers_language_and_zone(client, lead, query, short, full):
    moment = one(soup(client.get(f"{lead}/chat?{query}")), "td[data-column=date] time")

    assert squeezed(moment) == short
    assert moment["title"] == full
    assert moment["datetime"] == "2025-03-02T09:15:00Z"


def test_a_date_of_this_year_is_worded_without_the_year(client, make_person, make_activities):
    make_person()
    make_activities([{"at": datetime.now(UTC)}])

    assert not re.search(
        r"\d{4}", squeezed(one(soup(client.get("/leads/00Q1/chat")), "td[data-column=date]"))
    )


def test_the_zone_of_the_address_comes_first_and_is_remembered(client, lead):
    client.get(f"{lead}?tz=Asia/Tokyo")

    assert "18:15" in squeezed(one(soup(client.get(f"{lead}/chat")), "td time"))
    assert "09:15" in squeezed(one(soup(client.get(f"{lead}/chat?tz=UTC")), "td time"))


def test_a_zone_that_is_none_is_passed_over(client, lead):
    assert "09:15" in squeezed(one(soup(client.get(f"{lead}/chat?tz=Mars/Olympus")), "td time"))


GLOSSARY = {
    "Insights Dashboard": "Insights ダッシュボード",
    "Configuration": "設定",
    "Enable Dynamic Chat Data": "動的チャットデータを有効にする",
    "Visualforce Panel": "Visualforce パネル",
    "Global Marketo tab": "グローバル Marketo",
    "API Secret Key": "API Secret Key",
}


def test_the_specifications_words_are_its_japanese_words(app):
    assert {text: said(app, "ja", text) for text in GLOSSARY} == GLOSSARY


@pytest.mark.parametrize("of", LANGUAGES)
def test_every_page_speaks_one_language(app, client, company, of):
    for panel, kind in (("/leads/00Q1", "leads"), ("/accounts/001A", "accounts")):
        page = soup(client.get(f"{panel}?lang={of}"))

        assert PANELS[kind][0][of] in squeezed(one(page, "main > header"))
        assert texts(page, "[data-tab]") == [
            said(app, of, "Insights Dashboard"),
            *(family.labels[of] for family in FAMILIES),
        ]
        for family in FAMILIES:
            shown = said(app, of, "Show: %(tab)s") % {"tab": family.labels[of]}
            assert shown in texts(page, f"[data-fragment={family.key}] a")


@pytest.mark.parametrize("of", LANGUAGES)
def test_each_type_and_status_is_called_by_the_vocabularys_word(client, company, of):
    for (type_key, status), id_ in company.activities.items():
        page = soup(client.get(f"{details_of(type_key)}/{id_}?lang={of}"))
        found = one(page, "[data-activity-detail]")

        assert texts(found, "[data-heading]") == [BY_KEY[type_key].labels[of]]
        if status:
            label = next(one.labels[of] for one in BY_KEY[type_key].statuses if one.key == status)
            assert texts(found, "[data-status]") == [label]


@pytest.mark.parametrize("of", LANGUAGES)
def test_what_went_wrong_is_said_in_the_viewers_language(app, client, of):
    error = one(soup(client.get(f"/leads/nobody?lang={of}"), 404), "[data-error]")

    assert said(app, of, "There is no such record here.") in squeezed(error)


@pytest.mark.parametrize("of", LANGUAGES)
def test_the_configuration_speaks_the_viewers_language(app, client, of):
    page = soup(client.get(f"/config?lang={of}"))

    assert texts(page, "h1") == [said(app, of, "Configuration")]
    assert said(app, of, "Visualforce Panel") in texts(page, "summary")
    assert said(app, of, "Enable Dynamic Chat Data") in texts(page, "label")


def test_two_windows_in_two_languages_never_mix(app, lead):
    """Labels must not stick to the template in the language that was asked for first."""
    first, second = browser(app), browser(app)
    for _ in range(2):
        assert of_fragment(first.get(f"{lead}/chat?lang=ja", headers=HTMX)) == "ja"
        assert of_fragment(second.get(f"{lead}/chat?lang=en", headers=HTMX)) == "en"
        assert texts(soup(first.get(lead)), "[data-tab=chat]") == ["チャット"]
        assert texts(soup(second.get(lead)), "[data-tab=chat]") == ["Chat"]


@pytest.mark.parametrize(
    ("language", "days", "short"),
    [
        ("en", 0, "today"),
        ("en", -1, "yesterday"),
        ("en", 1, "tomorrow"),
        ("ja", 0, "今日"),
        ("ja", -1, "昨日"),
    ],
)
def test_days_close_to_today_are_said_as_people_say_them(client, lead, make_activity, language, days, short):
    zone = ZoneInfo("Asia/Tokyo")
    at = datetime.now(zone) + timedelta(days=days)
    make_activity(at=at.astimezone(UTC), dialogue="Close")

    page = soup(client.get(f"{lead}/chat?lang={language}&tz={zone.key}&dialogue=Close"))

    assert squeezed(one(page, "td[data-column=date] time")) == f"{short} {at:%H:%M}"


def test_a_request_that_changes_its_language_changes_nobody_elses(app):
    for language, today in (("en", "Today"), ("ja", "今日"), ("ja", "今日")):
        with app.test_request_context():
            wording.use("en", ZoneInfo("UTC"))
            assert gettext("Today") == "Today"
            wording.use(language, ZoneInfo("UTC"))
            assert gettext("Today") == today
