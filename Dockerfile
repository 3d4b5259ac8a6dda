FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
RUN useradd --create-home --home-dir /srv/dengta --uid 10001 dengta
WORKDIR /srv/dengta

COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt

COPY --chown=dengta:dengta . ./
USER dengta
# The key serves this one command and is not kept: a running portal brings its own.
RUN mkdir -p var/media \
    && SECRET_KEY=unused python manage.py collectstatic --noinput --verbosity 0

ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
# A worker or a timetable made of this image brings a check of its own.
HEALTHCHECK --interval=10s --timeout=5s --retries=6 --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "-m", "config.serve"]
