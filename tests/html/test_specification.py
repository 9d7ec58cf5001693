"""The specification, sentence by sentence: each test quotes the one it proves, and asserts its very words.

The English words come from the same page in English; the Japanese ones are the specification's own.
"""

import pytest

from tests.conftest import API_KEY
from tests.html.conftest import FULL, in_each_language, this_week
from tests.html.pages import cells, detail, fields, rows, send, squeezed, turn, value
from tests.reading import HTMX, one, soup, texts

BOTH = in_each_language("lang")


def read(client, url: str, lang: str = "en"):
    return soup(client.get(url, headers={"X-Pane-Language": lang}))


def shown_fields(client, company, type_key: str, status: str | None, lang: str) -> list[str]:
    """Return the labels of a detail's own fields, in order."""
    found = detail(client, company.activities[type_key, status], headers={"X-Pane-Language": lang})
    return texts(found, "dl:first-of-type dt[data-field]")


def statuses(client, company, type_key: str, lang: str) -> list[str]:
    """Return the words for the statuses of a type, as its details show them."""
    return [
        squeezed(value(detail(client, id_, headers={"X-Pane-Language": lang}), "status"))
        for (key, _status), id_ in company.activities.items()
        if key == type_key
    ]


def test_this_explains_the_integration_of_sales_insight_and_dynamic_chat(client):
    """Sales Insight と動的チャットの統合について詳しく説明します。"""
    section = one(soup(client.get("/config")), "details[data-section=visualforce-panel]")

    for place in ("dashboard", "leads, contacts, accounts and opportunities", "global tab"):
        assert place in squeezed(section)


def test_the_package_must_be_2_4_0_or_higher(bare_client, make_activity):
    """Sales Insight SFDC パッケージのバージョンは 2.4.0 以上である必要があります"""
    make_activity()
    send(bare_client, "/config/api-secret-key", api_secret_key=API_KEY)
    send(bare_client, "/config/package-version", package_version="2.3.9")
    assert turn(bare_client, on=True).status_code == 422

    send(bare_client, "/config/package-version", package_version="2.4.0")
    assert turn(bare_client, on=True).status_code == 303


def test_dynamic_chat_must_be_set_up(bare_client, make_activity):
    """動的チャットの統合セットアップを持っている必要があります。"""
    send(bare_client, "/config/api-secret-key", api_secret_key=API_KEY)
    send(bare_client, "/config/package-version", package_version="2.4.0")
    assert turn(bare_client, on=True).status_code == 422

    make_activity()
    assert turn(bare_client, on=True).status_code == 303


def test_operational_settings_must_have_an_api_secret_key(bare_client, make_activity):
    """Operational Settings で、「API Secret Key」フィールドに値が入力されていることを確認します。"""
    make_activity()
    send(bare_client, "/config/package-version", package_version="2.4.0")
    assert turn(bare_client, on=True).status_code == 422

    settings = one(soup(bare_client.get("/config")), "[data-section=operational-settings]")
    assert texts(settings, "h2") == ["Operational Settings"]
    assert "API Secret Key" in texts(settings, "label")

    send(bare_client, "/config/api-secret-key", api_secret_key=API_KEY)
    assert turn(bare_client, on=True).status_code == 303


def test_where_the_key_is_missing_it_says_how_to_obtain_one(bare_client):
    """含まれていない場合は、その取得方法を参照してください こちら。"""
    missing = one(soup(bare_client.get("/config")), "[data-prerequisite=api-secret-key][data-met=false]")

    assert "Marketo under Admin, Sales Insight, API Configuration" in squeezed(missing)


@BOTH
def test_there_is_a_configuration_tab_of_marketo_sales_insight(client, lang):
    """Salesforce アカウントにログインし、…「Marketo Sales Insight の設定」をクリックします。"""
    head = one(read(client, "/config", lang), "main > header")

    assert "Marketo Sales Insight" in squeezed(head)
    assert texts(head, "h1") == [{"en": "Configuration", "ja": "設定"}[lang]]


@BOTH
def test_visualforce_panel_is_a_section_that_a_click_expands(client, lang):
    """「Visualforce パネル」をクリックして展開します。"""
    section = one(read(client, "/config", lang), "details[data-section=visualforce-panel]")

    assert not section.has_attr("open")
    assert texts(section, "summary") == [{"en": "Visualforce Panel", "ja": "Visualforce パネル"}[lang]]


