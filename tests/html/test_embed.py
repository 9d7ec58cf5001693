"""The way in by a signed link: what it opens, once, and what it says when it does not."""

import hmac
import time
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import OKPKey, RSAKey

from tests.conftest import API_KEY, SECRET_KEY
from tests.html.conftest import browser, on_one_database
from tests.html.entering import claims, enter, session_of, token
from tests.reading import HTMX, one, soup
from webui import audit, create_app, operational_settings
from webui.access.links import LONGEST_TOKEN

RECORDS = ("leads/00Q1", "contacts/003A", "accounts/001A", "opportunities/006A")


def refused(app, sent, status):
    """Send a token and return what the refusal says."""
    answer = browser(app).post("/embed", data={"token": sent})
    page = soup(answer, status)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not page.select("[data-activity], table")
    assert session_of(page) is None
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return one(page, "[data-error]")


# What a link opens


@pytest.mark.parametrize("opens", RECORDS)
def test_a_link_opens_its_record_at_once(closed_app, company, opens):
    panel = enter(closed_app, opens)

    assert panel.page.select_one(f'#tabpanel-dashboard[data-url="/{opens}/dashboard"]')
    assert panel.page.html["data-address"] == f"/{opens}"


@on_one_database
def test_a_link_that_opens_all_opens_the_global_tab(closed_app, company):
    panel = enter(closed_app, "all")

    assert panel.page.select_one('[data-fragment=chat][hx-get="/global/chat"]')
    assert panel.page.html["data-address"] == "/global"


@on_one_database
def test_the_token_may_come_in_the_address_too(closed_app, company):
    answer = browser(closed_app).get("/embed", query_string={"token": token("leads/00Q1")})

    assert soup(answer).html["data-address"] == "/leads/00Q1"


@on_one_database
def test_that_answer_is_kept_by_nobody_and_sends_no_referrer(closed_app, company):
    answer = enter(closed_app, "leads/00Q1").answer

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in answer.headers


@on_one_database
def test_the_page_has_no_token_anywhere(closed_app, company):
    sent = token("leads/00Q1")
    answer = browser(closed_app).get("/embed", query_string={"token": sent})

    assert sent not in answer.get_data(as_text=True)
    assert sent not in str(answer.headers)


@on_one_database
def test_the_page_speaks_the_language_and_zone_of_the_link(closed_app, company):
    page = enter(closed_app, "leads/00Q1", lang="ja_JP", tz="Asia/Tokyo").page

    assert page.html["lang"] == "ja"
    assert page.html["data-zone"] == "known"
    assert '"Asia/Tokyo"' in page.body["hx-headers:inherited"]


@on_one_database
def test_a_language_or_zone_that_we_do_not_know_is_no_obstacle(closed_app, company):
    page = enter(closed_app, "leads/00Q1", lang="tlh", tz="Mars/Olympus").page

    assert page.html["lang"] == "en"
    assert page.html["data-zone"] == "assumed"


@on_one_database
def test_the_page_takes_the_accent_and_font_size_of_the_link(closed_app, company):
    panel = enter(closed_app, "leads/00Q1", accent="#0A66C2", font_size=16)

    assert panel.page.html["data-font-size"] == "16"
    [stylesheet] = [link["href"] for link in panel.page.select("link[rel=stylesheet]")]
    assert stylesheet.endswith("-0a66c2.css")
    assert "--accent: light-dark(#0a66c2" in panel.get(stylesheet).get_data(as_text=True)


@on_one_database
def test_the_package_version_of_a_link_is_shown_as_last_seen_and_changes_nothing(closed_app, client, company):
    enter(closed_app, "leads/00Q1", pkg="1.9")

    assert operational_settings.shown().package_version == "2.4.0"
    assert operational_settings.shown().package_version_seen == "1.9"
    assert "1.9" in one(soup(client.get("/config")), "[data-section=operational-settings]").get_text()


@on_one_database
def test_a_salesforce_id_of_15_characters_finds_the_record_of_18(closed_app, app, make_person):
    make_person("003A0000006Vm9uIAC", "contact")

    assert enter(closed_app, "contacts/003A0000006Vm9u").page.html["data-address"] == (
        "/contacts/003A0000006Vm9uIAC"
    )


