from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0003_a_message_may_be_refused")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("refused_at__isnull", False)), fields=["ticket"], name="message_refused"
            ),
        ),
    ]
