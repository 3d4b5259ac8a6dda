"""The Celery app, and the whole timetable of periodic jobs."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("dengta")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "recover-lost-jobs": {"task": "bsc.tasks.recover_lost_jobs", "schedule": 60.0},
    "tell-of-rounds": {"task": "kpi.tasks.tell_of_rounds", "schedule": 900.0},
    "mail-notices": {"task": "bsc.tasks.mail_notices", "schedule": 900.0},
    "repair": {"task": "kpi.tasks.repair", "schedule": crontab(hour="2", minute="30")},
}
