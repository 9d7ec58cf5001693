"""Admins sign in with an OpenID Connect provider, in a window of their own, and sign out.

The app is one started for production, the provider a real server: the test is the browser between them.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.access.conftest import SECRET
from tests.access.provider import CLIENT_SECRET, EMAIL, PUBLIC_PEM, SUBJECT
from tests.html.conftest import browser, on_one_database
from tests.html.pages import send
from tests.reading import one, soup, texts
from webui import audit
from webui.access import oidc
from webui.access.oidc import is_admin
from webui.access.visitors import sign_out_everyone

PANE = "https://pane.example.com"


def to_provider(client, root=PANE):
    """Press Sign in; return the provider's address."""
    answer = client.get("/config/sign-in", base_url=root)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def back_from(address):
    """Be signed in at the provider; return the address to which it sends the browser back."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def sign_in(client, root=PANE):
    """Sign in, all the way; return the last answer."""
    return client.get(back_from(to_provider(client, root)))


def configuration(client, root=PANE):
    """Return the answer of the configuration tab."""
    return client.get("/config", base_url=root)


def asked(address):
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def trail(action):
    """Return who, what and why of each line of the trail."""
    return [(line.viewer, line.what, line.why) for line in audit.entries(action=action)]


def cookies(answer):
    """Return the attributes of each cookie that an answer sets, by its name."""
    set_ = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    return {first.partition("=")[0]: {one.lower() for one in more} for first, *more in set_}


def admin_cookie(client):
    """Return the value of the admin's cookie, None without one."""
    cookie = client.get_cookie("__Host-admin", domain="pane.example.com")
    return cookie and cookie.value


def with_cookie(app, value):
    """Open a browser that has a copy of an admin's cookie."""
    client = browser(app)
    client.set_cookie("__Host-admin", value, domain="pane.example.com", secure=True)
    return client


def test_an_admin_signs_in_and_configures(open_app, provider):
    client = browser(open_app())

    answer = sign_in(client)

    assert (answer.status_code, answer.location) == (303, "/config")
    page = soup(configuration(client))
    assert "Signed in as ann@example.com" in texts(page, "form[action='/config/sign-out'] span")[0]
    assert trail(audit.ENTERED) == [(f"oidc:{EMAIL}", "config", "sign-in")]


@on_one_database
def test_the_provider_is_asked_nothing_before_somebody_signs_in(open_app, provider):
    client = browser(open_app())
    page = soup(configuration(client), 401)
    assert provider.asked == []

    client.get(one(page, "a.button")["href"], base_url=PANE)

    assert provider.asked == ["/.well-known/openid-configuration"]


@on_one_database
def test_the_way_to_the_provider_carries_state_nonce_and_pkce(open_app, provider):
    client = browser(open_app())
    first, second = asked(to_provider(client)), asked(to_provider(client))

    assert first["response_type"] == "code"
    assert first["scope"] == "openid email"
    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == f"{PANE}/config/signed-in"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


@on_one_database
def test_groups_are_asked_for_where_they_count_and_the_provider_has_them(open_app, provider):
    client = browser(open_app(oidc_groups=("pane-admins",)))

    assert asked(to_provider(client))["scope"] == "openid email groups"


@on_one_database
def test_the_provider_sends_back_to_the_public_address(open_app, provider):
    client = browser(open_app(public_url="https://chat.example.org"))

    assert asked(to_provider(client))["redirect_uri"] == "https://chat.example.org/config/signed-in"


@on_one_database
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_id_tokens_may_be_signed_by_the_providers_own_key(open_app, provider, algorithm):
    provider.sign_with(algorithm)

    assert sign_in(browser(open_app())).status_code == 303


@on_one_database
def test_a_provider_may_take_the_clients_secret_in_the_form(open_app, provider):
    provider.authentication = "client_secret_post"

    assert sign_in(browser(open_app())).status_code == 303


@on_one_database
def test_a_provider_may_change_its_key(open_app, provider):
    app = open_app()
    assert sign_in(browser(app)).status_code == 303
    provider.rotate()

    assert sign_in(browser(app)).status_code == 303


# Who is an admin.

