"""Nordwind Atelier in Hamburg: a studio for design and engineering, its customers and how they pay."""
# long: the list of its customers, one entry each

from portico.demo import logos
from portico.demo.definitions import BusinessDefinition, Buyer, Product
from portico.demo.payment_behavior import Monthly, by_card, in_halves, late, promptly, rounding_up, until
from portico.domain.businesses.actions.bank_accounts import BankAccountInput
from portico.domain.businesses.actions.create import BusinessInput
from portico.domain.businesses.actions.instructions import InstructionInput
from portico.domain.businesses.queries import Way
from portico.domain.customers.actions.upsert import ContactInput

BUSINESS = BusinessInput("Nordwind Atelier", "nordwind", "EUR", "DE", "Europe/Berlin")
PROFILE = {
    "legal_name": "Nordwind Atelier GmbH",
    "email": "buero@nordwind-atelier.example",
    "phone": "+49 40 555 01 70",
    "website": "https://nordwind-atelier.example",
    "line1": "Speicherstraße 14",
    "postal_code": "20457",
    "city": "Hamburg",
    "tax_id": "DE811569869",
    "tax_number": "46/731/02188",
    "registration_court": "Amtsgericht Hamburg",
    "registration_number": "HRB 107221",
    "directors": "Ida Lund",
    "default_due_days": 14,
    "accent": "#0f5f87",
}
PICTURES = {"logo": logos.NORDWIND.encode(), "logo_dark": logos.NORDWIND_DARK.encode(), "icon": logos.NORDWIND.encode()}
TEXTS = {
    "de": {
        "welcome_message": "Willkommen bei Nordwind Atelier. Fragen zu einer Rechnung? Schreiben Sie an "
        "buero@nordwind-atelier.example, wir antworten innerhalb eines Tages."
    }
}
PORTAL = {
    "welcome_message": "Welcome to your account with Nordwind Atelier. Questions about an invoice? Write to "
    "buero@nordwind-atelier.example, we answer within a day.",
    "show_sales_orders": True,
    "allow_promises": True,
}
PAYMENTS = {
    "allow_partial_payments": True,
    "partial_payment_minimum": 10000,
    "allow_advance_payments": True,
    "allow_autopay": True,
    "autopay_delay_days": 7,
}
BANK_ACCOUNTS = (
    BankAccountInput(
        label="Main account",
        holder="Nordwind Atelier GmbH",
        bank_name="Hansekontor Bank",
        iban="DE89 3704 0044 0532 0130 00",
        bic="COBADEFFXXX",
    ),
    BankAccountInput(
        label="Swiss francs",
        currency="CHF",
        holder="Nordwind Atelier GmbH",
        bank_name="Limmatbank Zürich",
        iban="CH44 3199 9123 0008 8901 2",
    ),
)
INSTRUCTIONS = (
    InstructionInput(Way.BANK_TRANSFER, "Transfers reach us within one bank day."),
    InstructionInput(Way.BANK_TRANSFER, "Überweisungen sind nach einem Bankarbeitstag bei uns.", language="de"),
    InstructionInput(Way.CASH, "At our front desk, Speicherstraße 14, on weekdays from 9 to 16. You get a receipt."),
)
STAFF = ("ida@nordwind.example", "Ida Lund")
COLLEAGUES = (("tom@nordwind.example", "Tom Behrens"),)
NOTES = ("Thank you for working with us.", "Vielen Dank für die gute Zusammenarbeit.")
TERMS = (
    "Payable without deduction by the due date. The work stays our property until it is paid.",
    "Zahlbar ohne Abzug bis zum Fälligkeitstag. Die Arbeiten bleiben bis zur Zahlung unser Eigentum.",
)
LOCAL = "de"

PRODUCTS = (
    Product("Concept development", "Konzeptentwicklung", "HUR", "118.00", 12, 64, "0.5"),
    Product("Interface design", "Interface-Design", "HUR", "112.00", 10, 70, "0.5"),
    Product("Design engineering (CAD)", "Konstruktion (CAD)", "HUR", "124.50", 8, 60, "0.5"),
    Product("Prototype, 3D printed", "Prototyp, 3D-Druck", "C62", "64.90", 1, 8),
    Product("Material samples", "Materialmuster", "SET", "38.75", 1, 4),
    Product("Workshop, half a day", "Workshop, halber Tag", "C62", "890.00", 1, 2),
    Product("Product photography", "Produktfotografie", "C62", "640.00", 1, 2),
    Product("Project management", "Projektleitung", "HUR", "98.00", 4, 20, "0.25"),
    Product("Print-ready artwork", "Reinzeichnung", "C62", "27.40", 6, 48),
    Product("Typeface licence, one year", "Schriftlizenz, ein Jahr", "C62", "219.00", 1, 3),
    Product("Usability test with five people", "Usability-Test mit fünf Personen", "C62", "1480.00", 1, 1),
    Product("Labels for one tour", "Etiketten für eine Tour", "C62", "0.0845", 120, 940),
    Product("Setting up the press", "Einrichten der Druckmaschine", "C62", "12.50", 1, 1),
)

