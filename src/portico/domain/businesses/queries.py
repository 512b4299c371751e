from portico.domain.businesses.models import Business, User


def staff_emails(business: Business) -> list[str]:
    """Return the e-mail addresses of everybody on a business's staff, in the order in which they joined."""
    rows = User.objects.filter(memberships__business=business, is_active=True).order_by("memberships__created_at", "id")
    return list(rows.values_list("email", flat=True))
