"""The Nu HTML checker: ``python -m tests.html.nu`` brings it, ``complaints`` runs it.

It comes as the jar of vnu-jar from npm's registry, at the version and hash below, into ``build/`` and needs
Java 17. One complaint is not ours to mend: htmx's attributes are named as htmx names them.
"""

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from urllib.request import urlopen

import click

VERSION = "26.9.27"
TARBALL = f"https://registry.npmjs.org/vnu-jar/-/vnu-jar-{VERSION}.tgz"
SHA512 = "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="
MEMBER = "package/build/dist/vnu.jar"
JAR = Path(__file__).parents[2] / "build" / f"vnu-{VERSION}.jar"
RUN = (
    *("java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(JAR)),
    *("--format", "json", "--errors-only", "--no-langdetect", "--exit-zero-always"),
)
NOT_OURS = re.compile(r".*Attribute “hx-[a-z0-9:.-]+” not allowed.*")

_INSIDE = {"tr": ("<table><tbody>", "</tbody></table>"), "li": ("<ul>", "</ul>")}


def missing() -> str | None:
    """Return what is not here to run it, or nothing."""
    if shutil.which("java") is None:
        return "no Java: apt-get install default-jre-headless"
    return None if JAR.exists() else "no Nu checker: python -m tests.html.nu"


def fetch() -> None:
    """Bring the jar, unless it is here; raise ValueError where it is not the one of the hash."""
    if JAR.exists():
        return
    with urlopen(TARBALL, timeout=120) as answer:
        packed = answer.read()
    if base64.b64encode(hashlib.sha512(packed).digest()).decode() != SHA512:
        raise ValueError(f"{TARBALL} is not the file that was pinned")
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        member = package.extractfile(MEMBER)
        assert member is not None
        JAR.parent.mkdir(exist_ok=True)
        part = JAR.with_suffix(".part")
        part.write_bytes(member.read())
        part.rename(JAR)


def whole(markup: str) -> str:
    """Return a fragment within a minimal document, where its first element may stand."""
    first = re.search(r"<([a-z0-9]+)", markup)
    before, after = _INSIDE.get(first[1] if first else "", ("", ""))
    head = '<!doctype html><html lang="en"><title>A fragment</title><body>'
    return f"{head}{before}{markup}{after}</body></html>"


def complaints(documents: Iterable[tuple[str, str]], folder: Path) -> list[str]:
    """Return the errors in documents, given as (address, markup). They are written into ``folder``."""
    addresses = {}
    for number, (address, markup) in enumerate(documents):
        path = folder / f"{number}.html"
        path.write_text(markup, encoding="utf-8")
        addresses[path.name] = address
    ran = subprocess.run(
        [*RUN, str(folder)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return [
        f"{addresses[one['url'].rpartition('/')[2]]}, line {one.get('lastLine')}: {one['message']}\n"
        f"    {' '.join(one.get('extract', '').split())}"
        for one in json.loads(ran.stderr)["messages"]
        if not NOT_OURS.fullmatch(one["message"])
    ]


def main() -> int:
    """Bring the checker; return 0."""
    fetch()
    click.echo(JAR)
    return 0


if __name__ == "__main__":
    sys.exit(main())
