"""Memory that kernels in NumPy work in, kept from one call to the next."""
import threading

import numpy as np

_local = threading.local()


def scratch(xp, name, shape, dtype):
    """An array to work in, its contents undefined; the next of this name takes its memory."""
    if xp is not np:
        return xp.empty(shape, dtype)
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    buffers = _local.__dict__
    if name not in buffers or buffers[name].size < size:
        buffers[name] = np.empty(size, np.uint8)
    return buffers[name][:size].view(dtype).reshape(shape)
