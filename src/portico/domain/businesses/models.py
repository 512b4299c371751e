from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.crypto import salted_hmac

from portico.domain.activity.models import Versioned
from portico.lib import clock
from portico.lib.columns import KeyField, MomentField
from portico.lib.ids import Ref, public_id

DEFAULT_ACCENT = "#1f5d4c"

# How little and how much a business may set of each: sessions in hours, the others in minutes.
SIGN_IN_BOUNDS = {
    "account_visit_hours": (1, 168),
    "document_visit_hours": (1, 168),
    "visit_idle_minutes": (15, 1440),
    "signed_link_minutes": (1, 1440),
}


class Corners(models.TextChoices):
    """How round boxes, fields and buttons are."""

    SQUARE = "square"
    SOFT = "soft"
    ROUND = "round"


class DiscountTax(models.TextChoices):
    """How a discount on a whole document meets its tax: it lowers the tax of every rate, or is taken off after it."""

    BEFORE = "before_tax"
    AFTER = "after_tax"


# Where the tax on sales is no tax on the price after all discounts.
_WITHOUT_VAT = frozenset({"US"})


class Typeface(models.TextChoices):
    """What texts are set in: what the reader's own system has, or a font that is shipped."""

    SYSTEM = "system"
    FIRAGO = "firago"
    NOTO = "noto"


def default_reminder_days() -> list[int]:
    """Return when a business reminds that has chosen no days of its own."""
    return [-3, 1, 7, 14, 30]


def _bounded(name: str, default: int) -> "models.PositiveSmallIntegerField[int, int]":
    low, high = SIGN_IN_BOUNDS[name]
    return models.PositiveSmallIntegerField(
        default=default, validators=[MinValueValidator(low), MaxValueValidator(high)]
    )


