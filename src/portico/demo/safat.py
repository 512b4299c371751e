"""Al Safat Trading in Kuwait: food and equipment for restaurants, its customers and how they pay."""

from portico.demo.definitions import BusinessDefinition, Buyer, Product
from portico.demo.payment_behavior import Monthly, by_card, in_halves, late, promptly, rounding_up, until
from portico.domain.businesses.actions.bank_accounts import BankAccountInput
from portico.domain.businesses.actions.create import BusinessInput
from portico.domain.customers.actions.upsert import ContactInput

BUSINESS = BusinessInput("Al Safat Trading", "al-safat", "KWD", "KW", "Asia/Kuwait")
PROFILE = {
    "legal_name": "Al Safat General Trading Co. W.L.L.",
    "email": "accounts@alsafat.example",
    "phone": "+965 2200 0142",
    "website": "https://alsafat.example",
    "line1": "Shuwaikh Industrial 1, Street 12, Building 48",
    "postal_code": "70050",
    "city": "Kuwait City",
    "registration_number": "CR 318204",
    "accent": "#7a3b12",
}
PORTAL = {
    "welcome_message": "أهلاً بكم في حسابكم لدى الصفاة للتجارة. Welcome to your account with Al Safat Trading.",
    "show_credit_notes": True,
}
PAYMENTS = {"allow_partial_payments": True, "partial_payment_minimum": 5000}
BANK_ACCOUNTS = (
    BankAccountInput(
        holder="Al Safat General Trading Co. W.L.L.",
        iban="KW81 CBKU 0000 0000 0000 1234 5601 01",
        bic="CBKUKWKW",
    ),
)
STAFF = ("yousef@alsafat.example", "Yousef Al-Mutairi")
NOTES = (
    "Goods once accepted are not taken back without a credit note.",
    "لا تُسترد البضاعة بعد قبولها إلا بإشعار دائن.",
)
TERMS = ("Payable within the time agreed.", "يُستحق السداد خلال المدة المتفق عليها.")
LOCAL = "ar"

PRODUCTS = (
    Product("Basmati rice, sack of 20 kg", "أرز بسمتي، كيس 20 كجم", "BG", "8.750", 10, 80),
    Product("Sunflower oil, carton of 12", "زيت دوار الشمس، كرتون 12", "CT", "9.125", 6, 40),
    Product("Black tea, chest of 10 kg", "شاي أسود، صندوق 10 كجم", "CT", "27.400", 2, 12),
    Product("Green cardamom, 5 kg", "هيل أخضر، 5 كجم", "BG", "46.500", 1, 6),
    Product("Sukkari dates, box of 3 kg", "تمر سكري، علبة 3 كجم", "BX", "4.250", 12, 90),
    Product("Cold storage, per pallet and week", "تخزين مبرد، لكل منصة في الأسبوع", "WEE", "3.600", 4, 30),
    Product("Delivery in Kuwait City", "توصيل داخل مدينة الكويت", "C62", "12.000", 1, 4),
    Product("Customs clearance", "تخليص جمركي", "C62", "35.000", 1, 1),
    Product("Steel trays, gastronorm 1/1", "صواني ستيل، مقاس 1/1", "C62", "2.375", 20, 120),
    Product("Arabica coffee, 15 kg", "قهوة أرابيكا، 15 كجم", "BG", "61.250", 1, 10),
)

