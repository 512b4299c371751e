from portico.domain.access.models import PortalSession
from portico.domain.access.viewer import CustomerViewer


def choose_language(viewer: CustomerViewer, language: str) -> None:
    """Keep the language this reader chose for the rest of the session."""
    PortalSession.objects.filter(pk=viewer.session.pk).update(language=language)
