"""The Celery app, and the whole timetable of periodic jobs."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("dengta")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "interrupt-lost-jobs": {"task": "bsc.tasks.interrupt_lost_jobs", "schedule": 60.0},
}