class Business(Versioned):
    """A tenant, which sends invoices to its customers. Everything owned carries its business."""

    id = KeyField()
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=60)
    language = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    website = models.URLField(blank=True)
    line1 = models.CharField(max_length=200, blank=True)
    line2 = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    # What it is known by across borders (a VAT number), and what its own tax office calls it, where that differs.
    tax_id = models.CharField(max_length=60, blank=True)
    tax_number = models.CharField(max_length=60, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    registration_court = models.CharField(max_length=120, blank=True)
    directors = models.CharField(max_length=300, blank=True)
    # What else its law wants at the foot of a document: the share capital, for instance.
    legal_note = models.CharField(max_length=500, blank=True)
    # What a document that says nothing else gets.
    default_due_days = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(365)])
    default_terms = models.TextField(max_length=2000, blank=True)
    default_prices_include_tax = models.BooleanField(default=False)
    discount_tax = models.CharField(max_length=10, choices=DiscountTax.choices, blank=True)
    # The last day of the period whose books are closed: nothing changes that day or one before.
    lock_date = models.DateField(null=True)
    # An imported invoice keeps its file's own details until the bank accounts change after it.
    bank_details_changed_at = models.DateTimeField(null=True)
    # The domain of its own that links lead to, proven in `domain/custom_domains`; empty: the installation's address.
    custom_domain = models.CharField(max_length=253, blank=True)
    # How the portal looks. Pictures are names of files in `domain/branding`; empty: the name's first letter.
    accent = models.CharField(max_length=7, default=DEFAULT_ACCENT)
    corners = models.CharField(max_length=10, choices=Corners.choices, default=Corners.SOFT)
    typeface = models.CharField(max_length=10, choices=Typeface.choices, default=Typeface.SYSTEM)
    name_beside_logo = models.BooleanField(default=True)
    logo = models.CharField(max_length=40, blank=True)
    logo_dark = models.CharField(max_length=40, blank=True)
    icon = models.CharField(max_length=40, blank=True)
    # Its own style sheet, a file as well, and the sites that pages may load from, by use.
    stylesheet = models.CharField(max_length=40, blank=True)
    stylesheet_on = models.BooleanField(default=True)
    # A script of its own, with the checksum browsers hold it to. Off until somebody switches it on.
    script = models.CharField(max_length=40, blank=True)
    script_integrity = models.CharField(max_length=80, blank=True)
    script_on = models.BooleanField(default=False)
    script_sees_customer = models.BooleanField(default=False)
    analytics = models.JSONField(default=dict, blank=True)
    trusted_sites = models.JSONField(default=dict, blank=True)
    terms_url = models.URLField(blank=True)
    privacy_url = models.URLField(blank=True)

    portal_enabled = models.BooleanField(default=True)
    portal_closed_at = models.DateTimeField(null=True)
    link_life_days = models.PositiveSmallIntegerField(
        default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    show_sales_orders = models.BooleanField(default=False)
    show_credit_notes = models.BooleanField(default=True)
    show_statements = models.BooleanField(default=True)
    allow_contact_edits = models.BooleanField(default=True)
    # What customers may do on the pay page. The minimum is in minor units of the business's own currency.
    allow_partial_payments = models.BooleanField(default=False)
    partial_payment_minimum = models.PositiveBigIntegerField(default=0)
    allow_advance_payments = models.BooleanField(default=False)
    allow_credits = models.BooleanField(default=True)
    allow_autopay = models.BooleanField(default=False)
    autopay_delay_days = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(60)])
    apply_credits_to_new_invoices = models.BooleanField(default=False)
    allow_promises = models.BooleanField(default=False)
    # Whether a payment plan counts only once its customer has approved it, where nothing else is said.
    plans_need_approval = models.BooleanField(default=True)
    allow_messages = models.BooleanField(default=True)
    welcome_message = models.CharField(max_length=500, blank=True)
    # The same texts by language, `{"de": {"welcome_message": …}}`; their own columns are for all other languages.
    texts = models.JSONField(default=dict, blank=True)
    # What is mailed by itself, and how. Reminders go out on days after the due date, before it when negative.
    mail_attaches_pdf = models.BooleanField(default=True)
    mail_issued_invoices = models.BooleanField(default=False)
    mail_reminders = models.BooleanField(default=False)
    reminder_days = models.JSONField(default=default_reminder_days, blank=True)
    sign_in_url = models.URLField(blank=True, max_length=500)
    return_origins = models.JSONField(default=list, blank=True)
    # The sites of the business's own that may show the portal in a frame, as exact origins.
    embed_origins = models.JSONField(default=list, blank=True)
    account_visit_hours = _bounded("account_visit_hours", 12)
    document_visit_hours = _bounded("document_visit_hours", 24)
    visit_idle_minutes = _bounded("visit_idle_minutes", 120)
    signed_link_minutes = _bounded("signed_link_minutes", 1440)
    ageing_edges = models.JSONField(default=list, blank=True)
    # Whether staff get any further than setting one up when they signed in without a second factor.
    second_factor_required = models.BooleanField(default=False)
    # Whose books an accountant keeps in DATEV, and on which accounts: see `datev.py`.
    datev = models.JSONField(default=dict, blank=True)
    # When the search index had all that was there before it; empty until then.
    search_indexed_at = models.DateTimeField(null=True)
    # Made anew by every start of the server: with `revision`, never the same for two states of the database.
    epoch = models.CharField(max_length=32, blank=True, editable=False)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(link_life_days__gte=1, link_life_days__lte=365), name="business_link_life_1_to_365"
            ),
            models.CheckConstraint(condition=models.Q(autopay_delay_days__lte=60), name="business_autopay_delay_to_60"),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__gte", low), (f"{name}__lte", high)),
                    name=f"business_{name}_in_bounds",
                )
                for name, (low, high) in SIGN_IN_BOUNDS.items()
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def business_id(self) -> UUID:
        """Its own key, so that an event about the business finds it as in every other row of the business."""
        key: UUID = self.id
        return key

    @property
    def ref(self) -> Ref:
        return Ref("business", self.id)

    @property
    def public_id(self) -> str:
        return public_id("business", self.id)

    def text(self, name: str, language: str) -> str:
        """Return one of its texts as readers of a language get it: in that language, else as it is for all others.

        Who has no language reads the business's own.
        """
        own: str = self.texts.get(language or self.language, {}).get(name, "")
        return own or str(getattr(self, name))

    @property
    def edges(self) -> tuple[int, ...]:
        """The last day of each ageing bucket, ascending; `(30, 60, 90)` unless the business chose others."""
        return tuple(self.ageing_edges) or (30, 60, 90)

    @property
    def discounts_lower_tax(self) -> bool:
        """Whether a discount on a whole document lowers its tax: where there is VAT, unless the business says else."""
        if self.discount_tax:
            return self.discount_tax == DiscountTax.BEFORE
        return self.country not in _WITHOUT_VAT

    @property
    def first_open_day(self) -> date:
        """The first day whose books are open."""
        return self.lock_date + timedelta(days=1) if self.lock_date else date.min

    @property
    def session_idle(self) -> timedelta:
        """How long a customer's session stays open without a page being opened."""
        return timedelta(minutes=self.visit_idle_minutes)

    @property
    def longest_signed_link(self) -> timedelta:
        """How long the links may be good for that the business signs itself."""
        return timedelta(minutes=self.signed_link_minutes)

    def today(self) -> date:
        """The civil date it is now where the business keeps its books."""
        return clock.today(self.time_zone)


