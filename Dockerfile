# One image for web, workers, beat and manage.py. Secrets come by environment when it runs, never into it.

FROM node:24-slim AS theme
WORKDIR /srv/theme
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY scripts/build.js scripts/outline.js scripts/
COPY static/src static/src
RUN npm run build

FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.lock

FROM python:3.13-slim
# A number, so that an orchestrator can see that it isn't root.
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin lyb \
    && install --directory --owner lyb --group lyb --mode 0700 /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LYB_ENV=production \
    LYB_DATA_DIR=/data \
    LYB_STATIC_DIR=/srv/static
WORKDIR /srv/app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=theme /srv/theme/static/dist static/dist
# Static files lie in the image and not on the volume: each version brings its own.
RUN pybabel compile --directory locale --domain django \
    && LYB_ENV=development python manage.py collectstatic --noinput \
    && python -m compileall -q config cities residents grants projects
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