@BOTH
def test_the_checkbox_enable_dynamic_chat_data_enables_it(client, company, lang):
    """「動的チャットデータを有効にする」チェックボックスを選択します。"""
    turn(client, on=False)
    section = one(read(client, "/config", lang), "details[data-section=visualforce-panel]")
    box = one(section, "label input[type=checkbox][name=enable_dynamic_chat]")
    label = {"en": "Enable Dynamic Chat Data", "ja": "動的チャットデータを有効にする"}[lang]
    assert squeezed(box.parent) == label
    assert client.get("/leads/00Q1/chat").status_code == 404

    turn(client, on=True)

    assert client.get("/leads/00Q1/chat").status_code == 200


@BOTH
def test_these_activities_of_dynamic_chat_are_there_for_users_of_sales_insight(client, company, lang):
    """次の動的チャットのアクティビティは、Sales Insight ユーザが利用できます。"""
    labels = {
        "en": {"Engaged Dialogue", "Scheduled Appointment", "Reached Goal", "Interacted with Document"},
        "ja": {"ダイアログにエンゲージ", "予定をスケジュール", "目標を達成", "ドキュメントの操作"},
    }

    page = read(client, "/leads/00Q1/chat", lang)

    assert set(texts(page, "td[data-column=activity-type]")) >= labels[lang]


@BOTH
def test_engaged_dialogue_shows_dialogue_name_page_url_and_status(client, company, lang):
    """ダイアログにエンゲージ： ダイアログ名、ページ URL、ステータス（開始済み／離脱済み／完了済み）"""
    labels = {
        "en": ["Dialogue Name", "Page URL", "Status"],
        "ja": ["ダイアログ名", "ページ URL", "ステータス"],
    }
    words = {"en": ["Initiated", "Dropped", "Completed"], "ja": ["開始済み", "離脱済み", "完了済み"]}

    assert shown_fields(client, company, "engaged-dialogue", "initiated", lang) == labels[lang]
    assert statuses(client, company, "engaged-dialogue", lang) == words[lang]


@BOTH
def test_scheduled_appointment_shows_dialogue_name_agent_page_url_scheduled_on_and_status(
    client, company, lang
):
    """予定をスケジュール： ダイアログ名、エージェント、ページ URL、スケジュール日、ステータス（…）"""
    labels = {
        "en": ["Dialogue Name", "Agent", "Page URL", "Scheduled on", "Status"],
        "ja": ["ダイアログ名", "エージェント", "ページ URL", "スケジュール日", "ステータス"],
    }
    words = {
        "en": ["Scheduled", "Rescheduled", "Cancelled"],
        "ja": ["スケジュール済み", "再スケジュール済み", "キャンセル済み"],
    }

    assert shown_fields(client, company, "scheduled-appointment", "scheduled", lang) == labels[lang]
    assert statuses(client, company, "scheduled-appointment", lang) == words[lang]


@BOTH
def test_scheduled_on_has_date_and_timestamp(client, company, lang):
    """スケジュール日（日付とタイムスタンプを挿入）"""
    found = detail(
        client,
        company.activities["scheduled-appointment", "scheduled"],
        headers={"X-Pane-Language": lang, "X-Pane-Zone": "UTC"},
    )
    said = {"en": "Tuesday, December 1, 2026, 09:30", "ja": "2026年12月1日火曜日 09:30"}

    cell = value(found, "scheduled-on")

    assert one(cell, "time")["datetime"] == "2026-12-01T09:30:00Z"
    assert said[lang] in squeezed(cell)


@BOTH
def test_reached_goal_shows_dialogue_name_goal_name_and_page_url(client, company, lang):
    """目標を達成： ダイアログ名、目標名、ページ URL"""
    labels = {
        "en": ["Dialogue Name", "Goal Name", "Page URL"],
        "ja": ["ダイアログ名", "目標名", "ページ URL"],
    }

    assert shown_fields(client, company, "reached-goal", None, lang) == labels[lang]


