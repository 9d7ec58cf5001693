"""A customer's CRM: a tiny web server on another site, whose pages embed panels by ``static/host.js``.

``/page?opens=accounts/001A&opens=…`` has a frame for each, under a strict Content-Security-Policy; their
tops are aligned, for Chromium lets frames of other sites rest while they are out of sight.
``/link?opens=…`` is the backend that signs links. Everything else that a test needs of a host is here too:
a page that posts as Salesforce's Canvas does, and one that counts which cookies its frame is sent.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from webui.access import links

CANVAS_SECRET = "consumer-secret-of-the-connected-app"
COOKIES = ("plain=1; SameSite=None; Secure; Path=/", "parted=1; SameSite=None; Secure; Path=/; Partitioned")
OWN_SCRIPT = Path(__file__).parents[2] / "docs/samples/panel-host.js"
CANVAS_JS = "document.forms[0].submit();"


Answer = tuple[int, dict[str, str], str]


class Customer:
    """The server; ``claims`` go into each link, ``asked`` notes what links were asked for.

    While ``replays`` is set, that spent token is handed out again; while ``is_out``, the backend fails.
    """

    def __init__(self, pane: str, key: str) -> None:
        self.pane = pane
        self.key = key.encode()
        self.claims: dict[str, Any] = {}
        self.asked: list[str] = []
        self.replays: str | None = None
        self.is_out = False
        self.last = ""
        self.port = 0

    def at(self, name: str = "crm") -> str:
        """Return the origin under which the server is another site."""
        return f"http://{name}.localhost:{self.port}"

    def page(self, *opens: str, name: str = "crm") -> str:
        """Return the URL of a page with a panel for each of ``opens``."""
        return f"{self.at(name)}/page?" + "&".join(f"opens={quote(one)}" for one in opens)

    def answer(self, path: str, asked: dict[str, list[str]], cookies: str) -> Answer:
        """Return status, headers and body for a path."""
        opens = asked.get("opens", [])
        found: dict[str, Callable[[], Answer]] = {
            "/link": lambda: self._link(opens[0]),
            "/page": lambda: self._page(
                *(
                    f'<iframe align="top" title="{one}" data-chatpane-link="/link?opens={one}"></iframe>'
                    for one in opens
                ),
                f'<script src="{self.pane}/static/host.js" defer></script>',
            ),
            "/canvas": lambda: self._page(
                '<iframe name="canvas"></iframe>',
                f'<form method="post" target="canvas" action="{self.pane}/embed/canvas">',
                '<input type="hidden" name="signed_request" value="',
                signed_request(opens[0], CANVAS_SECRET, self.at()),
                '"></form>',
                '<script src="/canvas.js"></script>',
            ),
            "/own-script": lambda: self._page(
                f'<iframe name="chatpane" data-link="/link?opens={opens[0]}"></iframe>',
                '<script src="/panel-host.js" defer></script>',
            ),
            "/panel-host.js": lambda: (200, {"Content-Type": "text/javascript"}, OWN_SCRIPT.read_text()),
            "/canvas.js": lambda: (200, {"Content-Type": "text/javascript"}, CANVAS_JS),
            "/framing-cookies": lambda: self._page(f'<iframe src="{self.at("pane")}/cookies"></iframe>'),
            "/cookies": lambda: (200, {"Content-Type": "text/html"}, f"<p>{cookies}"),
        }
        return found[path]() if path in found else (404, {}, "")

    def _link(self, opens: str) -> Answer:
        self.asked.append(opens)
        if self.is_out:
            return 503, {}, ""
        self.last = self.replays or links.sign(opens, "rep-7", self.key, **self.claims)
        answer = {"url": f"{self.pane}/embed", "token": self.last}
        return 200, {"Content-Type": "application/json"}, json.dumps(answer)

    def _page(self, *parts: str) -> Answer:
        policy = (
            f"default-src 'none'; script-src 'self' {self.pane}; connect-src 'self'; "
            f"frame-src {self.pane} {self.at('pane')}; form-action {self.pane}; img-src data:"
        )
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        icon = '<link rel="icon" href="data:,">'
        return 200, headers, f"<!doctype html><html lang=en><title>CRM</title>{icon}<body>{''.join(parts)}"


def signed_request(contact: str, secret: str, origin: str) -> str:
    """Return what Salesforce posts when a Canvas app opens on a contact's page at ``origin``."""
    said = {
        "algorithm": "HMACSHA256",
        "client": {"instanceId": "pane:1", "targetOrigin": origin},
        "context": {
            "user": {"userId": "0055g00000AAAAAAAA", "language": "en_US", "timeZone": "UTC"},
            "organization": {"organizationId": "00D5g00000AAAAAEAA"},
            "environment": {"record": {"attributes": {"type": "Contact"}, "Id": contact}},
        },
    }
    payload = b64encode(json.dumps(said).encode())
    signature = b64encode(hmac.digest(secret.encode(), payload, sha256))
    return f"{signature.decode()}.{payload.decode()}"


@contextmanager
def serving_customer(pane: str, key: str) -> Iterator[Customer]:
    """Serve a customer's CRM for the panels at ``pane``."""
    customer = Customer(pane, key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            cookies = self.headers.get("Cookie", "")
            status, headers, body = customer.answer(parts.path, parse_qs(parts.query), cookies)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            for cookie in COOKIES if parts.path == "/cookies" else ():
                self.send_header("Set-Cookie", cookie)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        customer.port = server.server_port
        Thread(target=server.serve_forever, daemon=True).start()
        yield customer
        server.shutdown()
