"""cuBLASLt as the C library that it is; what it does not need a GPU for, by the library itself."""
import logging

import numpy as np
import pytest

import minitf as tf
from minitf.backend import cublas, tiled
from minitf.backend.gpu import gpu as tf_gpu
from minitf.core.kernel import Product


class Described(cublas.CublasLt):
    """Without a handle: that takes a GPU."""

    def __init__(self, tf32):
        self.tf32, self.library = tf32, cublas.library()

    workspace = np.zeros(1 << 10, np.uint8)


class Undecided(cublas.Call):
    def _algorithm(self):
        blas = self.blas
        preference = blas.made("MatmulPreference")
        blas.set("MatmulPreference", preference, cublas.MAX_WORKSPACE_BYTES, np.uint64(1 << 25))
        for which in range(4):
            attribute = cublas.MIN_ALIGNMENT_A_BYTES + which
            blas.set("MatmulPreference", preference, attribute, np.uint32(16))
        blas.call("MatmulPreferenceDestroy", preference)


@pytest.fixture
def library():
    try:
        return cublas.library()
    except OSError as error:
        pytest.skip(f"{error}: pip install nvidia-cublas, with LD_LIBRARY_PATH for it")


@pytest.mark.parametrize("tf32", [False, True])
@pytest.mark.parametrize("dtype", cublas.TYPES)
def test_the_library_takes_what_is_said_of_products(library, dtype, tf32):
    blas = Described(tf32)
    for turned in ((False, False), (True, True)):
        product = Product(np.dtype(dtype), (4, 6, 5), turned, (6, 6, 6), 2.0, 1.0, 3, (30, 30, 24))
        call = Undecided(blas, product, 1 << 12, 1 << 13, 1 << 14, 1 << 14)
        for attribute, want in ((cublas.TRANSA, turned[1]), (cublas.TRANSB, turned[0])):
            assert got(blas, "MatmulDesc", call.description, attribute, np.int32) == want
        for layout, step in zip(call.layouts, (30, 30, 24)):
            assert got(blas, "MatrixLayout", layout, cublas.BATCH_COUNT, np.int32) == 3
            offset = cublas.STRIDED_BATCH_OFFSET
            assert got(blas, "MatrixLayout", layout, offset, np.int64) == step


def got(blas, kind, made, attribute, dtype):
    found, written = np.zeros(1, dtype), np.zeros(1, np.uint64)
    function = getattr(blas.library, f"cublasLt{kind}GetAttribute")
    parameters = cublas.PARAMETERS["MatmulDescSetAttribute"]
    function.argtypes = (*parameters, parameters[0])
    status = function(made, attribute, found.ctypes.data, found.nbytes, written.ctypes.data)
    assert not status and written[0] == found.nbytes
    return found[0]


def test_the_library_refuses_what_is_wrong(library):
    blas = Described(False)
    description = blas.made("MatmulDesc", cublas.COMPUTE_32F, cublas.TYPES["float32"])
    with pytest.raises(OSError, match="SetAttribute failed with status 7"):
        blas.set("MatmulDesc", description, cublas.TRANSA, np.int64(1))


def missing():
    raise OSError("cuBLASLt is not found")


class Broken:
    def __getattr__(self, name):
        return lambda *arguments: 1  # CUBLAS_STATUS_NOT_INITIALIZED


@pytest.mark.parametrize("found", [missing, Broken], ids=["missing", "broken"])
def test_without_the_library_products_are_computed_and_the_log_says_so(
    gpu, monkeypatch, caplog, found
):
    monkeypatch.setattr(cublas, "library", found)
    monkeypatch.setattr("minitf.backend.log._said", set())
    a = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    x = tf.placeholder(tf.float32, [None, 5])
    y = tf.matmul(x, x, transpose_b=True)
    with caplog.at_level(logging.WARNING, "minitf"), tf.Session() as sess:
        for _ in range(3):
            np.testing.assert_allclose(sess.run(y, {x: a}), a @ a.T, rtol=1e-5)
    assert isinstance(tf_gpu(0).blas, tiled.Tiled)
    assert [text for text in caplog.messages if "own kernels: cu" in text]
