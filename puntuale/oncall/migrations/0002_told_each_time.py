from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Min

KIND = "paged_in_vain"


def give_each_time_its_row(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """What managers were told under the key of a paging is told under that of its first time from now on."""
    time, intent = apps.get_model("oncall", "InVain"), apps.get_model("sending", "Intent")
    told = intent.objects.filter(kind=KIND)
    first = dict(told.values_list("about").annotate(Min("made_at")))
    # Out of the way first, so that no new key meets an old one.
    told.update(about=-F("about"))
    for paging, at in first.items():
        told.filter(about=-paging).update(about=time.objects.create(paging_id=paging, at=at).pk)


class Migration(migrations.Migration):
    dependencies = [("oncall", "0001_initial"), ("sending", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="InVain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "paging",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, related_name="in_vain", to="oncall.paging"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunPython(give_each_time_its_row, migrations.RunPython.noop),
    ]
