"""Tasks of a ticket, and checklists, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.api import views as intake
from apps.intake.api.fields import DepartmentSlug
from apps.response.api import AnyIssueCode, Assignee
from apps.response.checklists import services
from apps.response.checklists.models import MAX_TEXT, Checklist, TicketTask
from helpdesk.api.endpoint import ApiView, SetUpView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class TaskIn(StrictSerializer):
    text = serializers.CharField(max_length=MAX_TEXT)
    assignee = Assignee(allow_null=True, required=False)
    due_at = serializers.DateTimeField(allow_null=True, required=False)
    is_required = serializers.BooleanField(required=False)


class TaskChange(TaskIn):
    is_done = serializers.BooleanField(required=False)


class TaskOut(serializers.ModelSerializer[TicketTask]):
    assignee = serializers.EmailField(source="assignee.email", default=None)
    done_by = serializers.EmailField(source="done_by.email", default=None)

    class Meta:
        model = TicketTask
        fields = ("id", "text", "assignee", "due_at", "is_required", "done_at", "done_by", "made_at")


class ChecklistIn(StrictSerializer):
    name = serializers.CharField(max_length=80)
    lines = serializers.ListField(child=serializers.CharField(max_length=MAX_TEXT), max_length=100)
    issue = AnyIssueCode("issue")
    department = DepartmentSlug("department")
    is_active = serializers.BooleanField(required=False)


class ChecklistOut(serializers.ModelSerializer[Checklist]):
    issue = serializers.SlugField(source="issue.code", default=None)
    department = serializers.SlugField(source="department.slug", default=None)

    class Meta:
        model = Checklist
        fields = ("id", "name", "lines", "issue", "department", "is_active")


class ApplyIn(StrictSerializer):
    checklist = serializers.CharField(max_length=80)


class TicketTasks(ApiView, verb="response.note"):
    """What is to be done about a ticket."""

    @extend_schema(operation_id="ticket_tasks_list", responses=TaskOut(many=True))
    def get(self, request: ApiRequest, number: int) -> Response:
        require(request.user, "response.view")
        rows = TicketTask.objects.filter(ticket=intake.visible(request, pk=number))
        return Response({"data": TaskOut(rows.select_related("assignee", "done_by"), many=True).data})

    @extend_schema(operation_id="ticket_tasks_add", request=TaskIn, responses={201: TaskOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Add a task, behind the others."""

        def add() -> Response:
            ticket = intake.visible(request, pk=number)
            given = taken(TaskIn(data=request.data))
            row = services.add_task(ticket=ticket, **given, by=request.user, at=timezone.now())
            return Response(TaskOut(row).data, status=201)

        return self.answer_once(request, add)


class TicketTaskByNumber(ApiView, verb="response.note"):
    """One of them."""

    @extend_schema(operation_id="ticket_tasks_change", request=TaskChange(partial=True), responses=TaskOut)
    def patch(self, request: ApiRequest, number: int, pk: int) -> Response:
        """Change what is named; `is_done` ticks it off, or takes that back."""
        given = taken(TaskChange(data=request.data, partial=True))
        task = _task(request, number, pk)
        row = services.change_task(task=task, **given, by=request.user, at=timezone.now())
        return Response(TaskOut(row).data)

    @extend_schema(operation_id="ticket_tasks_remove", responses={204: None})
    def delete(self, request: ApiRequest, number: int, pk: int) -> Response:
        services.remove_task(task=_task(request, number, pk), by=request.user, at=timezone.now())
        return Response(status=204)


class ApplyChecklist(ApiView, verb="response.note"):
    @extend_schema(operation_id="ticket_tasks_lay_out", request=ApplyIn, responses={200: TaskOut(many=True)})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Lay the tasks of a checklist out on a ticket; those that stand there already are not added again."""
        ticket, given = intake.visible(request, pk=number), taken(ApplyIn(data=request.data))
        checklist = Checklist.objects.filter(name=given["checklist"], is_active=True).first()
        if checklist is None:
            raise serializers.ValidationError({"checklist": ["There is none of this name in use."]})
        rows = services.apply_checklist(
            ticket=ticket, checklist=checklist, by=request.user, at=timezone.now()
        )
        return Response({"data": TaskOut(rows, many=True).data})


class Checklists(SetUpView, verb="response.manage"):
    """Tasks that are laid out together."""

    @extend_schema(operation_id="checklists_list", responses=ChecklistOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        require(request.user, "response.view")
        rows = Checklist.objects.select_related("issue", "department")
        return Response({"data": ChecklistOut(rows, many=True).data})

    @extend_schema(operation_id="checklists_save", request=ChecklistIn, responses={201: ChecklistOut})
    def post(self, request: ApiRequest) -> Response:
        """Keep a checklist; a line with ! before it must be done before the ticket is solved. At its end `@ana` or
        `@assignee` says who does it, `+4h` or `+2d` by when."""
        given = taken(ChecklistIn(data=request.data))
        row = services.save_checklist(**given, by=request.user, at=timezone.now())
        return Response(ChecklistOut(row).data, status=201)


def _task(request: ApiRequest, number: int, pk: int) -> TicketTask:
    require(request.user, services.VERB)
    ticket = intake.visible(request, pk=number)
    task = TicketTask.objects.select_related("ticket").filter(pk=pk, ticket=ticket).first()
    if task is None:
        raise Http404
    return task
