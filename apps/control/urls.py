from django.urls import path

from apps.control import (
    api,
    api_asking,
    api_customer_promises,
    api_promises,
    views,
    views_asking,
    views_calendars,
    views_customer_promises,
    views_promises,
)
from apps.control.recurring import api as recurring_api
from apps.control.recurring import views as recurring

urlpatterns = [
    # /t/<number>/
    path("t/<int:number>/clocks/", views.clocks_panel, name="clocks_panel"),
    path("t/<int:number>/referrals/", views.referrals_panel, name="referrals_panel"),
    path("t/<int:number>/promises/", views_customer_promises.promises_panel, name="promises_panel"),
    path("t/<int:number>/promises/<int:pk>/", views_customer_promises.settle_promise, name="settle_promise"),
    # /promises/
    path("promises/", views_customer_promises.customer_promises, name="customer_promises"),
    path("promises/kept/", views_customer_promises.promises_kept, name="promises_kept"),
    # /clocks/
    path("clocks/due/", views.due_badges, name="due_badges"),
    # /referrals/<number>/
    path("referrals/", views.referrals, name="referrals"),
    path("referrals/<int:number>/", views.referral, name="referral"),
    path("referrals/<int:number>/close/", views.close_referral, name="close_referral"),
    # for those without an account
    path("answer/<str:key>/", views.answer_by_link, name="answer_by_link"),
    path("done/<str:key>/", views.referral_done, name="referral_done"),
    # for customers
    path("s/<str:key>/", views.survey, name="survey"),
    # /surveys/
    path("surveys/follow-ups/", views_asking.follow_ups, name="follow_ups"),
    path("surveys/follow-ups/<int:pk>/", views_asking.finish_follow_up, name="finish_follow_up"),
    # /recurring/
    path("recurring/", recurring.recurring_tickets, name="recurring_tickets"),
    path("recurring/new/", recurring.recurring_ticket, name="new_recurring_ticket"),
    path("recurring/<int:pk>/", recurring.recurring_ticket, name="recurring_ticket"),
    path("recurring/<int:pk>/change/", recurring.change_recurring, name="change_recurring_ticket"),
    # /admin/
    path("admin/surveys/", views_asking.surveys, name="surveys"),
    path("admin/surveys/limits/", views_asking.set_limits, name="ask_limits"),
    path("admin/surveys/rules/<int:pk>/withdraw/", views_asking.withdraw_rule, name="withdraw_ask_rule"),
    path("admin/clocks/", views_promises.policies, name="policies"),
    path("admin/clocks/recount/", views_promises.recount, name="recount_clocks"),
    path("admin/clocks/policies/new/", views_promises.policy, name="new_policy"),
    path("admin/clocks/policies/<int:pk>/", views_promises.policy, name="policy"),
    path("admin/clocks/policies/<int:pk>/move/", views_promises.move_policy, name="move_policy"),
    path("admin/clocks/policies/<int:pk>/retire/", views_promises.retire_policy, name="retire_policy"),
    path("admin/clocks/policies/<int:pk>/rungs/", views_promises.add_rung, name="add_rung"),
    path("admin/clocks/rungs/<int:pk>/take-out/", views_promises.take_out_rung, name="take_out_rung"),
    path("admin/clocks/calendars/", views_calendars.calendars, name="calendars"),
    path("admin/clocks/calendars/new/", views_calendars.calendar, name="new_calendar"),
    path("admin/clocks/calendars/<int:pk>/", views_calendars.calendar, name="calendar"),
    path("admin/clocks/calendars/<int:pk>/days-off/", views_calendars.days_off, name="days_off"),
    path("admin/clocks/calendars/<int:pk>/drop/", views_calendars.drop_calendar, name="drop_calendar"),
]

api_urlpatterns = [
    path("tickets/<int:number>/clocks/", api.Clocks.as_view()),
    path("tickets/<int:number>/referrals/", api.Referrals.as_view()),
    path("referrals/<int:number>/answer/", api.Answer.as_view()),
    path("referrals/<int:number>/close/", api.CloseReferral.as_view()),
    path("referrals/<int:number>/check/", api.CheckReferral.as_view()),
    path("referrals/<int:number>/chase/", api.ChaseReferral.as_view()),
    path("tickets/<int:number>/promises/", api_customer_promises.TicketPromises.as_view()),
    path("promises/", api_customer_promises.CustomerPromises.as_view()),
    path("promises/figures/", api_customer_promises.PromiseFigures.as_view()),
    path("promises/<int:pk>/", api_customer_promises.OneCustomerPromise.as_view()),
    path("calendars/", api_promises.Calendars.as_view(), name="api_calendars"),
    path("calendars/due/", api_promises.Due.as_view(), name="api_due"),
    path("calendars/<int:pk>/", api_promises.OneCalendar.as_view(), name="api_calendar"),
    path("calendars/<int:pk>/days-off/", api_promises.DaysOff.as_view(), name="api_days_off"),
    path("policies/", api_promises.Policies.as_view(), name="api_policies"),
    path("policies/order/", api_promises.Order.as_view(), name="api_policy_order"),
    path("policies/fitting/", api_promises.Fitting.as_view(), name="api_policy_fitting"),
    path("policies/recount/", api_promises.Recount.as_view(), name="api_recount"),
    path("policies/<int:pk>/", api_promises.OnePolicy.as_view(), name="api_policy"),
    path("policies/<int:pk>/rungs/", api_promises.Rungs.as_view(), name="api_rungs"),
    path("policies/<int:pk>/rungs/<int:rung>/", api_promises.OneRung.as_view(), name="api_rung"),
    path("recurring-tickets/", recurring_api.RecurringTickets.as_view()),
    path("recurring-tickets/preview/", recurring_api.RecurringPreview.as_view()),
    path("recurring-tickets/<int:pk>/", recurring_api.OneRecurringTicket.as_view()),
    path("ask-rules/", api_asking.Rules.as_view(), name="api_ask_rules"),
    path("ask-rules/<int:pk>/", api_asking.OneRule.as_view(), name="api_ask_rule"),
    path("ask-limits/", api_asking.Limits.as_view(), name="api_ask_limits"),
    path("surveys/figures/", api_asking.Figures.as_view(), name="api_survey_figures"),
    path("follow-ups/", api_asking.FollowUps.as_view(), name="api_follow_ups"),
    path("follow-ups/<int:pk>/", api_asking.OneFollowUp.as_view(), name="api_follow_up"),
]
