"""The documents say what the product does: nothing left out, nothing that is not there.

Read are ``docs/``, README.md, CONTRIBUTING.md and CHANGELOG.md. Commands are looked up in fenced blocks and
in code spans; text between ``<`` and ``>`` and whatever is not an option or a subcommand is left alone.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from tests.checks import commands
from webui import create_app
from webui.cli import main as chatpane
from webui.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted((*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")))
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

# Variables that are no settings: they steer the tests.
OF_THE_TESTS = {"CHATPANE_BENCH_POSTGRESQL", "CHATPANE_TEST_POSTGRESQL", "CHATPANE_TEST_NO_SKIPS"}

TYPES = {
    str: "text",
    Path: "folder",
    bool: "1 or 0",
    int: "whole number",
    ZoneInfo: "time zone",
    tuple[str, ...]: "list",
    dict[int, str]: "pairs",
    dict[str, str]: "pairs",
    datetime | None: "date",
}

TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rows(page: str) -> list[list[str]]:
    """Return the cells of each row of a page's tables, without the code marks."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def test_each_setting_stands_in_the_table_as_it_is():
    told = [row for row in rows("docs/settings.md") if row[0].startswith(PREFIX)]

    assert told == [
        [variable, TYPES[one.type], one.metadata["default"], one.metadata["help"]]
        for _, variable, one in Settings.described()
    ]


def test_no_document_names_a_setting_that_is_not_there():
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+[A-Z]\b", TEXT))

    assert named - OF_THE_TESTS == {variable for _, variable, _ in Settings.described()}


def test_each_address_is_documented_with_its_method(tmp_path):
    app = create_app(Settings.from_environment({"CHATPANE_DEMO": "1", "CHATPANE_INSTANCE": str(tmp_path)}))
    addresses = [
        f"{method} {without_converters(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]

    assert [one for one in addresses if f"`{one}`" not in TEXT] == []


def without_converters(rule: str) -> str:
    """Return a rule's path as readers write it: ``<int(max=9):id_>`` is ``<id>``."""
    return re.sub(r"<(?:[^<>:]*:)?([a-z_]+?)_?>", r"<\1>", rule)


def test_each_command_is_documented():
    assert [one.command_path for one in commands.commands() if one.command_path not in TEXT] == []


def test_the_page_of_commands_says_what_the_commands_say():
    assert commands.PAGE.read_text(encoding="utf-8") == commands.expected()


def test_each_make_target_is_documented():
    assert TARGETS
    assert [target for target in TARGETS if not re.search(rf"\bmake {target}(?![\w-])", TEXT)] == []


def lines_of_code() -> Iterator[tuple[str, str]]:
    """Give page and command of each line of a shell block, and of each code span."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = FENCED.findall(text)
        lines = [
            line for kind, block in blocks if kind in ("", "sh", "console") for line in block.splitlines()
        ]
        for line in (*lines, *re.findall(r"`([^`\n]+)`", FENCED.sub("", text))):
            for part in re.split(r"\s*(?:\||&&)\s*", line.removeprefix("$ ")):
                yield page.name, re.sub(r"^(?:[A-Z_]+=\S*\s+)+", "", part.strip())


COMMANDS = [
    (page, line)
    for page, line in dict.fromkeys(lines_of_code())
    if re.match(r"(?:\.venv/bin/)?(?:chatpane|make|python3?) ", line)
]


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_that_a_document_names_is_there(page, line):
    program, *words = shlex.split(line)
    match program.rpartition("/")[2]:
        case "make":
            assert [word for word in words if "=" not in word and word not in TARGETS] == []
        case "chatpane":
            assert unknown_to(chatpane, words) == []
        case _:
            assert words[0] in ("-c", "-m") or (ROOT / words[0]).is_file()
            assert words[0] != "-m" or find_spec(words[1])


def unknown_to(command: click.Command, words: list[str]) -> list[str]:
    """Return the words of a command line that name no subcommand and no option of ``command``."""
    context = click.Context(command)
    if isinstance(command, click.Group) and words and re.fullmatch(r"[a-z-]+", words[0]):
        found = command.get_command(context, words[0])
        return [words[0]] if found is None else unknown_to(found, words[1:])
    known = {option for one in command.get_params(context) for option in one.opts} | {"-h", "--help"}
    return [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]


def anchors_of(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page):
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file) if file else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)

    assert broken == []


def test_the_changelog_has_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
