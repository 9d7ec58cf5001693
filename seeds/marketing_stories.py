"""What the people worth opening first did beside their chats, where it is told by hand.

桐谷's score is a story: a good start in January, a silence in February that costs points, and a way to the
top. Maya's week shows how e-mails, pages and chats lead to one another.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import activity_types as types
import emails
import moments
import sales_emails
import web_visits
from chats import Activity
from clock import LAST_DAY, local
from emails import Copy
from mailings import BATCHES
from people import Person
from sales_emails import Letter
from webpages import FORMS, page_at

SILENT_DAYS = {"mio": (date(2026, 1, 29), date(2026, 3, 23))}
"""Between which days a person does nothing."""
DOING = {
    *(types.VISIT, types.FORM, types.CLICK_LINK, types.OPEN_EMAIL, types.CLICK_EMAIL),
    *(types.SEND_SALES, types.OPEN_SALES, types.CLICK_SALES, types.RECEIVE_SALES),
}


def rests(person: Person, row: Activity) -> bool:
    """Return whether a row falls into days on which the person does nothing."""
    if person.key not in SILENT_DAYS or row.type_id not in DOING:
        return False
    first, last = SILENT_DAYS[person.key]
    return first <= row.at.date() <= last


def told(person: Person) -> list[Activity]:
    """Return what is told by hand of a person, in no order."""
    stories = {"mio": _mio, "maya": _maya, "theodora": _theodora}
    return list(stories[person.key](Album(person))) if person.key in stories else []


class Album:
    """Makes rows of one person, in local time counted in days before the last day."""

    def __init__(self, person: Person) -> None:
        """Begin the album of ``person``."""
        self.person = person
        self.rng = random.Random(f"album-{person.key}")
        self.letters = 90
        self.who = web_visits.reader(person, random.Random(person.key))

    def visit(self, days: int, clock: str, *paths: str) -> Iterator[Activity]:
        """Yield a visit to some pages, on which no form is filled out by chance."""
        pages = [page for path in paths if (page := page_at(path))]
        rows = web_visits.visit(self.who, self._at(days, clock), pages, self.rng)
        return (row for row in rows if row.type_id == types.VISIT)

    def form(self, days: int, clock: str, name: str) -> Iterator[Activity]:
        """Yield a form that is filled out, and the visit to its page half a minute before."""
        form = next(form for form in FORMS if form.name == name)
        page, at = page_at(form.path), self._at(days, clock)
        if page:
            yield from list(web_visits.visit(self.who, at - timedelta(seconds=34), [page], self.rng))[:1]
            yield web_visits.filled_out(self.who, at, form, page, self.rng)

    def mail(self, days: int, clock: str, number: int) -> Iterator[Activity]:
        """Yield a mailing's openings and click, and the visit behind the link."""
        mailing = next(mailing for mailing in BATCHES if mailing.id == number)
        sent = self._at(days, "09:00:00")
        copy = Copy(self.person, mailing, sent)
        seen = list(emails.read(copy, self._at(days, clock), self.rng, click=True))
        return iter([*seen, *web_visits.after_clicks(self.person, seen, self.rng)])

    def letter(self, days: int, clock: str, number: int, subject: str = "") -> Iterator[Activity]:
        """Yield an e-mail of the owner and what became of it."""
        found = [template for known in sales_emails.TEMPLATES.values() for template in known]
        template = next(template for template in found if template.id == number)
        self.letters += 1
        letter = Letter(self.person, template, sales_emails.artifact(self.person, self.letters), subject)
        return sales_emails.fate(letter, self._at(days, clock), self.rng, safe=True)

    def moment(self, days: int, clock: str, sentence: str) -> Activity:
        """Return a milestone that a rep noted."""
        lead, at = self.person.marketo_ids[0], self._at(days, clock)
        return moments.moment(lead, at, moments.MILESTONE, sentence, "Reps' notes", 2590)

    def _at(self, days: int, clock: str) -> datetime:
        return local(LAST_DAY - timedelta(days=days), time.fromisoformat(clock), self.person.offset)


def _mio(album: Album) -> Iterator[Activity]:
    """桐谷 finds Kumolane in January, falls silent, and comes back in earnest in spring."""
    yield from album.visit(172, "10:12:08", "/ja/", "/ja/product", "/ja/pricing")
    yield from album.form(171, "09:40:51", "資料請求")
    yield from album.visit(165, "14:20:30", "/ja/pricing", "/ja/customers")
    yield from album.form(160, "11:05:16", "定例セミナー申込")
    yield from album.visit(155, "16:48:02", "/ja/product/lane-planner", "/ja/pricing")
    yield from album.letter(154, "10:30:00", 23)
    yield from album.form(14, "13:02:44", "お問い合わせ")
    yield from album.visit(1, "22:14:09", "/ja/pricing", "/ja/migrate", "/ja/pricing")
    yield from album.visit(0, "09:57:20", "/ja/migrate")


def _maya(album: Album) -> Iterator[Activity]:
    """Maya reads, asks, answers her rep, and ends the week on the checklist."""
    yield from album.form(6, "09:31:12", "Pricing Guide Download")
    yield from album.letter(5, "14:05:00", 15, "Moving plant two: six weeks, night shift first")
    yield from album.letter(2, "16:20:00", 12, "Your quote for 38 planners, with the packages on page one")
    yield from album.visit(1, "21:12:48", "/customers/three-plants", "/pricing", "/migrate")
    yield album.moment(1, "21:31:09", "Has the checklist for plant two and wants dates: call tomorrow.")


def _theodora(album: Album) -> Iterator[Activity]:
    """Theodora signs up for the trial, and her rep asks how it goes."""
    yield from album.form(3, "16:24:30", "Free Trial Sign-up")
    yield from album.letter(2, "10:15:00", 16)
