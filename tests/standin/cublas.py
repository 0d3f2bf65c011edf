"""A stand-in for what minitf calls of cuBLASLt; products are NumPy's.

It refuses what the library refuses: leading dimensions that are too small, addresses that are less
aligned than was said, an algorithm that was found for something else.
"""
from __future__ import annotations

import enum
import itertools

import numpy as np

from standin import emulator
from standin.streams import ledger, machine, stream_of

Types = enum.IntEnum("Types", {
    "CUDA_R_32F": 0, "CUDA_R_64F": 1, "CUDA_R_16F": 2, "CUDA_C_32F": 4, "CUDA_C_64F": 5,
})  # fmt: skip
ComputeType = enum.IntEnum("ComputeType", {
    "COMPUTE_32F": 68, "COMPUTE_32F_FAST_TF32": 77, "COMPUTE_64F": 70,
})  # fmt: skip
Describes = enum.IntEnum("Describes", {"TRANSA": 3, "TRANSB": 4, "EPILOGUE": 7})
Lays = enum.IntEnum("Lays", {"BATCH_COUNT": 5, "STRIDED_BATCH_OFFSET": 6})
Prefers = enum.IntEnum("Prefers", {
    "MAX_WORKSPACE_BYTES": 1, "MIN_ALIGNMENT_A_BYTES": 5, "MIN_ALIGNMENT_B_BYTES": 6,
    "MIN_ALIGNMENT_C_BYTES": 7, "MIN_ALIGNMENT_D_BYTES": 8,
})  # fmt: skip
DTYPES = {
    Types.CUDA_R_32F: np.float32, Types.CUDA_R_64F: np.float64, Types.CUDA_R_16F: np.float16,
    Types.CUDA_C_32F: np.complex64, Types.CUDA_C_64F: np.complex128,
}  # fmt: skip
RESULT = np.dtype([
    ("algo", [("data_", "<u8", (8,))]), ("workspace_size", "<u8"), ("state", "<i4"),
    ("waves_count", "<f4"), ("reserved", "<i4", (4,)),
])  # fmt: skip

_objects: dict[int, dict] = {}
_numbers = itertools.count(0x7000, 16)


class CuBLASLtError(Exception):
    """In place of a status that is not success."""


def _make(to: int, **fields) -> None:
    number = next(_numbers)
    _objects[number] = fields
    emulator.bytes_at(to, 8).view(np.uint64)[0] = number


def _read(address: int, size: int, dtype) -> int:
    dtype = np.dtype(dtype)
    if size != dtype.itemsize:
        raise CuBLASLtError(f"CUBLAS_STATUS_INVALID_VALUE: {size} bytes for a {dtype}")
    return emulator.bytes_at(address, size).view(dtype)[0].item()


def create(to: int) -> None:
    machine.refuse("cublasLtCreate")
    _make(to)


def matmul_desc_create(to: int, compute_type: int, scale_type: int) -> None:
    _make(to, compute=ComputeType(compute_type), scale=Types(scale_type), TRANSA=0, TRANSB=0)


def matmul_desc_set_attribute(desc: int, attribute: int, address: int, size: int) -> None:
    _objects[desc][Describes(attribute).name] = _read(address, size, np.int32)


def matrix_layout_create(to: int, type: int, rows: int, cols: int, ld: int) -> None:
    if not 0 < rows <= ld or cols < 1:
        raise CuBLASLtError(f"CUBLAS_STATUS_INVALID_VALUE: {rows} x {cols}, leading dimension {ld}")
    _make(to, type=Types(type), rows=rows, cols=cols, ld=ld, batch=1, step=0)


def matrix_layout_set_attribute(layout: int, attribute: int, address: int, size: int) -> None:
    if attribute == Lays.BATCH_COUNT:
        _objects[layout]["batch"] = _read(address, size, np.int32)
    else:
        _objects[layout]["step"] = _read(address, size, np.int64)


def matmul_preference_create(to: int) -> None:
    _make(to, **{f"MIN_ALIGNMENT_{name}_BYTES": 256 for name in "ABCD"}, MAX_WORKSPACE_BYTES=0)


def matmul_preference_set_attribute(preference, attribute, address, size) -> None:
    wide = attribute == Prefers.MAX_WORKSPACE_BYTES
    value = _read(address, size, np.uint64 if wide else np.uint32)
    _objects[preference][Prefers(attribute).name] = value


def _destroy(number: int) -> None:
    del _objects[number]