@on_one_database
def test_a_link_to_a_converted_lead_opens_the_contact(closed_app, company):
    panel = enter(closed_app, "leads/00Q9")

    assert panel.page.html["data-address"] == "/contacts/003B"
    assert panel.get("/contacts/003B/chat").status_code == 200


@on_one_database
def test_clock_skew_of_a_minute_is_tolerated(closed_app, company):
    now = claims("leads/00Q1")["iat"]

    enter(closed_app, "leads/00Q1", iat=now + 50, exp=now + 200)
    enter(closed_app, "leads/00Q1", iat=now - 300, exp=now - 50)


@on_one_database
def test_whoever_only_looks_at_a_link_does_not_use_it_up(closed_app, company):
    sent = {"token": token("leads/00Q1")}
    client = browser(closed_app)

    assert client.head("/embed", query_string=sent).status_code == 405
    assert client.get("/embed", query_string=sent).status_code == 200


# Once


def test_a_link_works_once_on_all_workers(closed_app, settings, company):
    other = create_app(replace(settings, demo=False))
    sent = token("leads/00Q1")

    assert browser(closed_app).post("/embed", data={"token": sent}).status_code == 200
    for app in (closed_app, other):
        error = refused(app, sent, 401)
        assert "used before" in error.get_text()
        assert error.has_attr("data-needs-link")


@on_one_database
def test_a_link_that_was_refused_for_its_record_may_be_used_when_the_record_has_come(
    closed_app, app, make_person
):
    sent = token("leads/00Q7")
    refused(closed_app, sent, 404)
    make_person("00Q7")

    assert browser(closed_app).post("/embed", data={"token": sent}).status_code == 200


@on_one_database
def test_a_link_whose_times_are_fractions_works_once_until_its_last_moment(closed_app, company):
    now = time.time()
    sent = token("leads/00Q1", iat=now - 200, exp=now - 59.2)

    assert [browser(closed_app).post("/embed", data={"token": sent}).status_code for _ in range(3)] == (
        [200, 401, 401]
    )


# Keys


@pytest.fixture
def with_public_key(settings, whole_app):
    """Make an app that takes links of this key."""

    def make(key):
        pem = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        return create_app(replace(settings, demo=False, embed_public_key=(pem,)))

    return make


@on_one_database
@pytest.mark.parametrize(
    ("make_key", "algorithm"),
    [
        (lambda: RSAKey.generate_key(2048), "RS256"),
        (lambda: OKPKey.generate_key("Ed25519"), "EdDSA"),
        (lambda: OKPKey.generate_key("Ed25519"), "Ed25519"),
    ],
)
def test_a_backend_may_sign_by_a_key_of_its_own(with_public_key, company, make_key, algorithm):
    key = make_key()
    app = with_public_key(key)
    sent = jwt.encode({"alg": algorithm}, claims("leads/00Q1", aud="chatpane"), key, algorithms=[algorithm])
    for_others = jwt.encode({"alg": algorithm}, claims("leads/00Q1", aud="crm"), key, algorithms=[algorithm])

    assert browser(app).post("/embed", data={"token": sent}).status_code == 200
    assert "aud" in refused(app, for_others, 400).get_text()


@on_one_database
def test_the_algorithm_belongs_to_the_key(with_public_key, company):
    key = RSAKey.generate_key(2048)
    app = with_public_key(key)
    pem = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body, _signature = token("leads/00Q1").split(".")
    signature = hmac.digest(pem, f"{head}.{body}".encode(), "sha256")
    sent = f"{head}.{body}.{_base64url(signature)}"

    refused(app, sent, 401)


