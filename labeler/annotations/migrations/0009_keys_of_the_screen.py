"""Keys that the Label screen has for its own actions are taken from classes, which get the next free one."""

from django.db import migrations

CLASS_KEYS = "1234567890qweryuipasdgjkzm"


def give_free_keys(apps, schema_editor):
    LabelClass = apps.get_model("annotations", "LabelClass")
    for label_class in LabelClass.objects.exclude(hotkey="").order_by("project_id", "position", "id"):
        if label_class.hotkey in CLASS_KEYS:
            continue
        own = {"project_id": label_class.project_id, "archived_at": None}
        used = set(LabelClass.objects.filter(**own).values_list("hotkey", flat=True))
        is_archived = label_class.archived_at is not None
        free = (key for key in CLASS_KEYS if key not in used)
        label_class.hotkey = "" if is_archived else next(free, "")
        label_class.save(update_fields=["hotkey"])


class Migration(migrations.Migration):

    dependencies = [("annotations", "0008_keys_unchecked")]

    operations = [migrations.RunPython(give_free_keys, migrations.RunPython.noop)]
