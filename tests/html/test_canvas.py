"""The way in by Salesforce Canvas: a signed request opens the record that is open in Salesforce."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.html.canvas import SECRET, context, signed
from tests.html.conftest import browser, on_one_database
from tests.reading import one, soup
from webui import audit, create_app, operational_settings
from webui.database import db
from webui.models import SpentLink


@pytest.fixture
def canvas_app(settings, company):
    """The app with a connected app's secret."""
    return create_app(replace(settings, demo=False, canvas_secret=(SECRET,), limit_refused="9999 per minute"))


def post(app, signed_request):
    """Post a signed request as Salesforce does."""
    return browser(app).post("/embed/canvas", data={"signed_request": signed_request})


def refused(app, signed_request, status):
    """Post a signed request and return what the refusal says."""
    answer = post(app, signed_request)
    page = soup(answer, status)
    assert "Set-Cookie" not in answer.headers
    assert not page.select("table")
    return one(page, "[data-error]").get_text()


@pytest.mark.parametrize(
    ("type_", "id_", "path"),
    [
        ("Lead", "00Q1", "/leads/00Q1"),
        ("Contact", "003A", "/contacts/003A"),
        ("Account", "001A", "/accounts/001A"),
        ("Opportunity", "006A", "/opportunities/006A"),
    ],
)
def test_the_record_that_is_open_in_salesforce_opens(canvas_app, type_, id_, path):
    answer = post(canvas_app, signed(context(type_, id_)))

    assert soup(answer).html["data-address"] == path
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@on_one_database
def test_the_page_speaks_the_users_language_and_knows_their_zone(canvas_app):
    page = soup(post(canvas_app, signed(context())))

    assert page.html["lang"] == "ja"
    assert "Asia/Tokyo" in page.body["hx-headers:inherited"]


@on_one_database
def test_the_page_knows_where_salesforce_wants_its_height(canvas_app):
    html = soup(post(canvas_app, signed(context()))).html

    assert html["data-canvas-instance"] == "_:Chatpane:pane"
    assert html["data-canvas-origin"] == "https://acme.lightning.force.example"


@on_one_database
def test_the_oauth_token_is_neither_kept_nor_shown_nor_logged(canvas_app, capfd):
    answer = post(canvas_app, signed(context()))
    noted = str(list(audit.entries()))

    assert "never-store-or-log" not in answer.get_data(as_text=True) + str(answer.headers) + noted
    assert "never-store-or-log" not in "".join(capfd.readouterr())


@on_one_database
def test_either_base64_padded_or_not_is_read(canvas_app):
    for number, options in enumerate(
        ({"url_safe": True}, {"padded": False}, {"url_safe": True, "padded": False})
    ):
        content = {**context(), "issuedAt": number, "note": "ÿ>?" * 5}
        assert post(canvas_app, signed(content, **options)).status_code == 200


@on_one_database
def test_a_plus_in_the_form_survives(canvas_app):
    plus = next(
        text
        for number in range(500)
        if "+" in (text := signed({**context(), "issuedAt": number, "x": "~~~>>>"}))
    )

    assert post(canvas_app, plus).status_code == 200


@on_one_database
def test_an_id_of_15_characters_finds_the_record_of_18(canvas_app, make_person):
    make_person("003A0000006Vm9uIAC", "contact", marketo_id=None)

    page = soup(post(canvas_app, signed(context("Contact", "003A0000006Vm9u"))))
    assert page.html["data-address"] == "/contacts/003A0000006Vm9uIAC"


def with_environment(**members):
    """Return a request whose environment has these members."""
    content = context(None)
    content["context"]["environment"].update(members)
    return content


@on_one_database
def test_in_a_lightning_page_the_record_is_named_by_a_parameter(canvas_app, make_person):
    make_person("00QA0000006Vm9uIAC", marketo_id=None)

    answer = post(canvas_app, signed(with_environment(parameters={"recordId": "00QA0000006Vm9uIAC"})))
    assert soup(answer).html["data-address"] == "/leads/00QA0000006Vm9uIAC"


@on_one_database
def test_a_page_of_its_own_opens_the_global_tab_only_where_that_is_allowed(canvas_app, settings):
    """In Lightning a user can change the parameters before Salesforce signs them."""
    allowed = create_app(replace(settings, demo=False, canvas_secret=(SECRET,), canvas_all=True))
    text = signed(with_environment(parameters={"opens": "all"}))

    assert "CHATPANE_CANVAS_ALL" in refused(canvas_app, text, 403)
    assert soup(post(allowed, text)).html["data-address"] == "/global"


@on_one_database
@pytest.mark.parametrize(
    "environment",
    [
        {"record": {}, "parameters": {}},
        {"record": None, "parameters": None},
        {"record": {"attributes": {"type": "FeedItem"}, "Id": "0D5"}},
        {"record": {"attributes": {"type": "Case"}, "Id": "500A"}},
        {"record": [], "parameters": "none"},
        {"parameters": {"recordId": "500A"}},
        {"parameters": {"recordId": 5}},
    ],
)
def test_off_a_record_page_it_says_what_the_admin_should_do(canvas_app, environment):
    # The user's language is Japanese: the sentence is known by its names.
    assert "recordId" in refused(canvas_app, signed(with_environment(**environment)), 400)


