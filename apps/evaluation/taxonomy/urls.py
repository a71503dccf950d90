from django.urls import URLPattern, URLResolver, path

from apps.evaluation.taxonomy import api, views

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
    # /admin/taxonomy/files/
    path("admin/taxonomy/files/", views.taxonomy_files, name="taxonomy_files"),
    path("admin/taxonomy/files/taxonomy.csv", views.export_taxonomy, {"form": "csv"}, name="taxonomy_csv"),
    path("admin/taxonomy/files/taxonomy.json", views.export_taxonomy, {"form": "json"}, name="taxonomy_json"),
    path("admin/taxonomy/packs/<slug:name>/load/", views.load_pack, name="load_pack"),
    # /admin/taxonomy/draft/
    path("admin/taxonomy/draft/", views.taxonomy_draft, name="taxonomy_draft"),
    path("admin/taxonomy/draft/changes/<int:pk>/withdraw/", views.withdraw_change, name="withdraw_change"),
    path("admin/taxonomy/change-sets/<int:pk>/discard/", views.discard_change_set, name="discard_change_set"),
    path("admin/taxonomy/change-sets/<int:pk>/take-up/", views.take_up_again, name="take_up_again"),
    # /admin/taxonomy/releases/
    path("admin/taxonomy/releases/", views.taxonomy_releases, name="taxonomy_releases"),
    path("admin/taxonomy/releases/<int:number>/undo/", views.undo_release, name="undo_release"),
    path("admin/taxonomy/recodings/<int:pk>/", views.recoding_progress, name="recoding_progress"),
    path("admin/taxonomy/recodings/<int:pk>/stop/", views.stop_recoding, name="stop_recoding"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    # /taxonomy/
    path("taxonomy/", api.Taxonomy.as_view(), name="api_taxonomy"),
    path("taxonomy/releases/", api.Releases.as_view(), name="api_taxonomy_releases"),
    path("taxonomy/releases/<int:number>/undo/", api.UndoRelease.as_view(), name="api_undo_release"),
    # /taxonomy/draft/
    path("taxonomy/draft/", api.Draft.as_view(), name="api_taxonomy_draft"),
    path("taxonomy/draft/publish/", api.PublishDraft.as_view(), name="api_publish_draft"),
    path("taxonomy/draft/changes/<int:pk>/", api.DraftedChange.as_view(), name="api_drafted_change"),
]
