"""Fixtures every test may use."""

from tests.cast import cast  # noqa: F401
