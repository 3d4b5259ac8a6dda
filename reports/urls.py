"""Addresses of the pages that show several apps.

Years are 民國 in the address and common era behind it: the `period` converter of
`config/urls.py` turns one into the other.
"""

from django.urls import path

from reports.views import closing, home, kpis, maps, results, scorecards

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", home.set_theme, name="set-theme"),
    path("units/<slug:code>/", maps.unit, name="unit"),
    path("units/<slug:code>/<period:year>/", maps.strategy_map, name="map"),
    path(
        "units/<slug:code>/<period:year>/scorecard/",
        scorecards.scorecard,
        name="scorecard",
    ),
    path(
        "units/<slug:code>/<period:year>/results/",
        results.results,
        name="results",
    ),
    path(
        "units/<slug:code>/<period:year>/lights/",
        results.lights,
        name="lights",
    ),
    path(
        "units/<slug:code>/<period:year>/scorecard.json",
        scorecards.scorecard_json,
        name="scorecard-json",
    ),
    path("units/<slug:code>/<period:year>/close/", closing.close_year, name="close"),
    path("units/<slug:code>/<period:year>/seal/", closing.seal, name="seal"),
    path(
        "units/<slug:code>/<period:year>/sealed.json",
        closing.sealed_json,
        name="sealed-json",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/",
        maps.strategy_map,
        name="plan-map",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/scorecard/",
        scorecards.scorecard,
        name="plan-scorecard",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/results/",
        results.results,
        name="plan-results",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/lights/",
        results.lights,
        name="plan-lights",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/scorecard.json",
        scorecards.scorecard_json,
        name="plan-scorecard-json",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/close/",
        closing.close_year,
        name="plan-close",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/seal/",
        closing.seal,
        name="plan-seal",
    ),
    path(
        "units/<slug:code>/<period:year>/<slug:plan>/sealed.json",
        closing.sealed_json,
        name="plan-sealed-json",
    ),
    path("errata/<int:pk>/decide/", closing.decide_erratum, name="decide-erratum"),
    path("objectives/<int:pk>/", kpis.objective_detail, name="objective"),
    path("kpis/<int:pk>/", kpis.kpi_detail, name="kpi"),
    path("kpis/<int:pk>/history/", kpis.kpi_history, name="kpi-history"),
]
