"""What a refused way in says: what is wrong, and what the admin should check.

It says no more than an outsider may know: not which key was wrong, nor what a record is called.
"""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext

from webui.access import canvas, links
from webui.views.errors import NoSuchRecord, Refusal


class RefusedLink(Refusal):
    """A link that opens nothing."""

    def __init__(self, said: "_Said", claim: str) -> None:
        super().__init__(said.sentence)
        self.status = said.status
        self.sentence = said.sentence
        self.next_step = said.next_step % {"claim": claim}
        self.needs_link = said.needs_link


class NoRecordOfLink(NoSuchRecord):
    """A rightly signed link names a record that is not there, or is not there any more."""

    next_step = lazy_gettext(
        "It may not have been imported yet, or was merged or deleted. Admins: compare its id in the CRM."
    )


class _Said(NamedTuple):
    status: int
    sentence: Any
    next_step: Any
    needs_link: bool = False


MAY_NOT_ADMINISTER = "may-not-administer"
MAY_NOT_OPEN_ALL = "may-not-open-all"

_RELOAD = lazy_gettext("Reload the record in your CRM.")
_COMPARE_KEYS = lazy_gettext(
    "Admins: compare the key that signs links with the one on the configuration tab."
)
_UNTRUSTED = _Said(401, lazy_gettext("This link cannot be trusted."), _COMPARE_KEYS)
_NOT_OURS = _Said(
    400,
    lazy_gettext("This is not a link that opens anything here."),
    lazy_gettext("Admins: send the signed token whole, as a form's field or in the address."),
)
_OF_LINKS = {
    links.NO_TOKEN: _Said(400, lazy_gettext("This page opens by a link from your CRM."), _RELOAD, True),
    links.SPENT: _Said(401, lazy_gettext("This link was used before, and works once."), _RELOAD, True),
    links.EXPIRED: _Said(
        401,
        lazy_gettext("This link has expired."),
        lazy_gettext(
            "Reload the record in your CRM. Admins: if that does not help, set the clock of the server that "
            "signs links."
        ),
        True,
    ),
    links.NOT_YET: _Said(
        401,
        lazy_gettext("This link is dated in the future."),
        lazy_gettext("Admins: the clock of the server that signs links is ahead; set it."),
    ),
    links.TOO_LONG_LIVED: _Said(
        400,
        lazy_gettext("This link is valid for too long."),
        lazy_gettext("Admins: sign links with exp after iat, and at most 300 seconds after it."),
    ),
    links.MISSING_CLAIM: _Said(
        400,
        lazy_gettext("This link is not complete."),
        lazy_gettext("Admins: the token has no claim %(claim)s."),
    ),
    links.BAD_CLAIM: _Said(
        400,
        lazy_gettext("This link is not well made."),
        lazy_gettext("Admins: the token's claim %(claim)s is not of its form."),
    ),
    links.TOO_LONG: _NOT_OURS,
    links.NOT_A_TOKEN: _NOT_OURS,
    links.NO_KEY: _UNTRUSTED,
    links.BAD_SIGNATURE: _UNTRUSTED,
    MAY_NOT_ADMINISTER: _Said(
        403,
        lazy_gettext("This link asks for more than links may open."),
        lazy_gettext("Admins: set CHATPANE_EMBED_ADMIN=1 if links may open the configuration tab."),
    ),
}

_UNTRUSTED_REQUEST = _Said(
    401,
    lazy_gettext("This request cannot be trusted."),
    lazy_gettext("Admins: compare CHATPANE_CANVAS_SECRET with the connected app's consumer secret."),
)
_NOT_CANVAS = _Said(
    400,
    lazy_gettext("This is not a request that Salesforce signed."),
    lazy_gettext("Admins: choose the access method Signed Request (POST) in the connected app."),
)
_OF_CANVAS = {
    canvas.NO_SECRET: _UNTRUSTED_REQUEST,
    canvas.BAD_SIGNATURE: _UNTRUSTED_REQUEST,
    canvas.NOT_SIGNED: _NOT_CANVAS,
    canvas.NOT_READABLE: _NOT_CANVAS,
    canvas.OTHER_ORG: _Said(
        403,
        lazy_gettext("This Salesforce organization may not enter here."),
        lazy_gettext("Admins: add its id to CHATPANE_CANVAS_ORGS."),
    ),
    MAY_NOT_OPEN_ALL: _Said(
        403,
        lazy_gettext("This app asks for more than it may open."),
        lazy_gettext("Admins: set CHATPANE_CANVAS_ALL=1 if Canvas apps may show everything."),
    ),
    canvas.NO_RECORD: _Said(
        400,
        lazy_gettext("There is nothing to show here."),
        lazy_gettext(
            "Admins: put this app on a lead, contact, account or opportunity, or pass it a recordId."
        ),
    ),
}


def refused_link(reason: str, claim: str = "") -> RefusedLink:
    """Return the refusal for a reason of ``links``, or for MAY_NOT_ADMINISTER."""
    return RefusedLink(_OF_LINKS[reason], claim)


def refused_canvas(reason: str) -> RefusedLink:
    """Return the refusal for a reason of ``canvas``, or for MAY_NOT_OPEN_ALL."""
    return RefusedLink(_OF_CANVAS[reason], "")
