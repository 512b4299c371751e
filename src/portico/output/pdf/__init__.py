"""Documents, receipts, statements and lists as PDF: sheets in, bytes out."""
