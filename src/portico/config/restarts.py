"""When a process that died is started again: at once, and later each time it happens again soon."""

from collections import deque
from time import monotonic

# Deaths longer ago than this many seconds no longer count.
_REMEMBERED = 60.0
_FIRST, _LONGEST = 0.5, 10.0


class Backoff:
    """Counts the deaths of the last minute."""

    def __init__(self) -> None:
        self._deaths: deque[float] = deque()

    def died(self) -> float:
        """Count a death, and return after how many seconds to start the process again: 0, 0.5, 1, 2 … 10."""
        moment = monotonic()
        while self._deaths and moment - self._deaths[0] > _REMEMBERED:
            self._deaths.popleft()
        earlier = len(self._deaths)
        self._deaths.append(moment)
        return min(_LONGEST, _FIRST * 2 ** (earlier - 1)) if earlier else 0.0