def _base64url(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


@on_one_database
def test_the_key_before_is_good_for_a_day(closed_app, company):
    before = token("leads/00Q1")
    operational_settings.set_api_key("n" * 40, "test", (SECRET_KEY,))

    assert browser(closed_app).post("/embed", data={"token": before}).status_code == 200
    assert (
        browser(closed_app).post("/embed", data={"token": token("leads/00Q1", key="n" * 40)}).status_code
        == 200
    )
    operational_settings.set_api_key("m" * 40, "test", (SECRET_KEY,))
    refused(closed_app, token("leads/00Q1", key=API_KEY), 401)


@on_one_database
def test_without_a_key_no_link_is_trusted(closed_app, bare_app):
    assert "configuration tab" in refused(closed_app, token("leads/00Q1"), 401).get_text()


# Refused


def unsigned(opens):
    """Return a token of alg none."""
    _head, body, _signature = token(opens).split(".")
    header = _base64url(b'{"alg": "none"}')
    return f"{header}.{body}."


def tampered(opens):
    """Return a token whose claims were changed after it was signed."""
    head, _body, signature = token("leads/00Q2").split(".")
    return f"{head}.{token(opens).split('.')[1]}.{signature}"


@on_one_database
def test_what_was_not_signed_by_us_is_not_trusted(closed_app, company):
    for sent in (unsigned("leads/00Q1"), tampered("leads/00Q1"), token("leads/00Q1", key="x" * 40)):
        error = refused(closed_app, sent, 401)
        assert "cannot be trusted" in error.get_text()
        assert not error.has_attr("data-needs-link")


@on_one_database
def test_an_expired_link_asks_the_host_for_a_new_one(closed_app, company):
    now = claims("leads/00Q1")["iat"]
    error = refused(closed_app, token("leads/00Q1", iat=now - 400, exp=now - 100), 401)

    assert "expired" in error.get_text()
    assert error.has_attr("data-needs-link")


@on_one_database
def test_a_link_of_the_future_and_one_that_lives_too_long_are_refused(closed_app, company):
    now = claims("leads/00Q1")["iat"]

    assert "future" in refused(closed_app, token("leads/00Q1", iat=now + 100, exp=now + 200), 401).get_text()
    assert "future" in refused(closed_app, token("leads/00Q1", nbf=now + 100), 401).get_text()
    assert "300 seconds" in refused(closed_app, token("leads/00Q1", iat=now, exp=now + 301), 400).get_text()
    assert "300 seconds" in refused(closed_app, token("leads/00Q1", exp=now), 400).get_text()


@on_one_database
@pytest.mark.parametrize("name", ["sub", "role", "opens", "iat", "exp", "jti"])
def test_a_claim_that_is_missing_is_named(closed_app, company, name):
    assert name in refused(closed_app, token("leads/00Q1", **{name: None}), 400).get_text()


@on_one_database
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sub", 5),
        ("sub", "x" * 400),
        ("sub", "a\x00"),
        ("role", "owner"),
        ("role", ["rep"]),
        ("opens", "leads"),
        ("opens", "leads/"),
        ("opens", "users/1"),
        ("opens", "leads/" + "x" * 200),
        ("opens", {"leads": "00Q1"}),
        ("iat", "today"),
        ("iat", True),
        ("exp", 1e300),
        ("jti", 7),
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#000000;}"),
        ("font_size", 11),
        ("font_size", 21),
        ("font_size", "14"),
        ("font_size", True),
    ],
)
def test_a_claim_that_is_not_of_its_form_is_named(closed_app, company, name, value):
    assert name in refused(closed_app, token("leads/00Q1", **{name: value}), 400).get_text()


@on_one_database
@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "a.b.c",
        "..",
        "é.é.é",
        "eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.x",
        f"{_base64url(b'[' * 3000)}.e30.x",
        "x" * (LONGEST_TOKEN + 1),
    ],
)
def test_what_is_no_token_is_refused_with_a_sentence(closed_app, company, sent):
    answer = browser(closed_app).post("/embed", data={"token": sent})

    assert answer.status_code in (400, 401)
    assert one(soup(answer, answer.status_code), "[data-error] strong").get_text(strip=True).endswith(".")


@on_one_database
def test_a_body_beyond_bounds_is_refused(closed_app, company):
    assert browser(closed_app).post("/embed", data={"token": "x" * 100_000}).status_code == 413