@BOTH
def test_interacted_with_document_shows_dialogue_name_document_and_status(client, company, lang):
    """ドキュメントの操作： ダイアログ名、ドキュメント、ステータス"""
    labels = {
        "en": ["Dialogue Name", "Document", "Status"],
        "ja": ["ダイアログ名", "ドキュメント", "ステータス"],
    }

    assert shown_fields(client, company, "interacted-with-document", "opened", lang) == labels[lang]
    assert len(statuses(client, company, "interacted-with-document", lang)) == 2


@pytest.mark.parametrize(
    "type_key", ["engaged-dialogue", "scheduled-appointment", "reached-goal", "interacted-with-document"]
)
def test_what_a_visitor_does_is_logged_in_marketo_and_put_into_sales_insight(
    client, make_person, make_activities, type_key
):
    """訪問者が…したときに、Marketo にログインし、Sales Insight に入力されます。"""
    make_person()
    [id_] = make_activities([FULL], type_key=type_key, dialogue_name="Pricing")

    assert rows(soup(client.get("/leads/00Q1/chat"))) == [id_]
    found = detail(client, id_)
    assert {key: squeezed(value(found, key)) for key in fields(found) if key != "status"} == {
        key: said
        for key, said in {
            "dialogue-name": "Pricing",
            "agent": "Mia Agent · mia@larkspur.example",
            "page-url": FULL["page_url"],
            "scheduled-on": "Tuesday, December 1, 2026, 09:30 (UTC)",
            "goal-name": "Asked for a quote",
            "document": "Price list",
        }.items()
        if key in fields(found)
    }


@BOTH
def test_chat_activities_are_there_in_the_insights_dashboard(client, make_person, make_activities, lang):
    """チャットアクティビティは Insights ダッシュボードで利用できます。"""
    make_person()
    [id_] = make_activities([{"at": this_week()}])

    page = read(client, "/leads/00Q1", lang)

    assert texts(page, "[data-tab=dashboard]") == [
        {"en": "Insights Dashboard", "ja": "Insights ダッシュボード"}[lang]
    ]
    assert texts(page, "tr[data-row=chat] th") == [{"en": "Chat", "ja": "チャット"}[lang]]
    assert list(cells(page).values())[-1] == 1
    assert rows(one(page, "ol[data-weekly-list]")) == [id_]


@BOTH
@pytest.mark.parametrize("panel", ["/leads/00Q1", "/contacts/003A"])
def test_the_chat_tab_of_leads_and_contacts_has_activity_type_dialogue_name_and_date(
    client, company, panel, lang
):
    """「チャット」タブは、リードパネルと取引先責任者パネルで使用できます。アクティビティタイプ、ダイアログ名、日付の各列が含まれます。"""
    columns = {
        "en": ["Activity Type", "Dialogue Name", "Date"],
        "ja": ["アクティビティタイプ", "ダイアログ名", "日付"],
    }

    page = read(client, f"{panel}/chat", lang)

    assert texts(page, "[data-tab=chat]") == [{"en": "Chat", "ja": "チャット"}[lang]]
    assert texts(page, "table[data-table=chat] thead th") == columns[lang]


def test_a_click_on_the_activity_type_shows_the_details_of_that_type(client, company):
    """アクティビティタイプをクリックすると、そのタイプに関する詳細を確認できます。"""
    table = one(soup(client.get("/leads/00Q1/chat")), "table[data-table=chat]")

    for row in table.select("tr[data-activity]"):
        link = one(row, "td[data-column=activity-type] a[data-detail]")
        opened = one(soup(client.get(link["hx-get"], headers=HTMX)), "[data-activity-detail]")
        assert opened["data-activity-detail"] == row["data-activity"]
        assert opened["data-type"] == row["data-type"]


@BOTH
@pytest.mark.parametrize("panel", ["/accounts/001A", "/opportunities/006A"])
def test_the_chat_tab_of_accounts_and_opportunities_has_the_name_too(client, company, panel, lang):
    """同様に、アカウントパネルと商談パネルには、名前、アクティビティタイプ、ダイアログ名、日付列が含まれます。"""
    columns = {
        "en": ["Name", "Activity Type", "Dialogue Name", "Date"],
        "ja": ["名前", "アクティビティタイプ", "ダイアログ名", "日付"],
    }

    page = read(client, f"{panel}/chat", lang)

    assert texts(page, "table[data-table=chat] thead th") == columns[lang]


