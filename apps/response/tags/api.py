"""Tags and what names them, by API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.response.bulk.services import do_at_once
from apps.response.tags import services
from apps.response.tags.models import TagChange
from apps.response.tags.queries import affected, counted, tag_changes, tag_rows, tags_found
from helpdesk.api.endpoint import ApiView
from helpdesk.api.paging import Cursor
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.http import ApiRequest
from helpdesk.permissions import require

MOST = 200


class TagRowOut(serializers.Serializer):
    """How many tickets carry it, and how many rules, macros and saved views name it."""

    name = serializers.CharField()
    tickets = serializers.IntegerField()
    rules = serializers.IntegerField()
    macros = serializers.IntegerField()
    views = serializers.IntegerField()


class TagsCountedOut(serializers.Serializer):
    tags = TagRowOut(many=True)
    counted_at = serializers.DateTimeField()


class NamedOut(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class AffectedOut(serializers.Serializer):
    tag = serializers.CharField()
    tickets = serializers.IntegerField()
    rules = NamedOut(many=True, source="named.rules")
    macros = NamedOut(many=True, source="named.macros")
    views = NamedOut(many=True, source="named.views")


class TagChangeIn(StrictSerializer):
    """`into` null takes the tag away; the name of another tag needs `merge`."""

    tag = serializers.CharField(max_length=60)
    into = serializers.CharField(max_length=60, allow_null=True)
    merge = serializers.BooleanField(required=False, default=False)


class TagChangeOut(serializers.ModelSerializer[TagChange]):
    into = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.name")
    jobs = serializers.SerializerMethodField(help_text="Their progress: /bulk-jobs/.")

    class Meta:
        model = TagChange
        fields = ("id", "tag", "into", "tickets", "rules", "macros", "views", "jobs", "by", "at")

    def get_into(self, change: TagChange) -> str | None:
        return change.into or None

    def get_jobs(self, change: TagChange) -> list[int]:
        return sorted(job.pk for job in change.jobs.all())


class CountedTags(ApiView):
    @extend_schema(
        operation_id="tags_counted", parameters=[OpenApiParameter("q", str)], responses=TagsCountedOut
    )
    def get(self, request: ApiRequest) -> Response:
        """The tags with `q` in them, the most used first, up to 200; counted at most every five minutes."""
        require(request.user, services.VERB)
        at = timezone.now()
        rows = tag_rows(tags_found(request.query_params.get("q", "")[:60], at=at)[:MOST])
        return Response(TagsCountedOut({"tags": rows, "counted_at": counted(at=at).at}).data)


class AffectedByTag(ApiView):
    @extend_schema(
        operation_id="tags_affected",
        parameters=[OpenApiParameter("tag", str, required=True)],
        responses=AffectedOut,
    )
    def get(self, request: ApiRequest) -> Response:
        """What a change of this tag would touch, counted now."""
        require(request.user, services.VERB)
        tag = request.query_params.get("tag", "")[:60]
        if not tag:
            raise serializers.ValidationError({"tag": ["Name a tag."]})
        return Response(AffectedOut(affected(tag, user=request.user)).data)


class TagChanges(ApiView, verb="response.tags"):
    @extend_schema(operation_id="tags_changes", responses=TagChangeOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Tags that were renamed, merged or taken away, the newest first."""
        require(request.user, services.VERB)
        pager = Cursor()
        page = pager.paginate_queryset(tag_changes(), request, self) or []
        return pager.get_paginated_response(TagChangeOut(page, many=True).data)

    @extend_schema(operation_id="tags_change", request=TagChangeIn, responses={202: TagChangeOut})
    def post(self, request: ApiRequest) -> Response:
        """Rename a tag, merge it into another, or take it away; rules, macros and views go along with a new name.

        Up to a hundred tickets are done at once, more by a worker.
        """
        given = taken(TagChangeIn(data=request.data))
        answer = self.answer_once(request, lambda: self._made(request, given))
        if "Idempotent-Replayed" not in answer.headers:
            # Outside the transaction that keeps the answer: each ticket is done by itself.
            for job in TagChange.objects.get(pk=answer.data["id"]).jobs.all():
                do_at_once(job=job, at=timezone.now())
        return answer

    def _made(self, request: ApiRequest, given: dict[str, Any]) -> Response:
        who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        tag, into = given["tag"], given["into"]
        change = (
            services.remove_tag(tag=tag, **who)
            if into is None
            else services.rename_tag(tag=tag, into=into, merge=given["merge"], **who)
        )
        return Response(TagChangeOut(change).data, status=202)
