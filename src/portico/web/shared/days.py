from django import forms


def day_input() -> forms.DateInput:
    """The field in which a day is chosen: a calendar where the browser has one, and ISO 8601 to and fro."""
    return forms.DateInput({"class": "po-input", "type": "date"}, format="%Y-%m-%d")
