"""Addresses of the base host: staff pages and the API. A portal's own are in portico.web.portal.urls."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
