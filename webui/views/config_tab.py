"""The configuration tab: the switch, the sources, Operational Settings, the history, Reset.

The forms on tabs and families are in ``config_families``.
"""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from webui import operational_settings, switch
from webui.access.secret import secrets_of
from webui.access.viewer import name as viewer_name
from webui.access.visitors import SIGNED_IN
from webui.config import in_force
from webui.family_settings import GLOBAL, PANELS
from webui.ingest import activity_types, trial
from webui.marketo.failures import MarketoFailure
from webui.operational_settings import (
    KEY_BYTES,
    KEY_TOO_SHORT,
    NOT_A_VERSION,
    NOT_AN_ORIGIN,
    TOO_OLD_WHILE_ON,
)
from webui.setting_values import BadValue
from webui.switch import LEAST_PACKAGE
from webui.views import family_words, source_words
from webui.views.checks import checks
from webui.views.fragments import uncached

bp = Blueprint("config_tab", __name__, url_prefix="/config")

REASONS = {
    NOT_A_VERSION: lazy_gettext("That is not a version. Write one such as %(least)s.", least=LEAST_PACKAGE),
    TOO_OLD_WHILE_ON: lazy_gettext(
        "Enable Dynamic Chat Data is on and needs version %(least)s or higher. Turn it off first.",
        least=LEAST_PACKAGE,
    ),
    NOT_AN_ORIGIN: lazy_gettext(
        "Write the origins of the sites that may frame the panels, with spaces between, each such as "
        "https://crm.example.com or https://*.my.salesforce.com."
    ),
    KEY_TOO_SHORT: lazy_gettext("The key needs at least %(bytes)s bytes.", bytes=KEY_BYTES),
}


@bp.get("")
def page() -> Response:
    """Return the configuration tab."""
    return page_of()


@bp.post("/package-version")
def package_version() -> AnyResponse:
    """Set the package version."""
    wanted = request.form.get("package_version", "")
    return _changed(
        lambda: operational_settings.set_package_version(wanted, viewer_name()),
        gettext("The package version is saved."),
    )


@bp.post("/api-secret-key")
def api_secret_key() -> AnyResponse:
    """Set the API Secret Key."""
    key, secrets = request.form.get("api_secret_key", ""), secrets_of(current_app.extensions["chatpane"])
    return _changed(
        lambda: operational_settings.set_api_key(key, viewer_name(), secrets),
        gettext("The API Secret Key is saved. The one before stays valid for 24 hours."),
    )


@bp.post("/allowed-origins")
def allowed_origins() -> AnyResponse:
    """Set which sites may frame the pages."""
    wanted = request.form.get("allowed_origins", "")
    return _changed(
        lambda: operational_settings.set_allowed_origins(wanted, viewer_name()),
        gettext("The allowed origins are saved."),
    )


@bp.post("/test-connection")
def test_connection() -> AnyResponse:
    """Ask Marketo whether it can be read; keep the activity types that it names."""
    settings = in_force()
    missing = ", ".join(settings.missing_for_rest())
    if missing:
        sentence = gettext("Marketo cannot be read: set %(variables)s first.", variables=missing)
        return page_of({"test_connection": sentence})
    try:
        tested = trial.run(settings)
    except trial.TooSoon:
        sentence = gettext("The connection was tested a moment ago. Wait a few seconds.")
        return page_of({"test_connection": sentence})
    except MarketoFailure as failure:
        return page_of({"test_connection": str(failure)})
    flash(
        gettext(
            "Marketo answers. It names %(types)s activity types; Chatpane knows %(ours)s of them.",
            types=tested.types,
            ours=tested.ours,
        )
    )
    return redirect("/config", 303)


@bp.post("/activity-types")
def set_activity_types() -> AnyResponse:
    """Set what Marketo's activity types are, where their names do not say it right."""
    fixed = in_force().activity_types
    chosen = {
        int(number): value or None
        for name, value in request.form.items()
        if (number := name.removeprefix("type-")) != name and _is_id(number) and int(number) not in fixed
    }
    try:
        changed = activity_types.override(chosen, viewer_name())
    except ValueError:
        return page_of({"activity_types": gettext("Choose one of the types in the list.")})
    if changed:
        flash(
            gettext(
                "The activity types are saved. Rows that were rejected for their type can be tried again "
                "with chatpane rejected retry."
            )
        )
    return redirect("/config", 303)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


@bp.post("/switch")
def turn() -> AnyResponse:
    """Turn Enable Dynamic Chat Data on or off."""
    on = "enable_dynamic_chat" in request.form
    try:
        switch.turn(on, viewer_name())
    except switch.Refused:
        sentence = gettext(
            "The switch stays off: a prerequisite is not met. Those above say what is missing."
        )
        return page_of({"enable_dynamic_chat": sentence})
    if on:
        flash(gettext("Enable Dynamic Chat Data is on."))
    else:
        flash(gettext("Enable Dynamic Chat Data is off. The data stay and go on arriving."))
    return redirect("/config", 303)


@bp.get("/reset")
def ask_reset() -> Response:
    """Ask a second time before the configuration is wiped."""
    return uncached(make_response(render_template("config/reset.html", error=None)))


@bp.post("/reset")
def reset() -> AnyResponse:
    """Turn the switch off and wipe the configuration, if that is really meant."""
    if "sure" not in request.form:
        error = gettext("Nothing was reset: tick the box if you mean it.")
        return uncached(make_response(render_template("config/reset.html", error=error), 422))
    operational_settings.reset(viewer_name())
    flash(gettext("The configuration is reset. Its history and the data stay."))
    return redirect("/config", 303)


def _changed(change: Callable[[], None], done: str) -> AnyResponse:
    try:
        change()
    except BadValue as bad:
        return page_of({bad.name.replace("-", "_"): str(REASONS[bad.reason])})
    flash(done)
    return redirect("/config", 303)


def page_of(errors: dict[str, str] | None = None, **typed: Any) -> Response:
    """Return the tab; with errors by field, as 422, and with what was ``typed`` where it differs."""
    now = operational_settings.shown()
    shown = {
        "now": now,
        "checks": checks(now),
        "sources": source_words.sources(in_force()),
        "types": source_words.types(in_force()),
        "panel_tabs": family_words.tabs(PANELS),
        "global_tabs": family_words.tabs(GLOBAL),
        "families": family_words.families(),
        "history": family_words.lines(switch.history()),
        "version": request.form.get("package_version", now.package_version or ""),
        "origins": request.form.get("allowed_origins", now.allowed_origins or ""),
        "errors": errors or {},
        "signed_in_as": viewer_name().partition(":")[2] if g.visitor.way == SIGNED_IN else None,
    }
    rendered = render_template("config/page.html", **shown | typed)
    return uncached(make_response(rendered, 422 if errors else 200))
