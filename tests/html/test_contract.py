"""docs/html-contract.md against the pages, both ways: what it names is there, what is there it names."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.browser.customer import CANVAS_SECRET, signed_request
from tests.conftest import API_KEY, batch_of
from tests.html.conftest import browser, on_one_database
from tests.html.walk import Seen
from tests.reading import one, soup
from webui import create_app, operational_settings
from webui.access import links
from webui.feeds import health
from webui.ingest import store
from webui.ingest.records import ActivityRecord, PersonRecord
from webui.views import source_words
from webui.vocabulary import CHAT, FAMILIES, OTHERS, SOURCES, TYPES, global_keys_of, keys_of

DOCUMENT = (Path(__file__).parents[2] / "docs" / "html-contract.md").read_text(encoding="utf-8")

# Attributes for the stylesheet and the script, which no tester should rely on.
PRESENTATION = {
    "data-shade": "how dark a cell of the grid is; the stylesheet's",
    "data-tone": "the colour of a badge; the stylesheet's",
    "data-url": "where the script reads a tab anew",
    "data-zone": "whether the script should tell the viewer's time zone",
    "data-copied": "what the script says once it has copied",
    "data-copy-label": "the name of the field with an address that cannot be copied",
    "data-host": "where a document's link leads, beside its name; the stylesheet's",
    "data-offline": "the script's sentence, in a template",
    "data-retry": "the script's button, in a template",
}


CRM = "http://crm.localhost:8000"


_FRAMED: list[Seen] = []


@pytest.fixture
def everything(everything: list[Seen], request) -> list[Seen]:
    """Each page and fragment, and what stands in a frame; asked for once."""
    if not _FRAMED:
        _FRAMED.extend(framed(*map(request.getfixturevalue, ("client", "company", "settings"))))
    return [*everything, *_FRAMED]


def framed(client, company, settings) -> Iterator[Seen]:
    """Give what stands in a frame: by a link, by Canvas, refused, and its host."""
    store.save(batch_of(*crowd()))
    token = links.sign("contacts/003A", "rep", API_KEY.encode(), font_size=14, accent="#0a66c2")
    with_canvas = browser(create_app(replace(settings, canvas_secret=(CANVAS_SECRET,))))
    request = signed_request("003A", CANVAS_SECRET, CRM)
    opened = client.post("/embed", data={"token": token})
    by_contact = {"X-Pane": json.loads(one(soup(opened), "body")["hx-headers:inherited"])["X-Pane"]}
    account = links.sign("accounts/001A", "rep", API_KEY.encode())
    of_account = soup(client.post("/embed", data={"token": account}))
    by_account = {"X-Pane": json.loads(one(of_account, "body")["hx-headers:inherited"])["X-Pane"]}
    answers = {
        "by a link": opened,
        "a spent link": client.post("/embed", data={"token": token}),
        "a contact of the account": client.get("/contacts/003A", headers=by_account),
        "not the contact's": client.get("/accounts/001A", headers=by_contact),
        "by Canvas": with_canvas.post("/embed/canvas", data={"signed_request": request}),
        "a second page of the Best Bets": client.get("/global/best-bets?from=51"),
        "the demo's CRM": client.get("/demo/crm/contacts/003A", base_url=CRM),
    }
    for name, answer in answers.items():
        yield name, True, soup(answer, answer.status_code)


def crowd() -> list[ActivityRecord]:
    """Return visits of more people than one page of the Best Bets shows; they are stored as well."""
    numbers = range(900, 955)
    people = [PersonRecord(kind="lead", crm_id=f"00Q{number}", marketo_id=number) for number in numbers]
    store.save(batch_of(*people))
    now = datetime.now(UTC)
    visit = {"at": now, "type_key": "visited-page", "is_flow": False}
    return [ActivityRecord(guid=f"crowd-{number}", marketo_id=number, **visit) for number in numbers]


def attributes(everything: list[Seen]) -> set[str]:
    """Return the names of all attributes of all pages, in the content of templates too."""
    return {name for _url, _whole, page in everything for name in attributes_of(page.source)}


@cache
def attributes_of(source: str) -> set[str]:
    return {name for tag in BeautifulSoup(source, "html.parser").find_all(True) for name in tag.attrs}


def hooks() -> list[str]:
    """Return the CSS selectors in the first column of the document's tables of hooks."""
    found = []
    for table in re.findall(r"^\| hook \|.*?(?=\n\n)", DOCUMENT, flags=re.M | re.S):
        for line in table.splitlines()[2:]:
            found += re.findall(r"`([^`]+)`", line.split(" | ")[0])
    return found


