"""Staff management's part of the API: courses, who has them to do, certificates and skills.

Coaching notes are not in it: they are between two people.
"""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis.deadlines import today
from apps.staff import services
from apps.staff.api_fields import (
    AssignmentActIn,
    AssignmentIn,
    AssignmentOut,
    CertificateIn,
    CertificateOut,
    CourseIn,
    CourseOut,
    SkillIn,
    SkillOut,
    WhyIn,
)
from apps.staff.models import Assignment, Certificate, Course, Skill
from apps.staff.queries.people import in_charge_of
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.http import ApiRequest
from helpdesk.models import User
from helpdesk.permissions import require

PERSON = OpenApiParameter("person", str, description="Their e-mail address")


class StaffView(ApiView, verb="staff.manage"):
    """What leads see to, for the people they look after; programs for those of their department, or for all."""

    read_scope = "staff:read"
    write_scope = "staff:write"

    def page(self, request: ApiRequest, rows: QuerySet, out: type[serializers.Serializer]) -> Response:
        pager = Cursor()
        found = pager.paginate_queryset(rows, request, self) or []
        return pager.get_paginated_response(
            out(found, many=True, context={"today": today(timezone.now())}).data
        )

    def told(self, row: Any, out: type[serializers.Serializer], status: int = 200) -> Response:
        return Response(out(row, context={"today": today(timezone.now())}).data, status=status)

    def of_people(self, request: ApiRequest, model: Any) -> QuerySet:
        """Rows of those this caller looks after, of one of them where `person` says so."""
        require(request.user, "staff.manage")
        people = in_charge_of(request.user)
        if email := request.query_params.get("person"):
            people = people.filter(email=email.strip().lower())
        rows: QuerySet = model.objects.filter(user__in=people).select_related("user")
        return rows

    def find(self, rows: QuerySet, number: int) -> Any:
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        return found

    def person(self, request: ApiRequest, email: str) -> User:
        require(request.user, "staff.manage")
        found = in_charge_of(request.user).filter(email=email.strip().lower()).first()
        if found is None:
            raise serializers.ValidationError(
                {"person": ["There is nobody with this address among your people."]}
            )
        return found

    def given(self, request: ApiRequest, asked: type[serializers.Serializer], **more: Any) -> dict[str, Any]:
        serializer = asked(data=request.data, **more)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


# --- /courses/


class CourseView(StaffView):
    """What a course says of itself, taken and told."""

    def _save(
        self, request: ApiRequest, given: dict[str, Any], course: Course | None, status: int
    ) -> Response:
        about = {"issues": given.pop("issues", ()), "products": given.pop("products", ())}
        words = services.CourseWords(**given)
        row = services.save_course(words=words, **about, course=course, by=request.user, at=timezone.now())
        return self.told(row, CourseOut, status)


class Courses(CourseView):
    """What there is to learn; briefings, which news writes, are not listed."""

    @extend_schema(responses=CourseOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "staff.learn")
        rows = Course.objects.kept().prefetch_related("topics__issue", "topics__product").order_by("-id")
        return self.page(request, rows, CourseOut)

    @extend_schema(request=CourseIn, responses=CourseOut)
    def post(self, request: ApiRequest) -> Response:
        given = self.given(request, CourseIn)
        return self.answer_once(request, lambda: self._save(request, given, None, 201))