@on_one_database
def test_a_record_that_is_not_there_is_told_to_the_holder_of_a_good_link_alone(closed_app, company):
    assert "imported" in refused(closed_app, token("leads/nobody"), 404).get_text()
    refused(closed_app, token("leads/nobody", key="x" * 40), 401)


@on_one_database
def test_a_refusal_is_in_the_viewers_language_and_replaces_the_address(closed_app, company):
    answer = browser(closed_app).get("/embed?token=x.y.z", headers={"Accept-Language": "ja"})
    page = soup(answer, 400)

    assert page.html["lang"] == "ja"
    assert page.html["data-address"] == "/embed"


# Admins by link


@on_one_database
def test_an_admins_link_opens_the_configuration_only_where_that_is_allowed(closed_app, settings, company):
    allowed = create_app(replace(settings, demo=False, embed_admin=True))

    assert "CHATPANE_EMBED_ADMIN" in refused(closed_app, token("all", role="admin"), 403).get_text()
    assert enter(allowed, "all", role="admin").page_of("/config").status_code == 200
    assert enter(allowed, "all").page_of("/config").status_code == 403


@on_one_database
def test_an_admins_form_in_a_frame_is_proved_by_the_pages_session(settings, company):
    app = create_app(replace(settings, demo=False, embed_admin=True))
    panel = enter(app, "all", role="admin")
    page = soup(panel.page_of("/config"))
    field = one(page, "form[action='/config/allowed-origins'] input[name=pane]")["value"]
    without_headers = browser(app)

    sent = {"allowed_origins": "https://crm.example"}
    assert without_headers.post("/config/allowed-origins", data=sent).status_code == 401
    assert without_headers.post("/config/allowed-origins", data={**sent, "pane": field}).status_code == 303
    assert operational_settings.shown().allowed_origins == "https://crm.example"
    assert panel.browser.post("/config/switch", data={}, headers=panel.headers).status_code == 303


@on_one_database
def test_a_cookie_alone_sends_no_form(settings, company):
    app = create_app(replace(settings, demo=False, embed_admin=True))
    client = browser(app)
    client.post("/embed", data={"token": token("all", role="admin")})

    assert client.get("/config").status_code == 200
    assert client.post("/config/switch", data={}).status_code == 401


@on_one_database
def test_an_admin_in_a_frame_finds_the_configuration_and_the_way_back(settings, company):
    app = create_app(replace(settings, demo=False, embed_admin=True))
    panel = enter(app, "all", role="admin")
    to_config = one(panel.page, "main a[href='/config']")
    config = soup(panel.page_of(to_config["href"]))

    assert one(config, "a[data-home]")["href"] == "/global"
    assert not enter(app, "all").page.select("a[href='/config']")
    assert not enter(app, "leads/00Q1").page.select("a[href='/config']")


# The page's session


@on_one_database
def test_the_session_is_not_in_any_address(closed_app, company):
    panel = enter(closed_app, "accounts/001A")
    session = session_of(panel.page)
    pages = [panel.page, soup(panel.get("/accounts/001A/chat"))]

    assert session
    for page in pages:
        for tag in page.select("[href], [hx-get], [src], [action]"):
            assert session not in str([tag.get(name) for name in ("href", "hx-get", "src", "action")])


@on_one_database
def test_a_fragment_without_its_session_says_that_it_is_over_and_asks_for_a_link(closed_app, company):
    panel = enter(closed_app, "leads/00Q1")
    answer = panel.get("/leads/00Q1/chat", **{"X-Pane": "forged"})

    error = one(soup(answer, 401), "[data-error]")
    assert "session is over" in error.get_text()
    assert error.has_attr("data-needs-link")


