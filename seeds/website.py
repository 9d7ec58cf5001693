"""What the invented vendor's website offers: dialogues, conversational flows, goals, documents, agents.

The vendor is Kumolane, which plans shipments and docks for manufacturers and carriers.
"""

from dataclasses import dataclass
from datetime import date, datetime

SITE = "https://www.kumolane.example"
DOCS = "https://docs.kumolane.example"


@dataclass(frozen=True)
class Asset:
    """A dialogue, or a conversational flow if ``flow`` is set. Some have no id, one was renamed."""

    name: str
    id: int | None
    lang: str
    subject: str
    pages: tuple[str, ...]
    flow: bool = False
    renamed: tuple[date, str] | None = None
    source: tuple[str, str] = ("", "")
    """Source name and type, of a flow."""

    def name_at(self, moment: datetime) -> str:
        """Return the name that was shown at a moment."""
        if self.renamed and moment.date() >= self.renamed[0]:
            return self.renamed[1]
        return self.name


@dataclass(frozen=True)
class Document:
    """A document that the chatbot hands out."""

    name: str
    url: str
    lang: str


@dataclass(frozen=True)
class Agent:
    """Somebody on the vendor's side who takes over chats and appointments."""

    name: str
    email: str
    queue: str
    lang: str


def _dialogue(name: str, number: int | None, lang: str, subject: str, *pages: str) -> Asset:
    """Return a dialogue on pages of the site."""
    return Asset(name, number, lang, subject, tuple(SITE + page for page in pages))


def _flow(
    name: str, number: int | None, lang: str, subject: str, page: str, source: tuple[str, str]
) -> Asset:
    """Return a conversational flow on a landing page."""
    return Asset(name, number, lang, subject, (SITE + page,), flow=True, source=source)


PRICING = Asset(
    "Pricing Page Greeter",
    101,
    "en",
    "pricing",
    (f"{SITE}/pricing", f"{SITE}/pricing?plan=business", f"{SITE}/pricing#faq"),
    renamed=(date(2026, 4, 13), "Pricing Concierge"),
)

DIALOGUES = (
    PRICING,
    _dialogue("Homepage Welcome", 102, "en", "product", "/", "/?utm_source=newsletter&utm_medium=email"),
    _dialogue("Product Tour: Lane Planner", 103, "en", "product", "/product/lane-planner", "/product"),
    _dialogue("Security & Compliance Desk", 104, "en", "security", "/security", "/trust/reports"),
    _dialogue("Integration Finder", 105, "en", "integration", "/integrations", "/developers/api"),
    _dialogue("Support Triage", None, "en", "support", "/support", "/status"),
    _dialogue("Book a Demo (EMEA)", 107, "en", "demo", "/demo", "/emea/demo"),
    _dialogue("Migration Advisor", 108, "en", "migration", "/migrate", "/customers/three-plants"),
    _dialogue("Event Lounge", None, "en", "event", "/events/cold-chain-day"),
    _dialogue("料金ページのご案内", 111, "ja", "pricing", "/ja/pricing", "/ja/pricing?plan=business"),
    _dialogue("トップページのごあいさつ", 112, "ja", "product", "/ja/", "/ja/?utm_source=mail"),
    _dialogue("製品ツアー：配車計画", 113, "ja", "product", "/ja/product/lane-planner", "/ja/product"),
    _dialogue("セキュリティ相談窓口", 114, "ja", "security", "/ja/security"),
    _dialogue("連携サービス検索", 115, "ja", "integration", "/ja/integrations", "/ja/developers"),
    _dialogue("導入相談デスク", 116, "ja", "migration", "/ja/migrate", "/ja/customers"),
    _dialogue("サポート受付", None, "ja", "support", "/ja/support"),
    _dialogue("ウェビナー参加者フォロー", 118, "ja", "event", "/ja/events/webinar"),
)

