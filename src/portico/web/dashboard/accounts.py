from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Staff accounts are made by `portico staff create`; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
