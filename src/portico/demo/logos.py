"""The logos of the demonstration's businesses."""

# A compass needle that points north.
NORDWIND = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">
<circle cx="24" cy="24" r="21" fill="none" stroke="#0f5f87" stroke-width="4"/>
<path d="M24 6 31 24H17z" fill="#0f5f87"/><path d="M24 42 17 24h14z" fill="#e2a03f"/>
</svg>"""
NORDWIND_DARK = NORDWIND.replace("#0f5f87", "#7cc3e8")