FLOWS = (
    _flow("Demo Request Flow", 301, "en", "demo", "/demo/request", ("Demo request", "Form")),
    _flow("Contact Sales Flow", 302, "en", "pricing", "/contact", ("Contact us", "Form")),
    _flow(
        "Webinar Registration Flow",
        303,
        "en",
        "event",
        "/events/register",
        ("Cold chain day", "Landing Page"),
    ),
    _flow("Free Trial Sign-up", None, "en", "trial", "/trial", ("Trial button", "Web Page")),
    _flow("資料請求フロー", 305, "ja", "product", "/ja/documents", ("資料請求", "Form")),
    _flow("お問い合わせフロー", 306, "ja", "demo", "/ja/contact", ("お問い合わせ", "Form")),
    _flow("無料トライアル申込フロー", 307, "ja", "trial", "/ja/trial", ("トライアル申込", "Landing Page")),
    _flow("セミナー申込フロー", None, "ja", "event", "/ja/events/seminar", ("定例セミナー", "Landing Page")),
)

GOALS = {
    "en": (
        "Requested a quote",
        "Asked for a demo",
        "Started a free trial",
        "Shared project timeline",
        "Confirmed budget",
        "Subscribed to release notes",
    ),
    "ja": (
        "見積もりを依頼",
        "デモを希望",
        "無料トライアルを開始",
        "導入時期を回答",
        "決裁者を紹介",
        "メールマガジンに登録",
    ),
}

DOCUMENTS = (
    Document("Pricing Guide", f"{DOCS}/en/pricing-guide.pdf", "en"),
    Document("Security Pack", f"{DOCS}/en/security-pack.zip", "en"),
    Document("Cut-over Checklist", f"{DOCS}/en/cut-over-checklist.pdf", "en"),
    Document("Lane Planner Data Sheet", f"{DOCS}/en/lane-planner.pdf", "en"),
    Document("Customer Story: Three Plants, One Board", f"{DOCS}/en/stories/three-plants.html", "en"),
    Document("EDI and API Handbook", f"{DOCS}/en/integration/handbook.pdf?version=7", "en"),
    Document("Webinar Slides: Cold Chain", f"{DOCS}/en/webinars/cold-chain.pptx", "en"),
    Document("料金ガイド", f"{DOCS}/ja/pricing-guide.pdf", "ja"),
    Document("セキュリティ資料集", f"{DOCS}/ja/security-pack.zip", "ja"),
    Document("切り替えチェックリスト", f"{DOCS}/ja/cut-over-checklist.pdf", "ja"),
    Document("配車計画 製品カタログ", f"{DOCS}/ja/lane-planner.pdf", "ja"),
    Document("導入事例：3工場を1枚のボードに", f"{DOCS}/ja/stories/three-plants.html", "ja"),
    Document("EDI・API連携ハンドブック", f"{DOCS}/ja/integration/handbook.pdf", "ja"),
    Document("ウェビナー資料：冷凍・冷蔵", f"{DOCS}/ja/webinars/cold-chain.pptx", "ja"),
    Document(
        "業種別テンプレート集", "https://cdn.kumolane.example/%E3%83%86%E3%83%B3%E3%83%97%E3%83%AC.xlsx", "ja"
    ),
)

AGENTS = (
    Agent("Ingrid Solheim", "ingrid.solheim@kumolane.example", "Sales EMEA", "en"),
    Agent("Marcus Bell", "marcus.bell@kumolane.example", "Sales Americas", "en"),
    Agent("Priya Nair", "priya.nair@kumolane.example", "Solutions Engineering", "en"),
    Agent("Tom Okafor", "tom.okafor@kumolane.example", "Customer Success", "en"),
    Agent("森 はるか", "haruka.mori@kumolane.example", "営業（東日本）", "ja"),
    Agent("天野 健司", "kenji.amano@kumolane.example", "営業（西日本）", "ja"),
    Agent("戸田 みずき", "mizuki.toda@kumolane.example", "技術相談", "ja"),
    Agent("白川 蓮", "ren.shirakawa@kumolane.example", "カスタマーサクセス", "ja"),
)

UI_TYPES = ("popup", "chatbot", "inline")


def for_language(lang: str) -> str:
    """Return the language in which the website talks to somebody."""
    return "ja" if lang == "ja" else "en"


def named(name: str) -> Asset:
    """Return the dialogue or flow with this (first) name."""
    return next(asset for asset in DIALOGUES + FLOWS if asset.name == name)
