"""Whether the models say something that no migration does yet. Needs no database."""

import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def main() -> int:
    """Tell what is missing."""
    django.setup()
    loader = MigrationLoader(None)
    if conflicts := loader.detect_conflicts():
        print(f"migrations that do not know each other: {conflicts}")
        return 1
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(graph=loader.graph)
    for app, migrations in changes.items():
        for migration in migrations:
            for operation in migration.operations:
                print(f"{app}: no migration does this yet: {operation.describe()}")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
