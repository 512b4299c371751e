"""The form of a person at a customer, as both front ends ask for one."""

from django.utils.translation import gettext as _

from portico.web.shared.edit_form import EditForm, email, line, phone


class ContactForm(EditForm):
    """A person at the customer, by the names of what is on file."""

    def add_fields(self) -> None:
        """Add the person's fields."""
        self.fields["name"] = line(_("Name"), 200, required=True, autocomplete="off")
        self.fields["role"] = line(_("Role, if any"), 100, autocomplete="off")
        self.fields["email"] = email(_("E-mail"))
        self.fields["phone"] = phone()
