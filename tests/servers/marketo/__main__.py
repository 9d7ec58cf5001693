"""Start a local Marketo as a process of its own: ``python -m tests.servers.marketo PORT_FILE [SCENE]``.

Its address is written to PORT_FILE once it answers. SCENE is a JSON list of [method, {arguments}] that
fill it, such as ``[["add_lead", {"id": 501, "email": "ann@example.com"}]]``; times are ISO texts.
"""

import json
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.servers.marketo.server import Marketo

TIMES = ("at", "created", "before")


def play(marketo: Marketo, scene: list[tuple[str, dict[str, Any]]]) -> None:
    """Call each method of a scene."""
    for method, arguments in scene:
        times = {name: datetime.fromisoformat(arguments[name]) for name in TIMES if name in arguments}
        getattr(marketo, method)(**{**arguments, **times})


def main() -> None:
    """Serve until the process is ended."""
    marketo = Marketo()
    if len(sys.argv) > 2:
        play(marketo, json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    port_file = Path(sys.argv[1])
    unready = port_file.with_suffix(".new")
    unready.write_text(marketo.url, encoding="utf-8")
    unready.replace(port_file)  # whoever waits for it finds it whole
    threading.Event().wait()


if __name__ == "__main__":
    main()
