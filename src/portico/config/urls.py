"""Addresses of the base host: staff pages and the API. A portal's own are in portico.web.portal.urls."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("portico.web.api.urls")),
    path("webhooks/", include("portico.web.webhooks.urls")),
    path("sandbox/", include("portico.gateways.sandbox.urls")),
    path("", include("portico.web.dashboard.urls")),
]

handler404 = "portico.web.dashboard.core.gate.no_page"
handler500 = "portico.web.shared.failures.server_error"
handler429 = "portico.web.dashboard.team.sign_in.too_many"
