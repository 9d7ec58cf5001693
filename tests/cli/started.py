"""Runs the command again and again, each time in a process of its own, without paying for each start.

Python and the product's modules are loaded once, by ``python -m tests.cli.started``; each run is a fork
of that process, with the arguments, environment, folder and streams of an ordinary start.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from sqlalchemy.orm import configure_mappers

from webui import schema

CHECKOUT = Path(__file__).parents[2]
STREAMS = ("stdin", "stdout", "stderr")
MODES = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)


class Starter:
    """The loaded process; ``run`` is ``subprocess.run`` of the command."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.cli.started"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
        )

    def run(
        self,
        arguments: list[str],
        *,
        stdin: str,
        env: dict[str, str],
        cwd: Path,
        timeout: int,
        migrations: Path | None = None,
    ) -> "subprocess.CompletedProcess[str]":
        """Run the command to its end; raise TimeoutExpired if that does not come in so many seconds.

        It is the command of another release where ``migrations`` names the folder of that release's.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in STREAMS]
            paths[0].write_text(stdin, encoding="utf-8")
            wanted = {
                "arguments": arguments,
                "environment": env,
                "folder": str(cwd),
                "streams": [str(path) for path in paths],
                "timeout": timeout,
                "migrations": str(migrations or schema.MIGRATIONS),
            }
            self._process.stdin.write(json.dumps(wanted) + "\n")
            self._process.stdin.flush()
            code = json.loads(self._process.stdout.readline())
            said = [path.read_text(encoding="utf-8") if path.exists() else "" for path in paths]
        if code is None:
            raise subprocess.TimeoutExpired(arguments, timeout, *said[1:])
        return subprocess.CompletedProcess(arguments, code, *said[1:])

    def stop(self) -> None:
        """End the loaded process."""
        self._process.terminate()
        self._process.wait()


def _serve() -> None:
    _load()
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(wanted)
        print(json.dumps(_code_of(child, wanted["timeout"])), flush=True)  # noqa: T201


def _load() -> None:
    """Load once what each run needs; in this process alone, for a test only asks it."""
    for name in ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "webui.cli"):
        import_module(name)

    configure_mappers()
    gc.freeze()  # so that a run does not copy what it only reads


def _code_of(child: int, timeout: int) -> int | None:
    """Wait for a run's end; return its exit code, None if it was killed for taking too long."""
    late = False

    def kill(*_: object) -> None:
        nonlocal late
        late = True
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, kill)
    signal.alarm(timeout)
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    return None if late else os.waitstatus_to_exitcode(status)


def _become(wanted: dict[str, Any]) -> NoReturn:
    """Be the command."""
    from webui.cli import main  # noqa: PLC0415

    code = 1
    try:
        for number, (path, mode) in enumerate(zip(wanted["streams"], MODES, strict=True)):
            os.dup2(os.open(path, mode, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)
            for number in range(3)
        )
        os.environ.clear()
        os.environ.update(wanted["environment"])
        os.chdir(wanted["folder"])
        sys.argv = ["chatpane", *wanted["arguments"]]
        schema.MIGRATIONS = Path(wanted["migrations"])
        main(prog_name="chatpane")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
