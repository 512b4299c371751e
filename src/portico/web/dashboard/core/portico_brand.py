"""Portico's own brand, for staff pages before a business is chosen."""

from portico.web.shared.page import make_brand

PORTICO = make_brand("Portico", "")
