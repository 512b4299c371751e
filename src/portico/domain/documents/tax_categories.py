"""The categories of tax on sales of UNCL 5305 that EN 16931 knows, and what each asks of a line."""

import re

# Standard rate, Canary Islands (IGIC), Ceuta and Melilla (IPSI).
TAXED = frozenset({"S", "L", "M"})
# Zero rated, exempt, reverse charge, intra-community supply, export, not subject to tax.
UNTAXED = frozenset({"Z", "E", "AE", "K", "G", "O"})
# In the order in which they are offered.
TAX_CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
# What is zero rated needs no reason, and may not have one.
WITH_REASON = UNTAXED - {"Z"}
# A code of the list of exemption reasons that goes with EN 16931.
EXEMPTION_CODE = re.compile(r"VATEX-[A-Z0-9]{2,5}(-[A-Z0-9]{1,10}){0,3}", re.ASCII)
