"""Visits to the website: pages read before a chat, after an e-mail, or for their own sake.

Some end in a form that is filled out or a link that is clicked. A visit has one browser and one address,
and each page names the one before as its referrer.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import activity_types as types
import website
from chats import Activity, Value
from clock import visit_times
from people import Person
from webpages import (
    BROWSERS,
    FORMS,
    JOBS,
    LINKS,
    OTHER_SITES,
    PAGES,
    SEARCH_ENGINES,
    SEARCH_SITE,
    SEARCHES,
    Form,
    Page,
    page_at,
)

BEFORE_A_CHAT = 0.49
LINK_SHARE = 0.23
SAME_CHAT = timedelta(hours=1)
OWN_VISITS = (((0, 0), (1, 1), (2, 3), (4, 8), (10, 24)), (49, 29, 15, 5.6, 1.4))
"""How often people come without chatting or being written to, and how many of a hundred do so."""


@dataclass(frozen=True)
class Reader:
    """Somebody in front of a browser."""

    person: Person
    lead_id: int
    lang: str
    browser: str
    address: str


@dataclass(frozen=True)
class Came:
    """How a visit began: the page before it, what stood behind the question mark, and what was searched."""

    referrer: str = ""
    query: str = ""
    search: tuple[str, str] | None = None


def reader(person: Person, rng: random.Random, lead_id: int | None = None) -> Reader:
    """Return a person in front of the usual browser; people of one account share an address."""
    own = random.Random(f"browser-{person.key}")
    home = random.Random(f"address-{person.account or person.key}")
    browser = own.choice(BROWSERS) if rng.random() < 0.85 else rng.choice(BROWSERS)
    lang = website.for_language(person.lang)
    return Reader(person, lead_id or person.marketo_ids[0], lang, browser, f"192.0.2.{home.randint(1, 254)}")


def own(person: Person, rng: random.Random, *, lively: bool) -> Iterator[Activity]:
    """Yield visits that nothing in the log led to."""
    ranges, weights = OWN_VISITS
    count = rng.randint(9, 14) if lively else rng.randint(*rng.choices(ranges, weights)[0])
    for at in visit_times(rng, person.offset, count):
        who = reader(person, rng)
        pages = [
            _any_page(who.lang, rng) for _ in range(rng.choices((1, 2, 3, 4, 6), (34, 26, 20, 13, 7))[0])
        ]
        yield from visit(who, at, pages, rng, _came(who.lang, rng))


def before_chats(person: Person, chats: Sequence[Activity], rng: random.Random) -> Iterator[Activity]:
    """Yield visits that end on the page of a chat, a little before it began."""
    last: datetime | None = None
    for chat in chats:
        new, last = last is None or chat.at - last > SAME_CHAT, chat.at
        asked = urlsplit(str(chat.attributes.get("Page URL", "")))
        page = page_at(asked.path or "/") if asked.netloc else None
        if not new or page is None or rng.random() > BEFORE_A_CHAT:
            continue
        who = reader(person, rng, chat.lead_id)
        count = rng.choices((1, 2, 3), (55, 30, 15))[0]
        pages = [*(_any_page(who.lang, rng) for _ in range(count - 1)), page]
        began = chat.at - timedelta(seconds=sum(rng.randint(25, 150) for _ in pages))
        came = Came(query=asked.query) if count == 1 else _came(who.lang, rng)
        found = list(visit(who, began, pages, rng, came))
        yield from (row for row in found if row.at < chat.at)


def after_clicks(person: Person, mails: Iterable[Activity], rng: random.Random) -> Iterator[Activity]:
    """Yield the visit that follows each click in an e-mail, beginning on the page behind the link."""
    for mail in mails:
        if mail.type_id not in {types.CLICK_EMAIL, types.CLICK_SALES}:
            continue
        target = urlsplit(str(mail.attributes["Link"]))
        page = page_at(target.path)
        if page is None:
            continue
        who = reader(person, rng)
        pages = [page, *(_any_page(who.lang, rng) for _ in range(rng.choices((0, 1, 2), (60, 28, 12))[0]))]
        yield from visit(
            who, mail.at + timedelta(seconds=rng.randint(1, 4)), pages, rng, Came(query=target.query)
        )


def visit(
    who: Reader, at: datetime, pages: Sequence[Page], rng: random.Random, came: Came | None = None
) -> Iterator[Activity]:
    """Yield one visit: its pages, and the forms and links on them that were used."""
    came = came or Came()
    for page in pages:
        yield _visited(who, at, page, came)
        step = at + timedelta(seconds=rng.randint(8, 70))
        form = next((form for form in FORMS if form.path == page.path), None)
        link = next((link for link in LINKS if link.path == page.path), None)
        if form and rng.random() < form.likely:
            yield filled_out(who, step, form, page, rng, came)
        elif link and rng.random() < LINK_SHARE:
            leads = _from(page, came) | {"Client IP Address": who.address}
            yield Activity(step, who.lead_id, types.CLICK_LINK, link.url, link.id, leads)
        at = step + timedelta(seconds=rng.randint(2, 160))
        came = Came(referrer=page.url)


def filled_out(
    who: Reader, at: datetime, form: Form, page: Page, rng: random.Random, came: Came | None = None
) -> Activity:
    """Return a form that somebody filled out."""
    said = form.fields.format(
        job=rng.choice(JOBS[who.lang]), seats=rng.randint(3, 240), sites=rng.randint(1, 9)
    )
    fields = f"Email: {who.person.email}; Last name: {who.person.last}; {said}"
    told: dict[str, Value] = {"Form Fields": fields, "Client IP Address": who.address}
    attributes = told | _from(page, came or Came()) | {"User Agent": who.browser}
    return Activity(at, who.lead_id, types.FORM, form.name, form.id, attributes)


def _visited(who: Reader, at: datetime, page: Page, came: Came) -> Activity:
    """Return one page that was read."""
    attributes: dict[str, Value] = {"Webpage URL": page.path}
    if came.referrer:
        attributes["Referrer URL"] = came.referrer
    if came.query:
        attributes["Query Parameters"] = came.query
    attributes |= {"User Agent": who.browser, "Client IP Address": who.address}
    if came.search:
        attributes["Search Engine"], attributes["Search Query"] = came.search
    return Activity(at, who.lead_id, types.VISIT, page.name, page.id, attributes)


def _from(page: Page, came: Came) -> dict[str, Value]:
    """Return what a form or a link tells of the page it is on."""
    query: dict[str, Value] = {"Query Parameters": came.query} if came.query else {}
    return {"Referrer URL": page.url, "Webpage ID": page.id} | query


def _came(lang: str, rng: random.Random) -> Came:
    """Return how a visit began: mostly directly, else by a search, another site or an advertisement."""
    kind = rng.choices(("directly", "search", "site", "advertisement"), (58, 22, 12, 8))[0]
    if kind == "search":
        return Came(SEARCH_SITE, "", (rng.choice(SEARCH_ENGINES), rng.choice(SEARCHES[lang])))
    if kind == "site":
        return Came(rng.choice(OTHER_SITES))
    return Came(query="utm_source=dockside&utm_medium=banner") if kind == "advertisement" else Came()


def _any_page(lang: str, rng: random.Random) -> Page:
    """Return a page in a language, the popular ones more often."""
    known = [page for page in PAGES if page.lang == lang]
    return rng.choices(known, [page.weight for page in known])[0]
