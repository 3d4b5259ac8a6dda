"""The API, one router per app, under /api/v1/."""

from ninja import NinjaAPI
from ninja.security import django_auth

from bsc.api import PersonalToken
from bsc.api import router as units
from kpi.api import router as kpis
from reports.api import router as scorecards

api = NinjaAPI(
    title="Dengta",
    version="1",
    description="Scorecards, results and what-if scores. Numbers are decimal strings,"
    " years are 民國.",
    auth=[PersonalToken(), django_auth],
    urls_namespace="api",
    docs_url="/docs",
)
api.add_router("", units)
api.add_router("", kpis)
api.add_router("", scorecards)
