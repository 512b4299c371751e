"""A shop that shows its customers their billing portal within its own page: docs/embedding.md, in forty lines of Flask.

PORTICO_URL=https://billing.example.com PORTICO_KEY=ptk_… PORTICO_CUSTOMER=acme python shop.py
"""

import json
import os
import urllib.request

from flask import Flask, Response, render_template_string, request

PORTICO, KEY = os.environ["PORTICO_URL"], os.environ["PORTICO_KEY"]
PAGE = """<!doctype html>
<html lang="en">
<title>Your billing · Shop</title>
<script src="{{ portal }}/portico-embed.js" defer></script>
<nav><a href="/">Overview</a> <a href="/?page=invoices">Invoices</a> <a href="/?page=pay">Pay</a></nav>
<h1>Your billing</h1>
<portico-portal src="{{ url }}" refresh="/portal-url" page="{{ page }}" theme="light"></portico-portal>
"""
app = Flask(__name__)


def portal_url() -> str:
    """Ask Portico for the URL of the customer who is signed in to the shop. Here that is always the same one."""
    address = f"{PORTICO}/api/v1/customers/{os.environ['PORTICO_CUSTOMER']}/portal_url"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {KEY}"}, method="POST")  # noqa: S310 - the address is the operator's own
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["customer"]["portal_url"])


@app.get("/")
def billing() -> Response:
    """Show the portal, at the page that the link names."""
    url, page = portal_url(), request.args.get("page", "my_account")
    portal = url.partition("/s/")[0]
    response = Response(render_template_string(PAGE, url=url, portal=portal, page=page))
    response.headers["Content-Security-Policy"] = f"default-src 'self'; script-src {portal}/; frame-src {portal}/"
    return response


@app.get("/portal-url")
def fresh_portal_url() -> dict[str, str]:
    """Give the page a new URL when the former one has ended."""
    return {"portal_url": portal_url()}


if __name__ == "__main__":
    tls = (os.environ["TLS_CERT"], os.environ["TLS_KEY"]) if "TLS_CERT" in os.environ else None
    app.run(port=int(os.environ.get("PORT", "5000")), ssl_context=tls)
