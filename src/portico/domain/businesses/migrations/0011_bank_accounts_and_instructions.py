import re

import django.db.models.deletion
from django.db import migrations, models

from portico.lib.clock import now
from portico.lib.ids import uuid7

_NUMBER = re.compile(r"^(?:IBAN)?[\s:]*([A-Z]{2}[0-9]{2}[A-Z0-9 ]{10,40})$", re.IGNORECASE)
_BANK = re.compile(r"^(?:BIC|SWIFT|BIC\s*/\s*SWIFT|SWIFT\s*/\s*BIC)[\s:]+([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)$", re.IGNORECASE)


def _is_iban(number: str) -> bool:
    turned = number[4:] + number[:4]
    return 15 <= len(number) <= 34 and int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def read_bank_text(text: str) -> dict[str, str]:
    """Take a text apart where each part is certain; what is not certain stays as it was written."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ibans = ["".join(found[1].split()).upper() for line in lines if (found := _NUMBER.match(line))]
    ibans = [number for number in ibans if _is_iban(number)]
    if len(ibans) != 1:
        return {"details": text}
    bics = [found[1].upper() for line in lines if (found := _BANK.match(line))]
    rest = [line for line in lines if "".join(line.upper().replace("IBAN", "", 1).replace(":", "").split()) != ibans[0]]
    if len(bics) == 1:
        rest = [line for line in rest if not _BANK.match(line)]
    named = bool(rest) and len(rest[0]) <= 70 and not re.search(r"[0-9:]", rest[0])
    return {
        "iban": ibans[0],
        "country": ibans[0][:2],
        "bic": bics[0] if len(bics) == 1 else "",
        "holder": rest[0] if named else "",
        "details": "\n".join(rest[1:] if named else rest),
    }


def _keep(apps, schema_editor):
    Business = apps.get_model("businesses", "Business")
    BankAccount = apps.get_model("businesses", "BankAccount")
    PaymentInstruction = apps.get_model("businesses", "PaymentInstruction")
    for business in Business.objects.all():
        if business.bank_details.strip():
            values = read_bank_text(business.bank_details)
            if values.get("iban") and not values["holder"]:
                values["holder"] = (business.legal_name or business.name)[:70]
            values.setdefault("country", business.country)
            BankAccount.objects.create(id=uuid7(), created_at=now(), business=business, **values)
        for way, text in (("check", business.check_instructions), ("cash", business.cash_instructions)):
            if text.strip():
                PaymentInstruction.objects.create(
                    id=uuid7(), created_at=now(), business=business, way=way, text=text
                )


class Migration(migrations.Migration):
    dependencies = [("businesses", "0010_promises")]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("holder", models.CharField(blank=True, max_length=70)),
                ("bank_name", models.CharField(blank=True, max_length=100)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("bic", models.CharField(blank=True, max_length=11)),
                ("details", models.TextField(blank=True, max_length=1000)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("business", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="bank_accounts", to="businesses.business")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("iban", ""), _negated=True) | models.Q(("details", ""), _negated=True),
                        name="bank_account_iban_or_details",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentInstruction",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True)),
                ("way", models.CharField(choices=[("bank_transfer", "Bank Transfer"), ("check", "Check"), ("cash", "Cash")], max_length=20)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("text", models.TextField(max_length=500)),
                ("created_at", models.DateTimeField()),
                ("business", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="payment_instructions", to="businesses.business")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("business", "way", "language", "country"), name="payment_instruction_once")
                ],
            },
        ),
        migrations.RunPython(_keep, migrations.RunPython.noop),
    ]
