"""The demo files must be what the script makes, and rich enough to show and test every part of the product.

Whoever trims or extends the demo company learns here which promise a change breaks.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.seeds.files import SEEDS, Logged, Table, extracts, logged, marketing_extracts, table

CHAT_TYPES = set(range(1001, 1011))
ACTIVITY_HEADER = (
    "marketoGUID,leadId,activityDate,activityTypeId,campaignId,"
    "primaryAttributeValueId,primaryAttributeValue,attributes"
)
NEWEST_DAY = date(2026, 6, 28)
MOVED = {"Scheduled For", "Date"}
"""The attributes whose dates move with the activity's."""


@pytest.fixture(scope="module")
def activities() -> list[Logged]:
    return [row for name in extracts() for row in logged(name)]


@pytest.fixture(scope="module")
def marketing() -> list[Logged]:
    return [row for name in marketing_extracts() for row in logged(name)]


@pytest.fixture(scope="module")
def chats(activities: list[Logged]) -> list[Logged]:
    return [row for row in activities if row.type_id in CHAT_TYPES]


@pytest.fixture(scope="module")
def people() -> Table:
    """The first rows of all people; those that only add a marketo id are left out."""
    return [row for row in table("people.csv") if row["last_name"]]


@pytest.fixture(scope="module")
def showcase() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SEEDS / "showcase.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def chats_of(chats: list[Logged], people: Table) -> Callable[[str, str], list[Logged]]:
    """A function that finds the chats of a shown lead, contact or account."""
    owners = {row["marketo_id"]: row["crm_id"] for row in table("people.csv") if row["kind"] == "lead"}
    owners |= {row["marketo_id"]: row["crm_id"] for row in table("people.csv") if row["kind"] == "contact"}
    accounts = {row["crm_id"]: row["account_crm_id"] for row in people}

    def find(panel: str, crm_id: str) -> list[Logged]:
        belongs = accounts.get if panel == "accounts" else lambda person: person
        return [row for row in chats if belongs(owners.get(row.lead_id, "")) == crm_id]

    return find


def first(showcase: list[dict[str, Any]], panel: str) -> str:
    """The crm_id of the record of a kind that is listed first."""
    return str(next(entry["crm_id"] for entry in showcase if entry["panel"] == panel))


# The files


def test_the_script_makes_the_very_files_that_are_here():
    ran = subprocess.run(
        [sys.executable, "-B", SEEDS / "make_seeds.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stderr, ran.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("accounts.csv", "crm_id,name"),
        ("people.csv", "kind,crm_id,marketo_id,first_name,last_name,email,account_crm_id,owner"),
        ("opportunities.csv", "crm_id,name,account_crm_id"),
        ("roles.csv", "opportunity_crm_id,person_crm_id,role,is_primary"),
        *((name, ACTIVITY_HEADER) for name in extracts() + marketing_extracts()),
    ],
)
def test_each_table_has_its_exact_header_and_full_rows(name: str, header: str):
    rows = table(name)
    assert list(rows[0]) == header.split(",")
    assert all(None not in row and None not in row.values() for row in rows)


def test_one_extract_is_tab_separated_and_the_chats_stay_below_eight_megabytes():
    others = set(marketing_extracts())
    files = [path for path in SEEDS.iterdir() if path.is_file() and path.name not in others]
    assert [name for name in extracts() if name.endswith(".tsv")] == ["activities-2026-02.tsv"]
    assert sum(path.stat().st_size for path in files) < 8_000_000


def test_the_extracts_of_the_other_families_stay_below_eight_megabytes():
    assert sum((SEEDS / name).stat().st_size for name in marketing_extracts()) < 8_000_000


def test_one_extract_has_some_attributes_as_an_array():
    forms = {
        name: {type(json.loads(row["attributes"] or "{}")) for row in table(name)} for name in extracts()
    }
    assert [name for name, found in forms.items() if found == {dict, list}] == ["activities-2026-04.csv"]


# The CRM


def test_one_of_at_least_forty_accounts_has_a_thousand_contacts(people: Table):
    accounts = table("accounts.csv")
    contacts = Counter(row["account_crm_id"] for row in people if row["kind"] == "contact")
    assert len(accounts) >= 40
    assert max(contacts.values()) == 1000


def test_record_ids_are_unique_and_have_the_shapes_of_three_crms(people: Table):
    ids = [row["crm_id"] for name in ("accounts.csv", "opportunities.csv") for row in table(name)]
    ids += [row["crm_id"] for row in people]
    shapes = (r"00[136Q]\w{15}", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"\d{11}")
    assert len(set(ids)) == len(ids)
    assert all(any(re.fullmatch(shape, crm_id) for shape in shapes) for crm_id in ids)
    assert all(sum(bool(re.fullmatch(shape, crm_id)) for crm_id in ids) > 20 for shape in shapes)