@on_one_database
def test_a_session_ends_when_it_is_not_used_and_goes_on_when_it_is(settings, company, monkeypatch):
    app = create_app(replace(settings, demo=False, session_idle_minutes=30))
    now = [1_800_000_000.0]
    monkeypatch.setattr("webui.access.sessions.time.time", lambda: now[0])
    monkeypatch.setattr("webui.access.visitors.time.time", lambda: now[0])
    panel = enter(app, "leads/00Q1")
    at_first = panel.headers

    now[0] += 20 * 60
    renewed = panel.get("/leads/00Q1/chat").headers["X-Pane"]
    now[0] += 20 * 60

    assert panel.browser.get("/leads/00Q1/chat", headers=at_first).status_code == 401
    assert panel.get("/leads/00Q1/chat", **{"X-Pane": renewed}).status_code == 200


@on_one_database
def test_a_session_ends_at_last_however_it_is_used(settings, company, monkeypatch):
    app = create_app(replace(settings, demo=False, session_idle_minutes=60, session_hours=2))
    now = [1_800_000_000.0]
    monkeypatch.setattr("webui.access.sessions.time.time", lambda: now[0])
    monkeypatch.setattr("webui.access.visitors.time.time", lambda: now[0])
    panel = enter(app, "leads/00Q1")
    session = session_of(panel.page)

    statuses = []
    for _ in range(5):
        answer = panel.get("/leads/00Q1/chat", **{"X-Pane": session})
        session = answer.headers.get("X-Pane", session)
        statuses.append(answer.status_code)
        now[0] += 40 * 60

    assert statuses == [200, 200, 200, 200, 401]


@on_one_database
def test_a_fragment_that_is_kept_is_checked_before_it_is_confirmed(closed_app, company):
    panel = enter(closed_app, "leads/00Q1")
    answer = panel.get("/leads/00Q1/chat")
    tag = {"If-None-Match": answer.headers["ETag"]}

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "X-Pane" in answer.headers["Vary"]
    assert panel.get("/leads/00Q1/chat", **tag).status_code == 304
    assert enter(closed_app, "leads/00Q2").get("/leads/00Q1/chat", **tag).status_code == 404
    assert browser(closed_app).get("/leads/00Q1/chat", headers={**HTMX, **tag}).status_code == 401


@on_one_database
def test_what_brings_a_new_session_is_kept_by_no_cache(settings, company, monkeypatch):
    """A browser would merge the kept answer's session into a later 304, and so bring an old one back."""
    app = create_app(replace(settings, demo=False))
    now = [1_800_000_000.0]
    monkeypatch.setattr("webui.access.sessions.time.time", lambda: now[0])
    monkeypatch.setattr("webui.access.visitors.time.time", lambda: now[0])
    panel = enter(app, "leads/00Q1")
    kept = panel.get("/leads/00Q1/chat")
    now[0] += 10 * 60

    answer = panel.get("/leads/00Q1/chat", **{"If-None-Match": kept.headers["ETag"]})
    assert answer.status_code == 200
    assert "X-Pane" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@on_one_database
def test_opening_another_record_does_not_make_the_first_last_longer(settings, company, monkeypatch):
    app = create_app(replace(settings, demo=False, session_idle_minutes=1440, session_hours=12))
    now = [1_800_000_000.0]
    monkeypatch.setattr("webui.access.sessions.time.time", lambda: now[0])
    monkeypatch.setattr("webui.access.visitors.time.time", lambda: now[0])
    client = browser(app)

    def enter_by(opens):
        at = int(now[0])
        sent = token(opens, iat=at, exp=at + 120)
        monkeypatch.setattr("webui.access.links.time.time", lambda: now[0])
        return client.post("/embed", data={"token": sent}).status_code

    assert enter_by("leads/00Q1") == 200
    now[0] += 11 * 3600
    assert enter_by("leads/00Q2") == 200
    session = session_of(soup(client.get("/leads/00Q1")))
    now[0] += 2 * 3600

    assert client.get("/leads/00Q1/chat", headers={**HTMX, "X-Pane": session}).status_code == 401


# The cookie


def cookie_of(answer):
    """Return the panel's cookie as it was sent, None if none was."""
    found = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-pane=")]
    return found[0] if found else None


@on_one_database
def test_the_cookie_is_partitioned_and_only_for_this_host_over_tls(closed_app, company):
    sent = cookie_of(enter(closed_app, "leads/00Q1").answer)
    attributes = {part.strip() for part in sent.split(";")[1:]}

    assert attributes == {"Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned"}


