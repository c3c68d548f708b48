"""Fixtures every test may use."""

from tests.cast import cast  # noqa: F401
from tests.rounds import story  # noqa: F401
