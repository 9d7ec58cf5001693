"""Who is at the command line, for the histories."""

import os
from getpass import getuser


def user() -> str:
    """Return the name of the operating system's user."""
    try:
        return getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def who() -> str:
    """Return the name of the operating system's user, marked as the command line's."""
    return f"{user()} (command line)"
