"""Coming in by a signed link, as a CRM's page makes one, and clicking on with the page's own session."""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from tests.conftest import API_KEY
from tests.html.conftest import Browser
from tests.reading import HTMX, soup


def claims(opens: str, /, **other: Any) -> dict[str, Any]:
    """Return the claims of a good link; ``other`` ones instead, None takes one away."""
    now = int(time.time())
    good = {
        "sub": "ann",
        "role": "rep",
        "opens": opens,
        "iat": now,
        "exp": now + 120,
        "jti": uuid4().hex,
    }
    return {name: value for name, value in {**good, **other}.items() if value is not None}


def token(opens: str, /, key: str = API_KEY, **other: Any) -> str:
    """Return a link's token, signed by a key."""
    return jwt.encode({"alg": "HS256"}, claims(opens, **other), OctKey.import_key(key), algorithms=["HS256"])


def session_of(page: BeautifulSoup) -> str | None:
    """Return the session that a page carries."""
    body = page.select_one("body")
    return json.loads(body["hx-headers:inherited"]).get("X-Pane") if body else None


@dataclass
class Panel:
    """A panel that was opened by a link, in a browser that takes no cookie: htmx sends the page's session."""

    browser: Browser
    page: BeautifulSoup
    answer: TestResponse

    @property
    def headers(self) -> dict[str, str]:
        """What htmx sends along with each request."""
        return {**HTMX, **json.loads(self.page.select_one("body")["hx-headers:inherited"])}

    def get(self, url: str, **headers: str) -> TestResponse:
        """Ask for a fragment, as a click does."""
        return self.browser.get(url, headers={**self.headers, **headers})

    def page_of(self, url: str) -> TestResponse:
        """Ask for a page, as a click on a link to another panel does."""
        return self.get(url, **{"HX-Request-Type": "full"})


def enter(app: Any, opens: str, **other: Any) -> Panel:
    """Open a link in a new browser without cookies."""
    browser = Browser(app, app.response_class, use_cookies=False)
    answer = browser.post("/embed", data={"token": token(opens, **other)})
    return Panel(browser, soup(answer), answer)
