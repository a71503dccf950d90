import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import pgvector.django
import pgvector.django.halfvec
import pgvector.django.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0001_nouns"),
        ("intake", "0002_how_texts_fit"),
    ]

    operations = [
        # Needs pgvector 0.8 on the server. The owner of a database may create it: it is a trusted extension.
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name="TextVector",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="helpdesk.ticket",
                    ),
                ),
                ("encoder", models.CharField(max_length=40)),
                ("vector", pgvector.django.halfvec.HalfVectorField(null=True)),
                ("encoded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    pgvector.django.indexes.HnswIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.comparison.Cast(
                                "vector", pgvector.django.halfvec.HalfVectorField(dimensions=384)
                            ),
                            name="halfvec_cosine_ops",
                        ),
                        condition=models.Q(("encoder", "all-minilm-l6-v2")),
                        name="text_vector_minilm",
                    ),
                    pgvector.django.indexes.HnswIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.comparison.Cast(
                                "vector", pgvector.django.halfvec.HalfVectorField(dimensions=512)
                            ),
                            name="halfvec_cosine_ops",
                        ),
                        condition=models.Q(("encoder", "use-multilingual-3")),
                        name="text_vector_use",
                    ),
                ],
            },
        ),
    ]
