"""Labels of fields, columns, records, parts and sources."""

from types import MappingProxyType

from webui.vocabulary.kinds import labels_of

FIELDS = MappingProxyType(
    {
        "dialogue-name": labels_of("Dialogue Name", "ダイアログ名"),
        "page-url": labels_of("Page URL", "ページ URL"),
        "status": labels_of("Status", "ステータス"),
        "agent": labels_of("Agent", "エージェント"),
        "scheduled-on": labels_of("Scheduled on", "スケジュール日"),
        "goal-name": labels_of("Goal Name", "目標名"),
        "document": labels_of("Document", "ドキュメント"),
        "description": labels_of("Description", "説明"),
        "source": labels_of("Source", "ソース"),
        "dated": labels_of("Date in Marketo", "Marketo での日付"),
        "page": labels_of("Page", "ページ"),
        "form-name": labels_of("Form Name", "フォーム名"),
        "link": labels_of("Link", "リンク"),
        "referrer": labels_of("Referrer", "リファラー"),
        "query": labels_of("Query Parameters", "クエリパラメーター"),
        "search-engine": labels_of("Search Engine", "検索エンジン"),
        "search-words": labels_of("Search Query", "検索クエリ"),
        "user-agent": labels_of("User Agent", "ユーザーエージェント"),
        "subject": labels_of("Subject", "件名"),
        "category": labels_of("Category", "カテゴリ"),
        "subcategory": labels_of("Subcategory", "サブカテゴリ"),
        "reason": labels_of("Reason", "理由"),
        "address": labels_of("Email Address", "メールアドレス"),
        "device": labels_of("Device", "デバイス"),
        "platform": labels_of("Platform", "プラットフォーム"),
        "sent-by": labels_of("Sent By", "送信者"),
        "received-by": labels_of("Received By", "受信者"),
        "template": labels_of("Template", "テンプレート"),
        "campaign": labels_of("Campaign", "キャンペーン"),
        "score-name": labels_of("Score Name", "スコア名"),
        "change": labels_of("Change", "変更"),
        "old-score": labels_of("Old Value", "変更前の値"),
        "new-score": labels_of("New Value", "変更後の値"),
    }
)

COLUMNS = MappingProxyType(
    {
        "person": labels_of("Person", "人物"),
        "account": labels_of("Account", "アカウント"),
        "name": labels_of("Name", "名前"),
        "activity-type": labels_of("Activity Type", "アクティビティタイプ"),
        **{one: FIELDS[one] for one in ("dialogue-name", "description", "page", "subject", "score-name")},
        "opened": labels_of("Opened", "開封"),
        "clicked": labels_of("Clicked", "クリック"),
        **{one: FIELDS[one] for one in ("change", "new-score")},
        "date": labels_of("Date", "日付"),
        "date-and-time": labels_of("Date and Time", "日時タイムスタンプ"),
    }
)

PANELS = MappingProxyType(
    {
        "leads": (labels_of("Lead", "リード"), labels_of("Leads", "リード")),
        "contacts": (labels_of("Contact", "取引先責任者"), labels_of("Contacts", "取引先責任者")),
        "accounts": (labels_of("Account", "アカウント"), labels_of("Accounts", "アカウント")),
        "opportunities": (labels_of("Opportunity", "商談"), labels_of("Opportunities", "商談")),
    }
)

PARTS = MappingProxyType(
    {
        "smart-grid": labels_of("smart grid", "スマートグリッド"),
        "weekly-list": labels_of("weekly list view", "週別リスト表示"),
    }
)

# Where activities come from. Pushed ones are sent to us; all others are read.
SOURCES = MappingProxyType(
    {
        "marketo-rest": labels_of("Marketo REST API", "Marketo REST API"),
        "adobe-io": labels_of("Adobe I/O Events", "Adobe I/O Events"),
        "marketo-activities": labels_of("Marketo activity push", "Marketo アクティビティプッシュ"),
        "files": labels_of("Imported files", "インポートしたファイル"),
    }
)
PUSHED = ("adobe-io", "marketo-activities")
