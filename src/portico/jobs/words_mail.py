"""The mail that staff try their own words with."""

from portico.domain.access.portal_urls import portal_base
from portico.domain.activity.models import Activity
from portico.domain.businesses.models import Business
from portico.output.mail.actions.send import send
from portico.output.mail.preview import PreviewEmail
from portico.output.mail.wordings import Wording


def mail_words(asked: Activity) -> None:
    """Mail filled-in words to the member of staff who asked."""
    business = Business.objects.get(pk=asked.subject_id)
    data = asked.data
    email = PreviewEmail(Wording(data["subject"], data["text"]), portal_base(business))
    send(PreviewEmail, lambda: email, about=asked, to=data["to"], business=business, language=data["language"])
