"""The chatpane command: a second face beside the views, over the same rooms.

Each module holds the commands of one subject. ``main`` reads the settings, makes the app and brings
the database's schema up to date before any of them runs.
"""

import sys

import click
from flask import Flask

from webui import __version__, create_app
from webui.cli import (
    audit,
    backup,
    configuration,
    doctor,
    embed_link,
    explain,
    forget,
    imports,
    prune,
    reconcile,
    rejected,
    replay,
    serving,
    sessions,
    sync,
    upkeep,
)
from webui.config import BadSettings
from webui.schema import NoDatabase, SchemaTooOld, prepare

UNPREPARED = ("migrate", "doctor", "backup", "restore")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="chatpane")
@click.pass_context
def main(context: click.Context) -> None:
    """Chat, and what else Marketo logs, inside the CRM record.

    Settings are environment variables CHATPANE_*: `chatpane doctor` lists them.
    """
    if any(word in sys.argv[1:] for word in context.help_option_names):
        return
    try:
        app = create_app()
    except BadSettings as error:
        raise click.ClickException(f"these settings cannot be used:\n{error}") from error
    context.obj = app
    context.with_resource(app.app_context())
    if context.invoked_subcommand not in UNPREPARED:
        _prepare(app)


def _prepare(app: Flask) -> None:
    try:
        prepare(app.extensions["chatpane"])
    except (NoDatabase, SchemaTooOld) as error:
        raise click.ClickException(str(error)) from error


for command in (
    serving.serve,
    serving.demo,
    imports.import_,
    sync.sync,
    replay.replay,
    reconcile.reconcile,
    rejected.rejected,
    configuration.config,
    configuration.switch,
    sessions.admin_link,
    upkeep.migrate,
    upkeep.recount,
    upkeep.reindex,
    doctor.doctor,
    backup.backup,
    backup.restore,
    embed_link.embed_link,
    explain.explain,
    forget.forget,
    prune.prune,
    audit.audit,
    sessions.sign_out_everyone,
):
    main.add_command(command)
