"""Which things there are for a viewer: asked in one query, so that pages ask for no rows of those there are none of."""

from dataclasses import dataclass

from portico.domain.access.viewer import CustomerViewer
from portico.domain.businesses.queries import payment_instructions
from portico.domain.conversations.queries import conversations, shown_files
from portico.domain.customers.queries import which_exist
from portico.domain.documents.plan_queries import collecting_plans, open_plans
from portico.domain.documents.queries import own_pdfs_of
from portico.domain.payments.autopay import enrolled
from portico.domain.payments.offered import enabled_gateways
from portico.domain.payments.offline import offline_accounts
from portico.domain.payments.queries import open_promises, shares_under_way
from portico.web.shared.memo import memoized


@dataclass(frozen=True, slots=True)
class Existing:
    """Which of the things that most customers have none of there are, and what their business has set up."""

    files: bool
    own_pdfs: bool
    conversations: bool
    gateways: bool
    under_way: bool
    plans: bool
    promises: bool
    autopay: bool
    collecting_plans: bool
    instructions: bool
    offline: bool


# Whatever comes into being moves the customer's revision or the business's.
@memoized
def existing(viewer: CustomerViewer) -> Existing:
    """Return which things there are for the viewer."""
    business, customer = viewer.business, viewer.customer
    found = which_exist(
        customer,
        files=shown_files(viewer),
        own_pdfs=own_pdfs_of(customer),
        conversations=conversations(viewer),
        gateways=enabled_gateways(business),
        under_way=shares_under_way(viewer),
        plans=open_plans(viewer),
        promises=open_promises(viewer, customer) if business.allow_promises else None,
        autopay=enrolled(customer) if business.allow_autopay else None,
        collecting_plans=collecting_plans(customer) if business.allow_autopay else None,
        instructions=payment_instructions(business),
        offline=offline_accounts(business),
    )
    return Existing(**found)
