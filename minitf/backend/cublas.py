"""Matrix products by cuBLASLt, called through nvmath's bindings: they may be part of a CUDA graph.

CuPy's own products may not (its bindings refuse cuBLAS while a stream is being captured).
"""
from __future__ import annotations

from typing import Any

import numpy as np
from nvmath import CudaDataType
from nvmath.bindings import cublasLt as lt
from nvmath.bindings.cublas import ComputeType

from minitf.core.kernel import Launch, Product

TYPES = {
    "float16": CudaDataType.CUDA_R_16F, "float32": CudaDataType.CUDA_R_32F,
    "float64": CudaDataType.CUDA_R_64F, "complex64": CudaDataType.CUDA_C_32F,
    "complex128": CudaDataType.CUDA_C_64F,
}  # fmt: skip
MOST_ALIGNED = 256  # bytes


class CublasLt:
    """The library on one device. Floats of 32 bits are multiplied as such unless `tf32`."""

    def __init__(self, gpu: Any, tf32: bool = False) -> None:
        self.gpu, self.tf32 = gpu, tf32
        with gpu.device:
            self.handle = lt.create()

    def compute_type(self, dtype: np.dtype) -> int:
        if dtype.name in ("float64", "complex128"):
            return ComputeType.COMPUTE_64F
        fast = self.tf32 and dtype.name != "float16"
        return ComputeType.COMPUTE_32F_FAST_TF32 if fast else ComputeType.COMPUTE_32F

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
        self.description = lt.matmul_desc_create(blas.compute_type(product.dtype), self._scale())
        self._describe(lt.MatmulDescAttribute.TRANSA, turned_b)
        self._describe(lt.MatmulDescAttribute.TRANSB, turned_a)
        self.layouts = [
            self._layout(*((k, n) if turned_b else (n, k)), rows_b, step_b),
            self._layout(*((m, k) if turned_a else (k, m)), rows_a, step_a),
            self._layout(n, m, rows_d, step_d),
        ]
        numbers = np.dtype(np.float32) if product.dtype == np.float16 else product.dtype
        self.alpha = np.array(product.alpha, numbers)
        self.beta = np.array(product.beta, numbers)
        self.algorithm = self._algorithm()

    def __call__(self, stream: Any) -> None:
        """Compute it, in the order of `stream`."""
        b, a, c, d = self.arrays
        layout_b, layout_a, layout_d = self.layouts
        workspace = self.blas.gpu.workspace
        lt.matmul(
            self.blas.handle, self.description, self.alpha.ctypes.data, b, layout_b, a, layout_a,
            self.beta.ctypes.data, c, layout_d, d, layout_d, self.algorithm.ctypes.data,
            workspace.data.ptr, workspace.nbytes, stream.ptr,
        )  # fmt: skip

    def __del__(self) -> None:
        for layout in getattr(self, "layouts", ()):
            lt.matrix_layout_destroy(layout)
        if hasattr(self, "description"):
            lt.matmul_desc_destroy(self.description)

    def _scale(self) -> int:
        """The type of alpha and beta."""
        dtype = self.product.dtype
        return TYPES["float32" if dtype.name == "float16" else dtype.name]

    def _describe(self, attribute: int, value: bool) -> None:
        number = np.array(value, np.int32)
        lt.matmul_desc_set_attribute(
            self.description, attribute, number.ctypes.data, number.nbytes
        )

    def _layout(self, rows: int, columns: int, leading: int, step: int) -> int:
        layout = lt.matrix_layout_create(TYPES[self.product.dtype.name], rows, columns, leading)
        if self.product.batch > 1:
            attributes = lt.MatrixLayoutAttribute
            for attribute, number in (
                (attributes.BATCH_COUNT, np.array(self.product.batch, np.int32)),
                (attributes.STRIDED_BATCH_OFFSET, np.array(step, np.int64)),
            ):
                lt.matrix_layout_set_attribute(
                    layout, attribute, number.ctypes.data, number.nbytes
                )
        return layout

    def _algorithm(self) -> np.ndarray:
        """What the library takes for the fastest for these sizes and addresses."""
        preference = lt.matmul_preference_create()
        attributes = lt.MatmulPreferenceAttribute
        self._prefer(preference, attributes.MAX_WORKSPACE_BYTES,
                     np.array(self.blas.gpu.workspace.nbytes, np.uint64))  # fmt: skip
        for name, pointer in zip("ABCD", self.arrays):
            aligned = np.array(min(pointer & -pointer, MOST_ALIGNED), np.uint32)
            self._prefer(preference, attributes[f"MIN_ALIGNMENT_{name}_BYTES"], aligned)
        found = np.zeros(1, lt.matmul_heuristic_result_dtype)
        count = np.zeros(1, np.int32)
        layout_b, layout_a, layout_d = self.layouts
        lt.matmul_algo_get_heuristic(
            self.blas.handle, self.description, layout_b, layout_a, layout_d, layout_d,
            preference, 1, found.ctypes.data, count.ctypes.data,
        )  # fmt: skip
        lt.matmul_preference_destroy(preference)
        if not count[0]:
            raise RuntimeError(f"cuBLASLt knows no way to compute {self.product}")
        return found

    def _prefer(self, preference: int, attribute: int, value: np.ndarray) -> None:
        lt.matmul_preference_set_attribute(
            preference, attribute, value.ctypes.data, value.nbytes
        )
