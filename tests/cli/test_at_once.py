"""Several processes that begin an installation and import what overlaps, at once: each row is stored once."""

from sqlalchemy import select

from tests.ingest.files import TYPE_NAMES, chat_row, write_crm_file, write_extract, write_types
from webui.models import Activity

ROWS = 1_500
SHARED = 1_000
PEOPLE = range(501, 541)


def test_extracts_that_overlap_and_are_imported_at_once_are_stored_once(new, tmp_path):
    chatpane = new()
    types = write_types(tmp_path / "activity_types.json", TYPE_NAMES)
    people = write_crm_file(
        tmp_path / "people.csv",
        *(
            {
                "kind": "contact",
                "crm_id": f"C{number}",
                "marketo_id": number,
                "account_crm_id": f"A{number % 2}",
            }
            for number in PEOPLE
        ),
    )
    rows = [
        chat_row(marketoGUID=f"g{number}", leadId=str(PEOPLE[number % len(PEOPLE)]))
        for number in range(2 * ROWS - SHARED)
    ]
    files = (
        write_extract(tmp_path / "one.csv", rows[:ROWS]),
        write_extract(tmp_path / "other.csv", rows[: -ROWS - 1 : -1]),  # the other way round
    )

    runs = [chatpane.start("import", "--types", types, people, file) for file in files]
    ends = [(*run.communicate(timeout=60), run.returncode) for run in runs]

    assert [code for *_, code in ends] == [0, 0], ends
    extracts = [line for out, *_ in ends for line in out.splitlines() if line.startswith(("one", "other"))]
    assert sum(int(line.split(", ")[1].split()[0]) for line in extracts) == len(rows)
    with chatpane.database() as connection:
        stored = list(connection.scalars(select(Activity.guid)))
    assert sorted(stored) == sorted(str(row["marketoGUID"]) for row in rows)
    assert [line.split()[1] for line in chatpane("recount").stdout.splitlines()] == ["0", "0", "0"]
