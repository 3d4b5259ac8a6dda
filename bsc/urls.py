from django.urls import path

from bsc import views

app_name = "bsc"
urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/<int:pk>/", views.job_detail, name="job"),
    path("jobs/<int:pk>/again/", views.run_job_again, name="run-job-again"),
    path("jobs/<int:pk>/cancel/", views.cancel_job, name="cancel-job"),
    path("notices/", views.inbox, name="inbox"),
    path("notices/read/", views.read_notices, name="read-notices"),
    path("notices/mail/", views.mail_choice, name="mail-choice"),
    path("notices/<int:pk>/open/", views.open_notice, name="open-notice"),
]
