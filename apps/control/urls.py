from django.urls import path

from apps.control import api, api_asking, views, views_asking

urlpatterns = [
    # /t/<number>/
    path("t/<int:number>/clocks/", views.clocks_panel, name="clocks_panel"),
    path("t/<int:number>/referrals/", views.referrals_panel, name="referrals_panel"),
    # /clocks/
    path("clocks/due/", views.due_badges, name="due_badges"),
    # /referrals/<number>/
    path("referrals/", views.referrals, name="referrals"),
    path("referrals/<int:number>/", views.referral, name="referral"),
    path("referrals/<int:number>/close/", views.close_referral, name="close_referral"),
    # for customers
    path("s/<str:key>/", views.survey, name="survey"),
    # /surveys/
    path("surveys/follow-ups/", views_asking.follow_ups, name="follow_ups"),
    path("surveys/follow-ups/<int:pk>/", views_asking.finish_follow_up, name="finish_follow_up"),
    # /admin/
    path("admin/surveys/", views_asking.surveys, name="surveys"),
    path("admin/surveys/limits/", views_asking.set_limits, name="ask_limits"),
    path("admin/surveys/rules/<int:pk>/withdraw/", views_asking.withdraw_rule, name="withdraw_ask_rule"),
    path("admin/clocks/", views.policies, name="policies"),
]

api_urlpatterns = [
    path("tickets/<int:number>/clocks/", api.Clocks.as_view()),
    path("tickets/<int:number>/referrals/", api.Referrals.as_view()),
    path("referrals/<int:number>/answer/", api.Answer.as_view()),
    path("ask-rules/", api_asking.Rules.as_view(), name="api_ask_rules"),
    path("ask-rules/<int:pk>/", api_asking.OneRule.as_view(), name="api_ask_rule"),
    path("ask-limits/", api_asking.Limits.as_view(), name="api_ask_limits"),
    path("surveys/figures/", api_asking.Figures.as_view(), name="api_survey_figures"),
    path("follow-ups/", api_asking.FollowUps.as_view(), name="api_follow_ups"),
    path("follow-ups/<int:pk>/", api_asking.OneFollowUp.as_view(), name="api_follow_up"),
]
