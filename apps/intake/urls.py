from django.urls import URLPattern, URLResolver, path

from apps.intake.api import similar as api_similar
from apps.intake.api import views as api
from apps.intake.custom_fields import api as api_custom_fields
from apps.intake.custom_fields import views as custom_fields
from apps.intake.customer_words import api as api_customer_words
from apps.intake.customer_words import views as customer_words
from apps.intake.views import desk, portal, similar

urlpatterns: list[URLPattern | URLResolver] = [
    # /help/: the first page is the help centre's (apps/output/help_centre)
    path("help/new/", portal.new_request, name="new_request"),
    path("help/new/known/", portal.known_issue, name="known_issue"),
    # /help/r/<key>/
    path("help/r/<str:key>/", portal.request_status, name="request_status"),
    path("help/r/<str:key>/solved/", portal.request_solved, name="request_solved"),
    path("help/r/<str:key>/files/<int:pk>/", portal.request_file, name="request_file"),
    # /intake/
    path("intake/similar/<int:number>/", similar.similar_panel, name="similar_panel"),
    # /admin/fields/
    path("admin/fields/", custom_fields.custom_fields, name="custom_fields"),
    path("admin/fields/<slug:key>/", custom_fields.custom_fields, name="edit_custom_field"),
    path("admin/fields/<slug:key>/retire/", custom_fields.retire_custom_field, name="retire_custom_field"),
    # /admin/words/
    path("admin/words/", customer_words.customer_words, name="customer_words"),
    path("admin/words/<slug:language>/", customer_words.customer_words, name="customer_words_in"),
    # /admin/quarantine/
    path("admin/quarantine/", desk.quarantine, name="quarantine"),
    path("admin/quarantine/<int:pk>/restore/", desk.restore_mail, name="restore_mail"),
    path("admin/quarantine/<int:pk>/original/", desk.original_mail, name="original_mail"),
]

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
    path("tickets/<int:number>/similar/", api_similar.SimilarTickets.as_view(), name="api_similar_tickets"),
    # /ticket-fields/
    path("ticket-fields/", api_custom_fields.CustomFields.as_view(), name="api_custom_fields"),
    path("ticket-fields/<slug:key>/", api_custom_fields.CustomFieldByKey.as_view(), name="api_custom_field"),
    path(
        "ticket-fields/<slug:key>/retire/",
        api_custom_fields.RetireCustomField.as_view(),
        name="api_retire_custom_field",
    ),
    # /customer-words/
    path("customer-words/<slug:language>/", api_customer_words.CustomerWordsIn.as_view()),
    # /uploads/
    path("uploads/", api.Uploads.as_view(), name="api_uploads"),
]
