"""No habit of htmx 2, and nothing that our policy forbids: ``python tests/checks/htmx_habits.py``.

Two readers look at ``templates/`` and the scripts in ``static/``:

- htmx's own upgrade check (``vendor/htmx_upgrade_check.py``, as htmx.org 4.0.1 ships it): attributes,
  events, calls and settings that htmx 4 renamed or dropped, and attributes that lost their inheritance.
  It reads a file at a time and guesses at nothing across files. Every line that it prints is a
  failure; no exception has been needed.
- the rules below, which are ours.

The vendored htmx must be the file whose hash stands here. Prints what is wrong, a line each, and exits 1.
"""

import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import click

from tests.checks.vendor import htmx_upgrade_check

ROOT = Path(__file__).parents[2]
VENDORED = {
    "static/vendor/htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "tests/checks/vendor/htmx_upgrade_check.py": (
        "c06a7bec8f48e5d96e2672dc9aee6795136a4822af4893aa85adb60440c12cd4"
    ),
}

FORBIDDEN_ATTRIBUTES = {
    "hx-on": "needs unsafe-eval: write a listener in static/pane.js",
    "hx-select": "makes htmx ask for the whole page: answer with the fragment, or set HX-Reselect",
    "hx-push-url": "takes the CRM's back button: use hx-replace-url",
    "hx-boost": "pushes addresses: let it replace them, as templates/base.html does",
    "style": "needs unsafe-inline: use a class or a data attribute",
}
QUIET_BOOSTS = ("false", '{"replace": "true"}')  # htmx reads replace:"true" as no text, and goes to /true
FORBIDDEN_CALLS = {
    r"\bpushState\(": "takes the CRM's back button: use replaceState",
    r"\beval\(|\bnew Function\(": "needs unsafe-eval",
    r"setAttribute\(\s*[\"']style": "needs unsafe-inline: use a class",
}
FORBIDDEN_HEADERS = {
    "HX-Push-Url": "takes the CRM's back button: use HX-Replace-Url",
    "HX-Redirect": "loads a page without the panel's session",
    "HX-Refresh": "loads a page without the panel's session",
}

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_STYLE_ARGUMENT = re.compile(r"[\"']?\bstyle[\"']?\s*[=:]")


class _Tags(HTMLParser):
    """Collects line, name and attributes of each tag."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((self.getpos()[0], tag, {name: value or "" for name, value in attrs}))


def of_template(text: str) -> Iterator[tuple[int, str]]:
    """Give line and fault of everything in a template that our rules forbid."""
    text = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
    tags = _Tags()
    tags.feed(htmx_upgrade_check.strip_template_syntax(text))
    for line, tag, attributes in tags.found:
        if tag == "style":
            yield line, "<style> needs unsafe-inline: write it in static/pane.css"
        if tag == "script" and "src" not in attributes:
            yield line, "an inline <script> needs unsafe-inline: write it in static/pane.js"
        for name, value in attributes.items():
            for fault in _of_attribute(name, value):
                yield line, fault
    for number, line_text in enumerate(text.splitlines(), 1):
        if "{" in line_text and _STYLE_ARGUMENT.search(line_text):
            yield number, f"style {FORBIDDEN_ATTRIBUTES['style']}"


def _of_attribute(name: str, value: str) -> Iterator[str]:
    name = name.removeprefix("data-") if name.startswith("data-hx-") else name
    plain = name.partition(":")[0]
    if plain == "hx-boost" and value in QUIET_BOOSTS:
        return
    if plain in FORBIDDEN_ATTRIBUTES:
        yield f"{name} {FORBIDDEN_ATTRIBUTES[plain]}"
    elif plain.startswith("on"):
        yield f"{name} needs unsafe-inline: write a listener in static/pane.js"
    if plain == "hx-trigger" and "[" in value:
        yield "a trigger filter […] needs unsafe-eval: decide in static/pane.js"
    if plain.startswith("hx-") and re.match(r"\s*(js|javascript):", value):
        yield f"{name} computes its value, which needs unsafe-eval"
    if plain in ("href", "action", "hx-get", "hx-post") and value.lower().startswith("javascript:"):
        yield f"{name} runs a script, which needs unsafe-inline"


def of_lines(text: str, forbidden: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Give line and fault of each pattern of ``forbidden`` that the text has."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, why in forbidden.items():
            found = re.search(pattern, line)
            if found:
                yield number, f"{found.group()} {why}"


def complaints(root: Path = ROOT) -> Iterator[str]:
    """Give everything that is wrong below ``root``."""
    templates = sorted((root / "templates").rglob("*.html"))
    scripts = sorted((root / "static").glob("*.js"))
    for path in (*templates, *scripts):
        for issue in htmx_upgrade_check.check_file(str(path)):
            yield f"{path.relative_to(root)}:{issue.line}: {issue.message} [{issue.category}]"
    for path in templates:
        for line, fault in of_template(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(root)}:{line}: {fault}"
    for path in scripts:
        for line, fault in of_lines(path.read_text(encoding="utf-8"), FORBIDDEN_CALLS):
            yield f"{path.relative_to(root)}:{line}: {fault}"
    for path in sorted((root / "webui").rglob("*.py")):
        for line, fault in of_lines(path.read_text(encoding="utf-8"), FORBIDDEN_HEADERS):
            yield f"{path.relative_to(root)}:{line}: {fault}"
    for name, expected in VENDORED.items():
        if sha256((root / name).read_bytes()).hexdigest() != expected:
            yield f"{name} is not the file that was vendored: its SHA-256 is not {expected}"


def main() -> int:
    """Check everything; return the exit code: 0 if all is well, else 1."""
    found = list(complaints())
    if found:
        click.echo("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
