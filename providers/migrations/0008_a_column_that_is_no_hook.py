"""`clean` is Django's hook of validation: a column of that name took its place."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("providers", "0007_letters_never_change")]
    operations = [migrations.RenameField(model_name="reviewcase", old_name="clean", new_name="is_clean")]
