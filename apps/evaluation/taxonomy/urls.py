from django.urls import path

from apps.evaluation.taxonomy import views

urlpatterns = [
    # /admin/taxonomy/
    path("admin/taxonomy/", views.taxonomy, name="taxonomy"),
    path("admin/taxonomy/table/", views.taxonomy_table, name="taxonomy_table"),
    path("admin/taxonomy/work/", views.taxonomy_work, name="taxonomy_work"),
    path("admin/taxonomy/add/", views.add_issue, name="add_issue"),
    path(
        "admin/taxonomy/issues/<slug:code>/recode/", views.recode_by_suggestion, name="recode_by_suggestion"
    ),
    path("admin/taxonomy/issues/<slug:code>/<slug:act>/", views.change_issue, name="change_issue"),
    # /admin/taxonomy/draft/
    path("admin/taxonomy/draft/", views.taxonomy_draft, name="taxonomy_draft"),
    path("admin/taxonomy/draft/changes/<int:pk>/withdraw/", views.withdraw_change, name="withdraw_change"),
    path("admin/taxonomy/change-sets/<int:pk>/discard/", views.discard_change_set, name="discard_change_set"),
    path("admin/taxonomy/change-sets/<int:pk>/take-up/", views.take_up_again, name="take_up_again"),
    # /admin/taxonomy/releases/
    path("admin/taxonomy/releases/", views.taxonomy_releases, name="taxonomy_releases"),
    path("admin/taxonomy/releases/<int:number>/undo/", views.undo_release, name="undo_release"),
    path("admin/taxonomy/recodings/<int:pk>/stop/", views.stop_recoding, name="stop_recoding"),
]
