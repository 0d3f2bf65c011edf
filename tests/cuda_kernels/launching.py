"""Runs what `cuda` traits return, on the CPU, and says what NumPy's kernels make of the same."""
from pathlib import Path

import numpy as np
from standin import emulator

import minitf
from minitf.core.kernel import Array, contiguous_strides
from minitf.core.op import REGISTRY

PREAMBLE = (Path(minitf.__file__).parent / "backend" / "elements.cuh").read_text()


def text_of(launch):
    """What is compiled."""
    return PREAMBLE + launch.source.replace("NAME", "tested")


def described(value):
    """What a trait is told of an array."""
    return Array(value.shape, value.dtype, contiguous_strides(value.shape))


def expected(op, inputs, **attrs):
    """The list of what the kernel makes of the inputs; a variable is changed in a copy."""
    definition = REGISTRY[op]
    if definition.writes():
        inputs = [inputs[0].copy(), *inputs[1:]]
    with np.errstate(all="ignore"):
        found = definition.schema.call(definition.kernel, inputs, np, **attrs)
    several = definition.schema.several
    return [np.asarray(value) for value in (found if several else [found])]


def launches(op, inputs, outputs, **attrs):
    """What the trait returns, as a list; None where it has no launch."""
    definition = REGISTRY[op]
    given = [value if param.static else described(np.asarray(value))
             for param, value in definition.schema.arguments(inputs)]  # fmt: skip
    defaults = definition.schema.defaults
    attrs = {name: defaults[name] for name in definition.schema.attrs if name in defaults} | attrs
    made = definition.cuda(given, [described(value) for value in outputs], **attrs)
    return made if isinstance(made, list) or made is None else [made]


def on_device(op, inputs, outputs=None, seed=0, in_place=False, **attrs):
    """The outputs of the op's launches; `outputs` are arrays of their shapes and types.

    The output of an op that changes a variable lies in the variable's memory; with `in_place` the
    first one lies in that of the first input.
    """
    outputs = expected(op, inputs, **attrs) if outputs is None else outputs
    made = launches(op, inputs, outputs, **attrs)
    assert made is not None, f"{op} has no launch for this"
    definition = REGISTRY[op]
    data = [np.asarray(value) for param, value in definition.schema.arguments(inputs)
            if not param.static]  # fmt: skip
    places = [_copied(value) for value in data]
    results = [emulator.allocate(max(value.nbytes, 1)) for value in outputs]
    if in_place or definition.writes():
        emulator.free(results[0])
        results[0] = places[0]
    pointers = [*map(_pointer, places, data), *map(_pointer, results, outputs)]
    tickets = emulator.allocate(4 * max([1, *(launch.tickets for launch in made)]))
    scratch = emulator.allocate(max([1, *(launch.scratch for launch in made)]))
    for launch in made:
        emulator.bytes_at(tickets, 4 * launch.tickets)[:] = 0
        work = [tickets] * bool(launch.tickets) + [scratch] * bool(launch.scratch)
        extra = [emulator.Pointer(place) for place in work]
        arguments = [*map(np.int64, launch.sizes), *pointers, *extra]
        kernel = emulator.module(text_of(launch)).kernel("tested")
        kernel.launch(launch.grid, launch.block, arguments, seed=seed)
    emulator.check_red_zones()
    found = [_read(place, value) for place, value in zip(results, outputs)]
    for place in {*places, *results, tickets, scratch}:
        emulator.free(place)
    return found


def _copied(value):
    place = emulator.allocate(max(value.nbytes, 1))
    emulator.bytes_at(place, value.nbytes)[:] = np.frombuffer(value.tobytes(), np.uint8)
    return place


def _pointer(place, value):
    """Types that CUDA has no name for are moved as others of their size."""
    known = value.dtype.name not in ("float16", "complex64")
    return emulator.Pointer(place, value.dtype if known else None)


def _read(place, value):
    return emulator.bytes_at(place, value.nbytes).copy().view(value.dtype).reshape(value.shape)


def check(op, *inputs, tolerance=1e-6, **attrs):
    """That the device's outputs are the kernel's."""
    want = expected(op, inputs, **attrs)
    for got, wanted in zip(on_device(op, inputs, want, **attrs), want, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)


def refused(text, architecture):
    """The words of CUDA's compiler, empty where it takes the text."""
    from cuda.bindings import nvrtc

    _, program = nvrtc.nvrtcCreateProgram(text.encode(), b"tested.cu", 0, [], [])
    options = [f"--gpu-architecture={architecture}".encode(), b"--std=c++17"]
    result, *_ = nvrtc.nvrtcCompileProgram(program, len(options), options)
    _, size = nvrtc.nvrtcGetProgramLogSize(program)
    log = bytearray(size)
    nvrtc.nvrtcGetProgramLog(program, log)
    return "" if result == nvrtc.nvrtcResult.NVRTC_SUCCESS else log.decode()
