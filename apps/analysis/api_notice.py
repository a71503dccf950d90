"""What customers read of a case on the pages for help, by API."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.analysis import services
from apps.analysis.models import Case
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class NoticeWordsIn(StrictSerializer):
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=2_000)
    meanwhile = serializers.CharField(max_length=1_000, required=False, allow_blank=True)


class CaseNoticeIn(NoticeWordsIn):
    """In the desk's language; `translations` by language: {"de": {"title": ..., "text": ..., "meanwhile": ...}}."""

    translations = serializers.DictField(child=NoticeWordsIn(), required=False)
    news_on = serializers.DateField(required=False, allow_null=True)


class CaseNoticeOut(serializers.Serializer):
    """Withdrawn, or of a closed case, it is read by nobody any more."""

    title = serializers.CharField()
    text = serializers.CharField()
    meanwhile = serializers.CharField()
    translations = serializers.DictField(child=NoticeWordsIn())
    news_on = serializers.DateField(allow_null=True)
    said_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class NoticeOfCase(ApiView, verb="analysis.case"):
    """We know of this: said to customers where they ask for help, and taken back."""

    read_scope = "cases:read"
    write_scope = "cases:write"

    @extend_schema(request=CaseNoticeIn, responses=CaseNoticeOut)
    def put(self, request: ApiRequest, number: int) -> Response:
        """These words stand in place of earlier ones."""
        case, asked = _case(request, number), CaseNoticeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        notice = services.publish_case_notice(
            case=case, **asked.validated_data, by=request.user, at=timezone.now()
        )
        return Response(CaseNoticeOut(notice).data)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, number: int) -> Response:
        """Customers read nothing of it any more."""
        services.withdraw_case_notice(case=_case(request, number), by=request.user, at=timezone.now())
        return Response(status=204)


def _case(request: ApiRequest, number: int) -> Case:
    require(request.user, "analysis.view")
    return get_object_or_404(Case.objects.visible_to(request.user), pk=number)
