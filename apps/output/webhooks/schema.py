"""The JSON Schema of what webhooks are sent, published for everybody: it says nothing of anybody.

It stands in `schemas/webhook-message.json`. Fields may be added to it; what it names stays.
"""

import json
from pathlib import Path

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "webhook-message.json").read_text("utf-8"))


class WebhookMessageSchema(APIView):
    """The JSON Schema of the messages that webhooks are sent. For everybody: it says nothing of anybody."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses=OpenApiTypes.OBJECT, auth=[])
    def get(self, request: Request) -> Response:
        return Response(SCHEMA)
