"""Writes the demo company into this folder, in the file formats that Chatpane imports.

``python seeds/make_seeds.py`` rewrites the files, byte for byte the same each time. With ``--check`` it
writes nothing, and exits 1 if a file on disk differs.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import activity_types
import backdrop
import edges
import marketing
import sessions
import showcase
import stories
from chats import Activity
from company import Company, found
from extracts import files, marketing_files, table
from people import Person

FOLDER = Path(__file__).parent
EXTRACTS = ("activities-*", "marketing-*")
PEOPLE = ("kind", "crm_id", "marketo_id", "first_name", "last_name", "email", "account_crm_id", "owner")


def make() -> dict[str, str]:
    """Return the text of every file by its name."""
    company = found()
    chats = list(_activities(company))
    roles = [
        (role.opportunity, role.person, role.role, str(role.is_primary).lower()) for role in company.roles
    ]
    return {
        "accounts.csv": table(("crm_id", "name"), company.accounts),
        "people.csv": table(PEOPLE, _people_rows(company)),
        "opportunities.csv": table(("crm_id", "name", "account_crm_id"), company.opportunities),
        "roles.csv": table(("opportunity_crm_id", "person_crm_id", "role", "is_primary"), roles),
        "activity_types.json": activity_types.answer(),
        **files(chats),
        **marketing_files(marketing.told(company, chats)),
        "showcase.json": showcase.listing(company),
    }


def _people_rows(company: Company) -> Iterator[tuple[str, ...]]:
    """Yield leads, then contacts, then the rows that only add a marketo id."""
    former = [person for person in company.people if person.former_lead]
    yield from (_row(person, "lead", person.former_lead, account="") for person in former)
    for kind in ("lead", "contact"):
        people = (person for person in company.people if person.kind == kind)
        yield from (_row(person, kind, person.crm_id, account=person.account) for person in people)
    for person in company.people:
        for marketo_id in person.marketo_ids[1:]:
            yield (person.kind, person.crm_id, str(marketo_id), "", "", "", "", "")


def _row(person: Person, kind: str, record: str, *, account: str) -> tuple[str, ...]:
    """Return a person's row as ``kind``."""
    marketo_id = str(person.marketo_ids[0]) if person.marketo_ids else ""
    return (kind, record, marketo_id, person.first, person.last, person.email, account, person.owner)


def _activities(company: Company) -> Iterator[Activity]:
    """Yield the chats and what surrounds them, in no order."""
    for person in company.people:
        yield from sessions.of_person(person)
    yield from stories.told(company)
    yield from edges.told(company)
    yield from backdrop.strangers()
    yield from backdrop.classic(company)


def main(arguments: list[str]) -> int:
    """Write or check the files; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the demo company's files.")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a file differs")
    check = parser.parse_args(arguments).check
    made = {name: text.encode() for name, text in make().items()}
    differing = [name for name, content in made.items() if _on_disk(name) != content]
    extracts = {path.name for kind in EXTRACTS for path in FOLDER.glob(kind)}
    differing += sorted(extracts - made.keys())
    if check:
        sys.stderr.writelines(f"{name} differs from what make_seeds.py makes\n" for name in differing)
        return 1 if differing else 0
    for name in differing:
        _put(name, made.get(name))
    print(f"{len(made)} files, {len(differing)} written, {sum(map(len, made.values())):,} bytes")
    return 0


def _put(name: str, content: bytes | None) -> None:
    """Write a file, or remove one that is no longer made."""
    if content is None:
        (FOLDER / name).unlink()
    else:
        (FOLDER / name).write_bytes(content)


def _on_disk(name: str) -> bytes | None:
    """Return a file's bytes, or None if there is none."""
    path = FOLDER / name
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
