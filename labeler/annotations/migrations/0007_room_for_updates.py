"""Leave room on the pages of labels and images (PostgreSQL): a label action rewrites thousands of their rows.

A new version of a row that fits on its page needs no new entries in the indexes (heap-only tuples). Pages that are full
already get room when they are next rewritten.
"""

from django.db import migrations

TABLES = ("annotations_label", "datasets_image")


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")


def leave_none(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} RESET (fillfactor)")


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0006_actions_of_a_kind'),
        ('datasets', '0012_removals'),
    ]

    operations = [migrations.RunPython(leave_room, leave_none)]
