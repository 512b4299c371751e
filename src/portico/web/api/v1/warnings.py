"""What was done and should be looked at all the same."""

from typing import TypedDict


class WarnedOut(TypedDict):
    """What answers a change beside the row itself: sentences about what was not refused, but may be a mistake."""

    warnings: list[str]
