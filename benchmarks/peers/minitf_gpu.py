"""The TensorFlow 1 program on a GPU, run by minitf, and what the GPU does in a step."""
import ctypes
import gc

import numpy

import minitf as tf
from benchmarks.peers import graph
from minitf.backend import devices, log
from minitf.runtime.buffers import aligned
from minitf.runtime.cuda.graphs import Graphed
from minitf.runtime.cuda.lowering import launches_of
from minitf.runtime.cuda.transfers import TO_DEVICE, TO_HOST

if not devices.find().cards:
    raise ImportError(devices.find().missing)
VERSION = f"minitf for TensorFlow {tf.__version__}, NumPy {numpy.__version__}"
NODES = {0: "kernels", 1: "copies", 2: "fills"}  # CUgraphNodeType
_last = None


def build(row):
    global _last
    _last = None
    tf.reset_default_graph()
    gc.collect()
    _last = graph.built(tf, row)
    device().xp.get_default_memory_pool().free_all_blocks()  # Others need memory too.
    return graph.training(_last, wait)


def device():
    """The Gpu of the row's session."""
    return _last.session._backend


def wait():
    gpu = device()
    gpu.stream.synchronize()
    gpu.uploads.synchronize()


def products():
    """What computes matrix products: CublasLt, or Tiled where cuBLASLt is not found."""
    blas = device().blas
    return type(blas).__name__, getattr(blas, "tf32", False)


def said():
    """What minitf does otherwise than was hoped: it has said so in the log, which nobody reads."""
    return sorted(log._said)


# -- what a step does ------------------------------------------------------------------------------


def moved(with_loss):
    """Copies between host and device in one step, their bytes, and what it launches."""
    session, train, cost, feeds = _last
    fetches = [train, cost] if with_loss else train
    for _ in range(3):  # The second run captures the graph.
        session.run(fetches, feed_dict=feeds)
    plan = session._signature(fetches, feeds).plan_for(feeds)
    frame = plan.frames[-1]
    names = getattr(frame, "__wrapped__", frame).__globals__
    graphs = [value for value in names.values() if isinstance(value, Graphed)]
    up = [size for size in (sum(aligned(copy.size) for copy in g.feeds) for g in graphs) if size]
    down = [copy.size for g in graphs for copy in g.results]
    inside = sum(len(g.copies) for g in graphs)
    written = [step for step in plan.program.steps if step.definition in (TO_DEVICE, TO_HOST)]
    return {
        "up": len(up), "up_bytes": sum(up), "down": len(down), "down_bytes": sum(down),
        "graphs": len(graphs), "launches": sum(map(launches, graphs)),
        "nodes": [nodes(latest(g)) for g in graphs],
        "copies outside graphs": len(written) - inside,
        "lines of Python": sum(1 for line in plan.text.splitlines()[1:] if line.strip()),
    }  # fmt: skip


def launches(graphed):
    """Kernels and products of a region, without its copies."""
    calls = (call for i, (call, _) in enumerate(graphed.calls) if i not in graphed.copies)
    return sum(len(launches_of(call)) for call in calls)


def latest(graphed):
    """The graph that a region was launched as, None where it is nothing but a copy."""
    return next(reversed(graphed.graphs.items.values()), (None,))[0]


def nodes(captured):
    """The nodes of a captured graph by their kind, as NVIDIA's driver counts them; None without."""
    handle = getattr(captured, "graph", None)
    if not handle:
        return None
    driver = ctypes.CDLL("libcuda.so.1")
    handle, count = ctypes.c_void_p(int(handle)), ctypes.c_size_t()
    _check(driver.cuGraphGetNodes(handle, None, ctypes.byref(count)))
    found = (ctypes.c_void_p * count.value)()
    _check(driver.cuGraphGetNodes(handle, found, ctypes.byref(count)))
    kinds, kind = {}, ctypes.c_int()
    for node in found:
        _check(driver.cuGraphNodeGetType(ctypes.c_void_p(node), ctypes.byref(kind)))
        name = NODES.get(kind.value, f"type {kind.value}")
        kinds[name] = kinds.get(name, 0) + 1
    return kinds


def _check(failed):
    if failed:
        raise RuntimeError(f"the driver does not describe the graph: CUDA error {failed}")


# -- memory ----------------------------------------------------------------------------------------


def memory(steps):
    """Bytes of the device in use before and after so many captured steps, and from CuPy's pool."""
    session, train, cost, feeds = _last
    for _ in range(20):
        session.run([train, cost], feed_dict=feeds)
    before = in_use()
    for _ in range(steps):
        session.run([train, cost], feed_dict=feeds)
    return {"steps": steps, "before": before, "after": in_use()}


def in_use():
    wait()
    gpu = device()
    with gpu.device:
        free, total = gpu.xp.cuda.runtime.memGetInfo()
    return {"device": total - free, "pool": gpu.xp.get_default_memory_pool().used_bytes()}


def exhausted():
    """What comes when a run needs more memory than there is, and whether the session goes on."""
    global _last
    _last = None
    tf.reset_default_graph()
    gc.collect()
    x = tf.placeholder(tf.float32, [None, 1])
    largest = tf.reduce_max(tf.matmul(x, x, transpose_b=True))
    with tf.Session() as session:
        gpu = session._backend
        with gpu.device:
            _, total = gpu.xp.cuda.runtime.memGetInfo()
        side = int((1.5 * total / 4) ** 0.5)
        before = float(session.run(largest, {x: numpy.full((3, 1), 2, numpy.float32)}))
        try:
            session.run(largest, {x: numpy.ones((side, 1), numpy.float32)})
            came = "nothing was raised"
        except tf.errors.ResourceExhaustedError as error:
            came = f"ResourceExhaustedError: {error.message}"
        after = float(session.run(largest, {x: numpy.full((5, 1), 3, numpy.float32)}))
    return {"side": side, "came": came, "right before": before == 4, "right after": after == 9}
