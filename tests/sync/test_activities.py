"""What a visitor does in the chat comes by itself, goes on where it stopped, and is never doubled."""

GUIDS = "SELECT guid FROM activity ORDER BY guid"


def test_a_round_brings_what_is_new_and_whose_it_is(sync, instance, stored):
    instance.add_activity(
        501, 1001, guid="g1", primary="Pricing", attributes={"Conversation Status": "Initiated"}
    )

    done = sync()

    assert done.failure is None
    assert done.reading.counts["added"] == 1
    assert stored("SELECT guid, name, status FROM activity JOIN person ON person.id = person_id") == [
        ("g1", "Ann Lee", "initiated")
    ]


def test_the_next_round_reads_only_what_came_since(sync, instance, stored):
    instance.add_activity(501, 1001, guid="g1")
    sync()
    instance.add_activity(501, 1004, guid="g2", attributes={"Goal Name": "Demo"})

    assert sync().reading.counts["added"] == 1
    assert stored(GUIDS) == [("g1",), ("g2",)]
