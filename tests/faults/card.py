"""What payers of the harness type: the sandbox's test numbers."""

CARD = {"cardholder": "Ada", "card_number": "4242 4242 4242 4242", "card_expiry": "12/40", "card_cvc": "123"}
CHALLENGED = CARD | {"card_number": "4000 0000 0000 3220"}
DEBIT = {"method": "sandbox:direct_debit", "account_holder": "Ada", "iban": "DE89 3704 0044 0532 0130 00"}
