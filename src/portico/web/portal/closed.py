"""Placeholder until the doors land."""
