"""What programs may say, field by field; anything else is refused."""

from typing import Any

from rest_framework import serializers

from apps.intake import uploads
from apps.intake.api.fields import Custom, DepartmentSlug, IssueCode, ProductCode, SeverityName
from apps.intake.files import MAX_FILES
from apps.intake.services import Contact, File
from apps.intake.services.open_ticket import MAX_BODY
from helpdesk.api.parsing import StrictSerializer
from helpdesk.models import Channel, ContactType
from helpdesk.models.ticket import MAX_SUBJECT


class ContactSerializer(StrictSerializer):
    """A person: an address, a phone number or at least a name."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, str]) -> Contact:
        if not any(attrs.values()):
            raise serializers.ValidationError("Give an e-mail address, a phone number or a name.", "required")
        return Contact(**attrs)


class UploadTokens(serializers.ListField):
    """Tokens of `POST /api/v1/uploads/`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            child=serializers.CharField(max_length=2_000), max_length=MAX_FILES, required=False, **options
        )

    def to_internal_value(self, data: Any) -> list[File]:
        return [uploads.fetch(token) for token in super().to_internal_value(data)]


class Words(serializers.CharField):
    """What somebody says: blanks and line breaks stay as they are."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=MAX_BODY,
            required=False,
            allow_blank=True,
            default="",
            trim_whitespace=False,
            **options,
        )


class MessageSerializer(StrictSerializer):
    """What the customer, or somebody who takes part, says on an open ticket."""

    body = Words()
    sender = ContactSerializer(required=False)
    attachments = UploadTokens()


class TicketSerializer(StrictSerializer):
    """A new ticket: `subject`, `body` and `customer` are enough."""

    subject = serializers.CharField(max_length=MAX_SUBJECT, required=False, allow_blank=True, default="")
    body = Words()
    customer = ContactSerializer()
    channel = serializers.ChoiceField(Channel.choices, required=False, default=Channel.API)
    contact_type = serializers.ChoiceField(ContactType.choices, required=False)
    severity = SeverityName(required=False)
    issue = IssueCode("issue in use")
    product = ProductCode("product")
    product_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    department = DepartmentSlug("department")
    occurred_at = serializers.DateTimeField(required=False)
    external_id = serializers.CharField(max_length=200, required=False, allow_null=True)
    tags = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50, required=False)
    custom = Custom(required=False)
    remedy_wanted = serializers.CharField(max_length=200, required=False, allow_blank=True)
    attempts_before = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    language = serializers.CharField(max_length=10, required=False, allow_blank=True)
    cc = serializers.ListField(child=ContactSerializer(), max_length=20, required=False)
    campaign = serializers.RegexField(r"^[a-z0-9-]+$", max_length=16, required=False, allow_blank=True)
    attachments = UploadTokens()


# Made once: REST framework builds all fields of a serializer anew, which costs more than checking with them. Asked by
# `run_validation` alone, they remember nothing of a call.
message_fields = MessageSerializer()
ticket_fields = TicketSerializer()
