"""The pages, forms and links of the vendor's website, and what a browser tells when it asks for one."""

from dataclasses import dataclass

from website import DOCS

HOST = "www.kumolane.example"


@dataclass(frozen=True)
class Page:
    """A page of the site; ``weight`` is how often it is read, compared with others."""

    id: int
    path: str
    lang: str
    weight: int

    @property
    def name(self) -> str:
        """Return the page's name in the log."""
        return HOST + self.path

    @property
    def url(self) -> str:
        """Return the page's address."""
        return f"https://{self.name}"

    @property
    def is_pricing(self) -> bool:
        """Return whether the page tells prices."""
        return self.path.endswith("/pricing")


@dataclass(frozen=True)
class Form:
    """A form; ``likely`` is how often a reader of its page fills it out."""

    id: int
    name: str
    path: str
    fields: str
    likely: float


@dataclass(frozen=True)
class Link:
    """A link that leads from a page to a document or another site."""

    id: int
    path: str
    url: str


def _pages(first: int, lang: str, text: str) -> tuple[Page, ...]:
    """Read pages, each ``path*weight``, and number them from ``first`` on."""
    pairs = (entry.rpartition("*") for entry in text.split())
    return tuple(
        Page(first + number, path, lang, int(weight)) for number, (path, _, weight) in enumerate(pairs)
    )


PAGES = _pages(
    3001,
    "en",
    "/*30 /pricing*26 /product*16 /product/lane-planner*14 /product/dock-board*11 /product/lens*7 "
    "/security*6 /trust/reports*3 /integrations*9 /developers/api*4 /support*5 /status*4 /demo*5 "
    "/emea/demo*2 /migrate*5 /customers*5 /customers/three-plants*5 /events/cold-chain-day*5 "
    "/demo/request*6 /contact*5 /events/register*4 /trial*5 /download/pricing-guide*5 "
    "/blog/how-docks-lose-an-hour-a-day*7 /blog/night-shift-first*5 /blog/twelve-pallets*3 "
    "/newsletter*3 /partners*2 /about*3 /careers*2 /legal/privacy*1",
) + _pages(
    3101,
    "ja",
    "/ja/*30 /ja/pricing*26 /ja/product*16 /ja/product/lane-planner*14 /ja/product/dock-board*11 "
    "/ja/product/lens*7 /ja/security*6 /ja/integrations*9 /ja/developers*3 /ja/support*5 /ja/migrate*6 "
    "/ja/customers*8 /ja/events/webinar*5 /ja/events/seminar*5 /ja/documents*8 /ja/contact*6 /ja/trial*5 "
    "/ja/blog/night-shift*6 /ja/blog/seven-trucks*4 /ja/newsletter*3 /ja/about*3 /ja/careers*2",
)

FORMS = (
    Form(501, "Demo Request", "/demo/request", "Job title: {job}; Seats: {seats}", 0.5),
    Form(502, "Contact Us", "/contact", "Message: Please call me about {seats} seats.", 0.35),
    Form(503, "Free Trial Sign-up", "/trial", "Job title: {job}", 0.45),
    Form(504, "Pricing Guide Download", "/download/pricing-guide", "Seats: {seats}; Sites: {sites}", 0.5),
    Form(505, "Cold Chain Day Registration", "/events/register", "Diet: none; Guests: {sites}", 0.55),
    Form(506, "Newsletter Sign-up", "/newsletter", "Monthly: yes", 0.6),
    Form(511, "お問い合わせ", "/ja/contact", "ご相談内容: {seats}名での利用を検討しています", 0.4),
    Form(512, "資料請求", "/ja/documents", "役職: {job}; 拠点数: {sites}", 0.5),
    Form(513, "無料トライアル申込", "/ja/trial", "役職: {job}; 利用人数: {seats}", 0.45),
    Form(514, "定例セミナー申込", "/ja/events/seminar", "参加人数: {sites}", 0.5),
    Form(515, "メールマガジン登録", "/ja/newsletter", "配信: 毎月", 0.6),
)
JOBS = {
    "en": ("Logistics Manager", "Plant Manager", "IT Architect", "Head of Procurement", "Dispatcher"),
    "ja": ("物流部長", "工場長", "情報システム部", "購買担当", "配車係"),
}

LINKS = tuple(
    Link(701 + number, path, DOCS + document)
    for number, (path, document) in enumerate(
        (
            ("/pricing", "/en/pricing-guide.pdf"),
            ("/security", "/en/security-pack.zip"),
            ("/migrate", "/en/cut-over-checklist.pdf"),
            ("/product/lane-planner", "/en/lane-planner.pdf"),
            ("/customers/three-plants", "/en/stories/three-plants.html"),
            ("/integrations", "/en/integration/handbook.pdf?version=7"),
            ("/events/cold-chain-day", "/en/webinars/cold-chain.pptx"),
            ("/product", "/en/lane-planner.pdf"),
            ("/", "/en/stories/three-plants.html"),
            ("/ja/pricing", "/ja/pricing-guide.pdf"),
            ("/ja/security", "/ja/security-pack.zip"),
            ("/ja/migrate", "/ja/cut-over-checklist.pdf"),
            ("/ja/product/lane-planner", "/ja/lane-planner.pdf"),
            ("/ja/customers", "/ja/stories/three-plants.html"),
            ("/ja/integrations", "/ja/integration/handbook.pdf"),
            ("/ja/events/webinar", "/ja/webinars/cold-chain.pptx"),
            ("/ja/product", "/ja/lane-planner.pdf"),
            ("/ja/", "/ja/stories/three-plants.html"),
        )
    )
)

BROWSERS = (
    "Mozilla/5.0 Chrome/137",
    "Mozilla/5.0 Edg/137",
    "Mozilla/5.0 Firefox/139",
    "Mozilla/5.0 Safari/18",
    "Mozilla/5.0 (iPhone) Safari/18",
    "Mozilla/5.0 (Android) Chrome/137",
)
SEARCHES = {
    "en": ("dock scheduling software", "lane planner", "yard management pricing", "kumolane reviews"),
    "ja": ("バース予約システム", "配車計画 ソフト", "トラック 待機時間 削減", "クモレーン 料金"),
}
SEARCH_ENGINES = ("Google", "Bing")
SEARCH_SITE = "https://search.example/"
OTHER_SITES = ("https://news.dockside.example/", "https://www.pallet-weekly.example/tools")


def page_at(path: str) -> Page | None:
    """Return the page with this path, or None for a path that is not the website's."""
    return next((page for page in PAGES if page.path == path), None)
