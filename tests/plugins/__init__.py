"""Pytest plugins of this repository, loaded by `addopts` in pyproject.toml."""
