"""How the scores of people change: up after what they do, down after a month in which they do nothing.

There are a Lead Score, and for some a Behavior Score and a Demographic Score. Each rule has a list of the
people it counts for, and does not fire twice within its pause. Old and new values chain.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import activity_types as types
from chats import Activity
from clock import NEWEST, OLDEST
from webpages import page_at

LEAD, BEHAVIOR, DEMOGRAPHIC = "Lead Score", "Behavior Score", "Demographic Score"
IDS = {LEAD: 81, BEHAVIOR: 82, DEMOGRAPHIC: 83}
DECAYS = tuple(datetime(2026, month, 1, 4, tzinfo=UTC) for month in range(2, 7))
"""When the campaign runs that takes points from the silent."""
SILENCE = timedelta(days=28)
LISTED = 0.32
"""How many people are on the list of a rule."""
UNASKED = {types.SEND_EMAIL, types.EMAIL_DELIVERED, types.SEND_SALES}
"""What happens to people without their doing."""


@dataclass(frozen=True)
class Rule:
    """What a campaign adds to a score, why, and for how long it then rests."""

    campaign_id: int
    change: int
    reason: str
    pause: timedelta
    score: str = LEAD

    def counts_for(self, lead_id: int) -> bool:
        """Return whether somebody is on the list of this rule."""
        return random.Random(f"rule-{self.campaign_id}-{lead_id}").random() < LISTED


def _rule(number: int, change: int, reason: str, days: float, score: str = LEAD) -> Rule:
    """Return a rule that rests for so many days."""
    return Rule(number, change, reason, timedelta(days=days), score)


DECAY = _rule(2401, -10, "No activity for four weeks", 0)
PRICING = _rule(2402, 5, "Visited the pricing page", 6)
PAGE = _rule(2403, 1, "Visited the website", 14)
FORM = _rule(2404, 10, "Filled out a form", 1)
TRIAL = _rule(2405, 25, "Signed up for a trial", 30)
CLICK = _rule(2406, 3, "Clicked a link in an e-mail", 2)
REPLY = _rule(2407, 10, "Answered a sales e-mail", 1)
CHAT = _rule(2408, 5, "Completed a chat", 4)
GOAL = _rule(2409, 8, "Reached a goal in chat", 4)
DOCUMENT = _rule(2410, 4, "Read a document in chat", 6)
MEETING = _rule(2411, 20, "Booked an appointment", 5)
CANCELLED = _rule(2412, -10, "Cancelled an appointment", 1)
BEHAVED = _rule(2413, 2, "Read three pages or more", 9, BEHAVIOR)
ROLE = _rule(2414, 15, "Told the job title", 60, DEMOGRAPHIC)
BOUNCED = _rule(2415, -20, "E-mail address no longer valid", 30, DEMOGRAPHIC)

BY_TYPE = {
    types.CLICK_EMAIL: CLICK,
    types.CLICK_SALES: CLICK,
    types.RECEIVE_SALES: REPLY,
    types.GOAL: GOAL,
    types.DOCUMENT: DOCUMENT,
    types.EMAIL_BOUNCED: BOUNCED,
}
"""The rules that look at nothing but the type."""


@dataclass
class Card:
    """The scores of one person, as they stand; ``everything`` if every rule counts."""

    lead_id: int
    everything: bool
    latest: datetime = OLDEST
    values: dict[str, int] = field(default_factory=dict)
    rested: dict[int, datetime] = field(default_factory=dict)

    def fires(self, rule: Rule, at: datetime) -> bool:
        """Return whether a rule counts for this person and its pause is over."""
        if not (self.everything or rule.counts_for(self.lead_id)):
            return False
        return rule.campaign_id not in self.rested or at >= self.rested[rule.campaign_id]

    def change(self, rule: Rule, at: datetime) -> Activity:
        """Change a score, and return the row that tells; none is older than the one before."""
        self.latest = at = max(self.latest, min(at, NEWEST))
        old = self.values.get(rule.score, 0)
        self.values[rule.score] = old + rule.change
        self.rested[rule.campaign_id] = at + rule.pause
        return Activity(
            at,
            self.lead_id,
            types.SCORE,
            rule.score,
            IDS[rule.score],
            {
                "Change Value": f"{rule.change:+d}",
                "New Value": old + rule.change,
                "Old Value": old,
                "Reason": rule.reason,
            },
            rule.campaign_id,
        )


def changes(
    lead_id: int, happened: Sequence[Activity], rng: random.Random, *, lively: bool
) -> Iterator[Activity]:
    """Yield the changes of one person's scores after all that ``happened``, which is in order."""
    card, decays = Card(lead_id, everything=lively), list(DECAYS)
    last: datetime | None = None
    for row in [*happened, None]:
        while decays and last and (row is None or decays[0] <= row.at):
            run = decays.pop(0)
            if run - last >= SILENCE and card.fires(DECAY, run) and card.values.get(LEAD, 0) >= -DECAY.change:
                yield card.change(DECAY, run + timedelta(seconds=lead_id % 1200))
                last = run + timedelta(days=30)  # the next run would be cruel
        if row is None:
            return
        for rule in rules(row):
            if card.fires(rule, row.at):
                yield card.change(rule, row.at + timedelta(seconds=rng.choice((0, 0, 1, 1, 2, 3))))
        if row.type_id not in UNASKED:
            last = row.at


def rules(row: Activity) -> Iterator[Rule]:
    """Yield the rules that match a row."""
    family = row.type_id - (types.FLOW if row.is_flow else 0)
    if family in BY_TYPE:
        yield BY_TYPE[family]
    elif family == types.VISIT:
        page = page_at(str(row.attributes["Webpage URL"]))
        yield PRICING if page and page.is_pricing else PAGE
        if "Referrer URL" in row.attributes:
            yield BEHAVED
    elif family == types.FORM:
        fields = str(row.attributes["Form Fields"])
        yield TRIAL if "rial" in str(row.primary) or "トライアル" in str(row.primary) else FORM
        if "Job title" in fields or "役職" in fields:
            yield ROLE
    elif family == types.ENGAGED and str(row.attributes.get("Conversation Status")).lower() == "completed":
        yield CHAT
    elif family == types.MEETING:
        status = str(row.attributes.get("Meeting Status", "rescheduled")).lower()
        if status != "rescheduled":
            yield MEETING if status == "scheduled" else CANCELLED