class OneCourse(CourseView):
    """One course, whole: PUT says all of it, DELETE retires it."""

    @extend_schema(responses=CourseOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        require(request.user, "staff.learn")
        return self.told(self.find(Course.objects.kept(), pk), CourseOut)

    @extend_schema(request=CourseIn, responses=CourseOut)
    def put(self, request: ApiRequest, pk: int) -> Response:
        return self._save(request, self.given(request, CourseIn), self.find(Course.objects.kept(), pk), 200)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        services.retire_course(course=self.find(Course.objects.kept(), pk), by=request.user)
        return Response(status=204)


# --- /course-assignments/


class Assignments(StaffView):
    """Who has what to do, by when and why, and what came of it."""

    @extend_schema(
        parameters=[PERSON, OpenApiParameter("state", str, enum=["open", "closed"])],
        responses=AssignmentOut(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        rows = self.of_people(request, Assignment).select_related("course")
        match request.query_params.get("state"):
            case "open":
                rows = rows & Assignment.objects.open()
            case "closed":
                rows = rows & Assignment.objects.closed()
            case None:
                pass
            case _:
                raise serializers.ValidationError({"state": ["One of open, closed."]})
        return self.page(request, rows, AssignmentOut)

    @extend_schema(request=AssignmentIn, responses=AssignmentOut)
    def post(self, request: ApiRequest) -> Response:
        given = self.given(request, AssignmentIn)
        return self.answer_once(request, lambda: self._given_to(request, given))

    def _given_to(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        user = self.person(request, given.pop("person"))
        row = services.assign_course(user=user, **given, by=request.user, at=timezone.now())
        return self.told(row, AssignmentOut, 201)


class OneAssignment(StaffView):
    """It is passed, or somebody need not: `{"act": "pass"}`, `{"act": "excuse", "excuse": "..."}`."""

    @extend_schema(operation_id="course_assignments_act", request=AssignmentActIn, responses=AssignmentOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        row = self.find(self.of_people(request, Assignment), pk)
        given = self.given(request, AssignmentActIn)
        return self.answer_once(request, lambda: self._act(request, row, given))

    def _act(self, request: ApiRequest, row: Assignment, given: dict[str, Any]) -> Response:
        who: dict[str, Any] = {"assignment": row, "by": request.user, "at": timezone.now()}
        if given["act"] == "pass":
            return self.told(services.pass_course(**who), AssignmentOut)
        return self.told(services.excuse_from_course(excuse=given["excuse"], **who), AssignmentOut)


# --- /certificates/


class Certificates(StaffView):
    """Who has passed what, and until when it counts."""

    @extend_schema(parameters=[PERSON], responses=CertificateOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.page(
            request, self.of_people(request, Certificate).select_related("course"), CertificateOut
        )

    @extend_schema(request=CertificateIn, responses=CertificateOut)
    def post(self, request: ApiRequest) -> Response:
        given = self.given(request, CertificateIn)
        return self.answer_once(request, lambda: self._granted(request, given))

    def _granted(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        user = self.person(request, given.pop("person"))
        row = services.grant_certificate(user=user, **given, by=request.user, at=timezone.now())
        return self.told(row, CertificateOut, 201)


class OneCertificate(StaffView):
    """DELETE withdraws it, for a reason; it stays in the list, withdrawn."""

    @extend_schema(request=WhyIn, responses=CertificateOut)
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row = self.find(self.of_people(request, Certificate), pk)
        given = self.given(request, WhyIn)
        row = services.withdraw_certificate(certificate=row, **given, by=request.user, at=timezone.now())
        return self.told(row, CertificateOut)


# --- /skills/


class Skills(StaffView):
    """What somebody can finish without help; the same skill again changes its level."""

    @extend_schema(parameters=[PERSON], responses=SkillOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.page(request, self.of_people(request, Skill).select_related("issue", "product"), SkillOut)

    @extend_schema(request=SkillIn, responses=SkillOut)
    def post(self, request: ApiRequest) -> Response:
        given = self.given(request, SkillIn)
        return self.answer_once(request, lambda: self._granted(request, given))

    def _granted(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        user = self.person(request, given.pop("person"))
        return self.told(services.grant_skill(user=user, **given, by=request.user), SkillOut, 201)


class OneSkill(StaffView):
    """DELETE withdraws it; the history keeps that they had it."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        row = self.find(self.of_people(request, Skill), pk)
        services.withdraw_skill(skill=row, by=request.user)
        return Response(status=204)