@on_one_database
def test_where_cookies_are_taken_plain_links_work(closed_app, company):
    client = browser(closed_app)
    client.post("/embed", data={"token": token("accounts/001A")})
    page = soup(client.get("/contacts/003A"))

    assert session_of(page)
    assert client.get("/contacts/003A/chat").status_code == 200
    assert client.get("/leads/00Q1").status_code == 404


@on_one_database
def test_two_panels_of_one_window_add_to_each_other(closed_app, company):
    client = browser(closed_app)
    for opens in ("leads/00Q1", "opportunities/006A"):
        client.post("/embed", data={"token": token(opens)})

    assert client.get("/leads/00Q1").status_code == 200
    assert client.get("/opportunities/006A").status_code == 200
    assert client.get("/accounts/001A").status_code == 404


def test_two_panels_that_load_at_once_lose_nothing_to_each_other(closed_app, company):
    """Each is sent a cookie of its own, and the later one wins: the other panel adds its grant to that."""
    first, second = enter(closed_app, "leads/00Q1"), enter(closed_app, "opportunities/006A")
    cookie = cookie_of(second.answer).partition(";")[0]

    with_cookie = first.get("/leads/00Q1/chat", Cookie=cookie)
    assert "X-Pane" in with_cookie.headers
    for url in ("/leads/00Q1", "/opportunities/006A"):
        assert first.browser.get(url, headers={"Cookie": cookie}).status_code == 200
    again = first.get("/leads/00Q1/chat", Cookie=cookie, **{"X-Pane": with_cookie.headers["X-Pane"]})
    assert "X-Pane" not in again.headers


@on_one_database
def test_another_viewers_cookie_takes_nothing_over(closed_app, company):
    client = browser(closed_app)
    client.post("/embed", data={"token": token("leads/00Q1", sub="ann")})
    client.post("/embed", data={"token": token("opportunities/006A", sub="bob")})

    assert client.get("/opportunities/006A").status_code == 200
    assert client.get("/accounts/001A").status_code == 404
    assert client.get("/leads/00Q2").status_code == 404


@on_one_database
def test_links_work_over_https_and_say_so_to_the_browser(closed_app, company):
    client = browser(closed_app)
    secure = {"base_url": "https://pane.example.com"}
    answer = client.post("/embed", data={"token": token("leads/00Q1")}, **secure)

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert client.get("/leads/00Q1", **secure).status_code == 200
    assert "Strict-Transport-Security" not in browser(closed_app).get("/healthz").headers


# Who may frame


@on_one_database
def test_nobody_may_frame_a_page_until_an_origin_is_allowed(closed_app, company):
    def framing(answer):
        policy = dict(
            part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert "X-Frame-Options" not in answer.headers
        return policy["frame-ancestors"]

    assert framing(enter(closed_app, "leads/00Q1").answer) == "'none'"
    operational_settings.set_allowed_origins("https://crm.example https://*.example.org:8443", "test")
    allowed = "https://crm.example https://*.example.org:8443"
    assert framing(enter(closed_app, "leads/00Q1").answer) == allowed
    assert framing(browser(closed_app).post("/embed", data={"token": "x"})) == allowed
    assert framing(browser(closed_app).get("/config")) == "'none'"


# The trail


def test_who_opened_which_record_and_who_was_refused_is_noted(closed_app, company):
    panel = enter(closed_app, "accounts/001A", name="Ann Lee")
    panel.get("/contacts/003A/chat")
    panel.get("/contacts/003A/chat")
    panel.get("/leads/00Q1/chat")
    browser(closed_app).get("/leads/00Q1")

    noted = [
        (entry.action, entry.viewer, entry.what) for entry in audit.entries() if entry.action != audit.CHANGED
    ]
    assert noted == [
        ("refused", None, "/leads/00Q1"),
        ("refused", "link:ann", "/leads/00Q1/chat"),
        ("opened", "link:ann", "contacts/003A"),
        ("entered", "link:ann", "accounts/001A"),
    ]
