"""What a reader of the pages does over and over: read rows and details, follow links, send forms."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.reading import one, soup

DASH = "–"


def rows(node: Tag) -> list[int]:
    """Return the activity ids of a Chat table or a weekly list, in page order."""
    return [int(found["data-activity"]) for found in node.select("[data-activity]")]


def pages(client: FlaskClient, url: str) -> Iterator[BeautifulSoup]:
    """Give the page at ``url`` and each further one that [data-more] leads to."""
    for _ in range(100):
        page = soup(client.get(url))
        yield page
        more = page.select("[data-more]")
        if not more:
            return
        url = more[0]["href"]
    raise AssertionError(f"no end of pages: {url}")


def squeezed(node: Tag) -> str:
    """Return the text of an element with its blanks squeezed."""
    return " ".join(node.get_text(" ", strip=True).split())


def detail(client: FlaskClient, id_: int, **options: object) -> Tag:
    """Return the detail of an activity."""
    return one(soup(client.get(f"/chat/activities/{id_}", **options)), f'[data-activity-detail="{id_}"]')


def fields(of_detail: Tag) -> list[str]:
    """Return the keys of a detail's own fields, in order."""
    return [found["data-field"] for found in of_detail.select("dt[data-field]")]


def value(of_detail: Tag, key: str) -> Tag:
    """Return the element that holds a field's value."""
    found = one(of_detail, f"dt[data-field={key}]").find_next_sibling("dd")
    assert found is not None, f"no value of {key} in:\n{of_detail}"
    return found


def facts(of_detail: Tag) -> dict[str, str]:
    """Return what a detail says beyond its own fields, by label."""
    more = one(of_detail, "details[data-section=more] dl")
    return {squeezed(name): squeezed(name.find_next_sibling("dd")) for name in more.select("dt")}


def cells(page: Tag, family: str = "chat") -> dict[date, int]:
    """Return the counts of the grid's row of a family by week."""
    row = one(page, f"table[data-grid] tr[data-row={family}]")
    return {
        date.fromisoformat(cell["data-week"]): int(cell.get_text()) for cell in row.select("td[data-week]")
    }


def is_own(url: str) -> bool:
    """Whether a link stays within the product."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc and not parts.path.startswith("/static/")


def links(page: Tag, base: str) -> set[str]:
    """Return the absolute paths that a page's own links and fragments lead to."""
    found = [node["href"] for node in page.select("a[href]")] + [
        node["hx-get"] for node in page.select("[hx-get]")
    ]
    return {urljoin(base, url) for url in found if is_own(url)}


def send(client: FlaskClient, action: str, **values: str) -> TestResponse:
    """Send the form of ``action`` from the configuration tab, as a browser would with these values."""
    asked = soup(client.get("/config/reset" if action == "/config/reset" else "/config"))
    form = one(asked, f'form[method=post][action="{action}"]')
    token = one(form, "input[name=csrf_token]")["value"]
    return client.post(action, data={"csrf_token": token, **values})


def turn(client: FlaskClient, on: bool) -> TestResponse:
    """Tick or clear Enable Dynamic Chat Data, and save."""
    return send(client, "/config/switch", **({"enable_dynamic_chat": "y"} if on else {}))


def press(client: FlaskClient, page: Tag, css: str, **options: Any) -> TestResponse:
    """Press a button of a page, as a browser would: its form is sent with all that it holds."""
    form = one(page, css).find_parent("form")
    assert form is not None, f"{css} is in no form"
    fields = {field["name"]: field["value"] for field in form.select("input[name]")}
    fields |= {choice["name"]: one(choice, "option[selected]")["value"] for choice in form.select("select")}
    return client.post(form["action"], data=fields | options.pop("data", {}), **options)
