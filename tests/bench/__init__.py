"""The bench: how fast pages answer and files go in, and whether that stays so as the data grow.

``python -m tests.bench`` (``make bench``) takes the same measures on any machine and prints them;
``docs/performance.md`` says what they mean. Nothing here is a timed test: figures are compared within
one run, never with a limit.

``run`` has the measures by their names. ``data`` writes the files (``people``, ``deals``, ``chats``,
``others``), ``imports`` loads them beside the bare ``floor``, ``databases`` are where they go. ``server`` and
``load`` ask for pages, ``pages`` lets servers take turns; what they take turns at is in ``growth`` (with
``records`` that can be compared), ``storing``, ``families``, ``against`` and ``access``. ``machine`` and
``report`` say what was found.
"""
