"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Models can be imported only once the application is set up.
from bsc import jobs
from config import timetable
from config.celery import app

jobs.begin_serving()
timetable.begin(app)
