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
CMD ["python", "-m", "config.serve"]
