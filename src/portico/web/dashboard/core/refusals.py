"""What staff read when the domain refuses: its code, in the reader's language."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _

from portico.lib.errors import PorticoError


def error_message(error: PorticoError) -> str:
    """Return a refusal's sentence; one without a translation reads as the domain says it."""
    return sentence(error.code) or error.message


def sentence(code: str) -> str:
    """Return the sentence of a refusal by its code alone; empty when it has none of its own."""
    return _sentences().get(code, "")


def say_at_field(form: forms.Form, error: PorticoError, places: Mapping[str, str]) -> PorticoError | None:
    """Say a refusal at the field it is about: `places` names a field for each pointer.

    Returns the refusal when it is about none of them, for the page to say.
    """
    found = [places[field.pointer] for field in error.fields if field.pointer in places]
    for name in found:
        form.add_error(name, error_message(error))
    return None if found else error


def _sentences() -> dict[str, str]:
    return (
        _gateway_sentences()
        | _day_sentences()
        | _file_sentences()
        | _customer_sentences()
        | _people_sentences()
        | _mail_sentences()
        | {
            "wrong_state": _("This is no longer possible: the state has changed. Look at the page as it is now."),
            "already_issued": _("This is issued: it can't be changed or deleted. Void it and write another."),
            "estimate_expired": _("The estimate has expired. Write a new one, or change how long it is valid."),
            "edited_meanwhile": _("The estimate was changed in the meantime. Look at it as it is now."),
            "invalid_deposit": _("A deposit is more than zero and no more than the total."),
            "changed_meanwhile": _("Something changed in the meantime. Look at the page as it is now and try again."),
            "not_enough": _("There is less left than that."),
            "credit_exceeded": _("The amounts come to more than the payment."),
            "amount_exceeds_open": _("That is more than is open on the invoice, on that day or since."),
            "not_applied": _("That much is not applied there any more."),
            "submission_used": _("This form was already sent with other contents. Open it again."),
            "refund_by_hand": _("No provider can refund this payment. Record the refund as made by hand."),
            "refund_whole_only": _("The provider refunds the whole payment, or nothing."),
            "refund_exceeds_payment": _("That is more than is left of the payment."),
            "payment_in_progress": _("A payment of this is already under way."),
            "deposit_not_due": _("The estimate asks for no such deposit."),
            "not_payable": _("Nothing is owed there any more."),
            "method_disabled": _("This way to pay is disabled for the customer or the invoice."),
            "method_limit": _("That is less or more than you let customers pay this way."),
            "unknown_payment_method": _("This payment method is not there any more. Choose another one."),
            "unknown_gateway": _("This provider is switched off. Choose another payment method."),
            "amount_too_large": _("The amount is too large."),
            "balance_too_large": _("The customer's balance would become too large."),
            "portal_off": _("The portal is switched off, so no link opens anything."),
            "link_exists": _("This customer has a working link already. Regenerate it to get a new one."),
            "too_many_keys": _("There are two keys already. Revoke the one that is no longer used."),
            "number_taken": _("The number is taken already."),
            "currency_mismatch": _("Two currencies can't be put together."),
            "wrong_customer": _("That invoice is another customer's."),
        }
    )


def _day_sentences() -> dict[str, str]:
    return {
        "period_closed": _("The books of that day are closed. Use a later day, or change the lock date."),
        "invalid_date": _("The date must lie between the document's and today."),
    }


def _gateway_sentences() -> dict[str, str]:
    return {
        "gateway_taken": _("This provider is in use already."),
        "gateway_in_use": _("There are payments or saved methods that need its keys. Switch it off instead."),
        "unknown_keys": _("The provider does not know this secret key."),
        "keys_lack_permission": _("The provider does not let this secret key do that."),
        "keys_do_not_match": _("One of the two keys is a test key, the other is not."),
        "other_provider_account": _("These keys open another account at the provider."),
        "secrets_unreadable": _("The keys can't be read any more. Enter them again."),
        "provider_unreachable": _("The provider gives no answer. Please try again later."),
        "no_test_account": _("These keys move real money, so no test payment is sent."),
    }


def _customer_sentences() -> dict[str, str]:
    return {
        "customer_archived": _("This customer is archived and gets no new documents. Take it back first."),
        "customer_merged": _("The customer has become part of another one in the meantime. Open it again."),
        "merge_with_itself": _("Choose another customer."),
        "merged_already": _("One of the two was merged since. Undo that first."),
        "winner_archived": _("The customer that stays is archived. Take it back first."),
        "merge_over": _("A merge can be undone for a day, which is over."),
        "merge_changed_since": _("Money has moved since on something that would go back."),
        "external_id_taken": _("Another customer has this external id."),
        "too_many_contacts": _("There are too many contacts already. Please remove one first."),
    }


def _file_sentences() -> dict[str, str]:
    return {
        "file_empty": _("The file is empty."),
        "file_too_large": _("The file is too large; 20 MB is the most."),
        "file_kind": _("Files of this type can't be uploaded. Use PDF, images, spreadsheets, text or XML."),
        "file_broken": _("The image can't be read, or is too large."),
        "too_many_files": _("There are too many files already."),
        "files_unavailable": _(
            "Files can’t be stored or read at the moment. Nothing was changed. Please try again later."
        ),
        "file_infected": _("A virus was found in the file."),
        "scanner_unavailable": _(
            "Files can’t be checked for viruses at the moment, so none is taken. Please try again later."
        ),
        "file_no_pdf": _("Only a PDF can be the document itself."),
        "file_is_document": _("This PDF is the document itself. Remove it if it should not be."),
    }


def _people_sentences() -> dict[str, str]:
    return {
        "key_ended": _("This key opens nothing any more. Create another one."),
        "key_replaced": _("This key was replaced already."),
        "last_owner": _("This is the last owner. Make somebody else an owner first."),
        "already_staff": _("This person is on the team already."),
        "already_invited": _("This person is invited already. Send the invitation again instead."),
    }


def _mail_sentences() -> dict[str, str]:
    return {
        "no_mail_server": _("No mail server is set up. The operator of this Portico can set PORTICO_EMAIL_URL."),
        "no_address": _("This customer has no e-mail address."),
        "too_many_mails": _("That was mailed five times within an hour. Please try again later."),
    }