ANN = {"sub": SUBJECT, "email": EMAIL, "email_verified": True, "groups": ["staff", "pane-admins"]}
LISTED = {
    "by subject": {"oidc_subjects": ("1", SUBJECT)},
    "by e-mail": {"oidc_emails": (EMAIL,)},
    "by e-mail in another case": {"oidc_emails": ("Ann@Example.COM",)},
    "by group": {"oidc_groups": ("pane-admins", "others")},
    "by a claim of another name": {"oidc_groups": ("staff",), "oidc_groups_claim": "https://idp/roles"},
}
NOT_LISTED = {
    "none are listed": ({}, ANN),
    "another subject": ({"oidc_subjects": (SUBJECT + "0",)}, ANN),
    "the address as a subject": ({"oidc_subjects": (EMAIL,)}, ANN),
    "an unverified address": ({"oidc_emails": (EMAIL,)}, {**ANN, "email_verified": False}),
    "an address verified in words": ({"oidc_emails": (EMAIL,)}, {**ANN, "email_verified": "true"}),
    "an address nobody speaks for": ({"oidc_emails": (EMAIL,)}, {"sub": "1", "email": EMAIL}),
    "an address that only looks the same": (
        {"oidc_emails": ("kim@example.com",)},
        {**ANN, "email": "\u212aim@example.com"},
    ),
    "a part of a group's name": ({"oidc_groups": ("pane",)}, ANN),
    "a group of another claim": ({"oidc_groups": ("staff",), "oidc_groups_claim": "roles"}, ANN),
    "groups that are no list": ({"oidc_groups": ("staff",)}, {**ANN, "groups": {"staff": True}}),
}


@on_one_database
@pytest.mark.parametrize("settings_of", LISTED.values(), ids=LISTED)
def test_an_admin_is_who_is_listed(open_app, provider, settings_of):
    provider.user = {**ANN, "https://idp/roles": "staff"}
    client = browser(open_app(**{"oidc_subjects": (), **settings_of}))

    assert sign_in(client).status_code == 303
    assert configuration(client).status_code == 200


@on_one_database
@pytest.mark.parametrize(("settings_of", "claims"), NOT_LISTED.values(), ids=NOT_LISTED)
def test_nobody_else_is(open_app, provider, settings_of, claims):
    app = open_app(**{"oidc_subjects": (), **settings_of})

    assert not is_admin(claims, app.extensions["chatpane"])


@on_one_database
def test_who_is_no_admin_is_told_so_and_let_in_nowhere(open_app, provider):
    client = browser(open_app(oidc_subjects=("somebody-else",)))

    page = soup(sign_in(client), 403)

    assert "no admin here" in texts(page, "[data-error]")[0]
    assert configuration(client).status_code == 401
    assert trail(audit.REFUSED)[1] == (f"oidc:{EMAIL}", "/config/signed-in", "signed in, and no admin")


@on_one_database
def test_an_unverified_address_names_nobody(open_app, provider):
    provider.user = {"email": EMAIL, "email_verified": False}
    sign_in(browser(open_app()))

    assert trail(audit.ENTERED) == [(f"oidc:{SUBJECT}", "config", "sign-in")]


@on_one_database
def test_groups_may_come_from_userinfo_alone(open_app, provider):
    provider.user, provider.userinfo = {}, {"groups": ["pane-admins"]}
    app = open_app(oidc_subjects=(), oidc_groups=("pane-admins",))

    assert sign_in(browser(app)).status_code == 303


@on_one_database
def test_userinfo_of_somebody_else_counts_for_nothing(open_app, provider):
    provider.user, provider.userinfo = {}, {"sub": "another", "groups": ["pane-admins"]}
    app = open_app(oidc_subjects=(), oidc_groups=("pane-admins",))

    assert sign_in(browser(app)).status_code == 401


@on_one_database
def test_what_the_id_token_says_of_an_address_is_not_mixed_with_userinfo(open_app, provider):
    provider.user = {"email": EMAIL}
    provider.userinfo = {"email": "bob@example.com", "email_verified": True}
    app = open_app(oidc_subjects=(), oidc_emails=(EMAIL,))

    assert sign_in(browser(app)).status_code == 403


# What a provider, or somebody in its name, may not say.


def lies(**claims):
    """Return a lie in the id token."""
    return lambda provider: provider.claims.update(claims)


def signs(algorithm, known=b""):
    """Return the lie of an id token signed so."""
    return lambda provider: provider.sign_with(algorithm, known)


