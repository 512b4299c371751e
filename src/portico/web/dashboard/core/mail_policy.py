"""The Content Security Policy of a mail that is shown in a frame."""

# A mail styles its elements one by one, and nothing in it may run or load anything.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
