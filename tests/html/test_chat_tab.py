"""The Chat tab of the four panels: the rows a rep reads, newest first, each opening its detail."""

from tests.reading import HTMX, one, soup, texts


def test_a_lead_panel_lists_chats_newest_first_in_three_columns(client, make_person, make_activity):
    make_person()
    make_activity(dialogue="Pricing", at="2026-03-02T09:15Z")
    make_activity(dialogue="Support", at="2026-03-02T09:16Z")

    table = one(soup(client.get("/leads/00Q1/chat")), "table[data-table=chat]")

    assert texts(table, "th") == ["Activity Type", "Dialogue Name", "Date"]
    assert texts(table, "td[data-column=dialogue-name]") == ["Support", "Pricing"]


def test_htmx_gets_the_table_only_with_the_rows_of_the_page(client, make_person, make_activity):
    make_person()
    make_activity()
    page = soup(client.get("/leads/00Q1/chat"))
    part = soup(client.get("/leads/00Q1/chat", headers=HTMX))

    assert not part.select("html, main")
    assert texts(part, "tr[data-activity]") == texts(page, "tr[data-activity]") != []
