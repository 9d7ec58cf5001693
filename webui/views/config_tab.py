"""The configuration tab: Operational Settings, the switch in its section, its history, Reset."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, PasswordField, StringField

from webui import operational_settings, switch
from webui.access.secret import secret_of
from webui.access.viewer import name as viewer_name
from webui.operational_settings import KEY_BYTES, KEY_TOO_SHORT, NOT_A_VERSION, TOO_OLD_WHILE_ON, BadValue
from webui.views.fragments import uncached

bp = Blueprint("config_tab", __name__, url_prefix="/config")

REASONS: dict[str, Callable[[], str]] = {
    NOT_A_VERSION: lambda: gettext("That is not a version. Write one such as 2.4.0."),
    TOO_OLD_WHILE_ON: lambda: gettext(
        "Enable Dynamic Chat Data is on and needs version 2.4.0 or higher. Turn it off first."
    ),
    KEY_TOO_SHORT: lambda: gettext("The key needs at least %(bytes)s bytes.", bytes=KEY_BYTES),
}


class PackageVersionForm(FlaskForm):  # type: ignore[misc]
    """The version of the Sales Insight package."""

    package_version = StringField(lazy_gettext("Sales Insight package version"))


class ApiSecretKeyForm(FlaskForm):  # type: ignore[misc]
    """A new API Secret Key."""

    api_secret_key = PasswordField(lazy_gettext("API Secret Key"))


class SwitchForm(FlaskForm):  # type: ignore[misc]
    """Enable Dynamic Chat Data."""

    enable_dynamic_chat = BooleanField(lazy_gettext("Enable Dynamic Chat Data"))


class ResetForm(FlaskForm):  # type: ignore[misc]
    """The second asking of Reset."""

    sure = BooleanField(lazy_gettext("Yes, turn the feature off and wipe the configuration"))


@bp.get("")
def page() -> Response:
    """Return the configuration tab."""
    return _page()


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
    key, secret = request.form.get("api_secret_key", ""), secret_of(current_app.extensions["chatpane"])
    return _changed(
        lambda: operational_settings.set_api_key(key, viewer_name(), secret),
        gettext("The API Secret Key is saved. The one before stays valid for 24 hours."),
    )


@bp.post("/switch")
def turn() -> AnyResponse:
    """Turn Enable Dynamic Chat Data on or off."""
    on = SwitchForm().enable_dynamic_chat.data
    try:
        switch.turn(on, viewer_name())
    except switch.Refused:
        sentence = gettext(
            "The switch stays off: a prerequisite is not met. Those above say what is missing."
        )
        return _page({"enable_dynamic_chat": sentence}, opened=True)
    if on:
        flash(gettext("Enable Dynamic Chat Data is on."))
    else:
        flash(gettext("Enable Dynamic Chat Data is off. The data stay and go on arriving."))
    return redirect("/config", 303)


@bp.get("/reset")
def ask_reset() -> Response:
    """Ask a second time before the configuration is wiped."""
    return uncached(make_response(render_template("config/reset.html", form=ResetForm(), error=None)))


@bp.post("/reset")
def reset() -> AnyResponse:
    """Turn the switch off and wipe the configuration, if that is really meant."""
    form = ResetForm()
    if not form.sure.data:
        error = gettext("Nothing was reset: tick the box if you mean it.")
        return uncached(make_response(render_template("config/reset.html", form=form, error=error), 422))
    operational_settings.reset(viewer_name())
    flash(gettext("The configuration is reset. Its history and the data stay."))
    return redirect("/config", 303)


def _changed(change: Callable[[], None], done: str) -> AnyResponse:
    try:
        change()
    except BadValue as bad:
        return _page({bad.name.replace("-", "_"): REASONS[bad.reason]()})
    flash(done)
    return redirect("/config", 303)


def _page(errors: dict[str, str] | None = None, opened: bool = False) -> Response:
    """Return the tab; with errors by field, as 422."""
    installation = operational_settings.current()
    version_form = PackageVersionForm(package_version=installation.package_version)
    if errors and "package_version" in errors:
        version_form.package_version.data = request.form.get("package_version", "")
    context: dict[str, Any] = {
        "installation": installation,
        "prerequisites": switch.prerequisites(installation),
        "history": switch.history(),
        "version_form": version_form,
        "key_form": ApiSecretKeyForm(formdata=None),
        "switch_form": SwitchForm(formdata=None, enable_dynamic_chat=installation.chat_enabled),
        "errors": errors or {},
        "opened": opened,
    }
    return uncached(make_response(render_template("config/page.html", **context), 422 if errors else 200))
