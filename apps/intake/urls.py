from django.urls import URLPattern, URLResolver, path

from apps.intake.api import views as api

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern | URLResolver] = [
    # /tickets/
    path("tickets/", api.Tickets.as_view(), name="api_tickets"),
    path(
        "tickets/by-external-id/<path:external_id>/",
        api.TicketByExternalId.as_view(),
        name="api_ticket_by_external_id",
    ),
    # /tickets/<number>/
    path("tickets/<int:number>/", api.TicketByNumber.as_view(), name="api_ticket"),
    path("tickets/<int:number>/messages/", api.TicketMessages.as_view(), name="api_ticket_messages"),
    # /uploads/
    path("uploads/", api.Uploads.as_view(), name="api_uploads"),
]
