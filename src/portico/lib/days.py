"""The civil dates that Portico keeps, the same wherever one comes in: arithmetic on them never leaves the calendar."""

from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
DAYS = "dates lie between 1900 and 2199"
