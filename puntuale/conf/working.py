"""`puntuale work`: a worker. Any number can run against one database."""

import click

from puntuale.cli.asking import Call


@click.command("work")
@click.option("--concurrency", default=4, show_default=True, type=click.IntRange(1, 64), help="Jobs at a time.")
@click.pass_obj
def command(call: Call, *, concurrency: int) -> None:
    """Do what is to be done in the background, until stopped."""
    with call.open_desk():
        from procrastinate.contrib.django import app  # noqa: PLC0415

        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        worker.run_worker(concurrency=concurrency, delete_jobs="successful")
