"""Fixtures that several test files share."""
import pytest


@pytest.fixture(params=["0", "1"], ids=["numpy", "c"])
def lowering(request, monkeypatch):
    """Once with every plan in NumPy, once with all in C that can be."""
    monkeypatch.setenv("MINITF_JIT", request.param)


@pytest.fixture
def gpu():
    """CuPy is a stand-in that runs kernels on the CPU: see tests/standin. Gives its ledger."""
    import standin

    if not standin.usable():
        pytest.skip("kernels run on Linux with a C++ compiler")
    with standin.installed():
        yield standin.ledger
