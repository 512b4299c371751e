from typing import Any

from django import forms


class PercentField(forms.DecimalField):
    """A percentage, in which comma and point both part the decimals."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
