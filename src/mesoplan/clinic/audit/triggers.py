"""A trigger that refuses every UPDATE of a table whose rows are written once. Used by migrations."""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.state import StateApps

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION mesoplan_never_changed() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def never_changed(*tables: str) -> RunPython:
    """The migration operation for these tables."""
    return RunPython(_add(tables), _drop(tables))


def _add(tables: tuple[str, ...]) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        postgresql = editor.connection.vendor == "postgresql"
        if postgresql:
            editor.execute(_POSTGRESQL_FUNCTION, params=None)
        for table in tables:
            begin = f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}"
            if postgresql:
                editor.execute(f"{begin} FOR EACH ROW EXECUTE FUNCTION mesoplan_never_changed()", params=None)
            else:
                refuse = f"SELECT RAISE(ABORT, 'rows of {table} are never changed');"
                editor.execute(f"{begin} BEGIN {refuse} END", params=None)

    return run


def _drop(tables: tuple[str, ...]) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    def run(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_never_changed{on}", params=None)

    return run
