"""The extensions that constraints and indexes of all apps rest on."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    run_before = [("communities", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        CreateExtension("cube"),
        CreateExtension("earthdistance"),
        TrigramExtension(),
    ]
