"""Every change of money locks the account first, and every change of who may come in the customer.

They do so through the modules called `lock.py`, before they write anything.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.rules.source import Source, product

_HELPERS = {"lock_account", "lock_document", "lock_documents", "lock_payment", "lock_attempt", "match_buyer"}
# Who may come in: the customer is locked before its links, and these before their sessions.
_HELPERS |= {"lock_customer", "lock_customers", "lock_grant"}
# A merge takes both: its accounts and documents first.
_HELPERS |= {"lock_both"}
# Rows that stand on an account. `WriteOff` and `Refund` are only added to, so nobody locks them.
_ROWS = {"Account", "Item", "Document", "Payment", "PaymentAttempt", "Grant", "PortalSession"}
# What writes or locks something else, and so comes after the account. Only the row of the business, which an import
# locks so that one runs at a time, is locked before.
_LATER = {
    "save", "create", "bulk_create", "get_or_create", "update", "update_or_create", "delete", "select_for_update",
    "next_number", "open_item", "post", "allocate", "allocate_up_to", "take_back", "settle", "put_on_ledger", "receive",
    "record",
}  # fmt: skip
_LOCKED = ("domain/ledger", "domain/documents", "domain/payments", "domain/access", "domain/merges", "intake")


def test_money_is_locked_in_one_order() -> None:
    found = [finding for source in product() for finding in exceptions(source)]
    assert not found, "\n".join(found)


def test_the_rule_sees_the_changes_of_money() -> None:
    locking = {source.path.rpartition("/")[2] for source in product() for _ in _locking(source)}
    assert {"issue.py", "void.py", "write_off.py", "apply.py", "create.py", "record_payment.py", "refund.py"} < locking
    assert {"open.py", "revoke.py", "make_portal_link.py", "log_in.py", "change_email.py", "end.py"} < locking
    assert {"void_payment.py", "start_attempt.py", "record_outcome.py", "import_file.py", "decide.py"} < locking
    assert {"merge_customers.py", "undo_merge.py"} < locking


def test_a_row_that_all_others_point_to_is_locked_without_its_key() -> None:
    """FOR UPDATE of it would make everybody wait who adds a row that points to it, and they hold an account already."""
    found = [
        source.at(node, f"{_root(node)}: select_for_update(no_key=True)")
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and _called(node) == "select_for_update"
        and _root(node) in {"Business", "Customer"}
        if not any(keyword.arg == "no_key" for keyword in node.keywords)
    ]
    assert not found, "\n".join(found)


def exceptions(source: Source) -> Iterator[str]:
    """Find rows of money locked by hand, locks outside of a transaction's own function, and locks that come late."""
    if source.path.endswith("/actions/lock.py"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called(node) == "select_for_update" and (row := _root(node)) in _ROWS:
            yield source.at(node, f"{row} is locked by hand: actions/lock.py locks its account or customer first")
    for function, lock in _locking(source):
        if not _is_transaction(function) and function.name not in _HELPERS:
            yield source.at(lock, f"{_called(lock)}: a transaction's own function takes the lock, and passes it on")
        for call in _calls(function):
            if _called(call) in _LATER and _root(call) != "Business" and call.lineno < lock.lineno:
                yield source.at(call, f"{_called(call)} comes before {_called(lock)}: account or customer first")


def _locking(source: Source) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Yield the functions that lock, each with its first lock. `match_buyer` locks the account of who it returns."""
    if not source.is_in(*_LOCKED) or source.path.endswith("/actions/lock.py"):
        return
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef):
            locks = [call for call in _calls(function) if _called(call) in _HELPERS - {"lock_documents"}]
            if locks:
                yield function, min(locks, key=lambda call: call.lineno)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _is_transaction(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


def _root(node: ast.expr) -> str:
    """Return the name that a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize(
    "text",
    [
        "Document.objects.select_for_update(of=('self',)).get(pk=1)",
        "Payment.objects.filter(pk=1).select_for_update().get()",
        "Grant.objects.select_for_update(of=('self',)).get(pk=1)",
        "def f(row):\n    account = lock_account(a, b, c)",
        "@transaction.atomic\ndef f(row):\n    number = next_number(b, 'invoice')\n    account = lock_account(a, b, c)",
        "@transaction.atomic\ndef f(row):\n    row.save()\n    account, row = lock_document(row)",
    ],
)
def test_an_exception_is_found(text: str) -> None:
    assert list(exceptions(Source("src/portico/domain/documents/actions/merge.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "@transaction.atomic\ndef f(row):\n    account, row = lock_document(row)\n    row.save()",
        "@transaction.atomic\ndef f(customer):\n    Customer.objects.select_for_update().get(pk=customer.pk)",
    ],
)
def test_the_order_and_other_rows_are_fine(text: str) -> None:
    assert not list(exceptions(Source("src/portico/domain/documents/actions/merge.py", text)))
