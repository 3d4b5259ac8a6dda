"""The root of the addresses, and the converter that reads their years."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from config.api import api
from config.converters import PeriodConverter
from config.health import health

register_converter(PeriodConverter, "period")

urlpatterns = [
    path("healthz", health, name="health"),
    # Before the pages of cards, whose last part may be the code of any plan.
    path("", include("kpi.urls")),
    path("", include("reports.urls")),
    path("", include("sheets.urls")),
    path("", include("bsc.urls")),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
]