FORGED = {
    "another issuer": lies(iss="https://elsewhere.example.com"),
    "the issuer with a slash": lambda provider: provider.claims.update(iss=provider.issuer + "/"),
    "another audience": lies(aud="another-client"),
    "another audience, for us": lies(aud="another-client", azp="chatpane"),
    "ours for another": lies(azp="another-client"),
    "another sign-in": lies(nonce="of-another-sign-in"),
    "no nonce": lies(nonce=None),
    "expired": lies(exp=1_700_000_000),
    "no expiry": lies(exp=None),
    "no subject": lies(sub=None),
    "a subject that is no text": lies(sub=7),
    "a subject with a line's end": lies(sub="a\nb"),
    "not signed": signs("none"),
    "signed by what everybody knows": signs("HS256", PUBLIC_PEM),
    "signed by the client's secret": signs("HS256", CLIENT_SECRET.encode()),
    "signed by an unknown key": lambda provider: setattr(
        provider, "published", [key for key in provider.published if key.kid != "first"]
    ),
}


@on_one_database
@pytest.mark.parametrize("lie", FORGED.values(), ids=FORGED)
def test_a_token_that_proves_nothing_lets_nobody_in(open_app, provider, lie):
    lie(provider)
    client = browser(open_app())

    page = soup(sign_in(client), 401)

    assert texts(page, "[data-error] strong") == ["You could not be signed in."]
    assert configuration(client).status_code == 401
    assert trail(audit.ENTERED) == []
    assert trail(audit.REFUSED)[1][1] == "/config/signed-in"


def says(**discovery):
    """Return a lie in the discovery document."""
    return lambda provider: provider.discovery.update(discovery)


UNUSABLE = {
    "another issuer": says(issuer="https://elsewhere.example.com"),
    "no issuer": says(issuer=None),
    "no algorithm that is safe": says(id_token_signing_alg_values_supported=["HS256", "none"]),
    "no token endpoint": says(token_endpoint=None),
    "a token endpoint that is no web address": says(token_endpoint="file:///etc/passwd"),
    "an error": lambda provider: provider.statuses.update({"/.well-known/openid-configuration": 500}),
}


@on_one_database
@pytest.mark.parametrize("lie", UNUSABLE.values(), ids=UNUSABLE)
def test_nobody_is_sent_to_a_provider_that_is_not_the_one(open_app, provider, lie):
    lie(provider)

    page = soup(browser(open_app()).get("/config/sign-in", base_url=PANE), 502)

    assert texts(page, "[data-error] strong") == ["The sign-in provider does not answer as it should."]
    assert trail(audit.REFUSED)[0][1] == "/config/sign-in"


@on_one_database
@pytest.mark.parametrize("path", ["/token", "/jwks"])
def test_a_provider_that_fails_on_the_way_back_is_named_as_the_reason(open_app, provider, path):
    provider.statuses[path] = 500
    client = browser(open_app())

    soup(sign_in(client), 502)
    assert configuration(client).status_code == 401


@on_one_database
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_nobody_waits_for_a_slow_provider(open_app, provider, monkeypatch, path):
    monkeypatch.setattr(oidc, "TIMEOUT", 0.1)
    provider.delays[path] = 0.5
    client = browser(open_app())

    answer = client.get("/config/sign-in", base_url=PANE)
    answer = client.get(back_from(answer.location)) if answer.status_code == 302 else answer

    soup(answer, 502)


@on_one_database
def test_a_provider_that_came_back_is_used_at_once(open_app, provider):
    client = browser(open_app())
    provider.statuses["/.well-known/openid-configuration"] = 503
    assert client.get("/config/sign-in", base_url=PANE).status_code == 502
    provider.statuses.clear()

    assert sign_in(client).status_code == 303


@on_one_database
def test_a_wrong_client_secret_is_refused_by_the_provider(open_app, provider):
    soup(sign_in(browser(open_app(oidc_client_secret="an old one"))), 401)

    assert trail(audit.REFUSED)[0][2] == "the provider says invalid_client"


@on_one_database
def test_who_declines_at_the_provider_is_told_how_to_try_again(open_app, provider):
    client = browser(open_app())
    state = asked(to_provider(client))["state"]
    answer = client.get(
        "/config/signed-in",
        query_string={"error": "access_denied", "error_description": "<b>", "state": state},
        base_url=PANE,
    )

    assert "sign in again" in texts(soup(answer, 401), "[data-error]")[0]
    assert trail(audit.REFUSED)[0][2] == "the provider says access_denied"


