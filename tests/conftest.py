"""Fixtures that several test files share."""
import contextlib
import gc

import hypothesis
import pytest
from programs import runner

from minitf.backend import devices, gpu, log
from minitf.core.eager import eager_mode

hypothesis.settings.register_profile("minitf", deadline=None)  # other work may slow a test down
hypothesis.settings.load_profile("minitf")
REAL_GPU = bool(devices.find().cards)


def pytest_addoption(parser):
    parser.addoption(
        "--gpu", action="store_true",
        help="every session has a GPU: an emulated one, where this machine has none",
    )


def pytest_collection_finish(session):
    """Tens of thousands of tests, and what their modules hold, live to the end: no collection of
    garbage is to look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def kernels_compile():
    """Without it, a kernel that is no C would be NumPy's work, and the test would pass."""
    yield
    refused = [text for text in log._said if text.startswith("kernels are not compiled")]
    log._said.difference_update(refused)
    assert not refused, refused[0]


@pytest.fixture(autouse=True)
def device(request, monkeypatch):
    """With --gpu, a GPU for those tests that do not choose a device themselves."""
    chosen = REAL_GPU or {"lowering", "gpu", "cpu"} & set(request.fixturenames)
    if chosen or not request.config.getoption("gpu"):
        yield
    else:
        with emulated_gpu(monkeypatch):
            yield


@pytest.fixture(name="cpu")
def there_is_no_gpu(monkeypatch):
    """The test is about NumPy or C: sessions are to leave a GPU alone."""
    monkeypatch.setenv("MINITF_DEVICE", "cpu")


@pytest.fixture(params=["graph", "eager"])
def mode(request):
    """Once in a graph, once eagerly."""
    with contextlib.nullcontext() if request.param == "graph" else eager_mode():
        yield request.param


@pytest.fixture
def program(tmp_path):
    return runner(tmp_path)


@pytest.fixture(params=["0", "1", "gpu"], ids=["numpy", "c", "cuda"])
def lowering(request, monkeypatch):
    """Once with every plan in NumPy, once with all in C that can be, once on a GPU: the one that
    is there, or an emulated one."""
    if request.param == "gpu" and REAL_GPU:
        monkeypatch.delenv("MINITF_DEVICE", raising=False)
        yield
    elif request.param == "gpu":
        with emulated_gpu(monkeypatch):
            yield
    else:
        monkeypatch.setenv("MINITF_DEVICE", "cpu")
        monkeypatch.setenv("MINITF_JIT", request.param)
        yield


@pytest.fixture(name="gpu")
def there_is_a_gpu(monkeypatch):
    """There is a GPU: CuPy is a stand-in that runs kernels on the CPU, see tests/standin. Gives
    its ledger."""
    gc.collect()  # what earlier tests have left on the device would count
    with emulated_gpu(monkeypatch) as standin:
        yield standin.ledger


@contextlib.contextmanager
def emulated_gpu(monkeypatch):
    import standin

    if not standin.usable():
        pytest.skip("kernels run on Linux with a C++ compiler")
    card = devices.Card(0, "Stand-in", 1 << 32, (9, 0), "0000:00:00.0")
    monkeypatch.delenv("MINITF_DEVICE", raising=False)
    monkeypatch.setattr(devices, "driver", lambda: devices.Driver(13000, (card,), ""))
    monkeypatch.setattr(devices, "cupy", lambda: ("cupy-cuda13x",))
    _forget()
    with standin.installed():
        yield standin
    refused = [text for text in log._said if "not captured" in text]
    log._said.difference_update(refused)
    assert not refused
    _forget()


def _forget():
    """No session keeps a device of another test, and the device no memory."""
    if gpu._gpu.cache_info().currsize:
        used = gpu._gpu(0)
        used.functions.clear()
        vars(used).pop("blas", None)
    gpu.gpu.cache_clear()
    gpu._gpu.cache_clear()
