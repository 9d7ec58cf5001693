"""What a page has many of, rows and options: each says what is its own, whatever that is made of."""

from datetime import date

from bs4 import BeautifulSoup
from flask import get_template_attribute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.html.conftest import on_one_database
from tests.reading import one
from webui.views.filter_form import Option
from webui.views.lines import Line
from webui.views.patterns import filled
from webui.views.rows import activity_rows, weekly_items
from webui.vocabulary import FAMILIES

pytestmark = on_one_database

# What HTML, a pattern and a format would take for theirs; a parser makes one line end of three,
# and one blank of a text of blanks alone.
TEXT = st.text(st.sampled_from("aé語🎈<>&'\"%s(){}\\0 \n")) | st.text(st.characters(exclude_categories=["C"]))
SOME = TEXT.filter(str.strip)
LINES = st.builds(
    Line,
    id=st.integers(min_value=1),
    type_key=SOME,
    icon=SOME,
    type_label=SOME,
    family=SOME,
    family_icon=SOME,
    family_label=SOME,
    details=SOME,
    dialogue=SOME,
    day=st.just(date(2026, 11, 23)),
    utc=SOME,
    full=SOME,
    when=SOME,
    person=SOME,
    person_path=SOME | st.none(),
    person_crm_id=SOME | st.none(),
    account=SOME,
    account_path=SOME | st.none(),
    change=SOME | st.none(),
    new_score=SOME | st.none(),
    opened=SOME | st.none(),
    clicked=SOME | st.none(),
) | st.builds(
    Line,
    *[st.just("x")] * 15,
    person_crm_id=st.none(),
    account=st.none(),
    account_path=st.none(),
    change=st.none(),
    new_score=st.none(),
    opened=st.none(),
    clicked=st.none(),
)

COLUMNS = [
    columns
    for one in FAMILIES
    for columns in (one.person_columns, one.group_columns, *[one.global_columns] * one.is_global)
]


@given(
    lines=st.lists(LINES, max_size=5),
    columns=st.sampled_from(COLUMNS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_row_says_what_its_line_says(app, lines, columns):
    with app.test_request_context():
        table = BeautifulSoup(f"<table>{activity_rows(lines, columns, None)}</table>", "html.parser")

    rows = table.select("tr[data-activity]")
    assert [(row["data-activity"], row["data-type"]) for row in rows] == [
        (str(line.id), line.type_key) for line in lines
    ]
    for row, line in zip(rows, lines, strict=True):
        cells = {cell["data-column"]: cell for cell in row.select("td")}
        assert tuple(cells) == columns
        told = {
            "activity-type": line.type_label,
            "date": line.when,
            "name": line.person,
            "person": line.person,
            "account": dash(line.account),
            "change": dash(line.change),
            "new-score": dash(line.new_score),
            "opened": dash(line.opened),
            "clicked": dash(line.clicked),
        }
        for key, cell in cells.items():
            assert cell.get_text().strip() == told.get(key, line.dialogue).strip(), key
        assert cells["activity-type"].a["href"] == f"{line.details}/{line.id}"
        assert cells["date"].time["title"] == line.full
        if "account" in cells:
            assert [link["href"] for link in cells["account"].select("a")] == [line.account_path] * bool(
                line.account_path
            )
    assert [slot["id"] for slot in table.select("tr.slot > td")] == [f"detail-{line.id}" for line in lines]


def dash(text):
    return "–" if text is None else text


@given(lines=st.lists(LINES, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_item_of_the_weekly_list_says_what_its_line_says(app, lines):
    own = lines[0].person_crm_id if lines else None
    with app.test_request_context():
        found = BeautifulSoup(f"<ol>{weekly_items(lines, own, True)}</ol>", "html.parser").select("li")

    assert [(item["data-activity"], item["data-row"], item.has_attr("data-own")) for item in found] == [
        (str(line.id), line.family, own is not None and line.person_crm_id == own) for line in lines
    ]
    for item, line in zip(found, lines, strict=True):
        assert item.time["title"] == line.full
        what = line.dialogue
        what += "" if line.change is None else f" {line.change}"
        what += "" if line.new_score is None else f" → {line.new_score}"
        said = (line.family_label, line.type_label, what, line.when)
        told = ("a[data-detail] title", "a[data-detail] > span", ".what", "time")
        assert [one(item, css).get_text().strip() for css in told] == [text.strip() for text in said]
        assert one(item, "use")["href"].endswith(f"#{line.family_icon}")
        assert [link["href"] for link in item.select("a:not([data-detail])")] == [line.person_path] * bool(
            line.person_path
        )


OPTIONS = st.builds(
    Option,
    value=TEXT,
    label=TEXT,
    number=st.none() | SOME,
    chosen=st.none() | st.just(True),
    empty=st.none() | st.just(True),
)


@given(options=st.lists(OPTIONS, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_options_are_those_that_their_macro_makes_one_by_one(app, options):
    with app.test_request_context():
        macro = get_template_attribute("macros/parts.html", "choice_option")
        assert dom(filled("macros/parts.html", "choice_option", options)) == dom("".join(map(macro, options)))


def test_what_a_text_holds_is_never_taken_for_where_another_begins(app):
    options = [Option("\0<i>", "a\0<b>\0", "\0\0", None, None), Option("<i>", "&", None, None, None)]
    with app.test_request_context():
        macro = get_template_attribute("macros/parts.html", "choice_option")
        assert filled("macros/parts.html", "choice_option", options) == "".join(map(macro, options))


def dom(markup):
    """Return what a browser makes of the options."""
    return str(BeautifulSoup(f"<select>{markup}</select>", "html.parser"))
