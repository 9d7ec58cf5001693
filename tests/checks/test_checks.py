"""The checks of ``make check`` find what they are there for, and nothing else."""

from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from tests.checks import htmx_habits, translations


def catalogue(folder: Path, *texts: tuple, fuzzy: bool = False) -> Path:
    """Write a Japanese catalogue of these (text, translation), compiled; return its folder."""
    made = Catalog(locale="ja")
    for text, translated in texts:
        made.add(text, translated, flags=("fuzzy",) if fuzzy else ())
    folder = folder / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.po").open("wb") as po:
        write_po(po, made)
    with (folder / "messages.mo").open("wb") as mo:
        write_mo(mo, made)
    return folder


def complaints(folder: Path, *texts: str | tuple[str, str]) -> list[str]:
    """Return what is said about the catalogue in ``folder`` for a product of these texts."""
    product = Catalog()
    for text in texts:
        product.add(text)
    return list(translations.complaints_about(product, folder))


def test_a_whole_catalogue_passes(tmp_path):
    folder = catalogue(tmp_path, ("Save", "保存"), (("%(n)s day", "%(n)s days"), ("%(n)s 日",)))

    assert complaints(folder, "Save", ("%(n)s day", "%(n)s days")) == []


@pytest.mark.parametrize(
    ("text", "translated", "fault"),
    [
        ("Save", "", "empty"),
        ("Owner: %(owner)s", "所有者", "other placeholders in '所有者'"),
        ("Owner: %(owner)s", "所有者：%(who)s", "other placeholders in '所有者：%(who)s'"),
        ("Half", "50%", "a stray % in '50%'"),
    ],
)
def test_a_bad_translation_is_named(tmp_path, text, translated, fault):
    assert complaints(catalogue(tmp_path, (text, translated)), text) == [f"ja: {fault}: {text!r}"]


def test_a_missing_and_an_unused_text_are_named(tmp_path):
    found = complaints(catalogue(tmp_path, ("Save", "保存")), "Close")

    assert found == ["ja: missing: 'Close'", "ja: no longer used: 'Save'"]


def test_a_fuzzy_text_is_named(tmp_path):
    assert "ja: fuzzy: 'Save'" in complaints(catalogue(tmp_path, ("Save", "保存"), fuzzy=True), "Save")


def test_an_obsolete_text_is_named(tmp_path):
    folder = catalogue(tmp_path, ("Save", "保存"))
    with (folder / "messages.po").open("a", encoding="utf-8") as po:
        po.write('\n#~ msgid "Gone"\n#~ msgstr "過去"\n')

    assert complaints(folder, "Save") == ["ja: obsolete: 'Gone'"]


def test_a_catalogue_that_was_not_compiled_is_named(tmp_path):
    folder = catalogue(tmp_path, ("Save", "保存"))
    po = folder / "messages.po"
    po.write_text(po.read_text(encoding="utf-8").replace("保存", "保管"), encoding="utf-8")

    assert complaints(folder, "Save") == [f"ja: {folder / 'messages.mo'} is not what messages.po compiles to"]


def test_texts_are_found_in_code_and_templates_alike(tmp_path):
    (tmp_path / "webui").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "webui/views.py").write_text('a = gettext("One")\nb = lazy_gettext("Two")\n')
    (tmp_path / "templates/page.html").write_text('{{ _("Three") }}{{ ngettext("day", "days", 2) }}')

    found = translations.texts_of(tmp_path)

    assert {one.id for one in found if one.id} == {"One", "Two", "Three", ("day", "days")}


def test_every_text_is_in_every_language():
    assert translations.main() == 0


@pytest.mark.parametrize(
    "markup",
    [
        '<a hx-on:click="go()">x</a>',
        '<a hx-on::after:swap="go()">x</a>',
        '<a hx-get="/a" hx-select="#b">x</a>',
        '<a hx-get="/a" hx-push-url="true">x</a>',
        '<a hx-get="/a" hx-trigger="click[ctrlKey]">x</a>',
        "<a hx-get=\"/a\" hx-vals='js:{a: b()}'>x</a>",
        '<main hx-boost:inherited="true"></main>',
        "<main hx-boost:inherited='replace:\"true\"'></main>",
        '<p style="color: red">x</p>',
        '{{ field(style="color: red") }}',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<button onclick="go()">x</button>',
        '<a href="javascript:go()">x</a>',
        '{% if a %}\n<p {% if b > c %}style="color: red"{% endif %}>x</p>\n{% endif %}',
    ],
)
def test_markup_that_the_policy_forbids_is_found(markup):
    assert list(htmx_habits.of_template(markup))


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/a" hx-get="/a" hx-trigger="intersect once, click" hx-target="closest tbody">x</a>',
        '<script src="{{ asset("pane.js") }}" defer></script>',
        '<link rel="stylesheet" href="{{ asset("pane.css") }}">',
        "{# no style=, no <script> here, no hx-on #}",
        "<body hx-headers:inherited='{{ page_headers() | tojson }}'>",
        '<body hx-boost:inherited=\'{"replace": "true"}\'>',
    ],
)
def test_markup_that_we_write_passes(markup):
    assert list(htmx_habits.of_template(markup)) == []


def test_a_habit_of_htmx_2_is_found_with_its_line(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<main>\n<div hx-target="#a"><a hx-get="/b">x</a></div>\n</main>')

    (issue,) = htmx_habits.htmx_upgrade_check.check_file(str(page))

    assert (issue.line, issue.category) == (2, "inheritance")


def test_templates_and_script_have_no_such_habit():
    assert list(htmx_habits.complaints()) == []
