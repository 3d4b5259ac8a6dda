from django.urls import path

from kpi import views

app_name = "kpi"
urlpatterns = [
    path("units/<slug:code>/<period:year>/rate/", views.rate_card, name="rate"),
]
