"""Salesforce record ids: 15 characters, case-sensitive, or 18 with a suffix that says the case of the 15.

Each suffix character stands for five of the id: bit n is set where the n-th of the five is a capital.
"""

import re

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID = re.compile(r"[0-9A-Za-z]{15}([0-9A-Za-z]{3})?")

PANEL_OF_PREFIX = {"00Q": "leads", "003": "contacts", "001": "accounts", "006": "opportunities"}


def long_form(id_: str) -> str:
    """Return the 18 characters of a 15-character id; anything else as it is."""
    if not _ID.fullmatch(id_) or len(id_) != 15:
        return id_
    suffix = (
        _ALPHABET[
            sum(
                1 << place
                for place, one in enumerate(id_[start : start + 5])
                if one.isascii() and one.isupper()
            )
        ]
        for start in (0, 5, 10)
    )
    return id_ + "".join(suffix)


def forms(id_: str) -> tuple[str, ...]:
    """Return the ways in which a record's id may be stored, as given first; ids of other CRMs have one."""
    if not _ID.fullmatch(id_):
        return (id_,)
    short = id_[:15]
    if id_ not in (short, long_form(short)):
        return (id_,)
    return tuple(dict.fromkeys((id_, long_form(short), short)))