_algorithms: list[tuple] = []  # what each was found for


def matmul_algo_get_heuristic(
    handle, desc, a, b, c, d, preference, requested, results, count
) -> None:
    wanted = _objects[preference]
    aligned = tuple(wanted[f"MIN_ALIGNMENT_{name}_BYTES"] for name in "ABCD")
    _algorithms.append((desc, a, b, c, d, aligned))
    result = emulator.bytes_at(results, RESULT.itemsize).view(RESULT)
    result["algo"]["data_"][0, 0] = len(_algorithms)
    emulator.bytes_at(count, 4).view(np.int32)[0] = 1


def _matrices(address: int, layout: dict, turned: int = 0) -> np.ndarray:
    """The matrices of a batch [batch, rows, columns], as a view of device memory."""
    dtype = np.dtype(DTYPES[layout["type"]])
    ld, step = layout["ld"], layout["step"]
    last = (layout["batch"] - 1) * step + (layout["cols"] - 1) * ld + layout["rows"]
    for end in (address, address + last * dtype.itemsize - 1):
        if emulator.allocation(end) != emulator.allocation(address) or not emulator.owns(end):
            raise CuBLASLtError(f"a matrix of {layout} is not all in one piece of device memory")
    memory = emulator.bytes_at(address, last * dtype.itemsize).view(dtype)
    strides = (step * dtype.itemsize, dtype.itemsize, ld * dtype.itemsize)
    shape = (layout["batch"], layout["rows"], layout["cols"])
    found = np.lib.stride_tricks.as_strided(memory, shape, strides)
    return found.swapaxes(1, 2) if turned else found


def matmul(
    handle, desc, alpha, a, a_layout, b, b_layout, beta, c, c_layout, d, d_layout, algo, workspace,
    workspace_size, stream,
) -> None:  # fmt: skip
    number = emulator.bytes_at(algo, 8).view(np.uint64)[0]
    *found_for, aligned = _algorithms[int(number) - 1]
    if found_for != [desc, a_layout, b_layout, c_layout, d_layout]:
        raise CuBLASLtError("CUBLAS_STATUS_INVALID_VALUE: the algorithm is for another product")
    if any(address % size for address, size in zip((a, b, c, d), aligned)):
        raise CuBLASLtError("CUBLAS_STATUS_INVALID_VALUE: an address is not aligned as was said")
    if not emulator.owns(workspace) or workspace % 256:
        raise CuBLASLtError("CUBLAS_STATUS_INVALID_VALUE: the workspace")
    about, (one, two, three, four) = _objects[desc], (
        dict(_objects[layout]) for layout in (a_layout, b_layout, c_layout, d_layout)
    )
    numbers = np.dtype(DTYPES[about["scale"]])
    factors = [emulator.bytes_at(p, numbers.itemsize).view(numbers)[0] for p in (alpha, beta)]

    def run():
        left, right = _matrices(a, one, about["TRANSA"]), _matrices(b, two, about["TRANSB"])
        out = _matrices(d, four)
        wide = np.float32 if out.dtype == np.float16 else out.dtype
        found = factors[0] * np.matmul(left.astype(wide), right.astype(wide))
        if factors[1]:
            found = found + factors[1] * _matrices(c, three)
        out[...] = found

    ledger.launches += 1
    stream_of(stream).submit(run)


FUNCTIONS = {
    "Create": create,
    "MatmulDescCreate": matmul_desc_create,
    "MatmulDescSetAttribute": matmul_desc_set_attribute,
    "MatmulDescDestroy": _destroy,
    "MatrixLayoutCreate": matrix_layout_create,
    "MatrixLayoutSetAttribute": matrix_layout_set_attribute,
    "MatrixLayoutDestroy": _destroy,
    "MatmulPreferenceCreate": matmul_preference_create,
    "MatmulPreferenceSetAttribute": matmul_preference_set_attribute,
    "MatmulPreferenceDestroy": _destroy,
    "MatmulAlgoGetHeuristic": matmul_algo_get_heuristic,
    "Matmul": matmul,
}


class Library:
    """The C library: its functions give 0, for success."""

    _name = "stand-in"

    def cublasLtGetVersion(self):
        return 130000

    def __getattr__(self, name):
        function = FUNCTIONS[name.removeprefix("cublasLt")]

        def called(*arguments):
            assert all(type(one) is int for one in arguments), arguments
            function(*arguments)
            return 0

        return called
