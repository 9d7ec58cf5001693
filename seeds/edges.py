"""Values that are hard to store or to show, each on a person made for it.

Markup and script addresses, very long names and URLs, right-to-left and bidi override characters, emoji
made of several code points, appointments that are no dates, and rows in which everything is missing. All
of them are legal in an extract; none must be rejected.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import chats
import scripts
from chats import Activity, Place
from clock import LAST_DAY, local
from company import Company
from people import Person
from talks import Words
from website import DOCS, SITE, Agent, Asset, Document

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
SONS = 'O\'Brien & "Sons"'
LONG_URL = f"{SITE}/lanes?via={'-'.join(f'stop{stop:04}' for stop in range(200))}"[:1800]
LONG_DIALOGUE = (
    "The dialogue for visitors who have read the comparison of all editions to its very end, "
    "came back twice, and still hesitate between Standard and Business"
)
LONG_JA_DIALOGUE = (
    "全国の物流拠点で配車計画と入出荷予約と在庫照会を同時に検討されている情報システム部門及び"
    "現場責任者の皆様に向けた総合ご案内窓口（試験運用版）"
)
TIMES_WITHOUT_DATE = ("next Tuesday, after lunch", "来週の水曜、朝いちばん", f"<i>tomorrow</i> {IMAGE}")

HOSTILE_TALK = Words(
    f"""\
