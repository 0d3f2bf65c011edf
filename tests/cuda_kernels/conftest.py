"""Kernels are compiled as C++ here."""
import pytest
import standin


@pytest.fixture(autouse=True)
def compiler():
    if not standin.usable():
        pytest.skip("needs Linux and a C++ compiler")
