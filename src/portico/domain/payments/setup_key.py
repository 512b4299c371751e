from hashlib import sha256

from portico.domain.customers.models import Customer


def setup_key(customer: Customer, submission: str) -> str:
    """Return the idempotency key of a form that saves a method: sent twice, it saves one."""
    return "setup_" + sha256(f"{customer.public_id}\n{submission}".encode()).hexdigest()