def having(hook: str, everything: list[Seen]) -> Iterator[BeautifulSoup]:
    """Give the pages whose markup names each attribute of a hook: to search all of them takes far longer."""
    named = [] if ":not(" in hook else re.findall(r"\[([a-z-]+)", hook)
    return (page for _url, _whole, page in everything if all(name in page.source for name in named))


def keys(of: str) -> list[str]:
    """Return the keys that the document lists, in its order."""
    [line] = [line for line in DOCUMENT.splitlines() if line.startswith(f"| {of} ")]
    return re.findall(r"`([^`]+)`", line.split(" | ")[1])


def values(everything, name: str) -> set[str]:
    """Return each value that an attribute has on some page."""
    return {tag[name] for _url, _whole, page in everything for tag in page.select(f"[{name}]")}


def test_the_document_has_hooks():
    assert len(hooks()) > 60


@on_one_database
def test_each_hook_of_the_document_is_on_some_page(everything):
    found = {hook: any(page.select_one(hook) for page in having(hook, everything)) for hook in hooks()}

    assert [hook for hook, is_there in found.items() if not is_there] == []


@on_one_database
def test_each_attribute_that_the_document_names_is_on_some_page(everything):
    named = set(re.findall(r"(?<![\w-])data-[a-z-]*[a-z]", DOCUMENT))
    there = attributes(everything)

    assert len(named) > 20
    assert named - there == set()


@on_one_database
def test_each_data_attribute_of_a_page_is_in_the_document_or_for_presentation_alone(everything):
    named = set(re.findall(r"(?<![\w-])data-[a-z-]*[a-z]", DOCUMENT))
    there = attributes(everything)
    there = {name for name in there if name.startswith("data-")}

    assert there - named - PRESENTATION.keys() == set()
    assert PRESENTATION.keys() - there == set()
    assert PRESENTATION.keys() & named == set()


@on_one_database
def test_each_element_of_the_documents_examples_is_like_one_of_a_page(everything):
    examples = BeautifulSoup("".join(re.findall(r"```html\n(.*?)```", DOCUMENT, flags=re.S)), "html.parser")
    marked = [tag for tag in examples.find_all(True) if any(name.startswith("data-") for name in tag.attrs)]

    assert len(marked) > 15
    for tag in marked:
        like = tag.name + "".join(f"[{name}]" for name in tag.attrs if name.startswith("data-"))
        assert any(page.select_one(like) for page in having(like, everything)), like


def test_the_keys_of_the_document_are_those_of_the_vocabulary():
    assert keys("activity types (`data-type`)") == list(keys_of("chat"))
    assert keys("activity types of the global tab") == list(global_keys_of("chat"))
    assert keys("sources") == list(SOURCES)
    assert set(keys("how a source fares")) == set(source_words.TONES)
    assert keys("fates of activities") == [*health.FATES, *health.RARE]
    assert keys("families") == [family.key for family in FAMILIES]
    assert keys("columns of leads and contacts") == list(CHAT.person_columns)
    assert keys("columns of accounts and opportunities") == list(CHAT.group_columns)
    assert keys("columns of the global tab") == list(CHAT.global_columns)
    for family in OTHERS:
        assert keys(f"activity types of `{family.key}`") == list(keys_of(family.key))
        assert keys(f"columns of `{family.key}`,") == list(family.columns)
    for of in TYPES:
        assert keys(f"fields of `{of.key}`") == list(of.fields)
        if of.statuses:
            assert keys(f"statuses of `{of.key}`") == [status.key for status in of.statuses]


@on_one_database
def test_the_keys_of_the_document_are_those_of_the_pages(app, everything):
    documented = {
        "data-tab": keys("tabs"),
        "data-fragment": keys("tabs"),
        "data-prerequisite": keys("prerequisites"),
        "data-section": keys("sections"),
        "data-late": keys("sources"),
        "data-source": keys("sources"),
        "data-row": keys("families"),
        "data-summary": keys("families"),
        "data-type": [
            *keys("activity types (`data-type`)"),
            *(key for family in OTHERS for key in keys(f"activity types of `{family.key}`")),
        ],
    }

    assert {name: values(everything, name) for name in documented} == {
        name: set(listed) for name, listed in documented.items()
    }
    assert values(everything, "data-change") == set(keys("changes"))
    assert keys("prerequisites") == [one.key for one in operational_settings.shown().prerequisites]