def test_whatever_the_address_says_of_an_error_can_be_noted(open_app, provider):
    client = browser(open_app())
    for error in ("\x00", "x" * 5000, "エラー"):
        answer = client.get("/config/signed-in", query_string={"error": error}, base_url=PANE)
        assert answer.status_code == 401


# A sign-in belongs to the browser that began it.


@on_one_database
def test_a_sign_in_that_another_browser_began_is_refused(open_app, provider):
    app = open_app()
    victim = browser(app)
    address = back_from(to_provider(browser(app)))

    page = soup(victim.get(address), 401)

    assert "begun elsewhere" in texts(page, "[data-error]")[0]
    assert configuration(victim).status_code == 401


@on_one_database
def test_a_code_of_another_sign_in_is_refused(open_app, provider):
    """Somebody puts the code of their own sign-in into another's: the provider sees it by PKCE."""
    app = open_app()
    client = browser(app)
    other = asked(back_from(to_provider(browser(app))))
    own = asked(back_from(to_provider(client)))

    query = {**own, "code": other["code"]}
    answer = client.get("/config/signed-in", query_string=query, base_url=PANE)

    assert answer.status_code == 401
    assert trail(audit.REFUSED)[0][2] == "the provider says invalid_grant"


@on_one_database
def test_the_way_back_works_once(open_app, provider):
    client = browser(open_app())
    address = back_from(to_provider(client))

    assert [client.get(address).status_code for _ in range(2)] == [303, 401]


@on_one_database
def test_the_way_back_alone_lets_nobody_in(open_app, provider):
    client = browser(open_app())
    for query in ("", "?code=x", "?state=x", "?code=x&state=x"):
        assert client.get(f"/config/signed-in{query}", base_url=PANE).status_code == 401


@on_one_database
def test_an_answer_in_another_issuers_name_is_refused(open_app, provider):
    client = browser(open_app())
    said = asked(back_from(to_provider(client)))

    answer = client.get(
        "/config/signed-in",
        query_string={**said, "iss": "https://elsewhere.example.com"},
        base_url=PANE,
    )

    assert answer.status_code == 401


@on_one_database
def test_many_sign_ins_that_were_begun_do_not_fill_the_cookie(open_app, provider):
    client = browser(open_app())
    for _ in range(30):
        to_provider(client)

    assert len(client.get_cookie("session", domain="pane.example.com").value) < 1000
    assert sign_in(client).status_code == 303


@on_one_database
def test_signing_in_begins_a_session_of_a_new_name_and_ends_the_one_before(open_app, provider):
    client = browser(open_app())
    sign_in(client)
    thief = with_cookie(client.application, admin_cookie(client))

    sign_in(client)

    assert configuration(thief).status_code == 401
    assert configuration(client).status_code == 200


# In a window of its own.


@on_one_database
@pytest.mark.parametrize("place", ["iframe", "frame", "embed", "object", "image"])
def test_nobody_signs_in_inside_a_frame(open_app, provider, place):
    client = browser(open_app())
    for path in ("/config/sign-in", "/config/signed-in?code=x&state=x", "/config/enter?token=x"):
        page = soup(client.get(path, base_url=PANE, headers={"Sec-Fetch-Dest": place}), 403)
        assert "a window of its own" in texts(page, "[data-error]")[0]
    assert provider.asked == []


@on_one_database
def test_no_page_of_the_sign_in_can_be_framed_kept_or_told_of(open_app, provider):
    client = browser(open_app())
    address = back_from(to_provider(client))
    for answer in (client.get("/config/sign-in", base_url=PANE), client.get(address)):
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "strict-origin"


# Without a provider, and in the demo.


@on_one_database
@pytest.mark.parametrize("missing", ["oidc_issuer", "oidc_client_id"])
def test_without_a_provider_the_page_says_how_to_get_in(open_app, provider, missing):
    client = browser(open_app(**{missing: ""}))

    assert texts(soup(configuration(client), 401), "code") == ["chatpane admin-link"]
    for path in ("/config/sign-in", "/config/signed-in"):
        page = soup(client.get(path, base_url=PANE), 404)
        assert "chatpane admin-link" in texts(page, "[data-error]")[0]


