from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_changes_mark_their_day")]

    operations = [
        migrations.AddField(
            model_name="casenotice",
            name="translations",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="caseticket",
            name="how",
            field=models.CharField(
                choices=[
                    ("rule", "By its issue"),
                    ("model", "By its words"),
                    ("hand", "By hand"),
                    ("asked", "The customer asked to be told"),
                ],
                max_length=5,
            ),
        ),
    ]
