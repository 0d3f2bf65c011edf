"""Copies of arrays that are not contiguous."""
import numpy as np
import pytest
from standin import emulator

from cuda_kernels.launching import text_of
from minitf.core.cuda.copy import copy
from minitf.core.kernel import Array

VIEWS = {
    "transpose": ((40, 70), lambda x: x.T),
    "small transpose": ((3, 5), lambda x: x.T),
    "narrow transpose": ((300, 3), lambda x: x.T),
    "channels first": ((2, 9, 10, 33), lambda x: x.transpose(0, 3, 1, 2)),
    "channels last": ((2, 33, 9, 10), lambda x: x.transpose(0, 2, 3, 1)),
    "reversed axes": ((9, 10, 11), lambda x: x.transpose(2, 1, 0)),
    "five axes": ((2, 9, 3, 10, 2), lambda x: x.transpose(3, 0, 4, 1, 2)),
    "slice": ((6, 50), lambda x: x[1:5, 3:40:2]),
    "turned slice": ((60, 50), lambda x: x[10:50, 5:45].T),
    "flipped": ((6, 50), lambda x: x[::-1, ::-1]),
    "flipped transpose": ((40, 50), lambda x: x[::-1].T),
    "broadcast": ((1, 50), lambda x: np.broadcast_to(x, (4, 50))),
    "column": ((6, 50), lambda x: x[:, 3]),
    "element": ((6, 50), lambda x: x[2, 3, ...]),
    "nothing": ((6, 50), lambda x: x[:0]),
    "contiguous": ((6, 50), lambda x: x),
}


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.bool_])
@pytest.mark.parametrize("name", VIEWS)
def test_copies(name, dtype):
    shape, view = VIEWS[name]
    whole = np.random.default_rng(1).integers(0, 2 if dtype == np.bool_ else 1000, shape)
    whole = whole.astype(dtype)
    part = view(whole)
    steps = (0 if n == 1 else s // part.itemsize for n, s in zip(part.shape, part.strides))
    source = Array(part.shape, part.dtype, tuple(steps))
    at, to = emulator.allocate(whole.nbytes), emulator.allocate(max(part.nbytes, 1))
    emulator.bytes_at(at, whole.nbytes)[:] = np.frombuffer(whole.tobytes(), np.uint8)
    first = np.asarray(part).__array_interface__["data"][0] - whole.ctypes.data if part.size else 0
    for launch in copy(source):
        assert launch.strided
        pointers = emulator.Pointer(at + first, whole.dtype), emulator.Pointer(to, whole.dtype)
        kernel = emulator.module(text_of(launch)).kernel("tested")
        kernel.launch(launch.grid, launch.block, [*map(np.int64, launch.sizes), *pointers])
    emulator.check_red_zones()
    got = emulator.bytes_at(to, part.nbytes).copy().view(dtype).reshape(part.shape)
    np.testing.assert_array_equal(got, part)
