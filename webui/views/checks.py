"""What the configuration tab says of each prerequisite: whether it is met, and what to do if not."""

from dataclasses import dataclass

from flask_babel import gettext

from webui.operational_settings import Operational
from webui.switch import LEAST_PACKAGE


@dataclass(frozen=True)
class Check:
    """A prerequisite in words; ``command`` is what mends it at the command line, where that helps."""

    key: str
    met: bool
    title: str
    sentence: str
    command: str | None = None


def checks(now: Operational) -> tuple[Check, ...]:
    """Return the three prerequisites, worded for the viewer."""
    said = {
        "package-version": (
            gettext("Sales Insight package %(least)s or higher", least=LEAST_PACKAGE),
            _package,
        ),
        "dynamic-chat-connection": (gettext("Dynamic Chat is connected"), _connection),
        "api-secret-key": (gettext("The API Secret Key is filled in"), _api_key),
    }
    found = []
    for one in now.prerequisites:
        title, word = said[one.key]
        command = "chatpane import" if one.key == "dynamic-chat-connection" and not one.met else None
        found.append(Check(one.key, one.met, title, word(now, one.met), command))
    return tuple(found)


def _package(now: Operational, met: bool) -> str:
    if met:
        return gettext("Version %(version)s is installed.", version=now.package_version)
    if now.package_version:
        return gettext(
            "Version %(version)s is too old. Upgrade the package in your CRM, then write its version below.",
            version=now.package_version,
        )
    return gettext(
        "The version is not known. Find it in your CRM under Installed Packages, upgrade it if it is older, "
        "and write it below."
    )


def _connection(now: Operational, met: bool) -> str:
    if met:
        if now.last_delivery_at is None:
            return gettext("Marketo answers; no chat activity has arrived yet.")
        return gettext("Chat activities have arrived.")
    return gettext(
        "No source has delivered a chat activity yet. Set up Dynamic Chat in Marketo, then connect a source "
        "below, or bring a file of its activities in:"
    )


def _api_key(_now: Operational, met: bool) -> str:
    if met:
        return gettext("It is kept encrypted and is never shown again.")
    return gettext(
        "Take it from Marketo under Admin, Sales Insight, API Configuration, and fill it in under "
        "Operational Settings below."
    )
