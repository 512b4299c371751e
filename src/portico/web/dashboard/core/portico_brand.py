"""Portico's own brand, for staff pages before a business is chosen."""

from portico.web.shared.brand import Looks, make_brand

PORTICO = make_brand("Portico", Looks())
