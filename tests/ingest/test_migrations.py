"""The schema that the migrations make is the one that the models mean, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade
from sqlalchemy import MetaData, inspect, select, text

from webui import schema
from webui.database import db
from webui.feeds import search
from webui.ingest import search_texts
from webui.installation import writing
from webui.models import GRAM_INDEX, Activity, Base, Installation, SearchText, Subject


@pytest.fixture
def own_app(bare_app):
    """The app on a database without any schema; it gets its schema back in the end."""
    settings = bare_app.extensions["chatpane"]
    drop_every_table()
    yield bare_app
    db.session.remove()
    drop_every_table()
    schema.prepare(settings)


def drop_every_table():
    """Make the database as empty as a new one."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE IF EXISTS {GRAM_INDEX}"))
    there = MetaData()
    there.reflect(db.engine)
    there.drop_all(db.engine)


def differences():
    """Return what Alembic would still change to come from the database to the models."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": schema.is_of_the_models,
            },
        )
        return compare_metadata(context, Base.metadata)


def test_migrations_make_what_the_models_mean_and_take_it_back(own_app):
    schema.migrate(own_app.extensions["chatpane"])
    assert schema.revision() == schema.head()
    assert differences() == []

    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]

    schema.migrate(own_app.extensions["chatpane"])
    assert differences() == []


def known():
    """Return what is known of the people and their activities, by the columns that both releases have."""
    with db.engine.connect() as connection:
        return [
            connection.execute(text(f"SELECT {columns} FROM {table}")).all()
            for table, columns in (
                ("person", "id, crm_id"),
                ("marketo_lead", "marketo_id, person_id"),
                ("activity", "id, guid, person_id"),
                ("activity_detail", "activity_id, page_url"),
                ("person_week", "person_id, week, type_key, count"),
                ("account_week", "account_id, week, type_key, count"),
                ("installation_week", "week, type_key, count"),
            )
        ]


def test_a_release_is_taken_back_and_brought_again_with_people_and_their_activities(
    own_app, make_account, make_person, make_activity
):
    schema.prepare(own_app.extensions["chatpane"])
    make_person("003A", "contact", account_crm_id=make_account())
    make_activity()
    db.session.remove()
    before = known()
    assert all(before)

    downgrade(directory=str(schema.MIGRATIONS), revision="0002")
    assert known() == before

    schema.migrate(own_app.extensions["chatpane"])
    assert known() == before
    assert differences() == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_persons_counts_lie_side_by_side_in_the_file(own_app):
    schema.migrate(own_app.extensions["chatpane"])

    with db.engine.connect() as connection:
        made = (
            connection.execute(text("SELECT sql FROM sqlite_master WHERE name LIKE '%_week'")).scalars().all()
        )
    assert [statement.strip().endswith("WITHOUT ROWID") for statement in made] == [True] * 3


def test_what_was_stored_before_there_was_a_search_is_found(own_app, make_person, make_activity):
    schema.prepare(own_app.extensions["chatpane"])
    make_person()
    make_activity(dialogue="予定", transcript="Hello", topics=["資料", "Price"])
    texts = select(SearchText.key, SearchText.folded).order_by(SearchText.key)
    kept = db.session.execute(texts).all()
    assert len(kept) == 3
    db.session.remove()

    downgrade(directory=str(schema.MIGRATIONS), revision="0003")
    schema.migrate(own_app.extensions["chatpane"])

    assert db.session.execute(texts).all() == kept
    assert search._by_texts(["資料"]) == set(db.session.scalars(select(Activity.id)))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_the_search_kept_before_its_grams_came_more_than_once_can_be_forgotten(
    own_app, make_person, make_activity
):
    schema.prepare(own_app.extensions["chatpane"])
    make_person()
    id_ = make_activity(transcript=" ".join(f"same{number}" for number in range(50)))
    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision="0007")  # as the release before kept it

    schema.migrate(own_app.extensions["chatpane"])

    assert search._by_texts(["same"]) == {id_}
    with writing():
        search_texts.drop(Subject.ACTIVITY, [id_])
    assert search._by_texts(["same"]) == set()


def test_an_empty_database_gets_its_schema_and_its_one_installation_once(own_app):
    settings = own_app.extensions["chatpane"]
    schema.prepare(settings)
    schema.prepare(settings)
    assert [row.weeks_timezone for row in db.session.query(Installation)] == ["UTC"]


def test_an_installation_whose_making_was_interrupted_is_completed_by_the_next_command(own_app):
    settings = own_app.extensions["chatpane"]
    schema.prepare(settings)
    db.session.query(Installation).delete()
    db.session.commit()
    schema.prepare(settings)
    assert db.session.query(Installation).count() == 1


def test_an_older_schema_is_refused_on_postgresql_and_brought_up_to_date_on_sqlite(own_app):
    settings = own_app.extensions["chatpane"]
    schema.migrate(settings)
    db.session.remove()
    downgrade(directory=str(schema.MIGRATIONS), revision="-1")

    if db.engine.dialect.name == "sqlite":
        schema.prepare(settings)
        assert schema.revision() == schema.head()
    else:
        with pytest.raises(schema.SchemaTooOld, match="run `chatpane migrate`"):
            schema.prepare(settings)
        assert schema.revision() != schema.head()


def test_a_schema_of_a_later_release_is_refused_and_left_alone(own_app):
    settings = own_app.extensions["chatpane"]
    schema.migrate(settings)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(schema.SchemaTooOld, match="install that one, or a newer one"):
        schema.prepare(settings)
    assert schema.revision() == "from-the-future"
