"""The portal in a frame of the business's own site: which sites may show it, and the lines to put into their pages."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portico.domain.access.portal_urls import portal_base
from portico.domain.access.viewer import StaffViewer
from portico.domain.businesses.actions.change_embedding import change_embedding
from portico.web.dashboard.core.gate import owner_page
from portico.web.dashboard.core.layout import staff_answer
from portico.web.dashboard.settings.origins import clean_origins

_SNIPPET = """\
<script src="{portal}portico-embed.js" defer></script>
<portico-portal src="PORTAL_URL" refresh="/your-own/portal-url"></portico-portal>"""


class EmbeddingForm(forms.Form):
    """The sites, one on each line."""

    embed_origins = forms.CharField(
        label=gettext_lazy("Sites that may show the portal"),
        help_text=gettext_lazy(
            "One on each line, to the letter: https://shop.example.com, with a port if it has one. Empty: none may."
        ),
        required=False,
        widget=forms.Textarea({"class": "po-input", "dir": "ltr", "rows": 3, "spellcheck": "false"}),
    )

    def clean_embed_origins(self) -> list[str]:
        """Accept exact origins, and say which line is none."""
        return clean_origins(str(self.cleaned_data["embed_origins"]))


@owner_page
def embedding_settings(request: HttpRequest, viewer: StaffViewer) -> HttpResponse:
    """Show the sites and the lines to copy; a POST keeps the sites when all are valid, else what was typed."""
    status = 200
    if request.method == "POST":
        form, status = EmbeddingForm(request.POST, auto_id="embedding_%s"), 422
        if form.is_valid():
            change_embedding(viewer.business, form.cleaned_data["embed_origins"], by=viewer.actor)
            messages.success(request, _("The settings are saved."))
            return HttpResponseRedirect(reverse("embedding_settings"))
    else:
        kept = {"embed_origins": "\n".join(viewer.business.embed_origins)}
        form = EmbeddingForm(initial=kept, auto_id="embedding_%s")
    snippet = _SNIPPET.format(portal=portal_base(viewer.business))
    context = {"form": form, "snippet": snippet, "shows_example": settings.PORTICO_DEMO}
    return staff_answer(request, viewer, "dashboard/settings/embedding.html", context, nav="settings", status=status)
