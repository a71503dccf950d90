"""What goes in and out of staff management's API."""

from typing import Any

from rest_framework import serializers

from apps.staff.models import Assignment, Certificate, Course, Reason, Skill
from apps.staff.models.training import BY_PEOPLE, LONGEST_TITLE
from helpdesk.api.parsing import StrictSerializer
from helpdesk.models import Issue, Product

LEVELS = {level.name.lower(): level for level in Skill.Level}


class Level(serializers.ChoiceField):
    """By its word: learning, able, expert."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(LEVELS), **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return int(LEVELS[super().to_internal_value(data)])

    def to_representation(self, value: Any) -> str:
        return Skill.Level(value).name.lower()


def issue(**kwargs: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(
        slug_field="code", queryset=Issue.objects.filter(valid_to=None), **kwargs
    )


def product(**kwargs: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="code", queryset=Product.objects.all(), **kwargs)


class CourseIn(StrictSerializer):
    title = serializers.CharField(max_length=LONGEST_TITLE)
    teaches = serializers.CharField(max_length=300)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    body = serializers.CharField(required=False, allow_blank=True)
    issues = issue(many=True, required=False)
    products = product(many=True, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=2_400, required=False)
    lasts_days = serializers.IntegerField(min_value=1, max_value=3_660, required=False, allow_null=True)
    grants = Level(required=False, allow_null=True)
    is_required = serializers.BooleanField(required=False)
    needs_lead = serializers.BooleanField(required=False)


class CourseOut(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    teaches = serializers.CharField()
    link = serializers.CharField()
    body = serializers.CharField()
    issues = serializers.SerializerMethodField()
    products = serializers.SerializerMethodField()
    minutes = serializers.IntegerField()
    lasts_days = serializers.IntegerField(allow_null=True)
    grants = Level(allow_null=True)
    is_required = serializers.BooleanField()
    needs_lead = serializers.BooleanField()
    is_active = serializers.BooleanField()

    def get_issues(self, course: Course) -> list[str]:
        return [topic.issue.code for topic in course.topics.all() if topic.issue]

    def get_products(self, course: Course) -> list[str]:
        return [topic.product.code for topic in course.topics.all() if topic.product]


class AssignmentIn(StrictSerializer):
    person = serializers.EmailField()
    course = serializers.PrimaryKeyRelatedField(queryset=Course.objects.offered())
    due_on = serializers.DateField()
    reason = serializers.ChoiceField([reason.value for reason in BY_PEOPLE], default=Reason.BY_HAND.value)


class AssignmentActIn(StrictSerializer):
    act = serializers.ChoiceField(["pass", "excuse"])
    excuse = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class AssignmentOut(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField(source="user.email")
    course = serializers.IntegerField(source="course_id")
    title = serializers.CharField(source="course.title")
    reason = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    due_on = serializers.DateField()
    state = serializers.CharField()
    is_overdue = serializers.SerializerMethodField()
    excuse = serializers.CharField()
    assigned_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    def get_is_overdue(self, row: Assignment) -> bool:
        return row.is_overdue(self.context["today"])


class CertificateIn(StrictSerializer):
    person = serializers.EmailField()
    course = serializers.PrimaryKeyRelatedField(queryset=Course.objects.offered())
    passed_on = serializers.DateField()


class WhyIn(StrictSerializer):
    why = serializers.CharField(max_length=200)


class CertificateOut(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField(source="user.email")
    course = serializers.IntegerField(source="course_id")
    title = serializers.CharField(source="course.title")
    passed_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    counts = serializers.SerializerMethodField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawal = serializers.CharField()

    def get_counts(self, row: Certificate) -> bool:
        return row.is_valid(self.context["today"])


class SkillIn(StrictSerializer):
    person = serializers.EmailField()
    issue = issue(required=False, allow_null=True)
    product = product(required=False, allow_null=True)
    level = Level()


class SkillOut(serializers.Serializer):
    id = serializers.IntegerField()
    person = serializers.CharField(source="user.email")
    issue = serializers.CharField(source="issue.code", default=None)
    product = serializers.CharField(source="product.code", default=None)
    level = Level()
