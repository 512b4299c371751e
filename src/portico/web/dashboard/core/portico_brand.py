"""Whose house the staff's doors are: before a business is chosen, Portico's own."""

from portico.web.shared.page import brand

PORTICO = brand("Portico", "")
