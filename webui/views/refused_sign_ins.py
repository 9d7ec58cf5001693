"""What a refused sign-in says: what is wrong, and how to get in after all."""

from flask_babel import lazy_gettext

from webui.access import admin_links
from webui.views.errors import Refusal

_AGAIN = lazy_gettext("Open /config and sign in again.")
_NEW_LINK = lazy_gettext("Make a new one with the command chatpane admin-link, and open it.")


class OnlyInItsOwnWindow(Refusal):
    """Nobody signs in inside a frame, where the address cannot be seen."""

    status = 403
    sentence = lazy_gettext("Signing in works only in a window of its own.")
    next_step = lazy_gettext("Open Chatpane's /config in a new tab.")


class NoProvider(Refusal):
    """There is no provider to sign in with."""

    sentence = lazy_gettext("Signing in with a provider is not set up here.")
    next_step = lazy_gettext(
        "Enter by a link that the command chatpane admin-link makes. To set it up, fill in "
        "CHATPANE_OIDC_ISSUER and CHATPANE_OIDC_CLIENT_ID."
    )


class ProviderUnusable(Refusal):
    """The provider does not answer, or not as it must."""

    status = 502
    sentence = lazy_gettext("The sign-in provider does not answer as it should.")
    next_step = lazy_gettext(
        "Try again in a minute. If that does not help, ask whoever runs Chatpane to read the log."
    )


class SignInFailed(Refusal):
    """The provider signed nobody in, or its proof is not good."""

    status = 401
    sentence = lazy_gettext("You could not be signed in.")
    next_step = lazy_gettext(
        "Open /config and sign in again. If that does not help, ask whoever runs Chatpane."
    )


class SignInOfAnother(Refusal):
    """The answer belongs to no sign-in of this browser."""

    status = 401
    sentence = lazy_gettext("This sign-in is over, or was begun elsewhere.")
    next_step = _AGAIN


class NotAnAdmin(Refusal):
    """Somebody signed in who is no admin here."""

    status = 403
    sentence = lazy_gettext("You are signed in, and no admin here.")
    next_step = lazy_gettext("Ask whoever runs Chatpane to make you one, or sign in as somebody else.")


class AdminLinkExpired(Refusal):
    """The link is too old."""

    status = 401
    sentence = lazy_gettext("This link has expired.")
    next_step = _NEW_LINK


class AdminLinkSpent(Refusal):
    """The link was used."""

    status = 401
    sentence = lazy_gettext("This link was used before, and works once.")
    next_step = _NEW_LINK


class NoAdminLink(Refusal):
    """The link is not one of ours."""

    status = 401
    sentence = lazy_gettext("This link lets nobody in.")
    next_step = lazy_gettext("Copy it whole, or make a new one with the command chatpane admin-link.")


OF_ADMIN_LINKS = {
    admin_links.EXPIRED: AdminLinkExpired,
    admin_links.SPENT: AdminLinkSpent,
    admin_links.NOT_OURS: NoAdminLink,
}
