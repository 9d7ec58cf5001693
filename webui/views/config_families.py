"""The configuration tab's forms on tabs and families: what is shown in which order, taken in, and kept."""

from flask import flash, redirect, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from webui import family_settings
from webui.access.viewer import name as viewer_name
from webui.family_settings import (
    GLOBAL,
    LEAST_HIDDEN,
    LEAST_KEPT,
    MOST_HIDDEN,
    MOST_KEPT,
    NO_SUCH_FAMILY,
    NO_SUCH_TAB,
    NO_TAB_LEFT,
    NOT_HIDDEN_SO_LONG,
    NOT_KEPT_SO_LONG,
    PANELS,
)
from webui.setting_values import BadValue
from webui.views import family_words
from webui.views.config_tab import bp, page_of
from webui.views.family_words import KEEP, MOST_PLACES, ON, NoPlace
from webui.vocabulary import FAMILIES
from webui.wording import number

REASONS = {
    NO_SUCH_TAB: lazy_gettext("There is no such tab. Reload the page, and choose among those in the list."),
    NO_TAB_LEFT: lazy_gettext(
        "Panels would have no tab left but Chat, which can be switched off. Keep one that is on."
    ),
    NO_SUCH_FAMILY: lazy_gettext(
        "There are no such activities. Reload the page, and choose among those in the list."
    ),
    NOT_HIDDEN_SO_LONG: lazy_gettext(
        "Write days as a whole number from %(least)s to %(most)s.", least=LEAST_HIDDEN, most=MOST_HIDDEN
    ),
}


@bp.post("/panel-tabs")
def set_panel_tabs() -> AnyResponse:
    """Set the tabs of the four panels, and their order."""
    return _set_tabs(PANELS, gettext("The tabs of the panels are saved."))


@bp.post("/global-tabs")
def set_global_tabs() -> AnyResponse:
    """Set the tabs of the global tab, and their order."""
    return _set_tabs(GLOBAL, gettext("The tabs of the global tab are saved."))


def _set_tabs(of: str, done: str) -> AnyResponse:
    field = of.replace("-", "_")
    try:
        family_settings.set_tabs(of, family_words.keys_in(request.form), viewer_name())
    except (BadValue, NoPlace) as bad:
        sentence = (
            gettext("Write the place of each tab as a whole number from 1 to %(most)s.", most=MOST_PLACES)
            if isinstance(bad, NoPlace)
            else str(REASONS[bad.reason])
        )
        return page_of({field: sentence}, **{field: family_words.tabs(of, request.form)})
    flash(done)
    return redirect("/config", 303)


@bp.post("/families")
def set_families() -> AnyResponse:
    """Set which activities are taken in and shown, and how long what is kept."""
    form = request.form
    try:
        family_settings.set_families(
            viewer_name(),
            on=[name.removeprefix(ON) for name in form if name.startswith(ON)],
            kept_days={one.key: form.get(KEEP + one.key, "") for one in FAMILIES},
            hidden_days=form.get("hidden_days", ""),
        )
    except BadValue as bad:
        sentence = (
            gettext(
                "Write days as a whole number from %(least)s to %(most)s, or leave it empty for ever.",
                least=LEAST_KEPT,
                most=number(MOST_KEPT),
            )
            if bad.reason == NOT_KEPT_SO_LONG
            else str(REASONS[bad.reason])
        )
        return page_of({bad.name.replace("-", "_"): sentence}, families=family_words.families(form))
    flash(gettext("The activities are saved. What is stored stays until it is pruned."))
    return redirect("/config", 303)
