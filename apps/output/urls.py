from django.urls import URLPattern, URLResolver, path

from apps.output import api, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", views.search, name="search"),
    # /t/<number>/
    path("t/<int:number>/deliveries/", views.delivery_states, name="delivery_states"),
    # /messages/<pk>/
    path("messages/<int:pk>/undo/", views.undo, name="undo"),
    # /admin/
    path("admin/deliveries/", views.deliveries, name="deliveries"),
    path("admin/deliveries/<int:pk>/retry/", views.retry, name="retry_delivery"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", api.Search.as_view(), name="api_search"),
]
