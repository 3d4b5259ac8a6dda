from django.urls import path

from sheets import views

app_name = "sheets"
urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/new/", views.upload_file, name="import-upload"),
    path("imports/<int:pk>/", views.import_detail, name="import-detail"),
    path("imports/<int:pk>/apply/", views.apply_import, name="apply-import"),
    path("imports/<int:pk>/discard/", views.discard_import, name="discard-import"),
]
