from portico.domain.branding.models import BrandFile
from portico.domain.branding.pictures import Picture
from portico.domain.businesses.models import Business


def keep_file(business: Business, file: Picture) -> None:
    """Keep a file under the name of its content, once."""
    kept = {"media_type": file.media_type, "content": file.content, "drawn": file.drawn}
    BrandFile.objects.get_or_create(business=business, name=file.name, defaults=kept)