def test_leads_have_no_account_and_contacts_have_one_that_exists_save_a_few(people: Table):
    accounts = {row["crm_id"] for row in table("accounts.csv")}
    leads = [row for row in people if row["kind"] == "lead"]
    homes = Counter(row["account_crm_id"] in accounts for row in people if row["kind"] == "contact")
    assert len(leads) >= 150
    assert {row["account_crm_id"] for row in leads} == {""}
    assert homes[True] >= 1_600
    assert 3 <= homes[False] <= 20
    assert {row["account_crm_id"] for row in people} - accounts == {""}


def test_some_people_lack_a_first_name_an_address_or_a_marketo_id(people: Table):
    for field in ("first_name", "email", "marketo_id"):
        assert sum(not row[field] for row in people) >= 5


def test_a_second_row_of_a_person_only_adds_a_marketo_id(people: Table):
    added = [row for row in table("people.csv") if not row["last_name"]]
    known = {(row["kind"], row["crm_id"]) for row in people}
    assert len(added) >= 10
    for row in added:
        assert {field for field, value in row.items() if value} == {"kind", "crm_id", "marketo_id"}
        assert (row["kind"], row["crm_id"]) in known


def test_a_converted_lead_shares_its_marketo_id_and_name_with_its_contact(people: Table):
    contacts = {row["marketo_id"]: row for row in people if row["kind"] == "contact" and row["marketo_id"]}
    converted = [row for row in people if row["kind"] == "lead" and row["marketo_id"] in contacts]
    assert len(converted) >= 5
    for lead in converted:
        contact = contacts[lead["marketo_id"]]
        assert (lead["first_name"], lead["last_name"]) == (contact["first_name"], contact["last_name"])


def test_a_marketo_id_belongs_to_one_person_unless_a_lead_was_converted():
    rows = [row for row in table("people.csv") if row["marketo_id"]]
    kinds = Counter((row["kind"], row["marketo_id"]) for row in rows)
    assert set(kinds.values()) == {1}


def test_opportunities_have_two_to_eight_people_but_for_a_large_and_an_empty_one():
    opportunities = table("opportunities.csv")
    sizes = Counter(row["opportunity_crm_id"] for row in table("roles.csv"))
    counts = sorted(sizes[row["crm_id"]] for row in opportunities)
    assert len(opportunities) >= 60
    assert (counts[0], counts[-1]) == (0, 46)
    assert all(2 <= count <= 8 for count in counts[1:-1])


def test_each_role_names_an_opportunity_and_a_person_that_exist(people: Table):
    kinds = {row["crm_id"]: row["kind"] for row in people}
    opportunities = {row["crm_id"] for row in table("opportunities.csv")}
    roles = table("roles.csv")
    pairs = [(row["opportunity_crm_id"], row["person_crm_id"]) for row in roles]
    assert {opportunity for opportunity, _ in pairs} <= opportunities
    assert {kinds[person] for _, person in pairs} == {"lead", "contact"}
    assert len(set(pairs)) == len(pairs)
    assert {row["is_primary"] for row in roles} == {"true", "false"}


# The activities


def test_the_types_are_an_answer_of_the_api_that_names_every_type_in_the_extracts(
    activities: list[Logged], marketing: list[Logged]
):
    answer = json.loads((SEEDS / "activity_types.json").read_text(encoding="utf-8"))
    known = {entry["id"]: entry["name"] for entry in answer["result"]}
    assert answer["success"] is True
    assert {row.type_id for row in activities + marketing} <= known.keys()
    assert known[1001] == "Engage with a Dialogue"
    assert known[1010] == "Interact with Document in Conversational Flow"
    assert all({"primaryAttribute", "attributes"} <= entry.keys() for entry in answer["result"])


def test_chats_of_every_type_in_both_variants_are_there_among_a_few_others(
    activities: list[Logged], chats: list[Logged]
):
    counts = Counter(row.type_id for row in chats)
    assert 8_000 <= len(chats) <= 10_000
    assert counts.keys() == CHAT_TYPES
    assert min(counts.values()) >= 100
    assert 200 <= len(activities) - len(chats) <= 500


def test_guids_are_unique_over_all_extracts(activities: list[Logged], marketing: list[Logged]):
    assert len({row.guid for row in activities + marketing}) == len(activities) + len(marketing)


def test_an_extract_holds_the_month_of_its_name_in_order():
    for name in extracts() + marketing_extracts():
        rows = list(logged(name))
        assert {f"{row.at:%Y-%m}" for row in rows} == {name.partition("-")[2][:7]}
        assert [row.at for row in rows] == sorted(row.at for row in rows)


