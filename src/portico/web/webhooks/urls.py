"""Addresses that payment providers post their notices to, under `/webhooks/` on the base host."""

from django.urls import path

from portico.web.webhooks.gateways import gateway_webhook

app_name = "webhooks"

urlpatterns = [path("gateways/<str:gateway>/<str:business>", gateway_webhook, name="gateway")]
