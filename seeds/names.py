"""Names of invented people and companies, with the Latin spelling that goes into e-mail addresses.

Each name reads ``display:latin``; where only one is given, the latin form is the display form in lower
case. All companies are inventions, and all addresses end in the reserved ``.example``.
"""

from dataclasses import dataclass

Name = tuple[str, str]
"""A name as it is shown, and as it stands in an address."""


def _pool(text: str) -> tuple[Name, ...]:
    """Read the names of one pool, which blanks part; ``_`` stands for a blank inside a name."""
    pairs = (entry.partition(":") for entry in text.split())
    return tuple((shown.replace("_", " "), latin or shown.lower()) for shown, _, latin in pairs)


FAMILY: dict[str, tuple[Name, ...]] = {
    "ja": _pool(
        "桐谷:kiriya 佐伯:saeki 真壁:makabe 早瀬:hayase 榊原:sakakibara 三雲:mikumo 八重樫:yaegashi "
        "片桐:katagiri 高梨:takanashi 月岡:tsukioka 浅葉:asaba 鳴海:narumi 東雲:shinonome 風間:kazama "
        "望月:mochizuki 柚木:yuzuki 佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito "
        "渡辺:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada "
        "松本:matsumoto 井上:inoue 木村:kimura 清水:shimizu 斎藤:saito 齋藤:saito 髙橋:takahashi "
        "渡邉:watanabe 森:mori 池田:ikeda 橋本:hashimoto 石川:ishikawa 小川:ogawa 岡田:okada "
        "長谷川:hasegawa 藤田:fujita 近藤:kondo 坂本:sakamoto 遠藤:endo 青木:aoki 西村:nishimura "
        "福田:fukuda 太田:ota 三浦:miura 岡本:okamoto 松田:matsuda 中川:nakagawa 原田:harada"
    ),
    "en": _pool(
        "Abbot Ashdown Barlow Beckett Birch Blythe Calloway Chandra Corrigan Dalloway Delaney Dunmore "
        "Eastman Ellery Farrow Fenwick Gallagher Garrick Hargrave Hollis Ingram Jessop Kapoor Kendrick "
        "Lachlan Langley Lockhart Mahoney Marlowe Mercer Nakagawa Norwood Oakes Okafor Osborne Pemberton "
        "Pryce Quigley Radley Reyes Sandoval Sheridan Sinclair Tennant Thackeray Underhill Vance Vasquez "
        "Wainwright Whitlock Winslow Yates Zielinski Adeyemi Bhatt Castellano Dubois Ferreira Haddad "
        "Lindqvist"
    ),
    "de": _pool(
        "Müller:mueller Großmann:grossmann Jäger:jaeger Köhler:koehler Weiß:weiss Schönfeld:schoenfeld"
    ),
    "vi": _pool("Nguyễn:nguyen Trần:tran Phạm:pham Huỳnh:huynh Đặng:dang Võ:vo"),
    "ar": _pool("الحداد:alhaddad النجار:alnajjar منصور:mansour الخوري:alkhoury زيدان:zidan"),
    "ko": _pool("김:kim 이:lee 박:park 최:choi 정:jung 한:han"),
}

GIVEN: dict[str, tuple[Name, ...]] = {
    "ja": _pool(
        "美緒:mio 陽菜:hina 葵:aoi 結衣:yui さくら:sakura 真由美:mayumi 恵子:keiko 直美:naomi "
        "千尋:chihiro 香織:kaori 彩:aya 由紀子:yukiko 裕子:yuko 優奈:yuna 琴音:kotone 桃子:momoko "
        "美咲:misaki 里奈:rina あゆみ:ayumi 和子:kazuko 健太:kenta 翔太:shota 大輔:daisuke 直樹:naoki "
        "拓海:takumi 蓮:ren 悠斗:yuto 誠:makoto 浩二:koji 隆:takashi 修:osamu 学:manabu 智也:tomoya "
        "亮:ryo 哲也:tetsuya 雄一:yuichi 啓介:keisuke 剛:tsuyoshi 光:hikaru 純:jun 慎一郎:shinichiro "
        "龍之介:ryunosuke 薫:kaoru 忍:shinobu 望:nozomi"
    ),
    "en": _pool(
        "Ada Alistair Amara Anita Beatrix Benedict Callum Carmen Cedric Clara Damian Daphne Desmond Edith "
        "Elias Esme Felix Fiona Gareth Greta Harriet Hector Imogen Ivan Jasper Joanna Keira Kofi Lena "
        "Leopold Mabel Magnus Mina Nadia Niall Octavia Oscar Penelope Percy Quentin Ravi Rosalind Rupert "
        "Saskia Silas Sunita Tabitha Theo Ursula Victor Violet Walter Wilhelmina Xavier Yolanda Zachary"
    ),
    "de": _pool("Jürgen:juergen Björn:bjoern Käthe:kaethe Sönke:soenke Annegret Götz:goetz"),
    "vi": _pool("Thị_Minh:minh Hương:huong Đức:duc Tuấn:tuan Ánh:anh Quỳnh:quynh"),
    "ar": _pool("ليلى:layla سامي:sami نور:noor كريم:karim هدى:huda"),
    "ko": _pool("서연:seoyeon 민준:minjun 지우:jiwoo 하은:haeun 도윤:doyun 은지:eunji"),
}


@dataclass(frozen=True)
class Firm:
    """One customer: its CRM shape (an account's ids look alike), language, mail domain and size."""

    key: str
    name: str
    lang: str
    contacts: int
    shape: str = "salesforce"
    liveliness: float = 1.0
    """How often its people chat, compared with others."""

    @property
    def domain(self) -> str:
        """Return the firm's mail domain."""
        return f"{self.key}.example"