def test_chats_cover_26_iso_weeks_and_end_on_the_fixed_sunday(chats: list[Logged]):
    weeks = Counter(row.at.isocalendar()[:2] for row in chats)
    newest = max(row.at for row in chats)
    assert sorted(weeks) == [(2026, week) for week in range(1, 27)]
    assert min(weeks.values()) >= 100
    assert (newest.date(), newest.hour) == (NEWEST_DAY, 1)


def test_every_status_is_there_and_some_are_spelt_differently(chats: list[Logged]):
    conversations = Counter(row.attributes.get("Conversation Status") for row in chats)
    meetings = Counter(row.attributes.get("Meeting Status") for row in chats)
    for status in ("Initiated", "Dropped", "Completed"):
        assert conversations[status] >= 100
    for status in ("Scheduled", "Rescheduled", "Cancelled"):
        assert meetings[status] >= 50
    assert conversations["COMPLETED"] >= 1
    assert meetings["Canceled"] >= 1


@pytest.mark.parametrize("flag", ["Document Opened", "Document Downloaded"])
def test_document_flags_come_in_every_spelling_or_not_at_all(chats: list[Logged], flag: str):
    documents = [row.attributes for row in chats if row.type_id in {1005, 1010}]
    spellings = {repr(attributes[flag]) for attributes in documents if flag in attributes}
    assert spellings == {"True", "False", "'true'", "'yes'", "1", "'1'"}
    assert any(flag not in attributes for attributes in documents)


def test_appointments_have_zones_or_none_or_are_no_dates_and_some_are_ahead(chats: list[Logged]):
    texts = [row.attributes["Scheduled For"] for row in chats if "Scheduled For" in row.attributes]
    date_and_time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    for zone in (r"[+-]\d\d:\d\d", "Z", ""):
        assert sum(bool(re.fullmatch(date_and_time + zone, text)) for text in texts) >= 20
    assert 3 <= sum(not re.match(date_and_time, text) for text in texts) <= 30
    assert sum(text > f"{NEWEST_DAY}T99" for text in texts if re.match(date_and_time, text)) >= 10


def test_only_finished_conversations_have_a_transcript_of_6_to_20_turns(chats: list[Logged]):
    spoken = [row.attributes for row in chats if "Conversation Transcript" in row.attributes]
    assert len(spoken) >= 2_000
    assert {attributes["Conversation Status"].lower() for attributes in spoken} == {"completed", "dropped"}
    transcripts = [attributes["Conversation Transcript"] for attributes in spoken]
    assert {len(text.splitlines()) for text in transcripts} <= set(range(6, 21))
    assert not [text for text in transcripts if re.search(r"\{\w+\}", text)], "a slot was not filled in"


def test_scores_run_from_none_and_zero_to_three_and_topics_come_as_list_or_text(chats: list[Logged]):
    scores = Counter(row.attributes.get("Conversation Score") for row in chats)
    topics = {
        type(row.attributes["Discussed Topics"]) for row in chats if "Discussed Topics" in row.attributes
    }
    assert scores.keys() == {None, 0, 1, 2, 3}
    assert topics == {list, str}


def test_no_text_names_a_calendar_date_since_the_demo_moves_all_dates(
    activities: list[Logged], marketing: list[Logged]
):
    dated = re.compile(r"\b20[23]\d\b|\d{1,2}月\d{1,2}日")
    for row in activities + marketing:
        texts = {name: text for name, text in row.attributes.items() if name not in MOVED}
        assert not dated.search(json.dumps([row.primary, *texts.values()], ensure_ascii=False)), row


def test_a_few_people_are_busy_and_many_chatted_once_or_never(chats: list[Logged], people: Table):
    counts = Counter(row.lead_id for row in chats)
    active = [counts[row["marketo_id"]] for row in people if row["kind"] == "contact"]
    assert sum(count >= 60 for count in active) >= 8
    assert sum(0 < count <= 5 for count in active) >= 800
    assert sum(count == 0 for count in active) >= 50


def test_some_chats_are_of_people_whom_no_file_knows(chats: list[Logged]):
    known = {row["marketo_id"] for row in table("people.csv")}
    unknown = [row for row in chats if row.lead_id not in known]
    assert 20 <= len(unknown) <= 60
    assert len({row.lead_id for row in unknown}) >= 5


