"""The ``chatpane`` command whose server also has bare files: ``python -m tests.bench.beside FOLDER serve``.

A file ``name.html.gz`` of the folder is answered at ``/beside/name.html`` before the app sees the request:
the floor of what the same server can do in a browser. It has the headers that browsers must obey alike.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from webui import create_app
from webui.access.headers import CONTENT_SECURITY_POLICY, FIXED
from webui.cli import main, serving
from webui.config import Settings

PREFIX = "/beside/"
POLICY = "; ".join(f"{name} {value}" for name, value in CONTENT_SECURITY_POLICY.items())


class Beside:
    """A WSGI app in front of another one."""

    def __init__(self, behind: Any, folder: Path) -> None:
        self._behind = behind
        self._folder = folder

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if not path.startswith(PREFIX):
            return self._behind(environ, start_response)  # type: ignore[no-any-return]
        packed = (self._folder / f"{path.removeprefix(PREFIX)}.gz").read_bytes()
        headers = {
            **FIXED,
            "Content-Security-Policy": POLICY,
            "Content-Type": "text/html; charset=utf-8",
            "Content-Encoding": "gzip",
            "Content-Length": str(len(packed)),
            "Cache-Control": "no-store",
        }
        start_response("200 OK", list(headers.items()))
        return [packed]


if __name__ == "__main__":
    files = Path(sys.argv.pop(1))

    def made(settings: Settings) -> Any:
        """Make the app, with the files in front of it."""
        app = create_app(settings)
        app.wsgi_app = Beside(app.wsgi_app, files)  # type: ignore[method-assign]
        return app

    serving.create_app = made
    sys.exit(main())
