"""Every text of the product is in every language: ``python tests/checks/translations.py``.

Texts are extracted from ``webui/`` and ``templates/`` in memory, as ``make translations`` does it, and
compared with the catalogue of each language. Prints what is wrong, a line each, and exits 1.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from webui.vocabulary import LANGUAGES

ROOT = Path(__file__).parents[2]
SOURCE_LANGUAGE = "en"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), "lazy_pgettext": ((1, "c"), 2)}
MEND = "run `make translations`, then fill in the .po and run it again"

_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")


def texts_of(root: Path) -> Catalog:
    """Return every text that the code and the templates under ``root`` mark for translation."""
    with (ROOT / "webui/translations/babel.cfg").open() as stream:
        methods, options = parse_mapping_cfg(stream)
    found = Catalog()
    for file, line, text, comments, context in extract_from_dir(root, methods, options, KEYWORDS):
        found.add(text, locations=[(file, line)], auto_comments=comments, context=context)
    return found


def complaints_about(texts: Catalog, folder: Path) -> Iterator[str]:
    """Say what is wrong with the catalogue in ``folder`` (``…/ja/LC_MESSAGES``)."""
    language, po, mo = folder.parent.name, folder / "messages.po", folder / "messages.mo"
    if not po.is_file() or not mo.is_file():
        yield f"{language}: {po} or {mo.name} is not there"
        return
    try:
        with po.open("rb") as stream:
            catalogue = read_po(stream, locale=language, abort_invalid=True)
    except PoFileError as error:
        yield f"{language}: {po} cannot be read: {error}"
        return
    for text in texts:
        if text.id:
            translated = catalogue.get(text.id, text.context)
            for fault in _faults(text, translated, catalogue.num_plurals):
                yield f"{language}: {fault}: {_shown(text)}"
    for kept in catalogue:
        if kept.id and texts.get(kept.id, kept.context) is None:
            yield f"{language}: no longer used: {_shown(kept)}"
    for obsolete in catalogue.obsolete.values():
        yield f"{language}: obsolete: {_shown(obsolete)}"
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    if compiled.getvalue() != mo.read_bytes():
        yield f"{language}: {mo} is not what {po.name} compiles to"


def _faults(text: Message, translated: Message | None, plurals: int) -> Iterator[str]:
    if translated is None:
        yield "missing"
        return
    if translated.fuzzy:
        yield "fuzzy"
    strings = _forms(translated.string)
    if text.pluralizable != translated.pluralizable or len(strings) != (plurals if text.pluralizable else 1):
        yield f"has {len(strings)} plural forms"
    if not all(one and one.strip() for one in strings):
        yield "empty"
        return
    original = _forms(text.id)[-1]
    for one in strings:
        if _placeholders(one) != _placeholders(original):
            yield f"other placeholders in {one!r}"
        elif _can_be_formatted(original) and not _can_be_formatted(one):
            yield f"a stray % in {one!r}"


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def _can_be_formatted(text: str) -> bool:
    try:
        return bool(text % defaultdict(int))
    except (TypeError, ValueError):
        return False


def _shown(message: Message) -> str:
    places = ", ".join(f"{file}:{line}" for file, line in message.locations)
    return f"{_forms(message.id)[0]!r}" + (f" ({places})" if places else "")


def main() -> int:
    """Check every language; return the exit code: 0 if all is well, else 1."""
    texts = texts_of(ROOT)
    found = [
        complaint
        for language in LANGUAGES
        if language != SOURCE_LANGUAGE
        for complaint in complaints_about(texts, ROOT / "webui/translations" / language / "LC_MESSAGES")
    ]
    if found:
        click.echo("\n".join((*found, MEND)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