def test_one_contact_has_a_hundred_activities_in_one_second(chats: list[Logged], people: Table):
    (busiest, _), count = Counter((row.lead_id, row.at) for row in chats).most_common(1)[0]
    contact = next(row for row in people if row["marketo_id"] == busiest)
    assert (count, contact["kind"]) == (100, "contact")
    assert {row.type_id for row in chats if row.lead_id == busiest} > {1001, 1003, 1004, 1005}


def test_one_dialogue_was_renamed_and_kept_its_id():
    names: dict[str, set[str]] = {}
    for name in extracts():
        for row in table(name):
            if int(row["activityTypeId"]) in CHAT_TYPES and "null" not in (
                row["primaryAttributeValueId"],
                row["primaryAttributeValue"],
            ):
                names.setdefault(row["primaryAttributeValueId"], set()).add(row["primaryAttributeValue"])
    assert [found for found in names.values() if len(found) > 1] == [
        {"Pricing Page Greeter", "Pricing Concierge"}
    ]


@pytest.mark.parametrize(
    "value",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        'O\'Brien & "Sons"',
        "javascript:alert(1)",
        "data:text/html,",
        "\u202e",
        "👩‍👩‍👧‍👦",
        "🇯🇵",
        "مرحبًا",
    ],
)
def test_hard_values_are_in_the_extracts(chats: list[Logged], value: str):
    texts = (str(text) for row in chats for text in (row.primary, *row.attributes.values()))
    assert any(value in text for text in texts)


def test_very_long_names_and_urls_are_in_the_extracts(chats: list[Logged]):
    names = [row.primary for row in chats if row.primary]
    assert any(len(name) >= 120 and name.isascii() for name in names)
    assert any(len(name) >= 60 and " " not in name for name in names)
    assert max(len(row.attributes.get("Page URL", "")) for row in chats) == 1800


def test_rows_may_lack_the_dialogue_the_page_the_agent_or_everything(chats: list[Logged]):
    assert sum(row.primary is None for row in chats) >= 50
    assert sum("Page URL" not in row.attributes for row in chats) >= 50
    assert sum("Agent Name" not in row.attributes for row in chats if row.type_id in {1003, 1008}) >= 10
    assert {row.type_id for row in chats if row.primary is None and not row.attributes} == CHAT_TYPES


# The showcase


def test_the_showcase_lists_four_records_of_each_kind_that_exist(
    showcase: list[dict[str, Any]], people: Table
):
    known = {
        "leads": {row["crm_id"] for row in people if row["kind"] == "lead"},
        "contacts": {row["crm_id"] for row in people if row["kind"] == "contact"},
        "accounts": {row["crm_id"] for row in table("accounts.csv")},
        "opportunities": {row["crm_id"] for row in table("opportunities.csv")},
    }
    assert Counter(entry["panel"] for entry in showcase) == dict.fromkeys(known, 4)
    assert all(entry["crm_id"] in known[entry["panel"]] for entry in showcase)
    assert all(entry["why"].keys() == {"en", "ja"} and all(entry["why"].values()) for entry in showcase)


@pytest.mark.parametrize("panel", ["leads", "contacts", "accounts"])
def test_the_first_record_of_a_kind_fills_13_weeks_wherever_a_week_begins(
    showcase: list[dict[str, Any]], chats_of: Callable[[str, str], list[Logged]], panel: str
):
    """The demo moves dates by whole days, so a week may begin on any of them."""
    days = sorted({row.at.date() for row in chats_of(panel, first(showcase, panel))}, reverse=True)
    recent = [day for day in days if day >= NEWEST_DAY - timedelta(days=97)]
    assert recent[0] == NEWEST_DAY
    assert recent[-1] <= NEWEST_DAY - timedelta(days=91)
    assert max(later - earlier for later, earlier in pairwise(recent)) < timedelta(days=7)


@pytest.mark.parametrize("panel", ["leads", "contacts", "accounts"])
def test_the_newest_days_of_the_first_record_are_varied_with_an_appointment_ahead(
    showcase: list[dict[str, Any]], chats_of: Callable[[str, str], list[Logged]], panel: str
):
    newest = sorted(chats_of(panel, first(showcase, panel)), key=lambda row: row.at)[-30:]
    seen = [row.attributes for row in newest]
    assert {(row.type_id - 1001) % 5 for row in newest} == {0, 1, 2, 3, 4}
    assert sum("Conversation Transcript" in attributes for attributes in seen) >= 3
    assert {attributes.get("Meeting Status") for attributes in seen} >= {
        "Scheduled",
        "Rescheduled",
        "Cancelled",
    }
    assert {attributes.get("Conversation Status") for attributes in seen} >= {
        "Initiated",
        "Dropped",
        "Completed",
    }
    assert any(attributes.get("Scheduled For", "") > f"{NEWEST_DAY}T99" for attributes in seen)
