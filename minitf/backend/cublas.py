"""Matrix products by cuBLASLt, the C library itself: they may be part of a CUDA graph.

CuPy's own products may not (its bindings refuse cuBLAS while a stream is being captured).
"""
from __future__ import annotations

import ctypes
import ctypes.util
import functools
import importlib
from typing import Any

import numpy as np

from minitf.core.kernel import Launch, Product

# The numbers of cublasLt.h, cublas_api.h and library_types.h.
TYPES = {"float16": 2, "float32": 0, "float64": 1, "complex64": 4, "complex128": 5}
COMPUTE_32F, COMPUTE_64F, COMPUTE_32F_FAST_TF32 = 68, 70, 77
TRANSA, TRANSB = 3, 4  # of a product
BATCH_COUNT, STRIDED_BATCH_OFFSET = 5, 6  # of a layout
MAX_WORKSPACE_BYTES, MIN_ALIGNMENT_A_BYTES = 1, 5  # of a preference; B, C and D follow A
# What a search for algorithms gives of each; it begins with the algorithm.
RESULT = np.dtype([
    ("algo", "<u8", (8,)), ("workspace_size", "<u8"), ("state", "<i4"), ("waves_count", "<f4"),
    ("reserved", "<i4", (4,)),
])  # fmt: skip

ALIGNMENT = 256  # bytes: more is of no use to the library
WORKSPACE = 32 << 20  # bytes that it may work in, as NVIDIA advises for Hopper

_P, _INT, _SIZE = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
PARAMETERS = {
    "Create": (_P,),
    "MatmulDescCreate": (_P, _INT, _INT),
    "MatmulDescSetAttribute": (_P, _INT, _P, _SIZE),
    "MatmulDescDestroy": (_P,),
    "MatrixLayoutCreate": (_P, _INT, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_int64),
    "MatrixLayoutSetAttribute": (_P, _INT, _P, _SIZE),
    "MatrixLayoutDestroy": (_P,),
    "MatmulPreferenceCreate": (_P,),
    "MatmulPreferenceSetAttribute": (_P, _INT, _P, _SIZE),
    "MatmulPreferenceDestroy": (_P,),
    "MatmulAlgoGetHeuristic": (*(_P,) * 7, _INT, _P, _P),
    "Matmul": (*(_P,) * 14, _SIZE, _P),
}


@functools.lru_cache(maxsize=1)
def library() -> Any:
    """The C library, where CuPy looks for its own; OSError where it is not found."""
    found = ctypes.CDLL(_path())
    for name, parameters in PARAMETERS.items():
        function = getattr(found, f"cublasLt{name}")
        function.argtypes, function.restype = parameters, _INT
    return found


def _path() -> str:
    try:
        finder = importlib.import_module("cuda.pathfinder")  # CuPy brings it
        path = finder.load_nvidia_dynamic_lib("cublasLt").abs_path
    except (ImportError, RuntimeError):
        path = None
    return path or ctypes.util.find_library("cublasLt") or "libcublasLt.so"


class CublasLt:
    """The library on one device. Floats of 32 bits are multiplied as such unless `tf32`.

    OSError where it is not found, or does not start.
    """

    def __init__(self, gpu: Any, tf32: bool = False) -> None:
        self.tf32, self.library = tf32, library()
        with gpu.device:
            self.handle = self.made("Create")
        self.workspace = gpu.allocate(WORKSPACE)  # what runs in order can share it

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function of the library; OSError when it fails."""
        status = getattr(self.library, f"cublasLt{name}")(*arguments)
        if status:
            raise OSError(f"cublasLt{name} failed with status {status}")

    def made(self, kind: str, *arguments: int) -> int:
        """A handle, a description of something: what cublasLt...Create gives."""
        found = np.zeros(1, np.uintp)
        self.call(f"{kind}Create" if kind != "Create" else kind, found.ctypes.data, *arguments)
        return int(found[0])

    def set(self, kind: str, made: int, attribute: int, value: Any) -> None:
        """Set an attribute to a number of NumPy's."""
        number = np.asarray(value)
        self.call(f"{kind}SetAttribute", made, attribute, number.ctypes.data, number.nbytes)

    def compute_type(self, dtype: np.dtype) -> int:
        if dtype.name in ("float64", "complex128"):
            return COMPUTE_64F
        return COMPUTE_32F_FAST_TF32 if self.tf32 and dtype.name != "float16" else COMPUTE_32F

    def available(self, product: Product) -> bool:
        """Whether it has this product: it has all."""
        return True

    def launches(self, product: Product) -> list[Launch]:
        """The kernels that have to be compiled for it."""
        return []

    def bound(self, product: Product, pointers: tuple[int, ...]) -> Call:
        """The call that computes `product`, on the arrays at these addresses."""
        return Call(self, product, *(pointers[k] for k in product.arrays))