@on_one_database
def test_what_salesforce_did_not_sign_is_not_trusted(canvas_app):
    for text in (
        signed(context(), "another secret"),
        f"{signed(context()).partition('.')[0]}.{signed(context('Lead', '00Q1')).partition('.')[2]}",
    ):
        assert "CHATPANE_CANVAS_SECRET" in refused(canvas_app, text, 401)


@on_one_database
@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "x",
        "x.",
        ".x",
        "!!!.e30=",
        signed(b"not json"),
        signed(b"[]"),
        signed(b"[" * 20_000),
        signed({"algorithm": "HMACSHA256"}),
        signed({**context(), "algorithm": "none"}),
        signed({**context(), "context": None}),
    ],
)
def test_what_is_no_signed_request_is_refused_with_a_sentence(canvas_app, text):
    assert refused(canvas_app, text, 400)


@on_one_database
def test_the_request_never_chooses_how_it_is_checked(canvas_app):
    content = {**context(), "algorithm": "HMACSHA1"}

    assert post(canvas_app, signed(content)).status_code == 400
    without = {name: value for name, value in context().items() if name != "algorithm"}
    assert post(canvas_app, signed(without)).status_code == 200


@on_one_database
def test_without_a_secret_canvas_is_closed(closed_app, company):
    assert refused(closed_app, signed(context()), 401)
    assert refused(closed_app, signed(context(), ""), 401)


@on_one_database
def test_two_secrets_are_good_while_one_replaces_the_other(settings, company):
    app = create_app(replace(settings, demo=False, canvas_secret=("new-secret", SECRET)))

    assert post(app, signed(context())).status_code == 200
    assert post(app, signed(context(), "new-secret")).status_code == 200


@on_one_database
def test_only_the_organizations_that_are_named_may_enter(settings, company):
    ours = create_app(
        replace(settings, demo=False, canvas_secret=(SECRET,), canvas_orgs=("00DXX0000001abc",))
    )
    theirs = create_app(replace(settings, demo=False, canvas_secret=(SECRET,), canvas_orgs=("00DYY",)))
    content = context()
    content["context"]["organization"]["organizationId"] = "00DXX0000001abc"

    assert post(ours, signed(content)).status_code == 200
    assert "CHATPANE_CANVAS_ORGS" in refused(theirs, signed(content), 403)


def test_a_dated_request_works_once(canvas_app):
    text = signed(context())

    assert post(canvas_app, text).status_code == 200
    assert refused(canvas_app, text, 401)


@on_one_database
def test_a_request_whose_signature_is_written_in_another_way_is_the_same_request(canvas_app):
    signature, _dot, payload = signed(context()).partition(".")
    written = (signature, signature.rstrip("="), signature.replace("+", "-").replace("/", "_"))

    assert [post(canvas_app, f"{one}.{payload}").status_code for one in written] == [200, 401, 401]


def test_an_undated_request_may_be_repeated_for_a_quarter_of_an_hour_and_that_is_noted(canvas_app):
    text = signed({**context(), "issuedAt": None})

    assert [post(canvas_app, text).status_code for _ in range(2)] == [200, 200]
    ways = [entry.why for entry in audit.entries() if entry.action == audit.ENTERED]
    assert ways == ["canvas, a repeated request, Ann Lee", "canvas, Ann Lee"]
    db.session.execute(update(SpentLink).values(at=datetime.now(UTC) - timedelta(minutes=16)))
    db.session.commit()
    assert refused(canvas_app, text, 401)


@on_one_database
def test_an_admin_of_salesforce_is_a_rep_here(settings, company):
    app = create_app(
        replace(settings, demo=False, canvas_secret=(SECRET,), canvas_all=True, embed_admin=True)
    )
    client = browser(app)
    client.post(
        "/embed/canvas", data={"signed_request": signed(with_environment(parameters={"opens": "all"}))}
    )

    assert client.get("/config").status_code == 403


@on_one_database
def test_a_user_who_must_authorise_the_app_first_is_told_what_the_admin_should_do(canvas_app):
    answer = browser(canvas_app).get("/embed/canvas?_sfdc_canvas_authvalue=user_approval_required")

    assert "pre-authorized" in one(soup(answer), "[data-error]").get_text()


@on_one_database
def test_a_record_that_is_not_imported_yet_says_so(canvas_app):
    assert refused(canvas_app, signed(context("Contact", "003ZZ")), 404)


@on_one_database
def test_a_panel_in_salesforce_is_framed_by_both_of_its_hosts(canvas_app):
    hosts = "https://*.lightning.force.com https://*.my.salesforce.com https://*.vf.force.com"
    operational_settings.set_allowed_origins(hosts, "test")

    policy = post(canvas_app, signed(context())).headers["Content-Security-Policy"]
    assert f"frame-ancestors {hosts}" in policy
