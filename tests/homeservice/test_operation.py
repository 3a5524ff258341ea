"""Health, metrics and the request log."""

import json
import logging

import pytest
from celery import current_app
from django.test import Client, override_settings

from homeservice.operation import RequestLog
from homeservice.settings.logs import logging_with


@pytest.mark.django_db(transaction=True)
def test_a_healthy_process_names_each_part_that_it_stands_on(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok", "broker": "ok"})


@pytest.mark.django_db(transaction=True)
def test_a_process_without_a_broker_serves_on_and_says_so(client: Client) -> None:
    broker = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    try:
        answer = client.get("/healthz")
    finally:
        current_app.conf.broker_write_url = broker

    assert answer.status_code == 200
    assert answer.json()["broker"] == "Unavailable: The broker does not answer"


def test_a_probe_is_not_sent_to_https(client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get("/metrics").status_code == 404


def test_metrics_do_not_exist_without_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@override_settings(METRICS_TOKEN="scraper-7")
def test_metrics_are_for_who_holds_the_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404

    answer = client.get("/metrics", headers={"Authorization": "Bearer scraper-7"})

    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content


def test_the_request_log_leaves_out_what_people_search_for() -> None:
    request = Client().get("/metrics", {"q": "13800001234"}).wsgi_request

    assert RequestLog.format_request(request) == "GET /metrics"


def test_production_writes_one_json_object_a_line() -> None:
    formatter = logging_with(json=True, level="INFO")["formatters"]["line"]
    made = formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"])
    record = logging.LogRecord("a.b", logging.INFO, __file__, 1, "下单 %s", ("B1",), None)

    line = json.loads(made.format(record))

    assert (line["event"], line["level"], line["logger"]) == ("下单 B1", "info", "a.b")
