"""`puntuale verify`: check a ticket's evidence, without a database and without settings."""

import sys
from pathlib import Path

import click

from puntuale.cli.asking import Call, Failed, content_of
from puntuale.guarantee import evidence


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def command(call: Call, *, file: Path) -> None:
    """Check the evidence in FILE: its chain, its due times and sums, its verdict. Exit status 1 when one does not hold.

    Needs nothing but the file and this machine's clock. What it marks with a note or a warning is not shown.
    """
    try:
        bundle = evidence.read(content_of(file))
    except evidence.BundleRefused as problem:
        raise Failed(f"{file}: {problem}") from problem
    findings = evidence.check(bundle, at=call.at)
    for finding in findings:
        click.echo(f"{finding.mark:<8} {finding.what}")
    sys.exit(0 if all(finding.is_sound for finding in findings) else 1)
