"""The bench's files: a generated company in the real formats, written once for each shape.

They are in ``data/`` (which git ignores), in a folder named by a digest of the shape and of the code
that writes them, so that a second run finds them and a changed generator does not.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tests.bench import chats, deals, others, people
from tests.bench.people import Company
from webui.ingest.extract import COLUMNS
from webui.vocabulary import FAMILIES

DATA = Path(__file__).parent / "data"
WEEKS = 13 + 26
WEEKS_A_FILE = 4
PEOPLE_COLUMNS = (
    "kind",
    "crm_id",
    "marketo_id",
    "first_name",
    "last_name",
    "email",
    "account_crm_id",
    "owner",
)

_CODE = b"".join(Path(module.__file__ or "").read_bytes() for module in (people, deals, chats))


@dataclass(frozen=True)
class Shape:
    """How much is generated: so many activities over ``weeks`` whole weeks up to ``last_week``'s."""

    activities: int
    last_week: date
    weeks: int = WEEKS
    seed: int = 7

    @property
    def name(self) -> str:
        """How many activities, and a digest that changes whenever the files would."""
        digest = sha256(repr(asdict(self)).encode() + _CODE).hexdigest()[:12]
        return f"{self.activities}_{digest}"

    @property
    def first_week(self) -> date:
        """The Monday on which it begins."""
        return self.last_week - timedelta(weeks=self.weeks - 1)

    def months(self) -> Iterator[tuple[date, range]]:
        """Give the weeks that stand in a file together, with the Monday on which they begin."""
        for begin in range(0, self.weeks, WEEKS_A_FILE):
            weeks = range(begin, min(begin + WEEKS_A_FILE, self.weeks))
            yield self.first_week + timedelta(weeks=begin), weeks

    def of_week(self, week: int) -> int:
        """Return how many activities the ``week``-th week has."""
        return self.activities * (week + 1) // self.weeks - self.activities * week // self.weeks


@dataclass(frozen=True)
class Files:
    """The files of a shape."""

    shape: Shape
    folder: Path

    @property
    def crm(self) -> tuple[Path, ...]:
        """The four CRM files, in the order in which a CRM would send them."""
        names = ("accounts.csv", "people.csv", "opportunities.csv", "roles.csv")
        return tuple(self.folder / name for name in names)

    @property
    def extracts(self) -> tuple[Path, ...]:
        """The activity extracts, oldest first."""
        return tuple(sorted(self.folder.glob("activities-*.csv")))


def with_families(files: Files, part: int) -> dict[str, tuple[Path, ...]]:
    """Return extracts of each family beside a shape's own, written if they are not there yet; oldest first.

    Each family has one of ``part`` parts of the shape's activities, chat too: others than the shape's own.
    """
    shape = files.shape
    digest = sha256(Path(others.__file__).read_bytes() + repr(part).encode()).hexdigest()[:12]
    folder = files.folder / f"families-{digest}"
    if not folder.is_dir():
        begun = folder.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir()
        company = people.company(shape.activities, shape.seed)
        few = replace(shape, activities=shape.activities // part)
        for family in FAMILIES:
            for begin, weeks in few.months():
                rows = (
                    row
                    for week in weeks
                    for row in others.rows(
                        company, family.key, few.first_week, week, few.of_week(week), few.seed
                    )
                )
                _write(begun / f"{family.key}-{begin}.csv", COLUMNS, rows)
        begun.rename(folder)
    return {family.key: tuple(sorted(folder.glob(f"{family.key}-*.csv"))) for family in FAMILIES}


def running_week() -> date:
    """Return the Monday of the running week, in UTC."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday())


def written(shape: Shape) -> Files:
    """Return the files of a shape, writing them if they are not there yet."""
    files = Files(shape, DATA / f"files-{shape.name}")
    if not files.folder.is_dir():
        begun = files.folder.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        company = people.company(shape.activities, shape.seed)
        _write_company(begun, company, shape.seed)
        _write_activities(begun, company, shape)
        begun.rename(files.folder)
        for older in DATA.glob(f"files-{shape.activities}_*"):
            if older != files.folder:
                shutil.rmtree(older)
    return files


def _write_company(folder: Path, company: Company, seed: int) -> None:
    of_deals = deals.deals(company, seed)
    _write(folder / "accounts.csv", ("crm_id", "name"), company.accounts)
    _write(folder / "people.csv", PEOPLE_COLUMNS, _people(company))
    _write(folder / "opportunities.csv", ("crm_id", "name", "account_crm_id"), of_deals.opportunities)
    _write(
        folder / "roles.csv", ("opportunity_crm_id", "person_crm_id", "role", "is_primary"), of_deals.roles
    )


def _people(company: Company) -> Iterable[tuple[str, ...]]:
    """Give a row a person and, for the second Marketo id of some, a further one."""
    for one in company.people:
        account = "" if one.account is None else company.accounts[one.account][0]
        email = f"{one.crm_id.lower()}@example.com"
        for marketo_id in one.marketo_ids:
            names = (one.first_name, one.last_name, email, account, one.owner)
            yield (one.kind, one.crm_id, str(marketo_id), *names)


def _write_activities(folder: Path, company: Company, shape: Shape) -> None:
    types = json.dumps(chats.types(), indent=1)
    (folder / "activity_types.json").write_text(types, encoding="utf-8")
    for begin, weeks in shape.months():
        rows = (
            row
            for week in weeks
            for row in chats.rows(company, shape.first_week, week, shape.of_week(week), shape.seed)
        )
        _write(folder / f"activities-{begin}.csv", COLUMNS, rows)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
