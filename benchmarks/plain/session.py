"""Run as `python -m benchmarks.plain.session CUSTOMER`: prints a session key of a user who sees that customer."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.plain.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # after the set-up
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # as above

from portico.domain.businesses.models import User  # noqa: E402  # as above
from portico.domain.customers.models import Customer  # noqa: E402  # as above

if __name__ == "__main__":
    user = User.objects.filter(email="plain@example.com").first() or User.objects.create_user("plain@example.com", "x")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["customer"] = str(Customer.objects.get(external_id=sys.argv[1]).pk)
    session.create()
    print(session.session_key)
