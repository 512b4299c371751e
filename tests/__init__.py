"""Whole stories (`journeys`), project rules (`rules`) and what all tests share; other tests sit beside their code."""
