"""The e-mails that the vendor's marketing sends, and when.

A newsletter or an invitation goes out to all its readers within minutes. A nurture track is a series that
each reader gets at an own pace.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from website import SITE


@dataclass(frozen=True)
class Mailing:
    """An e-mail as it is sent; without ``at`` it is a step of the nurture track."""

    id: int
    name: str
    lang: str
    link: str
    at: datetime | None = None
    weight: float = 1.0

    @property
    def campaign_id(self) -> int:
        """Return the id of the campaign that sends it."""
        return self.id + 800

    @property
    def run_id(self) -> int:
        """Return the id of the campaign's run."""
        return self.id * 3 + 41

    @property
    def query(self) -> str:
        """Return what its links carry behind the question mark."""
        return f"utm_medium=email&utm_campaign={self.id}"


def _batch(number: int, lang: str, day: str, hour: int, name: str, path: str) -> Mailing:
    """Return an e-mail of one day; the later it is, the more readers it has."""
    at = datetime.fromisoformat(f"2026-{day}T00:00:00").replace(hour=hour, tzinfo=UTC)
    return Mailing(number, name, lang, SITE + path, at, 0.5 + (at.timetuple().tm_yday / 180) ** 1.5 * 2)


def _track(first: int, lang: str, program: str, *steps: tuple[str, str]) -> tuple[Mailing, ...]:
    """Return the steps of a nurture track, each with its subject and the path behind its link."""
    return tuple(
        Mailing(first + number, f"{program} {number + 1:02}.{subject}", lang, SITE + path)
        for number, (subject, path) in enumerate(steps)
    )


BATCHES = (
    _batch(1201, "en", "01-13", 13, "Newsletter 01.Four quiet hours and how to find them", "/product"),
    _batch(1202, "en", "02-10", 13, "Newsletter 02.The dock that stopped shouting", "/product/dock-board"),
    _batch(1203, "en", "02-18", 9, "Cold Chain Day.You are invited", "/events/cold-chain-day"),
    _batch(1204, "en", "02-25", 9, "Cold Chain Day.One week to go", "/events/register"),
    _batch(1205, "en", "03-10", 13, "Newsletter 03.Night shift first", "/blog/night-shift-first"),
    _batch(1206, "en", "03-25", 14, "Product news.Lens reports on Monday morning", "/product/lens"),
    _batch(1207, "en", "04-14", 13, "Newsletter 04.Twelve pallets, every day", "/blog/twelve-pallets"),
    _batch(1208, "en", "04-28", 9, "Customer story.Three plants, one board", "/customers/three-plants"),
    _batch(1209, "en", "05-12", 13, "Newsletter 05.What 212 lanes taught us", "/migrate"),
    _batch(1210, "en", "05-27", 14, "Product news.Carriers, even those with a fax", "/integrations"),
    _batch(1211, "en", "06-09", 13, "Newsletter 06.The truck that was early", "/product/lane-planner"),
    _batch(1212, "en", "06-18", 9, "Summer release.All that is new on the dock board", "/product/dock-board"),
    _batch(1213, "en", "06-24", 9, "Summer offer.Two plants, one price, until September", "/pricing"),
    _batch(1214, "en", "06-26", 13, "Summer release.Join us live on Tuesday", "/events/register"),
    _batch(1231, "ja", "01-14", 1, "メルマガ 01.静かな4時間の見つけ方", "/ja/product"),
    _batch(1232, "ja", "02-12", 1, "メルマガ 02.叫ばなくなったバース", "/ja/product/dock-board"),
    _batch(1233, "ja", "02-19", 0, "定例セミナー.冷凍・冷蔵の現場から", "/ja/events/seminar"),
    _batch(1234, "ja", "03-11", 1, "メルマガ 03.夜勤から始める理由", "/ja/blog/night-shift"),
    _batch(1235, "ja", "03-26", 0, "製品情報.月曜の朝に届くLensレポート", "/ja/product/lens"),
    _batch(1236, "ja", "04-15", 1, "メルマガ 04.トラックが7台来た日", "/ja/blog/seven-trucks"),
    _batch(1237, "ja", "04-30", 0, "導入事例.3工場を1枚のボードに", "/ja/customers"),
    _batch(1238, "ja", "05-13", 1, "メルマガ 05.固定長ファイルとの付き合い方", "/ja/integrations"),
    _batch(1239, "ja", "05-28", 0, "定例セミナー.切り替え当日の過ごし方", "/ja/events/seminar"),
    _batch(1240, "ja", "06-10", 1, "メルマガ 06.早すぎたトラック", "/ja/product/lane-planner"),
    _batch(1241, "ja", "06-19", 0, "夏の新機能.バースボードの新しい画面", "/ja/product/dock-board"),
    _batch(1242, "ja", "06-24", 0, "夏のご案内.2拠点まとめてのお見積もり", "/ja/pricing"),
    _batch(1243, "ja", "06-26", 1, "夏の新機能.火曜のオンライン説明会", "/ja/events/webinar"),
)
TRACKS = {
    "en": _track(
        1261,
        "en",
        "Nurture",
        ("Welcome to the quieter dock", "/product"),
        ("What a lane really costs", "/pricing"),
        ("How docks lose an hour a day", "/blog/how-docks-lose-an-hour-a-day"),
        ("A plan that survives Monday", "/product/lane-planner"),
        ("Who can read our shipment data?", "/security"),
        ("Moving plant two", "/migrate"),
        ("What your carriers wish you knew", "/integrations"),
        ("Shall we talk?", "/demo/request"),
    ),
    "ja": _track(
        1281,
        "ja",
        "ステップメール",
        ("静かなバースへようこそ", "/ja/product"),
        ("配車1便の本当の費用", "/ja/pricing"),
        ("バースが1日1時間を失う理由", "/ja/product/dock-board"),
        ("月曜に負けない計画", "/ja/product/lane-planner"),
        ("データは誰が見られますか", "/ja/security"),
        ("第2工場への展開", "/ja/migrate"),
        ("運送会社の本音", "/ja/integrations"),
        ("一度お話ししませんか", "/ja/contact"),
    ),
}
