"""Fixtures that several test files share."""
import pytest


@pytest.fixture(params=["0", "1"], ids=["numpy", "c"])
def lowering(request, monkeypatch):
    """Once with every plan in NumPy, once with all in C that can be."""
    monkeypatch.setenv("MINITF_JIT", request.param)
