"""``chatpane reindex`` beside the work: it mends what was wrong, and who writes waits for a step alone."""

import threading

import pytest
from sqlalchemy import select, text

from webui.database import db
from webui.feeds import search
from webui.ingest import search_texts
from webui.models import Activity, SearchText


def test_texts_that_somebody_changed_by_hand_or_left_behind_are_mended(app, make_person, make_activity):
    make_person()
    ids = {word: make_activity(goal_name=word, type_key="reached-goal") for word in ("Quote", "Demo")}
    texts = select(SearchText.key, SearchText.folded).order_by(SearchText.key)
    right = db.session.execute(texts).all()
    db.session.execute(text("UPDATE search_text SET folded = 'wrong'"))
    db.session.execute(text("INSERT INTO search_text (key, folded) VALUES (4000000, 'of nobody')"))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("DELETE FROM search_gram"))
    db.session.commit()

    assert search_texts.renew_all() == len(right)

    assert db.session.execute(texts).all() == right
    assert {word: search._by_texts([word.lower()]) for word in ids} == {
        word: {id_} for word, id_ in ids.items()
    }


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_activities_go_in_and_are_found_while_all_texts_are_written_anew(
    app, make_person, make_activity, monkeypatch
):
    make_person()
    for _ in range(40):
        make_activity(goal_name="Quote", type_key="reached-goal")
    monkeypatch.setattr(search_texts, "AT_ONCE", 1)

    def renew() -> None:
        with app.app_context():
            search_texts.renew_all()

    renewing = threading.Thread(target=renew)
    renewing.start()
    meanwhile = [make_activity(goal_name="Soon", type_key="reached-goal")]
    assert renewing.is_alive()
    for _ in range(4):
        assert len(search._by_texts(["quote"])) == 40
        meanwhile.append(make_activity(goal_name="Soon", type_key="reached-goal"))
    renewing.join()

    assert search._by_texts(["soon"]) == set(meanwhile)
    assert len(search._by_texts(["quote"])) == 40
    assert len(list(db.session.scalars(select(Activity.id)))) == 40 + len(meanwhile)