Bot: Hello {SCRIPT}, how can I help?
{SCRIPT}: <b>Bold</b> claim: your chat renders <a href="javascript:alert(1)">links</a>.
Bot: It shows them as text.
{SCRIPT}: And this? {IMAGE} </textarea></div></template>
Bot: Text as well.
{SCRIPT}: {{{{ 7 * 7 }}}} {{% include "secrets" %}} ${{7*7}} &lt;already escaped&gt; &amp;amp;
Bot: 49 is a fine number, but no.""",
    f"Tried {SCRIPT} and {IMAGE}; nothing happened.",
    (SCRIPT, "R&D", "a, b"),
)
LONG_TALK = Words(
    "Bot: How would you describe your network?\n"
    + "Lena Longway: "
    + "We drive from the harbour to the hill and back again, " * 40
    + "and then we rest.\nBot: Thank you.\nLena Longway: "
    + "A" * 400
    + "\nBot: That was a long one.\nLena Longway: It was.\nBot: See you.",
    "Described the network at length.",
    ("Networks",),
)


def told(company: Company) -> Iterator[Activity]:
    """Yield the activities of the people with edge values."""
    yield from _markup(company.person("script"))
    yield from _scripts_of_the_world(company)
    yield from _long(company.person("longway"))
    yield from _missing(company.person("nemo"))


def _markup(person: Person) -> Iterator[Activity]:
    """Yield every field with markup, quotes or a script address in it."""
    agent = Agent("<svg/onload=alert(1)>", '"x"@evil.example', f"Queue {IMAGE}", "en")
    first = _place(person, _dialogue(SCRIPT, 901, "javascript:alert(1)"))
    second = _place(person, _dialogue(IMAGE, None, f"{SITE}/?q={IMAGE}"))
    third = _place(
        person,
        replace(_dialogue(SONS, 903, "data:text/html,<h1>hello</h1>"), flow=True, source=(SCRIPT, SONS)),
    )
    payload = Document(IMAGE, "data:text/html,<script>alert(1)</script>", "en")
    quoted = Document(SONS, f'{DOCS}/en/o\'brien & "sons".pdf', "en")
    yield chats.engaged(first, _at(person, 1, 10), "Completed", HOSTILE_TALK, 0)
    yield chats.agent_engaged(first, _at(person, 1, 11), agent, "Dropped", HOSTILE_TALK, 3)
    yield chats.goal(first, _at(person, 2, 10), "<b onmouseover=alert(1)>Goal</b>")
    yield chats.document(second, _at(person, 3, 10), payload, True, False)
    yield chats.document(second, _at(person, 3, 11), quoted, False, "yes")
    yield chats.engaged(second, _at(person, 8, 10), "Initiated")
    yield chats.engaged(third, _at(person, 9, 10), "Completed", HOSTILE_TALK)
    for number, text in enumerate(TIMES_WITHOUT_DATE):
        yield chats.meeting(third, _at(person, 4, 12 + number), agent, "Scheduled", text)


def _scripts_of_the_world(company: Company) -> Iterator[Activity]:
    """Yield right-to-left text, a bidi override, zero-width characters, and emoji of many code points."""
    layla, bidi = company.person("layla"), company.person("bidi")
    family, emoji = company.person("family"), company.person("emoji")
    arabic = _place(layla, _dialogue("مرحبًا بكم في Kumolane", 904, f"{SITE}/ar/"))
    yield chats.engaged(arabic, _at(layla, 2, 10), "Completed", scripts.LAYLA, 2)
    yield chats.goal(arabic, _at(layla, 2, 11), "طلب عرض سعر")
    override = _place(bidi, _dialogue("Safe file \u202efdp.exe\u202c or not", 905, f"{SITE}/bidi\u202egnp"))
    yield chats.engaged(override, _at(bidi, 3, 9), "Dropped")
    yield chats.goal(override, _at(bidi, 3, 10), "zero\u200bwidth\ufeffgoal")
    waves = _place(
        family, _dialogue("Welcome 👋🏽 to the Lounge 🎉👩‍👩‍👧‍👦🇯🇵", 906, f"{SITE}/lounge/%F0%9F%8E%89")
    )
    yield chats.engaged(waves, _at(family, 1, 15), "Completed")
    yield chats.document(
        waves, _at(family, 1, 16), Document("🗺️ Map 🏴󠁧󠁢󠁳󠁣󠁴󠁿", f"{DOCS}/en/map.pdf", "en"), "1", None
    )
    yield chats.engaged(_place(emoji, waves.asset), _at(emoji, 5, 11), "COMPLETED")


def _long(person: Person) -> Iterator[Activity]:
    """Yield long names, a URL of 1,800 characters and a transcript with a word that never ends."""
    latin = _place(person, _dialogue(LONG_DIALOGUE, 907, LONG_URL))
    japanese = _place(person, _dialogue(LONG_JA_DIALOGUE, 908, f"{SITE}/ja/"))
    agent = Agent(f"Dr. {LONG_DIALOGUE}", f"{'a' * 60}@{'b' * 60}.example", LONG_DIALOGUE, "en")
    yield chats.engaged(latin, _at(person, 1, 9), "Completed", LONG_TALK, 1)
    yield chats.engaged(japanese, _at(person, 2, 9), "Initiated")
    yield chats.goal(latin, _at(person, 3, 9), f"Reached {LONG_DIALOGUE}")
    yield chats.document(japanese, _at(person, 4, 9), Document("W" * 180, LONG_URL, "en"), True, True)
    yield chats.meeting(latin, _at(person, 5, 9), agent, "Scheduled", "2026-07-06T09:00:00")


def _missing(person: Person) -> Iterator[Activity]:
    """Yield one row of each type, in both variants, with neither a name nor any attribute."""
    for number in range(10):
        yield Activity(_at(person, 2 + number * 6, 14), person.marketo_ids[0], 1001 + number)


def _dialogue(name: str, number: int | None, page: str) -> Asset:
    """Return a dialogue that only exists for its name and page."""
    return Asset(name, number, "en", "product", (page,))


def _place(person: Person, asset: Asset) -> Place:
    """Return the place of a person's chat in ``asset``."""
    return Place(person.marketo_ids[0], asset, asset.pages[0])


def _at(person: Person, days: int, hour: int) -> datetime:
    """Return an hour of a day so many days before the last one."""
    return local(LAST_DAY - timedelta(days=days), time(hour, 7, days), person.offset)
