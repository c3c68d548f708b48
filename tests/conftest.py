"""Fixtures every test may use."""

import pytest

from tests.cast import cast  # noqa: F401
from tests.rounds import story  # noqa: F401


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    """Stored files go where pytest throws them away, never into the data folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