class BankAccount(models.Model):
    """An account that customers send transfers to, of documents in its currency; without one, of any other currency.

    `iban` and `bic` stand without spaces. Where a country has no IBAN, `details` says what the account is; beside an
    IBAN it is what else there is to know. `label` is the staff's own name for it.
    """

    id = KeyField()
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="bank_accounts")
    label = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    country = models.CharField(max_length=2, blank=True)
    # As long as the codes of Europe and of Switzerland take a name.
    holder = models.CharField(max_length=70, blank=True)
    bank_name = models.CharField(max_length=100, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    details = models.TextField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(iban="") | ~models.Q(details=""), name="bank_account_iban_or_details"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.iban or self.details.split("\n")[0]

    @property
    def ref(self) -> Ref:
        return Ref("bank_account", self.id)

    @property
    def public_id(self) -> str:
        return public_id("bank_account", self.id)


class PaymentInstruction(models.Model):
    """What customers read about a way to pay without a provider: in one language or any, of one country or any."""

    class Way(models.TextChoices):
        BANK_TRANSFER = "bank_transfer"
        CHECK = "check"
        CASH = "cash"

    id = KeyField()
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="payment_instructions")
    way = models.CharField(max_length=20, choices=Way.choices)
    language = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=2, blank=True)
    text = models.TextField(max_length=500)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["business", "way", "language", "country"], name="payment_instruction_once")
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.language} {self.country}".strip()

    @property
    def ref(self) -> Ref:
        return Ref("payment_instruction", self.id)

    @property
    def public_id(self) -> str:
        return public_id("payment_instruction", self.id)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff's account. Signs in by e-mail; what it may see comes from its memberships."""

    id = KeyField()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = MomentField()
    # How often all sessions were ended at once: what was signed in before is no longer good.
    sessions_ended = models.PositiveIntegerField(default=0)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def public_id(self) -> str:
        return public_id("user", self.id)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django checks this on every request: it changes with the password, and here with every end of all sessions.
        kept: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # not in the stubs
        if not self.sessions_ended:
            return kept
        return salted_hmac(f"sessions ended {self.sessions_ended}", kept, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """A user's place in a business: what they may do there, and which comments of customers they are mailed about.

    With `daily_digest` they are told once a day; `digested_at` is up to when they were.
    """

    class Role(models.TextChoices):
        """Owners decide about people, keys, payment providers, scripts and the business's own details."""

        OWNER = "owner"
        MEMBER = "member"

    class Alerts(models.TextChoices):
        ALL = "all"
        MINE = "mine"
        NONE = "none"

    id = KeyField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    comment_alerts = models.CharField(max_length=10, choices=Alerts.choices, default=Alerts.ALL)
    daily_digest = models.BooleanField(default=False)
    digested_at = models.DateTimeField(null=True)
    created_at = MomentField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "business"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} at {self.business}"
