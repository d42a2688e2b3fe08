"""Mosquitto, a broker for MQTT, at 127.0.0.1:1883, which the tests share with others."""

from __future__ import annotations

from tests.services.standing import Standing, url_fixture

MOSQUITTO = Standing("mosquitto", "mqtt://127.0.0.1:1883")

mosquitto_url = url_fixture(MOSQUITTO)
