"""Numbers of documents in the order people count: HB-2 before HB-10, 9/2026 before 10/2026. Alike on both databases.

The digits that a number begins with and those that it ends with are compared by what they are worth, what stands
between them as text.
"""

from django.db.models import F, IntegerField, OrderBy, TextField
from django.db.models.expressions import Expression, Func, Value
from django.db.models.functions import Length

_DIGITS = Value("0123456789")


def natural_order(column: str, *, descending: bool = False) -> list[OrderBy]:
    """Return the order of a column of numbers."""
    keys = _keys(column)
    return [OrderBy(key, descending=descending) for key in keys]


def _keys(column: str) -> list[Expression]:
    number = F(column)
    front = _trimmed("RTRIM", number)
    leading = Length(_zeros(number)) - Length(_trimmed("LTRIM", number))
    trailing = _zeros(Func(number, Length(front) + 1, function="SUBSTR", output_field=TextField()))
    return [
        Func(leading, output_field=IntegerField(), template="%(expressions)s"),
        front,
        Length(trailing),
        trailing,
    ]


def _trimmed(function: str, number: Expression | F) -> Func:
    return Func(number, _DIGITS, function=function, output_field=TextField())


def _zeros(number: Expression | F) -> Func:
    return Func(number, Value("0"), function="LTRIM", output_field=TextField())
