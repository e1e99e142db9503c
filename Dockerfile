FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
# Wheels only: nothing that the lock does not name is run while building. What installs them stays behind.
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --only-binary :all: --require-hashes -r requirements.txt
# For backup and restore, three programs of the server's version. Their package would bring Perl with it.
RUN apt-get update \
    && apt-get download postgresql-client-15 \
    && dpkg-deb --extract postgresql-client-15_*.deb /postgresql

FROM python:3.11.14-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Nothing is installed in what runs.
RUN pip uninstall --yes --root-user-action=ignore setuptools wheel pip \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin coastguard
# What those three are linked to.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq5 liblz4-1 libreadline8 libzstd1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=packages /postgresql/usr/lib/postgresql/15/bin/pg_dump /postgresql/usr/lib/postgresql/15/bin/pg_restore \
     /postgresql/usr/lib/postgresql/15/bin/psql /usr/local/bin/
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py requirements.txt LICENSE LICENSE-DATA ./
COPY coastguard coastguard
COPY agreements agreements
COPY fixtures fixtures
COPY docs/handbook.md docs/api.md docs/
# Settings for this one line: nothing connects to the database, and nothing is kept.
RUN COASTGUARD_ENV=production ALLOWED_HOSTS=localhost \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    DATABASE_URL=postgres://localhost/unused python manage.py collectstatic --no-input --verbosity 0
# Where docker compose keeps the files of releases, and backups; a new volume takes over whose it is.
RUN mkdir /releases /backups && chown 10001 /releases /backups && chmod 700 /backups
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "coastguard.health", "http://127.0.0.1:8000"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "30", \
     "--log-level", "warning", "--log-config", "coastguard/granian-log.json", "coastguard.wsgi:application"]
