"""The people who are placed by hand: those worth showing, and those with names that are hard to show.

``company.py`` gives them ids; ``stories.py`` and ``edges.py`` say what they did. ``visits`` counts the
ordinary chats that ``sessions.py`` adds to that.
"""

from dataclasses import dataclass

from names import LONG_JAPANESE, LONG_LATIN

JST, CEST, EDT, GULF = 9, 2, -4, 3


@dataclass(frozen=True)
class Part:
    """One hand-placed person. ``latin`` is the local part of the address; without it there is none."""

    key: str
    kind: str
    first: str
    last: str
    latin: str
    firm: str = ""
    lang: str = "en"
    offset: int = EDT
    visits: int = 0
    marketo_ids: int = 1
    converted: bool = False
    """Whether this contact was a lead before."""


PARTS: tuple[Part, ...] = (
    # Busy people: the first ones to look at.
    Part("mio", "lead", "美緒", "桐谷", "mio.kiriya", lang="ja", offset=JST),
    Part("theodora", "lead", "Theodora", "Winslow-Pike", "theodora", offset=CEST),
    Part("maya", "contact", "Maya", "Thornbury", "maya.thornbury", "larkspur-robotics"),
    Part("sota", "contact", "颯太", "風見", "sota.kazami", "hotarugawa", "ja", JST, marketo_ids=2),
    Part("monitor", "contact", "Dock", "Monitor", "dock.monitor", "hoshikuzu-heavy", "en", JST),
    # Leads who became contacts.
    Part(
        "rosalind",
        "contact",
        "Rosalind",
        "Achterberg",
        "rosalind",
        "larkspur-robotics",
        visits=9,
        converted=True,
    ),
    Part("kanata", "contact", "奏多", "水無瀬", "kanata.minase", "hotarugawa", "ja", JST, 8, converted=True),
    Part("greta", "contact", "Greta", "Strömqvist", "greta", "suessholz", "en", CEST, 4, 2, converted=True),
    # Names that are hard to show.
    Part(
        "script", "lead", '"><img src=x onerror=alert(1)>', "<script>alert(1)</script>", "script", offset=CEST
    ),
    Part("bidi", "lead", "Ivo", "invoice\u202egnp.exe", "ivo"),
    Part("formula", "lead", "@SUM(1+1)", '=HYPERLINK("https://evil.example","open")', "formula", visits=2),
    Part("family", "lead", "👩‍👩‍👧‍👦", "Zoë 🇯🇵🇩🇪", "zoe.family", offset=CEST),
    Part("longway", "lead", "Lena", "Longway", "lena.longway"),
    Part("nemo", "lead", "", "Nemo", ""),
    Part("silent", "lead", "Silent", "Reader", "silent.reader"),
    Part("obrien", "contact", "Sinéad", 'O\'Brien & "Sons"', "sinead", "obrien-sons", offset=CEST, visits=5),
    Part("null", "contact", "Jennifer", "Null", "jennifer.null", "wrenfield", visits=4),
    Part("long-latin", "contact", "Bartholomew", f"of {LONG_LATIN}", "bart", "estuary-trades", visits=3),
    Part("long-japanese", "contact", "寿限無", LONG_JAPANESE, "jugemu", "kyokai-kyogikai", "ja", JST, 3),
    Part("emoji", "contact", "👩🏽‍🚀 Kitt", "🐕‍🦺", "kitt", "wanwan-pet", "ja", JST, 3),
    Part("layla", "contact", "ليلى عبد الرحمن", "الحداد", "layla", "nakheel-coast", "ar", GULF, 5),
    Part("surname", "contact", "", "風早", "", "aobanomori", "ja", JST, 3),
    Part("quiet", "contact", "Quincy", "Dormouse", "quincy", "dormouse"),
)
