from django.urls import URLPattern, URLResolver, path

from apps.output import api, views
from apps.output.account import api as account_api
from apps.output.account import views as account
from apps.output.account import views_desk
from apps.output.articles import api as articles_api
from apps.output.articles import api_files as articles_files_api
from apps.output.articles import api_parts as articles_parts_api
from apps.output.articles import views as articles
from apps.output.articles import views_files as articles_files
from apps.output.articles import views_ticket as articles_ticket
from apps.output.customers import api as customers_api
from apps.output.customers import api_addresses, api_merging
from apps.output.customers import views as customers
from apps.output.customers import views_addresses as addresses
from apps.output.customers import views_merging as merging
from apps.output.help_centre import api as help_api
from apps.output.help_centre import views as help_centre
from apps.output.help_centre import views_report as help_report
from apps.output.notifications import api as notifications_api
from apps.output.notifications import views as notifications
from apps.output.organisations import api as organisations_api
from apps.output.organisations import views as organisations
from apps.output.organisations import views_outside as organisations_outside
from apps.output.privacy import api as privacy_api
from apps.output.privacy import api_retention, views_retention
from apps.output.privacy import views as privacy
from apps.output.webhooks import api as webhooks_api
from apps.output.webhooks import schema as webhook_schema
from apps.output.webhooks import views as webhooks

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    # /inbox/
    path("inbox/", notifications.inbox, name="notifications"),
    path("inbox/bell/", notifications.bell, name="bell"),
    path("inbox/read/", notifications.read_news, name="read_news"),
    path("inbox/seen/<int:number>/", notifications.see_ticket, name="see_ticket"),
    path("settings/notifications/", notifications.notification_settings, name="notification_settings"),
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
    path("customers/<int:pk>/sign-out/", views_desk.sign_out_customer, name="sign_out_customer"),
    path("customers/<int:pk>/alike/", merging.customer_alike, name="customer_alike"),
    path("customers/<int:pk>/merge/", merging.merge_customer, name="merge_customer"),
    path("customers/<int:pk>/merges/<int:merge>/undo/", merging.undo_merge, name="undo_customer_merge"),
    path("customers/<int:pk>/privacy/", privacy.customer_privacy, name="customer_privacy"),
    path("customers/<int:pk>/privacy/export/", privacy.export_customer, name="export_customer"),
    path("customers/<int:pk>/privacy/<int:export>/", privacy.customer_export, name="customer_export"),
    path("customers/<int:pk>/erase/", privacy.erase_customer, name="erase_customer"),
    path("address/<str:key>/", addresses.confirm_address, name="confirm_address"),
    # /organisations/
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.add_organisation, name="add_organisation"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit_organisation, name="edit_organisation"),
    path("organisations/<int:pk>/note/", organisations.note_organisation, name="note_organisation"),
    path("organisations/<int:pk>/merge/", organisations.merge_organisation, name="merge_organisation"),
    path(
        "organisations/<int:pk>/merges/<int:merge>/undo/",
        organisations.undo_merge,
        name="undo_organisation_merge",
    ),
    path("organisations/<int:pk>/domains/", organisations.claim_domain, name="claim_domain"),
    path(
        "organisations/<int:pk>/domains/<int:domain>/remove/",
        organisations.release_domain,
        name="release_domain",
    ),
    path("organisations/<int:pk>/members/", organisations.add_member, name="add_member"),
    path("organisations/<int:pk>/members/<int:customer>/", organisations.change_member, name="change_member"),
    # /help/mine/
    path("help/sign-in/", account.sign_in, name="account_sign_in"),
    path("help/sign-in/<str:key>/", account.enter, name="account_enter"),
    path("help/sign-out/", account.sign_out, name="account_sign_out"),
    path("help/sign-out/everywhere/", account.sign_out_everywhere, name="account_sign_out_everywhere"),
    path("help/mine/", account.my_requests, name="my_requests"),
    path("help/mine/details/", account.my_details, name="my_details"),
    path("help/mine/addresses/", account.add_own_address, name="add_own_address"),
    path("help/mine/addresses/<int:pk>/primary/", account.name_primary, name="name_primary"),
    path("help/mine/organisation/", account.my_organisation, name="my_organisation"),
    # /help/o/<key>/
    path(
        "help/r/<str:key>/organisation/",
        organisations_outside.ask_organisation_link,
        name="ask_organisation_link",
    ),
    path("help/o/<str:key>/", organisations_outside.organisation_tickets, name="organisation_tickets"),
    path(
        "help/o/<str:key>/<int:number>/",
        organisations_outside.organisation_ticket,
        name="organisation_ticket",
    ),
    path(
        "help/o/<str:key>/<int:number>/files/<int:pk>/",
        organisations_outside.organisation_file,
        name="organisation_file",
    ),
    # /help/
    path("help/", help_centre.home, name="portal"),
    path("help/search/", help_centre.search_help, name="search_help"),
    path("help/suggestions/", help_centre.suggest_help, name="suggest_help"),
    path("help/topics/<slug:slug>/", help_centre.help_topic, name="help_topic"),
    path("help/articles/<int:pk>/", help_centre.help_article, name="help_article"),
    path("help/articles/<int:pk>/files/<int:file>/", articles_files.article_file, name="article_file"),
    path("help/articles/<int:pk>/helped/", help_centre.vote_on_article, name="vote_on_article"),
    # /articles/
    path("articles/", articles.articles, name="articles"),
    path("articles/new/", articles.add_article, name="add_article"),
    path("articles/report/", help_report.report, name="help_report"),
    path("articles/topics/", articles.topics, name="topics"),
    path("articles/topics/<int:pk>/", articles.topics, name="edit_topic"),
    path("articles/<int:pk>/", articles.article, name="article"),
    path("articles/<int:pk>/about/", articles.edit_article, name="edit_article"),
    path("articles/<int:pk>/parts/", articles.article_parts, name="article_parts"),
    path(
        "articles/<int:pk>/files/<int:file>/remove/",
        articles_files.remove_article_file,
        name="remove_article_file",
    ),
    path("articles/<int:pk>/translate/", articles.new_translation, name="new_translation"),
    path("articles/<int:pk>/<slug:language>/", articles.edit_article_text, name="edit_article_text"),
    path("articles/<int:pk>/<slug:language>/act/", articles.act_on_article_text, name="act_on_article_text"),
    path("articles/<int:pk>/<slug:language>/versions/", articles.article_versions, name="article_versions"),
    # /t/<number>/
    path("t/<int:number>/articles/", articles_ticket.articles_panel, name="articles_panel"),
    path("t/<int:number>/articles/new/", articles_ticket.article_from_ticket, name="article_from_ticket"),
    path("t/<int:number>/deliveries/", views.delivery_states, name="delivery_states"),
    # /messages/<pk>/
    path("messages/<int:pk>/undo/", views.undo, name="undo"),
    path("messages/<int:pk>/offer/", views.undo_offer, name="undo_offer"),
    path("side-letters/<int:pk>/undo/", views.undo_side, name="undo_side"),
    path("side-letters/<int:pk>/offer/", views.undo_side_offer, name="undo_side_offer"),
    # /admin/
    path("admin/deliveries/", views.deliveries, name="deliveries"),
    path("admin/deliveries/<int:pk>/retry/", views.retry, name="retry_delivery"),
    # /admin/retention/
    path("admin/retention/", views_retention.retention, name="retention"),
    path("admin/retention/rules/", views_retention.add_rule, name="add_retention_rule"),
    path("admin/retention/rules/<int:pk>/", views_retention.change_rule, name="change_retention_rule"),
    path("admin/retention/holds/", views_retention.place_hold, name="place_hold"),
    path("admin/retention/holds/<int:pk>/lift/", views_retention.lift_hold, name="lift_hold"),
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
    # What was just sent is taken back
    path("tickets/<int:number>/replies/<int:pk>/undo/", api.UndoReply.as_view()),
    path("tickets/<int:number>/sides/letters/<int:pk>/undo/", api.UndoSideLetter.as_view()),
    # /articles/
    path("articles/", articles_api.Articles.as_view()),
    path("articles/<int:pk>/", articles_api.OneArticle.as_view()),
    path("articles/<int:pk>/files/", articles_files_api.ArticleFiles.as_view()),
    path("articles/<int:pk>/files/<int:file>/", articles_files_api.OneArticleFile.as_view()),
    path("articles/<int:pk>/parts/", articles_parts_api.ArticleParts.as_view()),
    path("article-questions/", articles_parts_api.ArticleQuestions.as_view()),
    path("articles/<int:pk>/texts/<slug:language>/", articles_api.OneArticleText.as_view()),
    path("articles/<int:pk>/texts/<slug:language>/versions/", articles_api.ArticleVersions.as_view()),
    path("article-topics/", articles_api.Topics.as_view()),
    path("article-topics/<int:pk>/", articles_api.OneTopic.as_view()),
    path("help-figures/", help_api.HelpFigures.as_view()),
    path("help-searches/", help_api.HelpSearches.as_view()),
    # /me/
    path("me/notifications/", notifications_api.MyNotifications.as_view()),
    path("me/notification-settings/", notifications_api.MyNotificationSettings.as_view()),
    # /customers/
    path("customers/", customers_api.Customers.as_view()),
    path("customers/<int:pk>/", customers_api.OneCustomer.as_view()),
    path("customers/<int:pk>/notes/", customers_api.CustomerNotes.as_view()),
    path("customers/<int:pk>/addresses/", api_addresses.Addresses.as_view()),
    path("customers/<int:pk>/addresses/<int:address>/", api_addresses.OneAddress.as_view()),
    path("customers/<int:pk>/phones/", api_addresses.Phones.as_view()),
    path("customers/<int:pk>/phones/<int:phone>/", api_addresses.OnePhone.as_view()),
    path("customers/<int:pk>/sessions/", account_api.CustomerSessions.as_view()),
    path("customers/<int:pk>/merge/", api_merging.MergeCustomer.as_view()),
    path("customers/<int:pk>/merges/<int:merge>/undo/", api_merging.UndoMerge.as_view()),
    path("customers/<int:pk>/exports/", privacy_api.CustomerExports.as_view()),
    path("customers/<int:pk>/exports/<int:export>/", privacy_api.OneCustomerExport.as_view()),
    path("customers/<int:pk>/erase/", privacy_api.EraseCustomer.as_view()),
    # /retention/
    path("retention-rules/", api_retention.RetentionRules.as_view()),
    path("retention-rules/<int:pk>/", api_retention.OneRetentionRule.as_view()),
    path("legal-holds/", api_retention.LegalHolds.as_view()),
    path("legal-holds/<int:pk>/lift/", api_retention.LiftLegalHold.as_view()),
    # /organisations/
    path("organisations/", organisations_api.Organisations.as_view()),
    path("organisations/<int:pk>/", organisations_api.OneOrganisation.as_view()),
    path("organisations/<int:pk>/domains/", organisations_api.OrganisationDomains.as_view()),
    path("organisations/<int:pk>/domains/<int:domain>/", organisations_api.OneOrganisationDomain.as_view()),
    path("organisations/<int:pk>/members/", organisations_api.OrganisationMembers.as_view()),
    path("organisations/<int:pk>/members/<int:customer>/", organisations_api.OneOrganisationMember.as_view()),
    path("organisations/<int:pk>/notes/", organisations_api.OrganisationNotes.as_view()),
    path("organisations/<int:pk>/merge/", organisations_api.MergeOrganisation.as_view()),
    path("organisations/<int:pk>/merges/", organisations_api.OrganisationMerges.as_view()),
    path(
        "organisations/<int:pk>/merges/<int:merge>/undo/", organisations_api.UndoOrganisationMerge.as_view()
    ),
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
