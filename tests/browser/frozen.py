"""The ``chatpane`` command at one fixed moment: ``python -m tests.browser.frozen serve``.

The demo company moves to the day on which it is loaded, and pages say "today". Where the clock stands at
the same moment every time, so do all dates: pictures can be compared, and those of the documents do not age.
The clock runs on from that moment.
"""

import sys
from datetime import UTC, datetime

import time_machine

from webui.cli import main

MOMENT = datetime(2026, 6, 17, 6, 40, tzinfo=UTC)  # a Wednesday: half a week behind us, in Tokyo too

if __name__ == "__main__":
    with time_machine.travel(MOMENT, tick=True):
        sys.exit(main())
