"""Addresses of the API, under `/api/` on the base host."""

from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from portico.web.api.v1.api import framed, nothing_here
from portico.web.api.v1.api import urlpatterns as v1

app_name = "api"

urlpatterns = [
    path("v1/", include(v1())),
    re_path("", csrf_exempt(framed(nothing_here))),
]
