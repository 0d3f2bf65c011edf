"""Which GPUs there are, asked of a stand-in for NVIDIA's driver, and what is said without one."""
import ctypes
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from minitf.backend import devices
from minitf.backend.devices import Card, Driver

H200 = Card(0, "NVIDIA H200", 150_000_000_000, (9, 0), "0000:0f:00.0")
V100 = Card(1, "Tesla V100", 16 << 30, (7, 0), "0000:10:00.0")


class Library:
    """The functions of libcuda that are called, for some cards; `failing` ones give an error."""

    def __init__(self, *cards, version=13000, start=0, **failing):
        self.cards, self.version, self.start, self.failing = cards, version, start, failing

    def __getattr__(self, name):
        if name in self.failing:
            return lambda *arguments: self.failing[name]
        raise AttributeError(name)

    def cuInit(self, flags):
        return self.start

    def cuDriverGetVersion(self, version):
        return self._write(version, self.version)

    def cuDeviceGetCount(self, count):
        return self._write(count, len(self.cards))

    def cuDeviceGet(self, device, index):
        if "cuDeviceGet" in self.failing:
            return self.failing["cuDeviceGet"]
        return self._write(device, 40 + index)

    def cuDeviceGetName(self, name, size, device):
        name.value = self._card(device).name.encode()
        return 0

    def cuDeviceGetPCIBusId(self, bus, size, device):
        bus.value = self._card(device).bus.upper().encode()
        return 0

    def cuDeviceTotalMem_v2(self, memory, device):
        return self._write(memory, self._card(device).memory)

    def cuDeviceGetAttribute(self, value, attribute, device):
        return self._write(value, self._card(device).capability[attribute == devices._MINOR])

    def cuGetErrorString(self, number, text):
        return self._write(text, b"no such luck")

    def _card(self, device):
        return self.cards[device.value - 40]

    def _write(self, reference, value):
        reference._obj.value = value
        return 0


def test_cards_as_the_driver_describes_them():
    cards = H200, V100
    assert devices.asked(Library(*cards)) == Driver(13000, cards, "")
    assert H200.description == (
        "device: 0, name: NVIDIA H200, pci bus id: 0000:0f:00.0, compute capability: 9.0"
    )


@pytest.mark.parametrize(
    ("library", "visible", "said"),
    [
        (Library(start=devices.NO_DEVICE), None, "finds no GPU in this machine"),
        (Library(start=devices.NO_DEVICE), "-1", "CUDA_VISIBLE_DEVICES='-1' shows no GPU: unset"),
        (Library(), "", "CUDA_VISIBLE_DEVICES='' shows no GPU: unset"),
        (Library(H200, start=803), None, "no such luck (CUDA error 803); see what nvidia-smi"),
        (Library(H200, cuDeviceGet=101), None, "no such luck (CUDA error 101)"),
    ],
)
def test_a_driver_without_a_gpu(library, visible, said, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = devices.asked(library)
    assert not found.cards and said in found.missing


@pytest.fixture
def machine(monkeypatch):
    """A machine with this driver and these packages of CuPy."""

    def set_up(driver, *packages):
        monkeypatch.delenv("MINITF_DEVICE", raising=False)
        monkeypatch.setattr(devices, "driver", lambda: driver)
        monkeypatch.setattr(devices, "cupy", lambda: packages)

    return set_up


@pytest.mark.parametrize(
    ("driver", "packages", "said"),
    [
        (Driver(0, (), "there is no NVIDIA driver"), ("cupy",), "there is no NVIDIA driver"),
        (Driver(11040, (H200,), ""), ("cupy",), "is for CUDA 11.4 and CuPy needs 12.0 or later"),
        (Driver(12040, (H200,), ""), (), "CuPy is not installed: pip install 'minitf-tf1[gpu12]'"),
        (Driver(13010, (H200,), ""), (), "CuPy is not installed: pip install 'minitf-tf1[gpu13]'"),
        (Driver(13010, (H200, V100), ""), (), "pip install 'minitf-tf1[gpu12]'"),
        (Driver(12080, (H200,), ""), ("cupy-cuda13x",), "pip uninstall cupy-cuda13x, then pip"),
    ],
)
def test_what_is_missing_and_the_mend(driver, packages, said, machine):
    machine(driver, *packages)
    found = devices.find()
    assert not found.cards and said in found.missing


@pytest.mark.parametrize("packages", [("cupy",), ("cupy-cuda12x",), ("cupy-cuda13x",)])
def test_gpus_that_can_be_used(packages, machine):
    machine(Driver(13000, (H200,), ""), *packages)
    assert devices.find() == ((H200,), "")


def test_gpus_switched_off(machine, monkeypatch):
    machine(Driver(13000, (H200,), ""), "cupy")
    monkeypatch.setenv("MINITF_DEVICE", "cpu")
    assert devices.find() == ((), "MINITF_DEVICE=cpu switches GPUs off in this process")
    monkeypatch.setenv("MINITF_DEVICE", "tpu")
    with pytest.raises(ValueError, match="MINITF_DEVICE='tpu': it can be 'cpu'"):
        devices.find()


def test_a_machine_without_a_driver_loses_no_time(monkeypatch):
    monkeypatch.setattr(devices, "_LIBRARY", "libthere-is-none.so.1")
    devices.driver.cache_clear()
    start = time.perf_counter()
    found = devices.driver()
    elapsed = time.perf_counter() - start
    devices.driver.cache_clear()
    assert found.version == 0 and "libthere-is-none.so.1 is not found" in found.missing
    assert elapsed < 0.01


def test_a_driver_library_is_loaded_by_its_name(monkeypatch):
    library = Library(H200)
    monkeypatch.setattr(devices, "ctypes", SimpleNamespace(**vars(ctypes)))
    monkeypatch.setattr(devices.ctypes, "CDLL", {"libcuda.so.1": library}.__getitem__)
    monkeypatch.setattr(devices, "_LIBRARY", "libcuda.so.1")
    devices.driver.cache_clear()
    found = devices.driver()
    devices.driver.cache_clear()
    assert found.cards == (H200,)


NOT_ASKED = """
import ctypes, sys
loaded = []
kind = ctypes.CDLL
ctypes.CDLL = lambda name, *rest, **more: loaded.append(name) or kind(name, *rest, **more)
import minitf as tf
x = tf.constant(1.0) + 2.0
assert not [name for name in loaded if name and "cuda" in str(name)], loaded
assert "cupy" not in sys.modules
import os
os.environ["MINITF_DEVICE"] = "cpu"
assert tf.Session().run(x) == 3.0
assert not [name for name in loaded if name and "cuda" in str(name)], loaded
os.environ["MINITF_DEVICE"] = ""
tf.Session()
print([name for name in loaded if name and "cuda" in str(name)])
assert "cupy" not in sys.modules
"""


def test_the_driver_is_asked_by_the_first_session():
    run = subprocess.run([sys.executable, "-c", NOT_ASKED], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == repr([devices._LIBRARY])
