"""The ground floor: the organisation, its people, its strategy and its jobs."""

from bsc.models.evidence import Evidence
from bsc.models.jobs import Job
from bsc.models.lineage import LineageStep, ObjectiveLineage, ThemeLineage
from bsc.models.notices import Notice, WorkDay
from bsc.models.people import ApiToken, Membership, User
from bsc.models.strategy import (
    MAIN_PLAN,
    Objective,
    ObjectiveLink,
    Perspective,
    Scorecard,
    SuccessFactor,
    Theme,
    ThemeMember,
)
from bsc.models.units import Unit, UnitName

__all__ = [
    "MAIN_PLAN",
    "ApiToken",
    "Evidence",
    "Job",
    "LineageStep",
    "Membership",
    "Notice",
    "Objective",
    "ObjectiveLineage",
    "ObjectiveLink",
    "Perspective",
    "Scorecard",
    "SuccessFactor",
    "Theme",
    "ThemeLineage",
    "ThemeMember",
    "Unit",
    "UnitName",
    "User",
    "WorkDay",
]