@BOTH
def test_the_global_marketo_tab_shows_chat_too_with_three_activity_types(client, company, lang):
    """「チャット」タブは、「グローバル Marketo」タブにも表示されます。…3 つのアクティビティタイプ…"""
    labels = {
        "en": {"Engaged Dialogue", "Scheduled Appointment", "Reached Goal"},
        "ja": {"ダイアログにエンゲージ", "予定をスケジュール", "目標を達成"},
    }

    page = read(client, "/global/chat?to=2099-12-31", lang)
    further = read(client, one(page, "[data-more]")["href"], lang)

    assert texts(page, "[data-tab=chat]") == [{"en": "Chat", "ja": "チャット"}[lang]]
    shown = texts(page, "td[data-column=activity-type]") + texts(further, "td[data-column=activity-type]")
    assert set(shown) == labels[lang]


@BOTH
def test_the_global_columns_are_person_account_activity_type_dialogue_name_and_timestamp(
    client, company, lang
):
    """人物、アカウント、アクティビティタイプ、ダイアログ名、日時タイムスタンプ"""
    columns = {
        "en": ["Person", "Account", "Activity Type", "Dialogue Name", "Date and Time"],
        "ja": ["人物", "アカウント", "アクティビティタイプ", "ダイアログ名", "日時タイムスタンプ"],
    }

    assert texts(read(client, "/global/chat", lang), "table[data-table=chat] thead th") == columns[lang]


def test_here_too_a_click_on_the_activity_type_shows_the_details(client, company):
    """ここでも、アクティビティタイプをクリックすると、そのアクティビティの詳細を確認できます。"""
    page = soup(client.get("/global/chat?type=reached-goal"))
    link = one(page, "tr[data-activity] td[data-column=activity-type] a[data-detail]")

    opened = one(soup(client.get(link["href"])), "[data-activity-detail]")

    assert fields(opened) == ["dialogue-name", "goal-name", "page-url"]


def test_turned_off_the_dashboard_has_no_row_of_chat_in_grid_and_weekly_list(client, company):
    """無効…：Insights ダッシュボードのチャットアクティビティの行（スマートグリッドと週別リスト表示）"""
    turn(client, on=False)

    for panel in company.panels():
        page = soup(client.get(panel))
        assert one(page, "table[data-grid]")
        assert not page.select("table[data-grid] [data-row=chat]")
        assert not one(page, "ol[data-weekly-list]").select("li[data-row=chat]")


@BOTH
def test_the_dashboards_parts_are_called_smart_grid_and_weekly_list_view(client, company, lang):
    """スマートグリッドと週別リスト表示"""
    words = {"en": ("smart grid", "weekly list view"), "ja": ("スマートグリッド", "週別リスト表示")}
    page = read(client, "/leads/00Q1", lang)
    said = squeezed(page.main) + " ".join(node["aria-label"] for node in page.select("[aria-label]"))

    assert [word for word in words[lang] if word not in said.lower()] == []


def test_turned_off_the_four_panels_have_no_chat_tab(client, company):
    """無効…：リード、取引先責任者、アカウント、商談の各パネルの「チャット」タブ"""
    turn(client, on=False)

    for panel in company.panels():
        assert not soup(client.get(panel)).select("[data-tab=chat], [data-fragment=chat], #tabpanel-chat")
        assert client.get(f"{panel}/chat").status_code == 404


def test_turned_off_the_global_marketo_tab_has_no_chat_tab(client, company):
    """無効…：「グローバル Marketo」タブの「チャット」タブ"""
    turn(client, on=False)

    assert not soup(client.get("/global")).select("[data-tab=chat], [data-fragment=chat]")
    assert client.get("/global/chat").status_code == 404


def test_none_of_them_can_be_turned_off_alone(client, company):
    """これらの機能の 1 つのみを無効にすることはできません。"""
    section = one(soup(client.get("/config")), "details[data-section=visualforce-panel]")
    boxes = section.select("input[type=checkbox], input[type=radio], select")
    assert [box["name"] for box in boxes] == ["enable_dynamic_chat"]

    def states() -> set[bool]:
        return {
            bool(soup(client.get("/leads/00Q1")).select("tr[data-row=chat]")),
            bool(soup(client.get("/accounts/001A")).select("[data-tab=chat]")),
            bool(soup(client.get("/global")).select("[data-tab=chat]")),
        }

    for on in (False, True):
        turn(client, on)
        assert states() == {on}
