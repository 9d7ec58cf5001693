"""The records worth opening, with a reason for each; the demo's home page lists them in this order."""

import json

from company import BIG_DEAL_PEOPLE, BIG_FIRM, DEAL_WITHOUT_ROLES, Company
from crm_ids import crm_id

LEADS = (
    (
        "mio",
        "A busy lead: conversations to read, documents, goals, and an appointment ahead",
        "会話・資料・目標・次の予定がそろったリード",
    ),
    ("theodora", "A lead in trial who comes back every few days", "数日おきに訪れるトライアル中のリード"),
    (
        "rosalind",
        "A lead who became a contact: the old address leads to the new record",
        "取引先責任者に変わったリード（古い URL から移動します）",
    ),
    (
        "script",
        "Names, pages and transcripts full of markup: all of it must show as text",
        "名前や会話にタグを含むリード（すべて文字として表示）",
    ),
)
CONTACTS = (
    (
        "maya",
        "A busy contact: transcripts, an agent, a moved appointment, something in every week",
        "会話の全文・担当者・変更された予定があり、毎週活動のある取引先責任者",
    ),
    (
        "sota",
        "A contact with two Marketo ids and an appointment ahead",
        "Marketo ID を2つ持ち、次の予定がある取引先責任者",
    ),
    (
        "rosalind",
        "A converted lead: the history came along",
        "リードから変わった取引先責任者（履歴も引き継がれています）",
    ),
    ("monitor", "A hundred activities in one second", "1秒間に100件のアクティビティ"),
)
ACCOUNTS = (
    ("hotarugawa", "A lively account with a deal in progress", "商談が進む、動きの多いアカウント"),
    ("larkspur-robotics", "The account of the busy contact above", "上の取引先責任者が属するアカウント"),
    ("hoshikuzu-heavy", "A thousand contacts", "取引先責任者が1,000名のアカウント"),
    ("dormouse", "No activity at all", "アクティビティがまだないアカウント"),
)
OPPORTUNITIES = (
    ("larkspur-robotics-0", "A deal whose people come back every day", "関係者が毎日のように訪れる商談"),
    ("hotarugawa-0", "A deal with a lead among its people", "リードも関係者に含む商談"),
    (f"{BIG_FIRM}-0", f"{BIG_DEAL_PEOPLE} people", f"関係者が{BIG_DEAL_PEOPLE}名の商談"),
    (DEAL_WITHOUT_ROLES, "Nobody has a role yet", "関係者がまだ登録されていない商談"),
)


def listing(company: Company) -> str:
    """Return ``showcase.json``."""
    people = {person.key: person for person in company.people}
    entries = [
        *(_entry("leads", people[key].former_lead or people[key].crm_id, *why) for key, *why in LEADS),
        *(_entry("contacts", people[key].crm_id, *why) for key, *why in CONTACTS),
        *(_entry("accounts", crm_id("account", key), *why) for key, *why in ACCOUNTS),
        *(_entry("opportunities", crm_id("opportunity", key), *why) for key, *why in OPPORTUNITIES),
    ]
    return json.dumps(entries, ensure_ascii=False, indent=2) + "\n"


def _entry(panel: str, record: str, en: str, ja: str) -> dict[str, object]:
    """Return one record of the list."""
    return {"panel": panel, "crm_id": record, "why": {"en": en, "ja": ja}}
