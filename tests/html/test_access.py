"""Who gets an answer at all: the demo serves this machine alone, any other start nobody yet."""

from tests.html.conftest import browser, on_one_database
from tests.html.walk import addresses
from tests.reading import HTMX, one, soup

pytestmark = on_one_database

LOCAL = (
    "localhost",
    "localhost:8000",
    "LOCALHOST:8000",
    "127.0.0.1:8000",
    "[::1]:8000",
    "pane.localhost:8000",
)
FOREIGN = (
    "pane.example.com",
    "localhost.example.com",
    "localhost.",
    "127.0.0.1.example.com",
    "127.0.0.2",
    "192.168.0.7:8000",
    "0.0.0.0:8000",
    "evil-localhost",
    "a.b@localhost",
    "[::2]",
)
FORWARDED = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "X-Forwarded-Port",
    "Via",
)


def test_a_start_that_is_no_demo_answers_nobody_but_the_health_check(app, closed_app, company):
    client = browser(closed_app)
    for rule, path in addresses(app, company):
        for method in rule.methods:
            answer = client.open(path, method=method)
            if rule.endpoint == "health.healthz":
                assert answer.status_code == 200
            else:
                assert answer.status_code == 403, f"{method} {path}"
                assert not soup(answer, 403).select("[data-activity], table, form")


def test_a_refusal_says_whom_to_ask_as_page_and_as_fragment(closed_app, company):
    client = browser(closed_app)
    for headers in ({}, HTMX):
        answer = client.get("/leads/00Q1", headers=headers)
        assert one(soup(answer, 403), "[data-error]").get_text(strip=True)
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_refusal_does_not_tell_what_exists(closed_app, company):
    client = browser(closed_app)

    assert {client.get(path).status_code for path in ("/leads/00Q1", "/leads/nobody", "/nowhere")} == {403}


def test_the_health_check_is_for_everyone(closed_app, company):
    for host in ("pane.example.com", "localhost"):
        assert browser(closed_app).get("/healthz", headers={"Host": host}).data == b"ok\n"


def test_the_demo_answers_under_the_local_names(client, company):
    for host in LOCAL:
        assert client.get("/leads/00Q1", headers={"Host": host}).status_code == 200, host


def test_the_demo_answers_no_foreign_name(client, company):
    """A page on the internet can point its own name at this machine and read what it answers."""
    for host in FOREIGN:
        for path in ("/leads/00Q1", "/leads/00Q1/chat", "/config", "/", "/static/pane.css"):
            assert client.get(path, headers={"Host": host}).status_code == 403, host


def test_the_demo_answers_no_other_machine(client, company):
    for address, answers in {"127.0.0.1": 200, "::1": 200, "192.168.0.7": 403, "2001:db8::7": 403}.items():
        answer = client.get("/leads/00Q1", environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == answers, address


def test_the_demo_answers_nothing_that_a_proxy_passed_on(client, company):
    answers = {header: client.get("/leads/00Q1", headers={header: "1.1 localhost"}) for header in FORWARDED}

    assert [header for header, answer in answers.items() if answer.status_code != 403] == []


def test_the_readiness_check_says_whether_the_database_answers(client):
    assert client.get("/readyz").status_code == 200
