from django.urls import path

from apps.control import api, views

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
    # /admin/
    path("admin/clocks/", views.policies, name="policies"),
]

api_urlpatterns = [
    path("tickets/<int:number>/clocks/", api.Clocks.as_view()),
    path("tickets/<int:number>/referrals/", api.Referrals.as_view()),
    path("referrals/<int:number>/answer/", api.Answer.as_view()),
]
