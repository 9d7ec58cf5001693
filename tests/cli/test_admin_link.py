"""``chatpane admin-link``: the address alone on standard output, the rest on standard error."""

from sqlalchemy import select

from tests.cli.conftest import refused
from webui.access import admin_links
from webui.models import AuditEntry


def test_the_link_opens_the_installation_under_its_public_address(ready):
    run = ready("admin-link", CHATPANE_PUBLIC_URL="https://pane.example.com/")

    assert run.returncode == 0
    [address] = run.stdout.splitlines()
    start, _, token = address.partition("?token=")
    assert start == "https://pane.example.com/config/enter"
    assert admin_links.read(token, ready.settings(), 0).viewer.startswith("admin-link:")
    assert run.stderr == "It works once, within 10 minutes, for whoever has it.\n"


def test_without_a_public_address_the_link_is_for_this_machine(ready):
    run = ready("admin-link", PORT="8123")

    assert run.stdout.startswith("http://127.0.0.1:8123/config/enter?token=")
    assert "CHATPANE_PUBLIC_URL" in run.stderr


def test_who_made_a_link_stands_in_the_audit_trail(ready):
    ready("admin-link")

    made = select(AuditEntry.viewer, AuditEntry.why).where(AuditEntry.what == "admin-link")
    with ready.database() as connection:
        [(viewer, why)] = connection.execute(made).all()
    assert viewer.endswith("(command line)")
    assert why == "a link was made"


def test_without_the_servers_secret_no_link_is_made(ready):
    refused(ready("admin-link", CHATPANE_SECRET_KEY=""), "CHATPANE_SECRET_KEY is not set", "the server")
