from django.urls import URLPattern, URLResolver, path

from apps.output import api, views
from apps.output.customers import api as customers_api
from apps.output.customers import api_addresses, api_merging
from apps.output.customers import views as customers
from apps.output.customers import views_addresses as addresses
from apps.output.customers import views_merging as merging
from apps.output.webhooks import api as webhooks_api
from apps.output.webhooks import schema as webhook_schema
from apps.output.webhooks import views as webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    # /customers/
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.edit_customer, name="edit_customer"),
    path("customers/<int:pk>/note/", customers.note_customer, name="note_customer"),
    # /customers/<pk>/ addresses and numbers
    path("customers/<int:pk>/addresses/", addresses.add_address, name="add_address"),
    path(
        "customers/<int:pk>/addresses/<int:address>/ask/",
        addresses.ask_about_address,
        name="ask_about_address",
    ),
    path("customers/<int:pk>/addresses/<int:address>/primary/", addresses.make_primary, name="make_primary"),
    path(
        "customers/<int:pk>/addresses/<int:address>/remove/", addresses.remove_address, name="remove_address"
    ),
    path(
        "customers/<int:pk>/addresses/<int:address>/answer-for/",
        addresses.answer_for_address,
        name="answer_for_address",
    ),
    path("customers/<int:pk>/phones/", addresses.add_phone, name="add_phone"),
    path("customers/<int:pk>/phones/<int:phone>/remove/", addresses.remove_phone, name="remove_phone"),
    path("customers/<int:pk>/alike/", merging.customer_alike, name="customer_alike"),
    path("customers/<int:pk>/merge/", merging.merge_customer, name="merge_customer"),
    path("customers/<int:pk>/merges/<int:merge>/undo/", merging.undo_merge, name="undo_customer_merge"),
    path("address/<str:key>/", addresses.confirm_address, name="confirm_address"),
    # /t/<number>/
    path("t/<int:number>/deliveries/", views.delivery_states, name="delivery_states"),
    # /messages/<pk>/
    path("messages/<int:pk>/undo/", views.undo, name="undo"),
    path("messages/<int:pk>/offer/", views.undo_offer, name="undo_offer"),
    # /admin/
    path("admin/deliveries/", views.deliveries, name="deliveries"),
    path("admin/deliveries/<int:pk>/retry/", views.retry, name="retry_delivery"),
    # /admin/webhooks/
    path("admin/webhooks/", webhooks.webhooks, name="webhooks"),
    path("admin/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("admin/webhooks/<int:pk>/rotate/", webhooks.rotate_webhook, name="rotate_webhook"),
    path("admin/webhooks/<int:pk>/test/", webhooks.test_webhook, name="test_webhook"),
    path("admin/webhooks/<int:pk>/switch/", webhooks.switch_webhook, name="switch_webhook"),
    path("admin/webhooks/<int:pk>/remove/", webhooks.remove_webhook, name="remove_webhook"),
    path("admin/webhooks/<int:pk>/<int:delivery>/resend/", webhooks.resend_webhook, name="resend_webhook"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", api.Search.as_view(), name="api_search"),
    # /customers/
    path("customers/", customers_api.Customers.as_view()),
    path("customers/<int:pk>/", customers_api.OneCustomer.as_view()),
    path("customers/<int:pk>/notes/", customers_api.CustomerNotes.as_view()),
    path("customers/<int:pk>/addresses/", api_addresses.Addresses.as_view()),
    path("customers/<int:pk>/addresses/<int:address>/", api_addresses.OneAddress.as_view()),
    path("customers/<int:pk>/phones/", api_addresses.Phones.as_view()),
    path("customers/<int:pk>/phones/<int:phone>/", api_addresses.OnePhone.as_view()),
    path("customers/<int:pk>/merge/", api_merging.MergeCustomer.as_view()),
    path("customers/<int:pk>/merges/<int:merge>/undo/", api_merging.UndoMerge.as_view()),
    # /webhooks/
    path("webhooks/", webhooks_api.Webhooks.as_view()),
    path(
        "schemas/webhook-message.json",
        webhook_schema.WebhookMessageSchema.as_view(),
        name="webhook_message_schema",
    ),
    path("webhooks/<int:pk>/", webhooks_api.OneWebhook.as_view()),
    path("webhooks/<int:pk>/rotate/", webhooks_api.RotateWebhook.as_view()),
    path("webhooks/<int:pk>/test/", webhooks_api.TryWebhook.as_view()),
    path("webhooks/<int:pk>/deliveries/", webhooks_api.WebhookLog.as_view()),
    path("webhooks/<int:pk>/deliveries/<int:delivery>/resend/", webhooks_api.ResendWebhook.as_view()),
]
