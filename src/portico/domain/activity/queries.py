from uuid import UUID

from django.db.models import QuerySet

from portico.domain.activity.models import Activity


def timeline_of_customer(customer_id: UUID) -> QuerySet[Activity]:
    """Everything that happened around one customer, newest first. The caller has fetched the customer as the viewer."""
    return Activity.objects.filter(customer_id=customer_id).order_by("-id")


def timeline_of_subject(*subject_ids: UUID) -> QuerySet[Activity]:
    """Everything that happened to a thing, or to it and its parts, newest first.

    The caller has fetched the thing as the viewer.
    """
    return Activity.objects.filter(subject_id__in=subject_ids).order_by("-id")
