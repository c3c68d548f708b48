"""Every test of documents keeps its files apart."""

import pytest

from hoctap.kernel import clock


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def today():
    return clock.today()