@on_one_database
@pytest.mark.parametrize("path", ["/config/sign-in", "/config/signed-in", "/config/enter"])
def test_the_demo_needs_no_sign_in(open_app, provider, path):
    answer = browser(open_app(demo=True)).get(path)

    assert (answer.status_code, answer.location) == (303, "/config")


@on_one_database
def test_the_demo_has_nobody_to_sign_out(open_app, provider):
    page = soup(browser(open_app(demo=True)).get("/config"))

    assert page.select("form[action='/config/sign-out']") == []


# The session.


@on_one_database
def test_over_https_the_cookie_is_bound_to_this_host(open_app, provider):
    parts = cookies(sign_in(browser(open_app())))["__Host-admin"]

    assert parts == {"secure", "httponly", "path=/", "samesite=lax"}


@on_one_database
def test_over_http_the_cookie_is_as_strict_as_it_can_be(open_app, provider):
    client = browser(open_app())
    parts = cookies(sign_in(client, "http://127.0.0.1:8000"))["admin"]

    assert parts == {"httponly", "path=/", "samesite=lax"}
    assert configuration(client, "http://127.0.0.1:8000").status_code == 200


def test_an_admins_form_is_taken_with_its_proof_alone(open_app, provider):
    client = browser(open_app())
    sign_in(client, "http://localhost")

    assert client.post("/config/package-version", data={"package_version": "2.4.1"}).status_code == 400
    assert send(client, "/config/package-version", package_version="2.4.0").status_code == 303
    assert f"oidc:{EMAIL}" in texts(soup(client.get("/config")), "tr[data-change=package-version] td")


@on_one_database
def test_a_session_ends_when_it_is_not_used(open_app, provider, later):
    client = browser(open_app(session_idle_minutes=30))
    sign_in(client)

    later(minutes=29)
    assert configuration(client).status_code == 200
    later(minutes=29)
    assert configuration(client).status_code == 200
    later(minutes=31)
    assert configuration(client).status_code == 401


@on_one_database
def test_a_session_ends_at_last_however_much_it_is_used(open_app, provider, later):
    client = browser(open_app(session_idle_minutes=30, session_hours=1))
    sign_in(client)

    statuses = []
    for _ in range(4):
        later(minutes=19)
        statuses.append(configuration(client).status_code)

    assert statuses == [200, 200, 200, 401]


def sign_out(client, root=PANE):
    """Press Sign out on the configuration tab."""
    form = one(soup(configuration(client, root)), "form[action='/config/sign-out']")
    token = one(form, "[name=csrf_token]")["value"]
    return client.post(
        "/config/sign-out", data={"csrf_token": token}, base_url=root, headers={"Referer": f"{root}/config"}
    )


def test_signing_out_ends_the_session_and_every_copy_of_its_cookie(open_app, provider):
    app = open_app()
    client, elsewhere = browser(app), browser(app)
    for each in (client, elsewhere):
        sign_in(each)
    thief = with_cookie(app, admin_cookie(client))
    assert configuration(thief).status_code == 200

    answer = sign_out(client)

    assert (answer.status_code, answer.location) == (303, "/config")
    assert admin_cookie(client) is None
    assert [configuration(each).status_code for each in (client, thief, elsewhere)] == [401, 401, 200]


@on_one_database
def test_signing_out_needs_a_session_and_its_proof(open_app, provider):
    client = browser(open_app())
    assert client.post("/config/sign-out", base_url=PANE).status_code == 401
    sign_in(client)

    assert client.post("/config/sign-out", base_url=PANE).status_code == 400
    assert configuration(client).status_code == 200


def test_signing_everybody_out_ends_the_session(open_app, provider):
    client = browser(open_app())
    sign_in(client)

    sign_out_everyone("test")

    assert configuration(client).status_code == 401


@on_one_database
def test_a_session_of_the_secret_before_lasts_while_that_is_replaced(open_app, provider):
    client = browser(open_app())
    sign_in(client)
    replacing, replaced = (
        open_app(secret_key="another" + SECRET, previous_secret_key=before) for before in (SECRET, "")
    )

    assert configuration(with_cookie(replacing, admin_cookie(client))).status_code == 200
    assert configuration(with_cookie(replaced, admin_cookie(client))).status_code == 401
