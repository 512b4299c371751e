"""Counts and sums that change only with the day and what is recorded, kept between requests by revision and epoch.

Every page names how many documents there are or whether there are files; asking the database each time costs more than
writing the page. Whatever is recorded moves a revision in the same transaction, so an old answer is never found again.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from portico.domain.access.viewer import CustomerViewer

# Some hundred bytes to some kilobytes each: the customers of the last minutes, not everybody.
_AT_MOST = 6_000

_answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = Lock()


def memoized[R](ask: Callable[[CustomerViewer], R]) -> Callable[[CustomerViewer], R]:
    """Keep what `ask` answers for a viewer's customer until something is recorded about it. Answers are not changed."""

    @wraps(ask)
    def answer(viewer: CustomerViewer) -> R:
        business, customer = viewer.business, viewer.customer
        reach = (viewer.session.target_id, viewer.session.email)
        version = (business.epoch, business.revision, customer.revision)
        key = (ask, business.id, customer.id, version, reach, business.today())
        with _lock:
            if key in _answers:
                _answers.move_to_end(key)
                known: R = _answers[key]
                return known
        found = ask(viewer)
        with _lock:
            _answers[key] = found
            if len(_answers) > _AT_MOST:
                _answers.popitem(last=False)
        return found

    return answer
