"""Sellers, buyers, payees, tax representatives and addresses."""

from portico.intake.parsed import Identifier, ParsedAddress, ParsedContact, ParsedDelivery, ParsedParty
from portico.intake.ubl.node import Node


def read_party(party: Node | None, *, within: Node, path: str) -> ParsedParty:
    """Return a trading party. Refuses one that is missing or has neither a legal nor a trading name."""
    if party is None:
        raise within.refusal("this element is missing or empty.", path)
    return _party(party, name=_name(party) or _missing_name(party))


def read_optional_party(party: Node | None) -> ParsedParty | None:
    """Return a payee or tax representative, or None when there is none or it has no name."""
    if party is None or not _name(party):
        return None
    return _party(party, name=_name(party))


def read_address(address: Node | None) -> ParsedAddress:
    """Return an address; one that is not there is empty."""
    if address is None:
        return ParsedAddress()
    return ParsedAddress(
        line1=address.text("cbc:StreetName"),
        line2=address.text("cbc:AdditionalStreetName"),
        line3=", ".join(line.text() for line in address.all("cac:AddressLine/cbc:Line")),
        city=address.text("cbc:CityName"),
        postal_code=address.text("cbc:PostalZone"),
        region=address.text("cbc:CountrySubentity"),
        country=address.text("cac:Country/cbc:IdentificationCode").upper(),
    )


def read_delivery(delivery: Node | None) -> ParsedDelivery | None:
    """Return where and when the goods went, or None."""
    if delivery is None:
        return None
    return ParsedDelivery(
        delivered_on=delivery.day("cbc:ActualDeliveryDate"),
        location=read_identifier(delivery.one("cac:DeliveryLocation/cbc:ID")),
        recipient=delivery.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        address=read_address(delivery.one("cac:DeliveryLocation/cac:Address")),
    )


def read_identifier(node: Node | None, scheme: str = "schemeID") -> Identifier | None:
    """Return an identifier with the scheme its attribute names, or None."""
    value = node.text() if node is not None else ""
    return Identifier(value, node.attribute(scheme)) if node is not None and value else None


def _party(party: Node, *, name: str) -> ParsedParty:
    identifiers = (read_identifier(node) for node in party.all("cac:PartyIdentification/cbc:ID"))
    trading_name = party.text("cac:PartyName/cbc:Name")
    return ParsedParty(
        name=name,
        trading_name=trading_name if trading_name != name else "",
        identifiers=tuple(identifier for identifier in identifiers if identifier is not None),
        legal_id=read_identifier(party.one("cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=_tax_id(party, vat=True),
        tax_number=_tax_id(party, vat=False),
        endpoint=read_identifier(party.one("cbc:EndpointID")),
        legal_form=party.prose("cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        address=read_address(party.one("cac:PostalAddress")),
        contact=ParsedContact(
            name=party.text("cac:Contact/cbc:Name"),
            phone=party.text("cac:Contact/cbc:Telephone"),
            email=party.text("cac:Contact/cbc:ElectronicMail"),
        ),
    )


def _name(party: Node) -> str:
    return party.text("cac:PartyLegalEntity/cbc:RegistrationName") or party.text("cac:PartyName/cbc:Name")


def _missing_name(party: Node) -> str:
    raise party.refusal("this element is missing or empty.", "cac:PartyLegalEntity/cbc:RegistrationName")


def _tax_id(party: Node, *, vat: bool) -> str:
    # A tax scheme other than VAT carries the local tax number; the standard leaves its code open.
    for scheme in party.all("cac:PartyTaxScheme"):
        if (scheme.text("cac:TaxScheme/cbc:ID").upper() == "VAT") == vat and scheme.text("cbc:CompanyID"):
            return scheme.text("cbc:CompanyID")
    return ""
