"""These tests are about devices, and choose one themselves."""
import pytest


@pytest.fixture(autouse=True)
def device():
    yield