LONG_LATIN = (
    "The Worshipful Association of Independent Refrigerated Freight Forwarders, Harbour Pilots, "
    "Lighthouse Keepers and Allied Trades of the Northern Estuaries (Holdings) Unlimited"
)
LONG_JAPANESE = (
    "一般社団法人全国港湾冷凍冷蔵貨物輸送事業者及び沿岸灯台守並びに水先案内人相互扶助連絡協議会"
    "北部河口域特別支部附属先端物流技術共同研究開発推進機構"
)

FIRMS: tuple[Firm, ...] = (
    Firm("hotarugawa", "株式会社ほたる川製作所", "ja", 44, liveliness=3.0),
    Firm("larkspur-robotics", "Larkspur Robotics, Inc.", "en", 38, liveliness=3.0),
    Firm("hoshikuzu-heavy", "星屑重工業株式会社", "mixed", 1000, liveliness=0.8),
    Firm("aobanomori", "青葉の森物流株式会社", "ja", 36, liveliness=1.5),
    Firm("shiosai-foods", "潮騒フーズ株式会社", "ja", 22),
    Firm("hidamari-pharma", "株式会社ひだまり薬品", "ja", 18),
    Firm("tsukishiro", "月白化学工業株式会社", "ja", 26),
    Firm("komorebi-print", "株式会社こもれび印刷", "ja", 9),
    Firm("unkai-systems", "雲海システムズ株式会社", "ja", 15, "hubspot"),
    Firm("sazanami-trading", "株式会社さざなみ通商", "ja", 17),
    Firm("kazemachi-port", "風待ち港運株式会社", "ja", 12),
    Firm("tsumugi-textile", "株式会社つむぎ織物", "ja", 7, "hubspot"),
    Firm("hatsushimo", "初霜冷凍食品株式会社", "ja", 19),
    Firm("mahorobashi", "株式会社まほろ橋建設", "ja", 14, "dynamics"),
    Firm("yunagi-denso", "夕凪電装株式会社", "ja", 28, liveliness=1.3),
    Firm("kotonoha-books", "株式会社ことのは書房", "ja", 6),
    Firm("wataridori", "渡り鳥運輸株式会社", "ja", 21),
    Firm("akebonozaka", "株式会社あけぼの坂酒造", "ja", 4),
    Firm("ichonamiki", "銀杏並木信用金庫", "ja", 11, "dynamics"),
    Firm("mizutama", "株式会社みずたま文具", "ja", 5),
    Firm("miyamakagami", "深山鏡精密株式会社", "ja", 24),
    Firm("toneriko-gakuen", "学校法人とねりこ学園", "ja", 8),
    Firm("wanwan-pet", "株式会社ワンワン🐕ペットフード", "ja", 6),
    Firm("kyokai-kyogikai", LONG_JAPANESE, "ja", 3),
    Firm("oxbow-tern", "Oxbow & Tern Freight", "en", 34, liveliness=1.5),
    Firm("pellucid", "Pellucid Instruments Ltd", "en", 16),
    Firm("quillfeather", "Quillfeather Publishing", "en", 8, "hubspot"),
    Firm("saltmarsh-energy", "Saltmarsh Energy", "en", 23),
    Firm("thimble-awl", "Thimble & Awl Textiles", "en", 10),
    Firm("wrenfield", "Wrenfield Components", "en", 27, liveliness=1.3),
    Firm("harrowgate-bio", "Harrowgate Biologics", "en", 14, "dynamics"),
    Firm("bramblewick", "Bramblewick Insurance", "en", 12),
    Firm("kittiwake", "Kittiwake Marine Systems", "en", 19),
    Firm("lanternfish", "Lanternfish Analytics", "en", 6, "hubspot"),
    Firm("mossgrove", "Mossgrove Dairy Cooperative", "en", 13),
    Firm("north-gable", "North Gable Hotels", "en", 11, "dynamics"),
    Firm("ostrander-pike", "Ostrander & Pike LLP", "en", 5),
    Firm("peregrine-falls", "Peregrine Falls Paper", "en", 17),
    Firm("rookhope", "Rookhope Mining Services", "en", 9),
    Firm("sundial-aero", "Sundial Aeroparts", "en", 25),
    Firm("tallow-bridge", "Tallow Bridge Bank", "en", 15),
    Firm("umberline", "Umberline Cosmetics", "en", 7),
    Firm("obrien-sons", 'O\'Brien & "Sons" Shipping', "en", 6),
    Firm("estuary-trades", LONG_LATIN, "en", 3),
    Firm("dormouse", "Dormouse & Daughters", "en", 3, liveliness=0.0),
    Firm("suessholz", "Süßholz Präzisionstechnik GmbH", "de", 12),
    Firm("kaeferbach", "Käferbach Maschinenbau AG", "de", 9, "dynamics"),
    Firm("sen-xanh", "Công ty Cổ phần Vận tải Sen Xanh", "vi", 8),
    Firm("nakheel-coast", "شركة نخيل الساحل للتجارة", "ar", 6),
    Firm("dalbit", "주식회사 달빛물산", "ko", 8, "hubspot"),
)

PROSPECT_DOMAINS = (
    "mailbox.example",
    "copperleaf-lane.example",
    "tanabata-works.example",
    "hinata-koubou.example",
    "brasswheel.example",
    "otter-and-reed.example",
    "yamabiko.example",
    "fennel-street.example",
)
"""Where leads write from, who belong to no account yet."""
