from django.urls import path

from sheets import views

app_name = "sheets"
urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/new/", views.upload_file, name="import-upload"),
    path("imports/<int:pk>/", views.import_detail, name="import-detail"),
    path("imports/<int:pk>/apply/", views.apply_import, name="apply-import"),
    path("imports/<int:pk>/answers/", views.answer_import, name="answer-import"),
    path("imports/<int:pk>/undo/", views.undo_import, name="undo-import"),
    path("imports/<int:pk>/file/", views.download_file, name="import-file"),
    path("imports/<int:pk>/annotated/", views.annotated_import, name="annotated-copy"),
    path("imports/<int:pk>/copy/", views.copy_import, name="copy-import"),
    path("imports/<int:pk>/discard/", views.discard_import, name="discard-import"),
]