CUSTOMERS = (
    Buyer(
        "DIWAN", "مطاعم الديوان", until(40), every=21, terms=30, products=(0, 1, 3, 6), language="ar",
        email="accounts@aldiwan.example", phone="+965 2200 0177",
        address=("Salmiya, Block 4, Salem Al Mubarak Street", "22002", "Salmiya", "KW"),
        contacts=(
            ContactInput("نورة العنزي", "noura@aldiwan.example", role="المحاسبة"),
            ContactInput("فهد الرشيدي", "fahad@aldiwan.example", role="المشتريات"),
        ),
        titles=("فرع السالمية", "فرع الأفنيوز"),
    ),
    Buyer("BAYT", "بيت القهوة الكويتي", promptly, every=27, terms=30, products=(9, 2, 6), language="ar",
          email="info@baytalqahwa.example", address=("Sharq, Block 3", "13001", "Kuwait City", "KW")),
    Buyer("GULFAIR", "Gulf Horizon Catering", late, every=19, terms=45, products=(0, 1, 4, 5, 7), language="en",
          email="payables@gulfhorizon.example", address=("Airport Road, Cargo 2", "81000", "Farwaniya", "KW"),
          contacts=(ContactInput("Thomas Mathew", "t.mathew@gulfhorizon.example", role="Payables"),),
          order="GH-{n:05d}"),
    Buyer("DOHA", "Doha Marina Hotel", in_halves, every=41, terms=30, products=(3, 9, 7), currency="QAR", rate="11.85",
          language="en", email="finance@dohamarina.example", address=("Lusail Boulevard 9", "00000", "Doha", "QA")),
    Buyer("RIYADH", "شركة ضيافة نجد", until(95), every=37, terms=30, products=(4, 3, 7), currency="SAR", rate="12.2",
          language="ar", email="finance@najd.example", address=("حي العليا", "12211", "الرياض", "SA")),
    Buyer("LONDON", "Saffron Row Foods Ltd", promptly, every=60, terms=30, products=(3, 4), currency="GBP", rate="2.55",
          language="en", email="ledger@saffronrow.example", address=("41 Edgware Road", "W2 2JE", "London", "GB")),
    Buyer("TOKYO", "Shiba Trading K.K.", promptly, every=75, terms=30, products=(4,), currency="JPY", rate="490",
          language="en", email="import@shiba-trading.example", address=("2-6-1 Shiba", "105-0014", "Tokyo", "JP")),
    Buyer("SCHOOL", "The Crescent School of Kuwait", late, every=34, terms=30, products=(0, 1, 8), language="en",
          email="bursar@crescentschool.example", address=("Jabriya, Block 9", "46300", "Hawally", "KW")),
    Buyer("BAKERY", "مخبز الفريج", rounding_up, every=30, terms=14, products=(1, 6), language="ar",
          email="alfreej@bakery.example", address=("Fahaheel, Block 7", "64000", "Ahmadi", "KW")),
    Buyer("CLUB", "Yacht Club Fintas", Monthly(), every=16, terms=30, products=(0, 4, 9), language="en",
          email="office@ycfintas.example", address=("Coastal Road", "51001", "Fintas", "KW")),
    Buyer("PEARL", "Pearl Diver Café", by_card, every=25, since=500, terms=7, products=(9, 2), language="en",
          email="hello@pearldiver.example", address=("Souk Al Mubarakiya", "13001", "Kuwait City", "KW")),
    Buyer("HOSP", "مستشفى الواحة", late, every=45, terms=60, products=(0, 1, 5), language="ar",
          email="procurement@alwaha.example", address=("Mangaf, Block 1", "53000", "Ahmadi", "KW")),
    Buyer("TENT", "Desert Tent Events", until(160), every=28, terms=14, products=(4, 8, 6), language="en",
          email="bookings@deserttent.example", address=("Sulaibiya", "74000", "Jahra", "KW")),
    Buyer("BERLIN", "Orient Feinkost Berlin GmbH", promptly, every=65, terms=30, products=(3, 4), currency="EUR",
          rate="3.02", language="de", email="einkauf@orientfeinkost.example", tax_id="DE115235681",
          address=("Sonnenallee 77", "12045", "Berlin", "DE")),
    Buyer("NOTYET", "مقهى الصباح", language="ar", email="sabah@cafe.example"),
    Buyer("ABBAS", "Abbas & Sons Grocery", every=0, terms=14, language="en"),
)  # fmt: skip

SAFAT = BusinessDefinition(
    BUSINESS, PROFILE, PORTAL, PAYMENTS, BANK_ACCOUNTS, (), STAFF, NOTES, TERMS, LOCAL, PRODUCTS, CUSTOMERS
)
