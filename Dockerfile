# The platform's image: one for web, worker and indexer; docker-compose.yml says what each of them runs.

FROM node:24.11.0-bookworm-slim AS browser
WORKDIR /browser
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.13.9-slim-bookworm AS environment
COPY requirements.txt ./
RUN python -m venv /environment \
    && /environment/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements.txt

FROM python:3.13.9-slim-bookworm
ENV PATH=/environment/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    ARCHIVE_HOME=/archive
# The number stands in docker-compose.yml too: what the volume holds belongs to it.
RUN groupadd --gid 10001 archive \
    && useradd --uid 10001 --gid archive --home-dir /archive --no-create-home --shell /usr/sbin/nologin archive \
    && install --directory --owner archive --group archive --mode 0750 /archive
COPY --from=environment /environment /environment
WORKDIR /app
COPY --from=browser /browser/node_modules node_modules
COPY . .
# Compiled now, because the image is read-only when it runs.
RUN python -m compileall -q .
USER 10001:10001
VOLUME /archive
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "config.wsgi:application"]
