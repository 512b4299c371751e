"""The words of kinds, states, payment methods and the like, for pages, PDFs, mail and exports: each said in one place.

Every function answers in the language that is active.
"""
