"""What surrounds the chats in an extract: people whom the CRM does not know, and types that are no chats."""

import random
from collections.abc import Iterator

import activity_types as types
from chats import Activity, Value
from clock import visit_times
from company import Company
from people import Person, everyone
from sessions import session
from website import SITE

STRANGERS = 10
FIRST_STRANGER = 990_001
CLASSIC_ROWS = 380

CLASSIC: tuple[tuple[int, str, dict[str, Value]], ...] = (
    (types.VISIT, "www.kumolane.example/pricing", {"Webpage URL": "/pricing", "User Agent": "Mozilla/5.0"}),
    (
        types.VISIT,
        "www.kumolane.example/ja/product",
        {"Webpage URL": "/ja/product", "User Agent": "Mozilla/5.0"},
    ),
    (types.FORM, "Newsletter sign-up", {"Form Fields": "Email=1", "Webpage ID": 44}),
    (
        types.SEND_EMAIL,
        "Cold Chain Day invitation",
        {"Campaign Run ID": 1203, "Choice Number": 0, "Step ID": 91},
    ),
    (types.OPEN_EMAIL, "Cold Chain Day invitation", {"Device": "unknown", "Is Mobile Device": False}),
    (types.OPEN_EMAIL, "導入事例のご紹介", {"Device": "iPhone", "Is Mobile Device": True, "Platform": "iOS"}),
    (
        types.CLICK_EMAIL,
        "Cold Chain Day invitation",
        {"Link": f"{SITE}/events/register", "Is Mobile Device": False},
    ),
    (
        types.MOMENT,
        "Web",
        {"Description": "Looked at the pricing page three times", "Source": "Pricing watchers"},
    ),
    (types.MOMENT, "Milestone", {"Description": "ウェビナーに参加", "Source": "Webinar"}),
    (
        types.LINK_CLICKED,
        "Integration Finder",
        {"Link URL": f"{SITE}/developers/api", "Page URL": f"{SITE}/integrations"},
    ),
)


def strangers() -> Iterator[Activity]:
    """Yield chats of people who are in no CRM file; they are kept until the person arrives."""
    model = everyone()[0]
    for number in range(STRANGERS):
        rng = random.Random(f"stranger-{number}")
        visitor = _stranger(model, number, rng)
        for at in visit_times(rng, visitor.offset, rng.randint(1, 2)):
            yield from session(visitor, at, rng, lively=True)


def _stranger(model: Person, number: int, rng: random.Random) -> Person:
    """Return somebody of whom only the marketo id is known."""
    lang, offset = rng.choice((("ja", 9), ("en", -4), ("en", 2)))
    return Person(
        **vars(model)
        | {
            "key": f"stranger-{number}",
            "marketo_ids": (FIRST_STRANGER + number,),
            "first": "",
            "last": "お客様" if lang == "ja" else "Visitor",
            "lang": lang,
            "offset": offset,
        }
    )


def classic(company: Company) -> Iterator[Activity]:
    """Yield rows of the classic types, which Chatpane ignores."""
    rng = random.Random("classic")
    known = [person for person in company.people if person.marketo_ids]
    for at in visit_times(rng, 0, CLASSIC_ROWS):
        type_id, primary, attributes = rng.choice(CLASSIC)
        number = 2000 + CLASSIC.index((type_id, primary, attributes))
        yield Activity(at, rng.choice(known).marketo_ids[0], type_id, primary, number, attributes, 1044)
    for number, at in enumerate(visit_times(rng, 0, 4)):
        winner = rng.choice(known).marketo_ids[0]
        merged: dict[str, Value] = {"Merge IDs": f"[{498_000 + number}]", "Merge Source": "Web service API"}
        yield Activity(at, winner, types.MERGE, str(winner), winner, merged | {"Merged in Sales": False})
