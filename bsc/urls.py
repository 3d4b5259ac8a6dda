from django.urls import path

from bsc import views

app_name = "bsc"
urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/<int:pk>/", views.job_detail, name="job"),
    path("jobs/<int:pk>/again/", views.run_job_again, name="run-job-again"),
]
