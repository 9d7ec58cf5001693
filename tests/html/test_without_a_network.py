"""Sources that cannot be reached slow no page down: none of them asks a source anything."""

from dataclasses import replace

from tests.html.conftest import on_one_database
from tests.html.walk import pages
from tests.servers.marketo import CLIENT_ID, CLIENT_SECRET


@on_one_database
def test_no_page_asks_marketo_or_adobe(app, client, company, marketo, adobe):
    before = app.extensions["chatpane"]
    app.extensions["chatpane"] = replace(
        before,
        marketo_url=marketo.url,
        marketo_client_id=CLIENT_ID,
        marketo_client_secret=CLIENT_SECRET,
        adobe_client_id="adobe",
        adobe_keys_url=adobe.address,
    )
    try:
        statuses = {client.get(path).status_code for path in pages(app, company)}
    finally:
        app.extensions["chatpane"] = before

    assert statuses == {200}
    assert (marketo.asked, marketo.identified, adobe.asked) == ([], [], [])
