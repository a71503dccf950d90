import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("output", "0001_initial"),
        ("output", "0002_customers_have_notes"),
        ("output", "0003_merges_are_kept"),
        ("output", "0004_organisations_have_notes"),
        ("output", "0005_exports_and_erasures"),
        ("output", "0006_letters_to_others"),
        ("output", "0007_retention"),
        ("output", "0008_notifications"),
        ("output", "0009_customers_sign_in"),
        ("output", "0010_articles_and_the_help_centre"),
    ]

    initial = True

    dependencies = [
        ("helpdesk", "0001_tables"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.customeraddress",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CustomerSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("secret", models.CharField(max_length=64, unique=True)),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.customeraddress",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-seen_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("names", models.JSONField(default=dict)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "slug"],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("customers", "Customers we know"),
                            ("staff", "Colleagues only"),
                            ("department", "One department only"),
                        ],
                        default="everybody",
                        max_length=10,
                    ),
                ),
                (
                    "source_language",
                    models.CharField(
                        choices=[
                            ("id", "Bahasa indonesia"),
                            ("eu", "Basque"),
                            ("ca", "Català"),
                            ("da", "Dansk"),
                            ("de", "Deutsch"),
                            ("et", "Eesti"),
                            ("en", "English"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("ga", "Gaeilge"),
                            ("hr", "Hrvatski"),
                            ("it", "Italiano"),
                            ("lv", "Latviešu"),
                            ("lt", "Lietuviškai"),
                            ("hu", "Magyar"),
                            ("nl", "Nederlands"),
                            ("nb", "Norsk (bokmål)"),
                            ("pl", "Polski"),
                            ("pt", "Português"),
                            ("ro", "Română"),
                            ("sk", "Slovensky"),
                            ("sl", "Slovenščina"),
                            ("fi", "Suomi"),
                            ("sv", "Svenska"),
                            ("vi", "Tiếng việt"),
                            ("tr", "Türkçe"),
                            ("cs", "Česky"),
                            ("el", "Ελληνικά"),
                            ("bg", "Български"),
                            ("ru", "Русский"),
                            ("sr", "Српски"),
                            ("uk", "Українська"),
                            ("hy", "Հայերեն"),
                            ("he", "עברית"),
                            ("ar", "العربيّة"),
                            ("fa", "فارسی"),
                            ("ne", "नेपाली"),
                            ("hi", "हिंदी"),
                            ("ta", "தமிழ்"),
                            ("th", "ภาษาไทย"),
                            ("ja", "日本語"),
                            ("ko", "한국어"),
                        ],
                        max_length=10,
                    ),
                ),
                ("look_again_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                ("issues", models.ManyToManyField(blank=True, related_name="+", to="helpdesk.issue")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="output.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("visibility", "department"), _negated=True),
                            ("department__isnull", False),
                            _connector="OR",
                        ),
                        name="an_article_of_a_department_names_it",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("customers", "Customers we know"),
                            ("staff", "Colleagues only"),
                            ("department", "One department only"),
                        ],
                        default="everybody",
                        max_length=10,
                    ),
                ),
                (
                    "source_language",
                    models.CharField(
                        choices=[
                            ("id", "Bahasa indonesia"),
                            ("eu", "Basque"),
                            ("ca", "Català"),
                            ("da", "Dansk"),
                            ("de", "Deutsch"),
                            ("et", "Eesti"),
                            ("en", "English"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("ga", "Gaeilge"),
                            ("hr", "Hrvatski"),
                            ("it", "Italiano"),
                            ("lv", "Latviešu"),
                            ("lt", "Lietuviškai"),
                            ("hu", "Magyar"),
                            ("nl", "Nederlands"),
                            ("nb", "Norsk (bokmål)"),
                            ("pl", "Polski"),
                            ("pt", "Português"),
                            ("ro", "Română"),
                            ("sk", "Slovensky"),
                            ("sl", "Slovenščina"),
                            ("fi", "Suomi"),
                            ("sv", "Svenska"),
                            ("vi", "Tiếng việt"),
                            ("tr", "Türkçe"),
                            ("cs", "Česky"),
                            ("el", "Ελληνικά"),
                            ("bg", "Български"),
                            ("ru", "Русский"),
                            ("sr", "Српски"),
                            ("uk", "Українська"),
                            ("hy", "Հայերեն"),
                            ("he", "עברית"),
                            ("ar", "العربيّة"),
                            ("fa", "فارسی"),
                            ("ne", "नेपाली"),
                            ("hi", "हिंदी"),
                            ("ta", "தமிழ்"),
                            ("th", "ภาษาไทย"),
                            ("ja", "日本語"),
                            ("ko", "한국어"),
                        ],
                        max_length=10,
                    ),
                ),
                ("look_again_on", models.DateField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="output.article",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="output.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ArticleText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("id", "Bahasa indonesia"),
                            ("eu", "Basque"),
                            ("ca", "Català"),
                            ("da", "Dansk"),
                            ("de", "Deutsch"),
                            ("et", "Eesti"),
                            ("en", "English"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("ga", "Gaeilge"),
                            ("hr", "Hrvatski"),
                            ("it", "Italiano"),
                            ("lv", "Latviešu"),
                            ("lt", "Lietuviškai"),
                            ("hu", "Magyar"),
                            ("nl", "Nederlands"),
                            ("nb", "Norsk (bokmål)"),
                            ("pl", "Polski"),
                            ("pt", "Português"),
                            ("ro", "Română"),
                            ("sk", "Slovensky"),
                            ("sl", "Slovenščina"),
                            ("fi", "Suomi"),
                            ("sv", "Svenska"),
                            ("vi", "Tiếng việt"),
                            ("tr", "Türkçe"),
                            ("cs", "Česky"),
                            ("el", "Ελληνικά"),
                            ("bg", "Български"),
                            ("ru", "Русский"),
                            ("sr", "Српски"),
                            ("uk", "Українська"),
                            ("hy", "Հայերեն"),
                            ("he", "עברית"),
                            ("ar", "العربيّة"),
                            ("fa", "فارسی"),
                            ("ne", "नेपाली"),
                            ("hi", "हिंदी"),
                            ("ta", "தமிழ்"),
                            ("th", "ภาษาไทย"),
                            ("ja", "日本語"),
                            ("ko", "한국어"),
                        ],
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("tells_version", models.PositiveIntegerField(default=0)),
                ("is_published", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="output.article"
                    ),
                ),
            ],
            options={
                "ordering": ["language"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_search"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("title", name="gin_trgm_ops"),
                        name="article_title_like",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "language"), name="an_article_once_in_a_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_published", False),
                            models.Q(("published_at__isnull", False), ("version__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_published_article_has_a_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("words", models.JSONField()),
                ("tells_version", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("refused_why", models.CharField(blank=True, max_length=500)),
                ("from_ticket", models.BooleanField(default=False)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="output.articletext",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("number"), descending=True, nulls_first=True)],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("text", "number"), name="each_version_of_an_article_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", True)),
                        fields=("text",),
                        name="one_draft_of_an_article",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField(max_length=5000)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["customer", "-id"], name="note_of_customer")],
            },
        ),
        migrations.CreateModel(
            name="CustomerMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("record", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["kept", "-id"], name="merges_of_kept"),
                    models.Index(fields=["gone", "-id"], name="merges_of_gone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=32, null=True, unique=True)),
                ("language", models.CharField(max_length=10)),
                ("started_at", models.DateTimeField()),
                ("who", models.CharField(blank=True, max_length=64)),
                ("wrote_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["started_at"], name="help_visit_started"),
                    models.Index(
                        condition=models.Q(("settled_at", None)),
                        fields=["started_at"],
                        name="help_visit_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_at", None), models.Q(("key", None), ("who", "")), _connector="OR"
                        ),
                        name="a_settled_visit_is_nobodys",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("query", models.CharField(max_length=120)),
                ("language", models.CharField(max_length=10)),
                ("hits", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="searches",
                        to="output.helpvisit",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["at"], name="help_search_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "query"), name="a_search_once_in_a_visit")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("browsing", "Browsing"),
                            ("search", "Search"),
                            ("suggestion", "Suggestion"),
                        ],
                        max_length=10,
                    ),
                ),
                ("shown_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("helped", models.BooleanField(blank=True, null=True)),
                ("word", models.CharField(blank=True, max_length=300)),
                ("voted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="output.article"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uses",
                        to="output.helpvisit",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["article", "-shown_at"], name="use_of_article")],
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "article"), name="an_article_once_in_a_visit"),
                    models.CheckConstraint(
                        condition=models.Q(("helped", None), ("opened_at__isnull", False), _connector="OR"),
                        name="who_votes_has_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=200)),
                ("about", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("url", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("in_app", models.BooleanField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("never", "No mail"),
                            ("now", "At once"),
                            ("hourly", "Once an hour"),
                            ("daily", "Once a day"),
                        ],
                        max_length=8,
                    ),
                ),
                ("mail_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["user", "-at", "-id"], name="notifications_of_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["user", "ticket"],
                        name="notifications_unread",
                    ),
                    models.Index(
                        condition=models.Q(("mail_at__isnull", False)),
                        fields=["mail_at"],
                        name="notifications_to_mail",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "key"), name="told_of_a_happening_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ways", models.JSONField(default=dict)),
                ("morning", models.PositiveSmallIntegerField(default=8)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("morning__lte", 23)), name="a_morning_is_an_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField(max_length=5000)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["organisation", "-id"], name="note_of_organisation")],
            },
        ),
        migrations.CreateModel(
            name="CustomerExport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("with_notes", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Being made"), ("ready", "Ready"), ("gone", "No longer kept")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=0)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["customer", "-id"], name="export_of_customer"),
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["id"], name="export_waiting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("customer",),
                        name="one_export_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("terms", models.JSONField(default=dict)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("last_row", models.BigIntegerField(default=0)),
                ("steps", models.PositiveSmallIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="helpdesk.customer"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at", None)), fields=["id"], name="erasure_running"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("terms", {}), _connector="OR"),
                        name="finished_erasures_know_nobody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("files", "Files of closed tickets"),
                            ("words", "Words of closed tickets"),
                            ("mails", "Mails as they came, raw"),
                            ("customers", "Customers without a ticket"),
                        ],
                        max_length=10,
                    ),
                ),
                ("days", models.PositiveIntegerField()),
                ("is_on", models.BooleanField(default=False)),
                ("set_at", models.DateTimeField()),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.department",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "department"), name="one_rule_of_a_kind", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 7)), name="kept_for_a_week_at_least"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="output.retentionrule",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.customer",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer__isnull", False), ("ticket__isnull", True)),
                            models.Q(("customer__isnull", True), ("ticket__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_hold_is_on_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("secret", models.TextField()),
                ("old_secret", models.TextField(blank=True)),
                ("old_secret_until", models.DateTimeField(blank=True, null=True)),
                ("is_on", models.BooleanField(default=True)),
                ("off_reason", models.CharField(blank=True, max_length=200)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("rests_until", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sees_as",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("url", "sees_as"), name="one_webhook_an_address_and_user"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kinds", []), _negated=True), name="webhooks_listen_to_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempted_at", models.DateTimeField(blank=True, null=True)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("seconds", models.FloatField(blank=True, null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="output.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["webhook", "not_before"],
                        name="webhook_due",
                    ),
                    models.Index(fields=["webhook", "-id"], name="webhook_log"),
                    models.Index(fields=["created_at"], name="webhook_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("webhook", "event_id"), name="an_event_once_to_a_webhook")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reply", "Reply"),
                            ("acknowledgement", "Acknowledgement"),
                            ("notice", "Notice"),
                            ("side", "Side conversation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("key", models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ("sender", models.CharField(max_length=320)),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), size=None
                    ),
                ),
                (
                    "cc",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.EmailField(max_length=254), default=list, size=None
                    ),
                ),
                ("subject", models.CharField(max_length=600)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("headers", models.JSONField(default=dict)),
                ("letter_id", models.CharField(max_length=400, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held"),
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("send_after", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["held", "queued"])),
                        fields=["send_after", "id"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_at"], name="delivery_stuck"
                    ),
                    models.Index(fields=["ticket", "-id"], name="delivery_of_ticket"),
                    models.Index(fields=["state", "-id"], name="delivery_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["notice", "side"]), ("message__isnull", True)),
                            models.Q(
                                models.Q(("kind__in", ["notice", "side"]), _negated=True),
                                ("message__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="replies_have_a_message_notices_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_letters_have_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=80)),
                ("content", models.BinaryField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enclosures",
                        to="output.delivery",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "name"), name="a_file_once_in_a_letter")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_envelope",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."message_id" IS DISTINCT FROM (NEW."message_id") OR OLD."ticket_id" IS DISTINCT FROM (NEW."ticket_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."sender" IS DISTINCT FROM (NEW."sender") OR OLD."to" IS DISTINCT FROM (NEW."to") OR OLD."cc" IS DISTINCT FROM (NEW."cc") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."html" IS DISTINCT FROM (NEW."html") OR OLD."headers" IS DISTINCT FROM (NEW."headers") OR OLD."letter_id" IS DISTINCT FROM (NEW."letter_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ae4b127d4564f3b8d9131fc685141b71883d2c38",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_envelope_979bb",
                    table="output_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="states_of_a_letter",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{held:sending,held:withdrawn,queued:sending,sending:sent,sending:queued,sending:failed,failed:queued}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="210d7f60c4930cba29bd178c0f66f4aedf1492e4",
                    operation="UPDATE",
                    pgid="pgtrigger_states_of_a_letter_bf654",
                    table="output_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_enclosure",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3ff17a45bb16206ab60a0fc41a207fda038c6f8b",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_enclosure_4deac",
                    table="output_enclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5475545258c88a193674b9d0e020d3c76d7f4806",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3064f",
                    table="output_articleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "output_articleevent" ("department_id", "id", "look_again_on", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_language", "topic_id", "visibility") VALUES (NEW."department_id", NEW."id", NEW."look_again_on", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source_language", NEW."topic_id", NEW."visibility"); RETURN NULL;',
                    hash="c98d1904e449d67f27f11bcc1ae36737ceb22cdb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_137aa",
                    table="output_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "output_articleevent" ("department_id", "id", "look_again_on", "made_at", "made_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_language", "topic_id", "visibility") VALUES (NEW."department_id", NEW."id", NEW."look_again_on", NEW."made_at", NEW."made_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source_language", NEW."topic_id", NEW."visibility"); RETURN NULL;',
                    hash="2e597807703b1cc6edc67c936742422e4586cb9d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4f222",
                    table="output_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="webhookdelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_message",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."webhook_id" IS DISTINCT FROM (NEW."webhook_id") OR OLD."event_id" IS DISTINCT FROM (NEW."event_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="005c6382aff6b0d75a03cdd594f8835c9cbc6a9e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_message_44d65",
                    table="output_webhookdelivery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
