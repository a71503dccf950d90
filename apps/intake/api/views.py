from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, parsers, serializers
from rest_framework.response import Response

from apps.intake import services, uploads
from apps.intake.api.representation import EXPANSIONS, etag, loaded, message, represent
from apps.intake.api.serializers import (
    MessageSerializer,
    TicketSerializer,
    message_fields,
    ticket_fields,
)
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.http import ApiRequest
from helpdesk.models import Issue, Status, Ticket
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import require

FILTERS = {
    "status", "issue", "department", "customer", "external_id", "product", "tag", "q", "updated_after",
    "limit", "cursor", "expand", "count",
}  # fmt: skip


class Tickets(ApiView, verb="intake.open"):
    """All tickets you may see, and the door for new ones."""

    @extend_schema(
        operation_id="tickets_list",
        parameters=[OpenApiParameter(name, str) for name in sorted(FILTERS)],
        responses={200: dict},
    )
    def get(self, request: ApiRequest) -> Response:
        """The newest first, in pages: `status`, `issue` (and all below it), `department`, `customer` (an address),
        `product`, `tag`, `external_id`, `updated_after` and `q` (the language of the queue's search box) narrow the
        list."""
        require(request.user, "response.view")
        expand = expansions(request)
        tickets = self.asked_for(request)
        pages = Cursor()
        rows = pages.paginate_queryset(loaded(tickets, expand), request, view=self) or []
        answer = pages.get_paginated_response([represent(ticket, expand) for ticket in rows])
        if request.query_params.get("count") == "exact":
            answer.data["count"] = tickets.count()
        return answer

    def asked_for(self, request: ApiRequest) -> TicketQuerySet:
        return filtered(Ticket.objects.visible_to(request.user), request)

    @extend_schema(operation_id="tickets_open", request=TicketSerializer, responses={201: dict})
    def post(self, request: ApiRequest) -> Response:
        """Open a ticket. With an `Idempotency-Key`, a repeated request gets the first answer and opens nothing."""
        return self.answer_once(request, lambda: opened(request))


class TicketByNumber(ApiView):
    """One ticket."""

    @extend_schema(
        operation_id="tickets_read", parameters=[OpenApiParameter("expand", str)], responses={200: dict}
    )
    def get(self, request: ApiRequest, number: int) -> Response:
        """The ticket; `expand` takes a list of customer, issues, messages, participants. Answers `If-None-Match`."""
        require(request.user, "response.view")
        expand = expansions(request)
        shown = represent(visible(request, expand, pk=number), expand)
        tag = etag(shown)
        if request.headers.get("If-None-Match", "") in (tag, "*"):
            return Response(status=304, headers={"ETag": tag})
        return Response(shown, headers={"ETag": tag})


class TicketMessages(ApiView, verb="intake.follow_up"):
    """The customer writes again."""

    @extend_schema(operation_id="tickets_follow_up", request=MessageSerializer, responses={201: dict})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Add what the customer (or another `sender`) says; a solved ticket opens again."""
        return self.answer_once(request, lambda: followed_up(request, number))


class TicketByExternalId(ApiView, verb="intake.open"):
    """One ticket, by the name another system has for it."""

    @extend_schema(operation_id="tickets_read_by_external_id", responses={200: dict})
    def get(self, request: ApiRequest, external_id: str) -> Response:
        """The ticket with this external id."""
        require(request.user, "response.view")
        shown = represent(visible(request, external_id=external_id))
        return Response(shown, headers={"ETag": etag(shown)})

    @extend_schema(
        operation_id="tickets_put_by_external_id", request=TicketSerializer, responses={200: dict, 201: dict}
    )
    def put(self, request: ApiRequest, external_id: str) -> Response:
        """See that the ticket is there: 201 when this call opened it, 200 with the ticket as it stands when it was
        there. A ticket that people work on is changed by PATCH, never overwritten from outside."""
        try:
            return opened(request, external_id=external_id)
        except services.ExternalIdTaken:
            return Response(represent(visible(request, external_id=external_id)))


class RawBody(parsers.BaseParser):
    """The body as it comes, whatever its type."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        return {"content": stream.read()}


