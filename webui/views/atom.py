"""The Lead Feed as Atom (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask_babel import gettext

from webui import wording
from webui.feeds.records import PANEL_OF
from webui.feeds.rows import Row
from webui.views.paths import path_of
from webui.vocabulary import MOMENTS

MIMETYPE = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
SINCE = "2026"  # of the tags (RFC 4151): ids that never change, whatever the address

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_OF_A_HOST = re.compile("[^a-z0-9.-]")


def feed(rows: Sequence[Row], base: str, empty_since: datetime) -> bytes:
    """Return the feed of these moments, newest first, in the language of the request.

    ``base`` is the address of Chatpane, without a slash at its end; ``empty_since`` is when a feed without
    entries was last changed.
    """
    ElementTree.register_namespace("", NAMESPACE)
    tag = f"tag:{_NOT_OF_A_HOST.sub('-', urlsplit(base).hostname or 'localhost')},{SINCE}:{MOMENTS.key}"
    title = f"{gettext('Lead Feed')} · Chatpane"
    root = ElementTree.Element(_name("feed"), {"xml:lang": wording.words().language})
    _add(root, "id", tag)
    _add(root, "title", title)
    _add(root, "updated", wording.utc(last_change(rows, empty_since)))
    _add(_add(root, "author"), "name", "Chatpane")
    _add(root, "link", rel="alternate", type="text/html", href=f"{base}/global?tab={MOMENTS.key}")
    for row in rows:
        _add_entry(root, row, tag, base)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def last_change(rows: Sequence[Row], empty_since: datetime) -> datetime:
    """Return when the feed of these moments last changed."""
    return rows[0].at if rows else empty_since


def _add_entry(root: ElementTree.Element, row: Row, tag: str, base: str) -> None:
    entry = _add(root, "entry")
    person, kind = wording.person_name(row), wording.type_label(row.type_key)
    _add(entry, "id", f"{tag}/{row.id}")
    _add(entry, "title", f"{person}: {row.dialogue_name or kind}")
    _add(entry, "updated", wording.utc(row.at))
    _add(entry, "category", term=row.type_key, label=kind)
    if row.person_kind and row.person_crm_id:
        panel = path_of(PANEL_OF[row.person_kind], row.person_crm_id)
        _add(entry, "link", rel="alternate", type="text/html", href=base + panel)
    said = (
        kind,
        person,
        row.account_name or row.account_crm_id,
        wording.when_in_full(row.at),
        row.dialogue_name,
    )
    _add(entry, "content", "\n".join(filter(None, said)), type="text")


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **more: str) -> ElementTree.Element:
    made = ElementTree.SubElement(
        parent, _name(name), {key: _FORBIDDEN.sub("", value) for key, value in more.items()}
    )
    made.text = None if text is None else _FORBIDDEN.sub("", text)
    return made


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
