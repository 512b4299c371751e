"""Invoices and credit notes in UBL 2.x: EN 16931, XRechnung and Peppol BIS Billing 3."""
