from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.output import queries
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class Search(ApiView):
    @extend_schema(
        operation_id="search", parameters=[OpenApiParameter("q", str, required=True)], responses={200: dict}
    )
    def get(self, request: ApiRequest) -> Response:
        """Tickets, messages, notes and names of files that hold the words, best first.

        `excerpt` is HTML with the words in <mark>.
        """
        require(request.user, "output.search")
        text = request.query_params.get("q", "")
        if not text.strip():
            raise serializers.ValidationError({"q": ["Say what to look for."]})
        found = queries.search(text, user=request.user)
        rows = [
            {
                "kind": hit.kind,
                "ticket": hit.ticket.pk,
                "subject": hit.ticket.subject,
                "at": hit.at.isoformat().replace("+00:00", "Z"),
                "excerpt": hit.excerpt,
            }
            for hit in found.hits
        ]
        return Response({"data": rows, "has_more": found.more})
