"""The secret that signs sessions and encrypts the API Secret Key."""

import os
import secrets

from webui.config import Settings


def secret_of(settings: Settings) -> str:
    """Return the secret of these settings.

    The demo makes its own, once, in the instance folder, readable by its owner alone; any other start
    has to be given one (``Settings.weak_secret``).
    """
    if settings.secret_key or not settings.demo:
        return settings.secret_key
    path = settings.instance / "demo-secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"demo-secret.{os.getpid()}")
    if not path.exists():
        with open(made, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(made, path)  # fails where another process was first, and its secret counts
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()
