"""Runs what `cuda` traits return on the CPU; compiles it where CUDA's compiler is installed."""
import itertools
from pathlib import Path

import numpy as np
from standin import emulator

import minitf
from minitf.core.kernel import Array, contiguous_strides
from minitf.core.op import REGISTRY

PREAMBLE = (Path(minitf.__file__).parent / "backend" / "elements.cuh").read_text()


def listed(launches):
    return launches if isinstance(launches, list) else [launches]


def source(launch):
    """The text that is compiled."""
    return PREAMBLE + launch.source.replace("NAME", "tested")


def described(value):
    """What a trait is told of an array."""
    return Array(value.shape, value.dtype, contiguous_strides(value.shape))


def of_op(op, inputs, output, **attrs):
    """What the trait `cuda` of the op returns, and the inputs that the launches take."""
    definition = REGISTRY[op]
    bound = [(param.static, value) for param, value in definition.schema.arguments(inputs)]
    given = [value if static else described(value) for static, value in bound]
    launches = definition.cuda(given, [described(output)], **attrs)
    return launches, [value for static, value in bound if not static]


def run(launches, *inputs, shape, dtype=None, before=None, seed=0):
    """The output, of this shape, from the inputs' copies in device memory; `before` lies in it
    before."""
    out = np.full(shape, np.nan, dtype or inputs[0].dtype) if before is None else before
    arrays = [*map(np.ascontiguousarray, inputs), out]
    addresses = [_copied(array) for array in arrays]
    launches = listed(launches)
    scratch = emulator.allocate(max(launch.scratch for launch in launches) or 1)
    for launch in launches:
        _run(launch, arrays, addresses, scratch, seed)
    emulator.check_red_zones()
    found = emulator.bytes_at(addresses[-1], out.nbytes).view(out.dtype).reshape(shape).copy()
    for address in (*addresses, scratch):
        emulator.free(address)
    return found


def _copied(array):
    address = emulator.allocate(max(array.nbytes, 1))
    emulator.bytes_at(address, array.nbytes)[:] = array.reshape(-1).view(np.uint8)
    return address


def _run(launch, arrays, addresses, scratch, seed):
    tickets = emulator.allocate(max(4 * launch.tickets, 1))
    counters = emulator.bytes_at(tickets, 4 * launch.tickets)
    counters[:] = 0
    arguments = [*map(np.int64, launch.sizes)]
    arguments += [emulator.Pointer(at, a.dtype) for at, a in zip(addresses, arrays)]
    arguments += [emulator.Pointer(tickets)] if launch.tickets else []
    arguments += [emulator.Pointer(scratch)] if launch.scratch else []
    kernel = emulator.module(source(launch)).kernel("tested")
    kernel.launch(launch.grid, launch.block, arguments, seed=seed)
    assert not counters.any(), "tickets are left"
    emulator.free(tickets)


def compiled(launch, architecture):
    """CUDA's compiler's words about the text, empty if it compiles."""
    from cuda.bindings import nvrtc

    _, program = nvrtc.nvrtcCreateProgram(source(launch).encode(), b"tested.cu", 0, [], [])
    options = [f"--gpu-architecture={architecture}".encode(), b"--std=c++17"]
    result, *_ = nvrtc.nvrtcCompileProgram(program, len(options), options)
    _, size = nvrtc.nvrtcGetProgramLogSize(program)
    log = bytearray(size)
    nvrtc.nvrtcGetProgramLog(program, log)
    return "" if result == nvrtc.nvrtcResult.NVRTC_SUCCESS else log.decode()


def flattened(made):
    """The launches of several traits."""
    return list(itertools.chain.from_iterable(map(listed, made)))
