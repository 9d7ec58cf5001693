"""The keys that let people in, as the command sees to them."""

import click

from webui import operational_settings
from webui.access.secret import secrets_of
from webui.config import Settings

SET_KEY = "fill it in on the configuration tab, or by `chatpane config set api-secret-key`"


def key_trouble(settings: Settings) -> str | None:
    """Say why no embed link can be signed by the API Secret Key; None when one can."""
    if operational_settings.api_keys(secrets_of(settings)):
        return None
    if operational_settings.shown().has_api_key:
        return (
            "the API Secret Key was encrypted by another CHATPANE_SECRET_KEY: name that one in "
            f"CHATPANE_PREVIOUS_SECRET_KEY, or {SET_KEY}"
        )
    return f"there is no API Secret Key: {SET_KEY}"


def settle_keys(settings: Settings) -> None:
    """Encrypt the API Secret Key by the newest secret, and say if embed links cannot be served."""
    if settings.previous_secret_key:
        operational_settings.encrypt_anew(secrets_of(settings))
    trouble = key_trouble(settings)
    if trouble and not settings.demo and not settings.embed_public_key:
        click.echo(f"Embed links cannot be served yet: {trouble}.", err=True)
