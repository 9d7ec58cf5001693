"""Look-ups: one row by values, as the session would find it, on both databases."""

import pytest
from sqlalchemy import String, bindparam, column, select, table
from sqlalchemy.exc import DBAPIError

from webui.database import db
from webui.lookups import Lookup
from webui.models import Person

NAMED = Lookup(
    select(Person.kind, Person.first_name)
    .where(Person.crm_id == bindparam("crm_id", type_=String), Person.last_name != bindparam("crm_id"))
    .limit(1)
)


@pytest.mark.parametrize("crm_id", ["00Q1", "a%b", "q'\"?:x", "佐藤 🎈"])
def test_a_row_is_found_by_its_values_whatever_they_are_made_of(bare_app, make_person, crm_id):
    make_person("other", marketo_id=1)
    make_person(crm_id, marketo_id=2, first_name="Zoë")

    assert tuple(NAMED.row(crm_id=crm_id)) == ("lead", "Zoë")


def test_what_is_not_there_is_nothing(bare_app, make_person):
    make_person("00Q1")

    assert NAMED.row(crm_id="00Q2") is None


def test_it_sees_what_is_committed_and_leaves_the_session_alone(bare_app, make_person):
    make_person("00Q1")
    db.session.scalar(select(Person.id))

    assert NAMED.row(crm_id="00Q1")
    assert db.session().in_transaction()


def test_what_goes_wrong_is_said_as_sqlalchemy_says_it(bare_app):
    gone = Lookup(select(column("id")).select_from(table("no_such_table")))

    with pytest.raises(DBAPIError, match="no_such_table"):
        gone.row()
    assert NAMED.row(crm_id="00Q1") is None