# Keeps the books of two customers, and so chooses after signing in by e-mail.
BOOKKEEPER = ContactInput("Ingrid Thomsen", "thomsen@steuerbuero-thomsen.example", role="Steuerberatung")

CUSTOMERS = (
    Buyer(
        "HAFENLICHT", "Hafenlicht Leuchten GmbH", until(100), every=31, terms=14, products=(0, 2, 3, 7), language="de",
        tax="19", email="rechnung@hafenlicht.example", phone="+49 40 555 01 12", tax_id="DE129273398",
        address=("Große Elbstraße 88", "22767", "Hamburg", "DE"),
        shipping=("Werkhof 3", "Tor B", "21129", "Hamburg", "DE"),
        contacts=(
            ContactInput("Merle Petersen", "merle.petersen@hafenlicht.example", "+49 40 555 01 13", "Buchhaltung"),
            ContactInput("Jonas Krüger", "jonas.krueger@hafenlicht.example", role="Produktentwicklung"),
            BOOKKEEPER,
        ),
        titles=("Leseleuchte „Lotse“", "Serie Tischleuchten", "Außenleuchte IP65"), order="BE-2{n:03d}",
    ),
    Buyer(
        "WERKHAUS", "Werkhaus Altona eG", until(215), every=24, terms=14, products=(1, 7, 8), language="de", tax="19",
        email="verwaltung@werkhaus-altona.example", address=("Bahrenfelder Straße 201", "22765", "Hamburg", "DE"),
        contacts=(ContactInput("Sönke Brandt", "s.brandt@werkhaus-altona.example", role="Vorstand"), BOOKKEEPER),
        titles=("Leitsystem", "Buchungsportal"),
    ),
    Buyer(
        "ELBKURIER", "Elbkurier Logistik GmbH & Co. KG", Monthly(), every=0, terms=30, products=(11, 12), language="de",
        tax="19", email="kreditoren@elbkurier.example", tax_id="DE136695976",
        address=("Peutestraße 53", "20539", "Hamburg", "DE"),
        contacts=(ContactInput("Anke Wulff", "anke.wulff@elbkurier.example", role="Kreditorenbuchhaltung"),),
    ),
    Buyer(
        "BRIGHTON", "Brighton & Hove Cycle Works Ltd", until(85), every=24, terms=30, products=(0, 2, 3),
        currency="EUR", language="en", email="accounts@bhcycleworks.example", tax_id="GB999999973",
        address=("Unit 7, Portslade Arches", "BN41 1EA", "Brighton", "GB"),
        contacts=(ContactInput("Priya Nair", "priya@bhcycleworks.example", role="Finance"),),
        titles=("Cargo frame mk II", "Display stand"), order="PO-77{n:02d}",
    ),
    Buyer(
        "KOBAYASHI", "株式会社小林木工 (Kobayashi Woodworks)", promptly, every=61, terms=30, products=(0, 2, 4),
        currency="JPY", rate="163", language="en", email="keiri@kobayashi-mokko.example",
        address=("3-14-9 Sumida", "131-0031", "Tokyo", "JP"), titles=("Chair “Kaze”", "Stool series"),
    ),
    Buyer(
        "ATLAS", "Atlas Instruments Inc.", in_halves, every=52, terms=30, products=(1, 2, 10), currency="USD",
        rate="1.08", language="en", email="ap@atlasinstruments.example",
        address=("500 Harrison Avenue", "Suite 4F", "02118", "Boston", "US"),
        contacts=(ContactInput("Dana Whitfield", "dana@atlasinstruments.example", role="Accounts payable"),),
        titles=("Bench meter front panel", "Mobile app, phase 2"),
    ),
    Buyer(
        "ALNOOR", "شركة النور للتصميم الداخلي", late, every=57, terms=30, products=(0, 6, 4), currency="AED",
        rate="3.98", language="ar", email="accounts@alnoor-interiors.example",
        address=("Al Quoz 3, Warehouse 12", "00000", "Dubai", "AE"),
    ),
    Buyer(
        "SCHWARZ", "Architekturbüro Schwarz, Dr.-Ing. Freiherr von Hohenfels-Langenargen & Partner, Gesellschaft von "
        "Architekten, Stadtplanern und Innenarchitekten mbB", in_halves, every=66, terms=21, products=(6, 8, 4),
        language="de", tax="19", email="rechnungseingang@schwarz-hohenfels-langenargen-partner.example",
        address=("Am Sandtorkai 1", "20457", "Hamburg", "DE"), titles=("Wettbewerb Baakenhafen",),
    ),
    Buyer("MILA", "Mila Sommer Keramik", by_card, every=70, terms=7, products=(6, 9), language="de", tax="19",
          email="hallo@milasommer.example", address=("Marktstraße 30", "20357", "Hamburg", "DE")),
    Buyer("TIDE", "Tide & Timber ApS", rounding_up, every=40, terms=14, products=(0, 3, 7), language="en",
          email="bogholderi@tideandtimber.example", tax_id="DK13585628",
          address=("Refshalevej 163A", "1432", "København K", "DK"), titles=("Sauna stove",)),
    Buyer("KLINIK", "Klinikum Süderelbe gGmbH", late, every=33, terms=30, products=(1, 10, 7), language="de", tax="19",
          email="einkauf@klinikum-suederelbe.example", address=("Eißendorfer Pferdeweg 52", "21075", "Hamburg", "DE"),
          titles=("Patienten-Terminal", "Wegeleitung Haus C"), order="SAP 4500{n:05d}"),
    Buyer("BAECKEREI", "Bäckerei Öhmann & Söhne", promptly, every=48, terms=14, products=(8, 9), language="de",
          tax="19", email="info@baeckerei-oehmann.example", address=("Eppendorfer Weg 112", "20259", "Hamburg", "DE")),
    Buyer("FJORD", "Fjordlys Elektro AS", until(70), every=29, terms=14, products=(2, 3), currency="NOK", rate="11.6",
          language="en", email="faktura@fjordlys.example", address=("Strandgaten 18", "5013", "Bergen", "NO")),
    Buyer("VELO", "Velo Zürich AG", promptly, every=44, terms=30, products=(0, 2), currency="CHF", rate="0.96",
          language="de", email="buchhaltung@velozuerich.example", address=("Hardstrasse 201", "8005", "Zürich", "CH")),
    Buyer("MUSEUM", "Museum für Kommunikation Nord", promptly, every=80, terms=30, products=(0, 5, 6, 8), language="de",
          tax="19", email="haushalt@museum-nord.example", address=("Gorch-Fock-Wall 1", "20354", "Hamburg", "DE"),
          titles=("Ausstellung „Signale“",)),
    Buyer("GREENE", "Greene Kitchens Ireland", until(45), every=35, terms=14, products=(2, 4), language="en",
          email="office@greenekitchens.example", address=("12 Camden Row", "D08 TK33", "Dublin", "IE")),
    Buyer("PASTA", "Pastificio Bellandi S.r.l.", late, every=55, terms=30, products=(8, 9, 6), language="en",
          email="amministrazione@bellandi.example", tax_id="IT00743110157",
          address=("Via dei Mulini 4", "40121", "Bologna", "IT")),
    Buyer("SEGEL", "Segelmacherei Voss", promptly, every=90, since=690, terms=14, products=(2, 4), language="de",
          tax="19", email="post@segel-voss.example", address=("Hafenstraße 9", "24376", "Kappeln", "DE")),
    Buyer("LUMEN", "Studio Lumen (Ines Carvalho)", by_card, every=58, since=400, terms=14, products=(9, 7),
          language="en", email="ines@studiolumen.example"),
    Buyer("HOLZ", "Holzmanufaktur Rügen GmbH", until(110), every=42, terms=14, products=(2, 3, 4), language="de",
          tax="19", email="buero@holz-ruegen.example", address=("Binzer Straße 5", "18528", "Bergen auf Rügen", "DE")),
    Buyer("THEATER", "Theater am Kanal e. V.", terms=14, language="de", tax="19", email="kasse@theater-kanal.example",
          address=("Osterbekstraße 90", "22083", "Hamburg", "DE")),
    Buyer("PIXEL", "Pixelwerk Hannover UG (haftungsbeschränkt)", terms=14, language="de", tax="19",
          email="moin@pixelwerk.example", address=("Limmerstraße 40", "30451", "Hannover", "DE")),
    Buyer("NEU", "Neumann Saatgut KG", language="de", email="kontakt@neumann-saatgut.example",
          address=("Dorfstraße 2", "29439", "Lüchow", "DE")),
    Buyer("ORT", "Ortwin Falk", until(0), every=120, since=300, terms=14, products=(6,), tax="19"),
)  # fmt: skip

NORDWIND = BusinessDefinition(
    BUSINESS,
    PROFILE,
    PORTAL,
    PAYMENTS,
    BANK_ACCOUNTS,
    INSTRUCTIONS,
    STAFF,
    NOTES,
    TERMS,
    LOCAL,
    PRODUCTS,
    CUSTOMERS,
    PICTURES,
    TEXTS,
    COLLEAGUES,
)