class Call:
    """One product, with what the library has to know of it."""

    def __init__(self, blas: CublasLt, product: Product, a: int, b: int, c: int, d: int) -> None:
        # The library counts along columns: to it a matrix that lies row by row is transposed, and
        # d' = b' a'.
        self.blas, self.product, self.arrays = blas, product, (b, a, c, d)
        m, n, k = product.sizes
        turned_a, turned_b = product.turned
        rows_a, rows_b, rows_d = product.rows
        step_a, step_b, step_d = product.steps
        dtype = product.dtype
        # Of alpha and beta.
        numbers = np.dtype(np.float32) if dtype == np.float16 else dtype
        self.description = blas.made("MatmulDesc", blas.compute_type(dtype), TYPES[numbers.name])
        blas.set("MatmulDesc", self.description, TRANSA, np.int32(turned_b))
        blas.set("MatmulDesc", self.description, TRANSB, np.int32(turned_a))
        self.layouts = [
            self._layout(*((k, n) if turned_b else (n, k)), rows_b, step_b),
            self._layout(*((m, k) if turned_a else (k, m)), rows_a, step_a),
            self._layout(n, m, rows_d, step_d),
        ]
        self.alpha = np.array(product.alpha, numbers)
        self.beta = np.array(product.beta, numbers)
        self.algorithm = self._algorithm()

    def __call__(self, stream: Any) -> None:
        """Compute it, in the order of `stream`."""
        b, a, c, d = self.arrays
        layout_b, layout_a, layout_d = self.layouts
        workspace = self.blas.workspace
        self.blas.call(
            "Matmul", self.blas.handle, self.description,
            self.alpha.ctypes.data, b, layout_b, a, layout_a,
            self.beta.ctypes.data, c, layout_d, d, layout_d, self.algorithm.ctypes.data,
            workspace.data.ptr, workspace.nbytes, stream.ptr,
        )  # fmt: skip

    def __del__(self) -> None:
        library = self.blas.library
        for layout in getattr(self, "layouts", ()):
            library.cublasLtMatrixLayoutDestroy(layout)
        if hasattr(self, "description"):
            library.cublasLtMatmulDescDestroy(self.description)

    def _layout(self, rows: int, columns: int, leading: int, step: int) -> int:
        product, blas = self.product, self.blas
        layout = blas.made("MatrixLayout", TYPES[product.dtype.name], rows, columns, leading)
        if product.batch > 1:
            blas.set("MatrixLayout", layout, BATCH_COUNT, np.int32(product.batch))
            blas.set("MatrixLayout", layout, STRIDED_BATCH_OFFSET, np.int64(step))
        return layout

    def _algorithm(self) -> np.ndarray:
        """What the library takes for the fastest for these sizes and addresses."""
        blas = self.blas
        preference = blas.made("MatmulPreference")
        room = np.uint64(blas.workspace.nbytes)
        blas.set("MatmulPreference", preference, MAX_WORKSPACE_BYTES, room)
        for which, pointer in enumerate(self.arrays):
            aligned = np.uint32(min(pointer & -pointer, ALIGNMENT))
            blas.set("MatmulPreference", preference, MIN_ALIGNMENT_A_BYTES + which, aligned)
        found, count = np.zeros(1, RESULT), np.zeros(1, np.int32)
        layout_b, layout_a, layout_d = self.layouts
        blas.call(
            "MatmulAlgoGetHeuristic", blas.handle, self.description,
            layout_b, layout_a, layout_d, layout_d, preference, 1,
            found.ctypes.data, count.ctypes.data,
        )  # fmt: skip
        blas.call("MatmulPreferenceDestroy", preference)
        if not count[0]:
            raise RuntimeError(f"cuBLASLt knows no way to compute {self.product}")
        return found
