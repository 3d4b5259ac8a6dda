import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bsc", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sheets", "0006_import_doubts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ObjectiveAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_same", models.BooleanField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("other", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bsc.objective")),
                ("own", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="bsc.objective")),
            ],
            options={
                "verbose_name": "answer about an objective",
                "verbose_name_plural": "answers about objectives",
                "constraints": [models.UniqueConstraint(fields=("own", "other"), name="objective_answered_once")],
            },
        ),
    ]
