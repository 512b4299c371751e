"""Addresses that providers of payments and mail post their notices to, under `/webhooks/` on the base host."""

from django.urls import path

from portico.web.webhooks.gateways import gateway_webhook
from portico.web.webhooks.mail import mail_webhook

app_name = "webhooks"

urlpatterns = [
    path("gateways/<str:gateway>/<str:business>", gateway_webhook, name="gateway"),
    path("mail/<str:provider>/<str:kind>", mail_webhook, name="mail"),
]
