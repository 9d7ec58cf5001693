"""docs/commands.md says what the commands say: ``python tests/checks/commands.py``.

Every ``--help`` is compared with the page, from the line MARK on; what stands above it is written by
hand. Exits 1 when the page is behind; ``--write`` brings it up to date.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from webui.cli import main as chatpane

PAGE = Path(__file__).parents[2] / "docs/commands.md"
MARK = "<!-- From here on written by `python tests/checks/commands.py --write`. -->"
WIDTH = 80


def commands(
    command: click.Command = chatpane, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """Give the context of each command, a group before what it holds."""
    name = command.name if parent else "chatpane"
    settings = {**(parent.command.context_settings if parent else {}), **command.context_settings}
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, **settings)
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), context)


def helps() -> str:
    """Return the generated part of the page."""
    parts = [f"## {context.command_path}\n\n```text\n{context.get_help()}\n```\n" for context in commands()]
    return "\n".join((MARK + "\n", *parts))


def expected() -> str:
    """Return the whole page as it should be: its handwritten part, then every help."""
    text = PAGE.read_text(encoding="utf-8")
    return text.partition(MARK)[0] + helps()


def main() -> int:
    """Check the page, or write it; return the exit code: 1 if it is behind, else 0."""
    page = expected()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
        return 0
    if page != PAGE.read_text(encoding="utf-8"):
        click.echo(f"{PAGE} is behind the commands: run `python tests/checks/commands.py --write`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
