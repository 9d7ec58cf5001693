"""``serve --port N``: Datasette on the bench's SQLite file, as fast as its settings make it."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    path = os.environ["CHATPANE_DATABASE_URL"].removeprefix("sqlite:///")
    plugins = Path(__file__).parent / "plugins"
    settings = {
        "suggest_facets": "off",
        "allow_facet": "off",
        "max_returned_rows": "50",
        "default_page_size": "50",
    }
    options = [part for name, value in settings.items() for part in ("--setting", name, value)]
    program = str(Path(sys.executable).with_name("datasette"))
    os.execv(
        program,
        [
            program,
            "serve",
            "--immutable",
            path,
            "-h",
            "127.0.0.1",
            "-p",
            sys.argv[3],
            "--plugins-dir",
            str(plugins),
            *options,
        ],
    )
