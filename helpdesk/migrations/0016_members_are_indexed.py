from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("helpdesk", "0015_words_become_organisations")]

    operations = [
        AddIndexConcurrently(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("member_of__isnull", False)),
                fields=["member_of"],
                name="customer_of_organisation",
            ),
        ),
    ]
