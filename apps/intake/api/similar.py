from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.intake.api.representation import represent
from apps.intake.api.views import visible
from apps.intake.similar import similar_tickets
from helpdesk.api.endpoint import ApiView
from helpdesk.http import ApiRequest
from helpdesk.permissions import require


class SimilarTickets(ApiView):
    """Tickets like one at hand."""

    @extend_schema(operation_id="tickets_similar", responses={200: dict})
    def get(self, request: ApiRequest, number: int) -> Response:
        """What is like this ticket, among those you may see: requests of the same customer that are open still, then
        solved tickets with their `answer`, then others. `likeness` reaches 1; all of it may be empty."""
        require(request.user, "response.view")
        found = similar_tickets(visible(request, pk=number), request.user)
        rows = [
            {
                "ticket": represent(one.ticket),
                "likeness": one.likeness,
                "is_same_request": one.is_same_request,
                "answer": one.answer or None,
            }
            for one in found
        ]
        return Response({"results": rows})
