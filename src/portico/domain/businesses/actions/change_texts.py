from collections.abc import Mapping

from django.db import transaction

from portico.domain.activity.actor import Actor
from portico.domain.activity.events import Event
from portico.domain.businesses.actions.set_recorded import set_recorded
from portico.domain.businesses.models import Business
from portico.domain.businesses.texts import BY_LANGUAGE, text_mistake
from portico.lib.errors import FieldError, Invalid, NotFound
from portico.lib.l10n import LANGUAGES


@transaction.atomic
def change_texts(business: Business, language: str, texts: Mapping[str, str], *, by: Actor) -> Business:
    """Set some of the texts `BY_LANGUAGE` for readers of a language; an empty one is as for all others again.

    What is unchanged is not recorded. Raises NotFound for a language that is not spoken, Invalid with every text that
    can't be kept.
    """
    if language not in LANGUAGES:
        raise NotFound("There is no such language.")
    said = {name: texts[name].replace("\r\n", "\n").strip() for name in BY_LANGUAGE if name in texts}
    wrong = [FieldError(f"/{name}", message) for name, text in said.items() if (message := text_mistake(name, text))]
    if wrong:
        raise Invalid(wrong[0].message, fields=wrong)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    here = {name: text for name, text in (business.texts.get(language, {}) | said).items() if text}
    others = {code: kept for code, kept in business.texts.items() if code != language}
    return set_recorded(business, {"texts": others | ({language: here} if here else {})}, Event.SETTINGS_CHANGED, by)
