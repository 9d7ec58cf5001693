"""Who is at the command line, for the histories."""

import os
from getpass import getuser


def who() -> str:
    """Return the name of the operating system's user, marked as the command line's."""
    try:
        return f"{getuser()} (command line)"
    except (KeyError, OSError):
        return f"user {os.getuid()} (command line)"