class Uploads(ApiView, verb="intake.open"):
    """Files for a ticket or message that is sent next."""

    parser_classes = (RawBody,)

    @extend_schema(
        operation_id="uploads_create",
        parameters=[OpenApiParameter("filename", str, required=True)],
        request={"application/octet-stream": bytes},
        responses={201: dict},
    )
    def post(self, request: ApiRequest) -> Response:
        """Send the file itself as the body; the token that comes back goes into `attachments`, within a day."""
        name, content = request.query_params.get("filename", ""), _sent(request)
        if not name or not content:
            raise serializers.ValidationError({"filename": ["Name the file, and send it as the body."]})
        file = services.File(name, (request.content_type or "")[:120], content)
        services.check_files([file])
        return Response({"token": uploads.keep(file).token, "size": len(content)}, status=201)


def _sent(request: ApiRequest) -> bytes:
    content: bytes = request.data["content"] if isinstance(request.data, dict) else b""
    return content


def opened(request: ApiRequest, **fixed: Any) -> Response:
    fields = {"subject": "", "body": "", "custom": {}} | ticket_fields.run_validation(request.data) | fixed
    ticket = services.open_ticket(**fields, by=request.user, at=timezone.now())
    shown = represent(ticket)
    return Response(shown, status=201, headers={"Location": shown["url"], "ETag": etag(shown)})


def followed_up(request: ApiRequest, number: int) -> Response:
    given = message_fields.run_validation(request.data)
    ticket = visible(request, pk=number)
    said = services.follow_up(ticket=ticket, **given, channel="api", by=request.user, at=timezone.now())
    return Response(message(said), status=201)


def visible(request: ApiRequest, expand: tuple[str, ...] = (), **which: Any) -> Ticket:
    ticket: Ticket | None = loaded(Ticket.objects.visible_to(request.user), expand).filter(**which).first()
    if ticket is None:
        raise Http404
    return ticket


def expansions(request: ApiRequest) -> tuple[str, ...]:
    asked = tuple(filter(None, request.query_params.get("expand", "").split(",")))
    if unknown := sorted(set(asked) - set(EXPANSIONS)):
        raise refused("expand", f"Unknown: {', '.join(unknown)}. Known: {', '.join(EXPANSIONS)}.")
    return asked


def filtered(tickets: TicketQuerySet, request: ApiRequest) -> TicketQuerySet:
    """Narrow by the query parameters; one that is misspelt is refused, or it would seem to narrow and not do so."""
    asked = request.query_params
    if unknown := sorted(set(asked) - FILTERS):
        raise refused(unknown[0], f"Unknown parameter. Known: {', '.join(sorted(FILTERS))}.")
    if statuses := [status for status in asked.get("status", "").split(",") if status]:
        if wrong := sorted(set(statuses) - set(Status.values)):
            raise refused("status", f"No such status: {', '.join(wrong)}. Known: {', '.join(Status.values)}.")
        tickets = tickets.filter(status__in=statuses)
    if code := asked.get("issue"):
        tickets = tickets.with_issue(_issue(code))
    plain = {
        "department": "department__slug",
        "product": "product__code",
        "external_id": "external_id",
    }
    tickets = tickets.filter(**{column: asked[name] for name, column in plain.items() if asked.get(name)})
    if asked.get("customer"):
        tickets = tickets.filter(customer__addresses__email=asked["customer"].strip().lower())
    if asked.get("tag"):
        tickets = tickets.filter(tags__contains=[asked["tag"]])
    if asked.get("updated_after"):
        tickets = tickets.filter(updated_at__gt=_time(asked["updated_after"]))
    return tickets


def _issue(code: str) -> Issue:
    issue = Issue.objects.filter(code=code).first()
    if issue is None:
        raise refused("issue", f"There is no issue {code}.")
    return issue


def _time(text: str) -> Any:
    try:
        time = parse_datetime(text.replace(" ", "+"))  # a plus sign that nobody encoded
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise refused("updated_after", "A time with its zone, like 2026-05-06T10:00:00Z.")
    return time


def refused(name: str, reason: str) -> exceptions.ValidationError:
    return serializers.ValidationError({name: [reason]})
