"""The installation that is soaked: its database, two hosts, a sync, and what it is connected to.

It begins with the release before; ``upgrade`` brings the schema to this one, and from then on whatever is
started is of this one.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench import command
from tests.bench.databases import Postgresql
from tests.servers import adobe as adobes
from tests.servers import marketo as marketos
from tests.servers.adobe import Adobe
from tests.servers.marketo import Marketo
from tests.soak import releases, sources
from tests.soak.hosts import Host, Service
from tests.soak.releases import Release

SYNC_EVERY = "5s"
KEPT_MIB = "8"  # of fragments, full within a minute or two: what grows then is something else


@dataclass
class Installation:
    """A running installation. ``release`` is what is started now, ``key`` signs embed links."""

    database: Postgresql
    environ: dict[str, str]
    key: str
    hosts: tuple[Host, Host]
    sync: Service
    adobe: Adobe
    marketo: Marketo
    release: Release

    @property
    def services(self) -> tuple[Service, ...]:
        """All that runs until it is stopped."""
        return (*self.hosts, self.sync)

    def start(self, service: Service) -> None:
        """Start a service of the release; raise Failed where a host does not get ready."""
        service.serve(self.release) if isinstance(service, Host) else service.start(self.release)

    def run(self, *arguments: str) -> list[str]:
        """Run a command of the release to its end; return its lines. Raises Failed."""
        return command.run([*self.release.program, *arguments], self.environ).output.splitlines()

    def migrate(self) -> None:
        """Migrate by this release, which is what is started from now on. Raises Failed."""
        self.release = releases.this_one()
        self.run("migrate")


@contextmanager
def installed(people: Sequence[dict[str, str]]) -> Iterator[Installation]:
    """Give a running installation of the release before, with the demo company and access.

    Marketo knows ``people``, rows of ``people.csv``. Raises Failed where it cannot begin.
    """
    adobe, marketo = Adobe(), Marketo()
    database, release, key = Postgresql("soak"), releases.before(), secrets.token_urlsafe(32)
    demo = command.environment(database.url)
    environ = demo | _connected(adobe, marketo)
    hosts = Host("host A", environ), Host("host B", environ)
    sync = Service("sync", ("sync", "--every", SYNC_EVERY), environ)
    made = Installation(database, environ, key, hosts, sync, adobe, marketo, release)
    try:
        sources.fill(marketo, people)
        database.create()
        command.run([*release.program, "demo", "--load-only"], demo)
        command.run([*release.program, "config", "set", "api-secret-key"], environ, f"{key}\n")
        for one in made.services:
            made.start(one)
        yield made
    finally:
        for one in made.services:
            one.kill()
        adobe.stop()
        marketo.stop()


def _connected(adobe: Adobe, marketo: Marketo) -> dict[str, str]:
    """Return the settings of an installation with access, connected to both."""
    return {
        "CHATPANE_DEMO": "0",
        "CHATPANE_KEPT_MIB": KEPT_MIB,
        "CHATPANE_SECRET_KEY": secrets.token_urlsafe(48),
        "CHATPANE_ADOBE_CLIENT_ID": adobes.CLIENT_ID,
        "CHATPANE_ADOBE_KEYS_URL": adobe.address,
        "CHATPANE_MARKETO_URL": marketo.url,
        "CHATPANE_MARKETO_CLIENT_ID": marketos.CLIENT_ID,
        "CHATPANE_MARKETO_CLIENT_SECRET": marketos.CLIENT_SECRET,
        "CHATPANE_SYNC_SINCE": datetime.now(UTC).date().isoformat(),
    }
