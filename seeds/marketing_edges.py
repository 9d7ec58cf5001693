"""Values of the other families that are hard to store or to show, as ``edges.py`` has them for chats.

Markup and script addresses, very long names and URLs, right-to-left text, emoji of many code points, a
moment of an unknown kind, a change without its size, rows of the same second, and rows in which everything
is missing. All of them are legal in an extract.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import activity_types as types
import moments
from chats import Activity, Value
from clock import LAST_DAY, local
from company import Company
from edges import IMAGE, LONG_DIALOGUE, LONG_JA_DIALOGUE, LONG_URL, SCRIPT, SONS
from people import Person
from sales_emails import TEMPLATES, Letter, artifact
from stories import HUNDRED_AT
from webpages import PAGES
from website import SITE

ALL_TYPES = (
    *(types.VISIT, types.FORM, types.CLICK_LINK),
    *(types.SEND_EMAIL, types.EMAIL_DELIVERED, types.EMAIL_BOUNCED, types.EMAIL_SOFT_BOUNCED),
    *(types.OPEN_EMAIL, types.CLICK_EMAIL),
    *(types.SEND_SALES, types.OPEN_SALES, types.CLICK_SALES, types.RECEIVE_SALES, types.SALES_BOUNCED),
    *(types.SCORE, types.MOMENT),
)
SALES_TYPES = (types.SEND_SALES, types.OPEN_SALES, types.CLICK_SALES, types.RECEIVE_SALES)


def told(company: Company) -> Iterator[Activity]:
    """Yield the rows of the people with edge values."""
    yield from _markup(company.person("script"))
    yield from _scripts_of_the_world(company)
    yield from _long(company.person("longway"))
    yield from _missing(company.person("nemo"))
    yield from _unusual(company)


def _markup(person: Person) -> Iterator[Activity]:
    """Yield every field with markup, quotes or a script address in it."""
    lead = person.marketo_ids[0]
    page: dict[str, Value] = {
        "Webpage URL": "javascript:alert(1)",
        "Referrer URL": "data:text/html,<h1>hello</h1>",
        "Query Parameters": f"q={IMAGE}",
        "User Agent": SCRIPT,
        "Client IP Address": "192.0.2.66",
        "Search Engine": "Bing",
        "Search Query": f"{SCRIPT} {{{{ 7 * 7 }}}}",
    }
    form: dict[str, Value] = {"Form Fields": f"Email: {IMAGE}; Message: {SCRIPT} &lt;b&gt;"}
    yield Activity(_at(person, 1, 9), lead, types.VISIT, f"www.kumolane.example/{SCRIPT}", 3901, page)
    yield Activity(
        _at(person, 2, 9), lead, types.FORM, SONS, 591, form | {"Referrer URL": page["Webpage URL"]}
    )
    yield Activity(_at(person, 3, 9), lead, types.CLICK_LINK, "javascript:alert(document.cookie)", 791, {})
    yield from _mailing(person, f"Newsletter 99.{IMAGE}", "javascript:alert(1)", days=4)
    yield from _letter(person, f"{SCRIPT} {SONS}", "data:text/html,<script>alert(1)</script>", days=5)
    yield _score(person, 6, ("+1", 1, 0), f"<b onmouseover=alert(1)>{SONS}</b>", name=f"Score {SCRIPT}")
    for number, kind in enumerate((moments.WEB, moments.EMAIL, f"Type {SCRIPT}")):
        at = _at(person, 7, 9 + number)
        yield moments.moment(lead, at, kind, f"Typed {IMAGE} into <b>search</b>.", SCRIPT, 2591)


def _scripts_of_the_world(company: Company) -> Iterator[Activity]:
    """Yield right-to-left text, a bidi override, zero-width characters, and emoji of many code points."""
    layla, bidi = company.person("layla"), company.person("bidi")
    family, emoji = company.person("family"), company.person("emoji")
    yield from _mailing(layla, "نشرة 01.مرحبًا بكم في Kumolane", f"{SITE}/ar/", days=3)
    yield from _letter(layla, "عرض السعر: 60 رصيفًا", f"{SITE}/pricing", days=2)
    yield _moment(layla, 2, moments.MILESTONE, "طلبت ليلى عرض سعر لعدد 60 رصيفًا.")
    yield _page(bidi, 3, f"{SITE}/bidi\u202egnp", "www.kumolane.example/safe\u202efdp.exe\u202c")
    yield _moment(bidi, 3, moments.WEB, "Opened invoice\u202egnp.exe, or was it zero\u200bwidth\ufeff?")
    yield _page(family, 1, "/lounge/%F0%9F%8E%89", "www.kumolane.example/lounge/🎉👩‍👩‍👧‍👦🇯🇵")
    yield from _letter(family, "Welcome 👋🏽 to the Lounge 🎉👩‍👩‍👧‍👦🇯🇵", f"{SITE}/trial", days=1)
    yield from _mailing(emoji, "🐕‍🦺 01.Good dogs, good docks 🏴󠁧󠁢󠁳󠁣󠁴󠁿", f"{SITE}/", days=5)
    yield _moment(emoji, 5, moments.EMAIL, "👩🏽‍🚀 が「🐕‍🦺」を開封しました。")


def _long(person: Person) -> Iterator[Activity]:
    """Yield long names, a URL of 1,800 characters, and a word that never ends."""
    lead = person.marketo_ids[0]
    fields = f"Message: {'We drive from the harbour to the hill and back again, ' * 30}{'A' * 400}"
    yield _page(person, 2, LONG_URL.removeprefix(SITE), f"www.kumolane.example/{'w' * 180}")
    yield Activity(_at(person, 2, 9), lead, types.FORM, LONG_DIALOGUE, 592, {"Form Fields": fields})
    yield Activity(_at(person, 3, 9), lead, types.CLICK_LINK, LONG_URL, 792, {"Webpage ID": 3001})
    yield from _mailing(person, f"Newsletter 98.{LONG_DIALOGUE}", LONG_URL, days=6)
    yield from _letter(person, LONG_JA_DIALOGUE, LONG_URL, days=5)
    yield _score(person, 6, ("+99999", 2_147_483_000, 2_147_383_001), LONG_DIALOGUE, name=LONG_DIALOGUE)
    yield _moment(person, 7, moments.WEB, f"{LONG_DIALOGUE}. " * 4 + "W" * 180)


def _missing(person: Person) -> Iterator[Activity]:
    """Yield one row of each type with neither a primary attribute nor any other."""
    for number, type_id in enumerate(ALL_TYPES):
        yield Activity(_at(person, 3 + number * 4, 11), person.marketo_ids[0], type_id)


def _unusual(company: Company) -> Iterator[Activity]:
    """Yield a moment of an unknown kind, a change without its size, and many rows of one second."""
    maya, sota, monitor = (company.person(key) for key in ("maya", "sota", "monitor"))
    yield _moment(maya, 8, "Phone", "Called back about plant two and asked for Marcus.")
    yield _moment(sota, 8, "Phone", "天野に電話で折り返しがありました。")
    for person, value in ((company.person("obrien"), None), (company.person("null"), "")):
        yield _score(person, 9, (value, 12, 7), "Set by hand", name="Fit Score")
    for page in PAGES[:30]:
        row = _page(monitor, 0, page.path, page.name)
        yield replace(row, at=HUNDRED_AT, primary_id=page.id)


def _page(person: Person, days: int, path: str, name: str) -> Activity:
    """Return a page that was read."""
    attributes: dict[str, Value] = {
        "Webpage URL": path,
        "User Agent": "Mozilla/5.0 Chrome/137",
        "Client IP Address": "192.0.2.66",
    }
    return Activity(_at(person, days, 10), person.marketo_ids[0], types.VISIT, name, 3910 + days, attributes)


def _mailing(person: Person, name: str, link: str, *, days: int) -> Iterator[Activity]:
    """Yield a mailing that was sent, delivered, opened and clicked."""
    number = 1900 + days
    steps: tuple[tuple[int, dict[str, Value]], ...] = (
        (types.SEND_EMAIL, {"Campaign Run ID": 5901, "Choice Number": 0, "Step ID": 77}),
        (types.EMAIL_DELIVERED, {"Campaign Run ID": 5901, "Choice Number": 0, "Step ID": 77}),
        (types.OPEN_EMAIL, {"Device": name, "Is Mobile Device": False}),
        (types.CLICK_EMAIL, {"Is Mobile Device": True, "Platform": name, "Link": link}),
    )
    for number_of_step, (type_id, attributes) in enumerate(steps):
        at = _at(person, days, 13) + timedelta(seconds=number_of_step * 31)
        yield Activity(at, person.marketo_ids[0], type_id, name, number, attributes, 2090)


def _letter(person: Person, subject: str, link: str, *, days: int) -> Iterator[Activity]:
    """Yield an e-mail of a rep that was sent, opened, clicked and answered."""
    letter = Letter(person, TEMPLATES["en"][0], artifact(person, 89), subject)
    more: dict[int, dict[str, Value]] = {
        types.CLICK_SALES: {"Link": link},
        types.RECEIVE_SALES: {"Received By": letter.sender},
    }
    for number, type_id in enumerate(SALES_TYPES):
        at = _at(person, days, 15) + timedelta(minutes=number * 17)
        yield letter.row(type_id, at, more.get(type_id))


def _score(
    person: Person, days: int, values: tuple[str | None, int, int], reason: str, *, name: str
) -> Activity:
    """Return a change of a score, given as change, new and old value."""
    change, new, old = values
    size: dict[str, Value] = {} if change is None else {"Change Value": change}
    told: dict[str, Value] = {"New Value": new, "Old Value": old, "Reason": reason}
    return Activity(_at(person, days, 16), person.marketo_ids[0], types.SCORE, name, 89, size | told, 2490)


def _moment(person: Person, days: int, kind: str, sentence: str) -> Activity:
    """Return an interesting moment."""
    return moments.moment(person.marketo_ids[0], _at(person, days, 17), kind, sentence, "Reps' notes", 2590)


def _at(person: Person, days: int, hour: int) -> datetime:
    """Return an hour of a day so many days before the last one."""
    return local(LAST_DAY - timedelta(days=days), time(hour, 21, days % 60), person.offset)
