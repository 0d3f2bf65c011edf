"""What the card can do, asked through CuPy: large products, copies within the device, versions."""
import time

import cupy
import numpy as np

VERSION = "CuPy " + cupy.__version__
LEAST = 3  # repetitions


def about():
    """The card and the versions of CUDA's libraries."""
    runtime = cupy.cuda.runtime
    properties = runtime.getDeviceProperties(0)
    return {
        "card": properties["name"].decode(),
        "memory": properties["totalGlobalMem"],
        "CUDA of the driver": dotted(runtime.driverGetVersion()),
        "CUDA runtime": dotted(runtime.runtimeGetVersion()),
        "CuPy": cupy.__version__,
        "NumPy": np.__version__,
        "cuBLASLt": cublaslt(),
    }


def cublaslt():
    """The version: minitf's matrix products are its."""
    from minitf.backend import cublas

    try:
        version = cublas.library().cublasLtGetVersion()
    except OSError as error:
        return f"not there: {error}"
    return str(version)


def dotted(version):
    return f"{version // 1000}.{version % 1000 // 10}"


def product(m, n, k, seconds):
    """Seconds of a float32 product of m x k and k x n; with TF32 where CUPY_TF32=1 is set."""
    random = np.random.default_rng(0)
    a, b = (cupy.asarray(random.standard_normal(shape, np.float32)) for shape in ((m, k), (k, n)))
    out = cupy.empty((m, n), np.float32)
    return measured(lambda: cupy.matmul(a, b, out=out), seconds)


def copy(size, seconds):
    """Seconds of a copy of so many bytes from the device's memory to the device's memory."""
    source, to = cupy.zeros(size, np.uint8), cupy.zeros(size, np.uint8)
    runtime, stream = cupy.cuda.runtime, cupy.cuda.get_current_stream()
    kind = runtime.memcpyDeviceToDevice
    return measured(
        lambda: runtime.memcpyAsync(to.data.ptr, source.data.ptr, size, kind, stream.ptr), seconds
    )


def measured(function, seconds):
    """Seconds of one call, the median of five blocks that take so long together."""
    blocks, count = [], LEAST
    for k in range(6):
        start = time.perf_counter()
        for _ in range(count):
            function()
        cupy.cuda.runtime.deviceSynchronize()
        each = (time.perf_counter() - start) / count
        if k:
            blocks.append(each)
        if k < 2:  # The first one warms up.
            count = max(LEAST, round(seconds / 5 / each))
    return sorted(blocks)[2]
