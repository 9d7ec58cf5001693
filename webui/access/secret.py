"""The secret that signs sessions and encrypts the API Secret Key."""

import os
import secrets

from webui.config import Settings

FILE = "secret"


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the secrets that are good: the one that signs, and the one before while it is replaced."""
    return tuple(filter(None, (secret_of(settings), settings.previous_secret_key)))


def secret_of(settings: Settings) -> str:
    """Return the secret of these settings.

    Without one in the environment (the demo, a first try of the command) it is made, once, in the
    instance folder, readable by its owner alone. Serving anything but the demo refuses that
    (``Settings.weak_secret``).
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{FILE}.{os.getpid()}")
        with open(made, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(made, path)  # fails where another process was first, and its secret counts
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()
