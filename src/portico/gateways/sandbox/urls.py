"""The sandbox bank's own pages, under `/sandbox/` on the base host."""

from django.urls import path

from portico.gateways.sandbox.pages import challenge, control, control_charge

app_name = "sandbox"

urlpatterns = [
    path("", control, name="control"),
    path("charges/<str:charge>", control_charge, name="control_charge"),
    path("challenge/<str:charge>", challenge, name="challenge"),
]
