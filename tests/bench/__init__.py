"""The bench: how fast pages answer and files go in, and whether that stays so as the data grow.

``python -m tests.bench`` (``make bench``) takes the same measures on any machine and prints them;
``docs/performance.md`` says what they mean. Nothing here is a timed test: figures are compared within
one run, never with a limit.

``data`` writes the files (``people``, ``chats``), ``imports`` loads them beside the bare ``floor``,
``databases`` are where they go, ``records`` picks pages that can be compared, ``server`` and ``load``
ask for them, ``pages`` takes turns, ``machine`` and ``report`` say what was found.
"""
