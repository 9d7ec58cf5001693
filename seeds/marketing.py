"""What people did beside their chats: e-mails, visits, sales e-mails, scores and moments.

One thing leads to another: a click in an e-mail to a visit, a page to a form or a chat, a chat to an e-mail
of the owner, and each of them to points and moments. Nothing is newer than the newest chat.
"""

import random
from collections.abc import Iterable, Iterator

import activity_types as types
import emails
import marketing_edges
import marketing_stories
import moments
import sales_emails
import scores
import web_visits
import website
from chats import Activity
from clock import NEWEST, OLDEST
from company import Company
from crm_ids import crm_id
from people import Person

UNTOUCHED = crm_id("account", "dormouse")
"""The account whose people do nothing at all."""
SHOWN = ("mio", "theodora", "rosalind", "script", "maya", "sota", "monitor")
"""The people worth opening: all of them have something in each family."""
READER = "silent"
"""Who gets e-mails, opens some, and does nothing else."""
CHATS = range(types.ENGAGED, types.DOCUMENT + types.FLOW + 1)


def told(company: Company, chats: Iterable[Activity]) -> Iterator[Activity]:
    """Yield everything in the other families, in no order."""
    by_lead: dict[int, list[Activity]] = {}
    for chat in chats:
        if chat.type_id in CHATS:
            by_lead.setdefault(chat.lead_id, []).append(chat)
    for person in company.people:
        if person.marketo_ids and person.account != UNTOUCHED:
            own = [chat for lead_id in person.marketo_ids for chat in by_lead.get(lead_id, ())]
            yield from of_person(person, sorted(own, key=lambda chat: chat.at))
    yield from marketing_edges.told(company)


def of_person(person: Person, chats: list[Activity]) -> Iterator[Activity]:
    """Yield all that one person did, given the person's chats."""
    rng = random.Random(f"marketing-{person.key}")
    lively = person.key in SHOWN
    mails = list(emails.received(person, rng, lively=lively or person.key == READER, chats=len(chats)))
    if person.key == READER:
        yield from _within(row for row in mails if row.type_id != types.CLICK_EMAIL)
        return
    web = [*web_visits.own(person, rng, lively=lively), *web_visits.before_chats(person, chats, rng)]
    web += web_visits.after_clicks(person, mails, rng)
    told = marketing_stories.told(person)
    happened = _in_order(person, [*chats, *mails, *web], told)
    sales = list(sales_emails.written(person, happened, rng, lively=lively))
    sales += web_visits.after_clicks(person, sales, rng)
    happened = _in_order(person, [*happened, *sales], told=())
    points = list(scores.changes(person.marketo_ids[0], happened, rng, lively=lively))
    lang = website.for_language(person.lang)
    seen = _in_order(person, [*happened, *points], told=())
    noted = moments.noted(person.marketo_ids[0], lang, seen, rng, lively=lively)
    yield from _within(row for row in seen if row.type_id not in CHATS)
    yield from _within(noted)


def _in_order(person: Person, rows: Iterable[Activity], told: Iterable[Activity]) -> list[Activity]:
    """Return what lies within the 26 weeks in order, without what a person at rest would have done."""
    kept = [row for row in rows if not marketing_stories.rests(person, row)]
    return sorted(_within([*kept, *told]), key=lambda row: row.at)


def _within(rows: Iterable[Activity]) -> Iterator[Activity]:
    """Yield the rows of the 26 weeks."""
    return (row for row in rows if OLDEST <= row.at <= NEWEST)
