"""The desk's own fields, by program."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.intake.custom_fields import services
from helpdesk.api.endpoint import ApiView
from helpdesk.api.parsing import StrictSerializer, taken
from helpdesk.custom_fields import Kind, Needed
from helpdesk.http import ApiRequest
from helpdesk.models import CustomField
from helpdesk.models.custom_field import MAX_KEY
from helpdesk.permissions import require


class Names(serializers.ListField):
    """A list of short texts."""

    def __init__(self) -> None:
        super().__init__(child=serializers.CharField(max_length=80), required=False, max_length=200)


class FieldIn(StrictSerializer):
    """A definition. The key and, once it is used, the kind stay for ever."""

    key = serializers.SlugField(max_length=MAX_KEY)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]
    kind = serializers.ChoiceField(Kind.choices)
    hint = serializers.CharField(max_length=200, required=False, allow_blank=True)
    choices = Names()
    departments = Names()
    issues = Names()
    when_key = serializers.CharField(max_length=MAX_KEY, required=False, allow_blank=True)
    when_values = Names()
    needed = serializers.ChoiceField(Needed.choices, required=False, allow_blank=True)
    is_public = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=999, required=False)


class FieldOut(serializers.ModelSerializer[CustomField]):
    class Meta:
        model = CustomField
        fields = (
            "key", "label", "hint", "kind", "choices", "departments", "issues", "when_key", "when_values", "needed",
            "is_public", "position", "retired_at",
        )  # fmt: skip


class CustomFields(ApiView, verb="intake.fields"):
    """What this desk wants to know of its tickets; the values are `custom` of a ticket."""

    @extend_schema(operation_id="ticket_fields_list", responses=FieldOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """All fields, retired ones too."""
        require(request.user, "response.view")
        return Response({"data": FieldOut(CustomField.objects.all(), many=True).data})

    @extend_schema(operation_id="ticket_fields_save", request=FieldIn, responses={201: FieldOut})
    def post(self, request: ApiRequest) -> Response:
        """Define a field."""
        return self.answer_once(request, lambda: _saved(request, None, status=201))


class CustomFieldByKey(ApiView, verb="intake.fields"):
    """One of them."""

    @extend_schema(operation_id="ticket_fields_read", responses=FieldOut)
    def get(self, request: ApiRequest, key: str) -> Response:
        require(request.user, "response.view")
        return Response(FieldOut(_found(key)).data)

    @extend_schema(operation_id="ticket_fields_change", request=FieldIn(partial=True), responses=FieldOut)
    def patch(self, request: ApiRequest, key: str) -> Response:
        """Change what is named."""
        return _saved(request, _found(key))


class RetireCustomField(ApiView, verb="intake.fields"):
    """Values stay where they are."""

    @extend_schema(operation_id="ticket_fields_retire", request=None, responses=FieldOut)
    def post(self, request: ApiRequest, key: str) -> Response:
        """Ask for it no more."""
        services.retire_field(field=_found(key), by=request.user, at=timezone.now())
        return Response(FieldOut(_found(key)).data)

    @extend_schema(operation_id="ticket_fields_take_up", responses=FieldOut)
    def delete(self, request: ApiRequest, key: str) -> Response:
        """Ask for it again."""
        services.take_up_field(field=_found(key), by=request.user, at=timezone.now())
        return Response(FieldOut(_found(key)).data)


def _found(key: str) -> CustomField:
    field = CustomField.objects.filter(key=key).first()
    if field is None:
        raise Http404
    return field


_GIVEN = (
    "key", "label", "kind", "hint", "choices", "departments", "issues", "when_key", "when_values", "needed",
    "is_public", "position",
)  # fmt: skip


def _saved(request: ApiRequest, field: CustomField | None, status: int = 200) -> Response:
    given = taken(FieldIn(data=request.data, partial=field is not None))
    kept = {name: getattr(field, name) for name in _GIVEN} if field else {}
    saved = services.save_field(**kept | given, field=field, by=request.user, at=timezone.now())
    return Response(FieldOut(saved).data, status=status)
