"""Empties the tables after a test that commits: only those that hold rows, without rebuilding anything.

Django's own flush truncates every table and creates permissions and content types anew, which costs
more than a second; deleting the few rows of a test costs some milliseconds. Triggers (append-only
tables, foreign keys) are off while it lasts, as they are under TRUNCATE.
"""

from typing import Any

from django.db import connection

KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def empty_tables(_test_case: Any = None) -> None:
    """No table holds a row of a test any more."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    quoted = {table: connection.ops.quote_name(table) for table in tables}
    holding = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {quoted[table]})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(holding)
        full = [table for (table,) in cursor.fetchall()]
        if full:
            deletes = "; ".join(f"DELETE FROM {quoted[table]}" for table in full)
            cursor.execute(f"SET session_replication_role = replica; {deletes}; SET session_replication_role = origin")
