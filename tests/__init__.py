"""Whole stories (`journeys`), the house rules (`house`) and what all tests share; other tests sit beside their code."""
