"""The stand-in for CuPy keeps its promises: right values, and errors where a device has none."""
import pickle
import threading

import numpy as np
import pytest

import standin
from standin import CUDARuntimeError, DeviceError, emulator

SUM = """
template <class T> __device__ T total(T value) {
    __shared__ T parts[32];
    int t = threadIdx.x;
    for (int by = 16; by; by >>= 1) value += __shfl_down_sync(0xffffffffu, value, by);
    if (t % 32 == 0) parts[t / 32] = value;
    __syncthreads();
    if (t < 32) {
        value = t < blockDim.x / 32 ? parts[t] : 0;
        for (int by = 16; by; by >>= 1) value += __shfl_xor_sync(0xffffffffu, value, by);
    }
    return value;
}
extern "C" __global__ void __launch_bounds__(256) sum(long long n, const float *x, double *y) {
    double mine = 0;
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n; i += step)
        mine += x[i];
    mine = total(mine);
    if (threadIdx.x == 0) atomicAdd(y, mine);
}
"""
ADD = """
extern "C" __global__ void add(int n, const float *x, float *y) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] += x[i];
}
"""


@pytest.fixture
def cp(gpu):
    return standin.cupy


def kernel(cp, body, parameters="float *x"):
    """A kernel of one statement or more."""
    text = f'extern "C" __global__ void k({parameters}) {{ {body} }}'
    return cp.RawModule(code=text).get_function("k")


def launched(cp, body, block=64, n=64, grid=1):
    """What `float *x` holds after a launch."""
    x = cp.zeros(n, cp.float32)
    kernel(cp, body)((grid,), (block,), (x,))
    return x.get()


# -- kernels ---------------------------------------------------------------------------------------


def test_a_reduction_through_shuffles_and_shared_memory(cp):
    x = np.arange(10000, dtype=np.float32)
    y = cp.zeros((), cp.float64)
    function = cp.RawModule(code=SUM).get_function("sum")
    function((7,), (256,), (np.int64(x.size), cp.asarray(x), y))
    assert y.item() == x.sum(dtype=np.float64)


def test_shuffles_and_votes(cp):
    body = """
    int t = threadIdx.x, lane = t % 32;
    unsigned all = 0xffffffffu, odd = __ballot_sync(all, lane & 1);
    float up = __shfl_up_sync(all, (float)lane, 1, 8), fifth = __shfl_sync(all, lane, 5);
    bool some = __any_sync(all, lane == 3), every = __all_sync(all, lane == 3);
    x[t] = up * 100 + fifth + (odd == 0xaaaaaaaau) / 2.f + (some && !every) / 4.f;
    """
    lane = np.arange(64) % 32
    up = np.where(lane % 8 == 0, lane, lane - 1)
    np.testing.assert_array_equal(launched(cp, body), up * 100 + 5 + 0.75)


def test_each_kernel_of_a_module_has_its_own_shared_memory(cp):
    body = """extern "C" __global__ void {name}(float *x) {{
        __shared__ float held[{size}]; int t = threadIdx.x;
        held[t] = x[t]; __syncthreads(); x[t] = 2 * held[t]; }}
    """
    sizes = {"one": 8000, "two": 9000, "many": 13_000}
    module = cp.RawModule(code="".join(body.format(name=n, size=s) for n, s in sizes.items()))
    x = cp.ones(4, np.float32)
    for name in ("one", "two"):
        module.get_function(name)((1,), (4,), (x,))
    np.testing.assert_array_equal(x.get(), 4)
    with pytest.raises(DeviceError, match="many: 52000 bytes of shared memory"):
        module.get_function("many")((1,), (4,), (x,))


def test_dynamic_shared_memory(cp):
    body = """extern __shared__ float held[]; int t = threadIdx.x; held[t] = t; __syncthreads();
    x[t] = held[blockDim.x - 1 - t];"""
    x = cp.zeros(64, cp.float32)
    kernel(cp, body)((1,), (64,), (x,), shared_mem=256)
    np.testing.assert_array_equal(x.get(), np.arange(64)[::-1])


def test_vectors_and_bits(cp):
    body = """
    if (threadIdx.x < 16) ((float4 *)x)[threadIdx.x] = make_float4(1, 2, 3, 4);
    if (threadIdx.x == 0) x[0] = __int_as_float(__float_as_int(2.5f)) + __umulhi(1u << 31, 6u);
    """
    assert launched(cp, body)[:5].tolist() == [5.5, 2, 3, 4, 1]


@pytest.mark.parametrize("text, value", [
    ("rsqrtf(4.f)", 0.5), ("erfinvf(0.5f)", 0.47693628), ("erff(0.5f)", 0.5204999),
    ("lgammaf(5.f)", 3.1780539), ("normcdfinvf(0.9f)", 1.2815515), ("fmaxf(1.f, NAN)", 1),
    ("cospif(1.f)", -1), ("__float2int_rn(2.5f)", 2), ("(float)__clz(1)", 31),
    ("exp(1.f)", 2.7182817), ("max(1, 2)", 2), ("isnan(0.f / (threadIdx.x * 0.f))", 1),
])  # fmt: skip
def test_functions(cp, text, value):
    text = text.replace("NAN", "__int_as_float(0x7fffffff)")
    np.testing.assert_allclose(launched(cp, f"x[threadIdx.x] = {text};"), value, rtol=3e-7)


def test_erfinv_everywhere(cp):
    import math

    body = "double y = (threadIdx.x + 0.5) / 32 - 1; x[threadIdx.x] = erfinv(y);"
    found = launched(cp, body).astype(float)
    expected = (np.arange(64) + 0.5) / 32 - 1
    np.testing.assert_allclose([math.erf(v) for v in found], expected, atol=1e-7)
    assert np.isinf(launched(cp, "x[threadIdx.x] = erfinvf(1.f);")).all()


def test_blocks_and_threads_come_in_no_order(cp):
    body = "if (blockIdx.x + threadIdx.x) x[1 + atomicAdd((int *)x, 1)] = threadIdx.x;"
    order = launched(cp, body, block=32, n=64, grid=2)[1:]
    assert sorted(order[:31]) != order[:31].tolist()


@pytest.mark.parametrize("body, words", [
    ("if (threadIdx.x < 7) __syncthreads(); x[0] = 1;", "not reached by all threads"),
    ("if (threadIdx.x & 1) __syncthreads(); else { \n __syncthreads(); }", "not reached by all"),
    ("if (threadIdx.x == 7) return; x[0] = __shfl_sync(0xffffffffu, 1.f, 0);", "not reached"),
    ("x[0] = __shfl_sync(0xffffu, 1.f, 0);", "mask lacks it"),
    ("x[64] = 1;", "behind an allocation of 256 bytes"),
    ("x[-1] = 1;", "before an allocation of 256 bytes"),
    ("x[0] = x[10000];", "illegal address"),
    ("float a[4]; a[threadIdx.x] = 1; x[0] = a[0];", "an index beyond an array"),
    ("float2 v = *(float2 *)(x + 1); x[0] = v.x;", "not aligned"),
    ("x[0] = 5 / (int)x[0];", "division by 0"),
    ("*(float *)0 = 1;", "null pointer"),
    ("assert(x[0] == 1);", "assert"),
])  # fmt: skip
def test_what_a_kernel_does_wrong_is_told(cp, body, words):
    with pytest.raises(DeviceError, match=words):
        launched(cp, body)
    assert launched(cp, "x[threadIdx.x] = 1; __syncthreads();").sum() == 64  # and forgotten


def test_memory_that_nobody_wrote_is_nan(cp):
    assert np.isnan(cp.empty(3, cp.float32).get()).all()
    missing = "__shared__ float b[64]; b[threadIdx.x] = 1; x[threadIdx.x] = b[63 - threadIdx.x];"
    assert np.isnan(launched(cp, missing)).any()  # for want of a barrier


def test_freed_memory(cp):
    x = cp.zeros(4, cp.float32)
    address = np.uintp(x.data.ptr)
    del x
    kernel(cp, "x[0] = 1;")((1,), (1,), (address,))
    with pytest.raises(DeviceError, match="illegal address"):
        cp.cuda.Device().synchronize()


@pytest.mark.parametrize("arguments, words", [
    (lambda cp: (4, cp.zeros(4, "f"), cp.zeros(4, "f")), "has 4 bytes"),
    (lambda cp: (np.int32(4), cp.zeros(4), cp.zeros(4, "f")), "array of float64"),
    (lambda cp: (np.int32(4), cp.zeros(4, "f")), "3 arguments, got 2"),
    (lambda cp: (np.float32(4), cp.zeros(4, "f"), cp.zeros(4, "f")), "kind 'i'"),
    (lambda cp: (np.int32(4), np.uintp(4096), cp.zeros(4, "f")), "no address in device memory"),
    (lambda cp: (cp.zeros(4, "i4"), cp.zeros(4, "f"), cp.zeros(4, "f")), "no pointer"),
])  # fmt: skip
def test_arguments_are_checked(cp, arguments, words):
    function = cp.RawModule(code=ADD).get_function("add")
    with pytest.raises(DeviceError, match=words):
        function((1,), (32,), arguments(cp))


@pytest.mark.parametrize("grid, block, words", [
    ((0,), (32,), "grid"), ((1, 65536), (32,), "grid"), ((1,), (1025,), "block"),
    ((1,), (512,), "can have 256"),
])  # fmt: skip
def test_sizes_are_checked(cp, grid, block, words):
    function = cp.RawModule(code=SUM).get_function("sum")
    with pytest.raises(DeviceError, match=words):
        function(grid, block, (0, cp.zeros(4, "f"), cp.zeros(4)))


def test_what_does_not_compile(cp):
    with pytest.raises(cp.cuda.compiler.CompileException, match="nonsense"):
        kernel(cp, "nonsense;")


# -- streams and graphs ----------------------------------------------------------------------------


@pytest.fixture
def stream(cp):
    stream = cp.cuda.Stream(non_blocking=True)
    with stream:
        yield stream


def copy(cp, to, of, kind, stream):
    """memcpyAsync between arrays."""

    def address(array):
        return array.data.ptr if isinstance(array, cp.ndarray) else array.ctypes.data

    kind = getattr(cp.cuda.runtime, f"memcpy{kind}")
    cp.cuda.runtime.memcpyAsync(address(to), address(of), of.nbytes, kind, stream.ptr)


def pinned(values):
    made = standin.cupyx.empty_pinned(len(values), np.float32)
    made[:] = values
    return made


def test_a_pinned_buffer_is_read_when_the_copy_runs(cp, stream):
    host, device = pinned([1, 2]), cp.zeros(2, "f")
    copy(cp, device, host, "HostToDevice", stream)
    host[:] = 7  # too early
    assert device.get().tolist() == [7, 7]


def test_a_pinned_buffer_is_written_when_the_copy_is_waited_for(cp, stream):
    host, device = pinned([1, 2]), cp.asarray(np.array([3, 4], "f"))
    copy(cp, host, device, "DeviceToHost", stream)
    event = stream.record()
    assert host.tolist() == [1, 2]
    event.synchronize()
    assert host.tolist() == [3, 4]


def test_asarray_reads_pinned_memory_when_the_copy_runs(cp, stream):
    host = pinned([1, 2])
    first = cp.asarray(host)
    host[:] = 7  # too early
    second = cp.empty(2, "f")
    second.set(host)
    back = pinned([0, 0])
    second.get(out=back, blocking=False)
    assert back.tolist() == [0, 0] and first.get().tolist() == [7, 7] and back.tolist() == [7, 7]


def test_a_copy_needs_pinned_memory(cp, stream):
    with pytest.raises(DeviceError, match="no pinned memory"):
        copy(cp, cp.zeros(2, "f"), np.zeros(2, "f"), "HostToDevice", stream)


def test_a_buffer_that_is_gone_before_its_copy(cp, stream):
    host, device = pinned([1, 2]), cp.zeros(2, "f")
    copy(cp, device, host, "HostToDevice", stream)
    del host
    with pytest.raises(DeviceError, match="no pinned memory"):
        stream.synchronize()


def test_streams_wait_only_for_events(cp, stream):
    other, device, host = cp.cuda.Stream(non_blocking=True), cp.zeros(2, "f"), pinned([1, 2])
    back = pinned([0, 0])
    stream.synchronize()
    copy(cp, device, host, "HostToDevice", stream)
    copy(cp, back, device, "DeviceToHost", other)
    other.synchronize()
    assert back.tolist() == [0, 0]
    copy(cp, device, host, "HostToDevice", stream)
    other.wait_event(stream.record())
    copy(cp, back, device, "DeviceToHost", other)
    other.synchronize()
    assert back.tolist() == [1, 2]


def test_zeros_are_written_when_their_turn_comes(cp, stream):
    x, other, host = cp.zeros(2, "f"), cp.cuda.Stream(non_blocking=True), pinned([1, 2])
    copy(cp, x, host, "HostToDevice", other)
    other.synchronize()
    assert x.get().tolist() == [0, 0]


def test_the_null_stream_waits_for_blocking_streams(cp):
    blocking, device, host = cp.cuda.Stream(), cp.zeros(2, "f"), pinned([1, 2])
    copy(cp, device, host, "HostToDevice", blocking)
    assert device.get().tolist() == [1, 2]


def test_an_event_is_done_after_some_asking(cp, stream):
    host, device = pinned([1, 2]), cp.empty(2, "f")
    copy(cp, device, host, "HostToDevice", stream)
    event = cp.cuda.Event(disable_timing=True)
    event.record(stream)
    asked = [event.done for _ in range(4)]
    assert asked == [False, False, True, True]


def test_a_graph_runs_on_what_memory_holds_then(cp, stream, gpu):
    function = cp.RawModule(code=ADD).get_function("add")
    host, x, y = pinned([1, 2]), cp.zeros(2, "f"), cp.zeros(2, "f")
    gpu.reset()
    stream.begin_capture()
    assert stream.is_capturing()
    copy(cp, x, host, "HostToDevice", stream)
    function((1,), (32,), (np.int32(2), x, y))
    cp.cuda.runtime.memsetAsync(x.data.ptr, 0, x.nbytes, stream.ptr)
    graph = stream.end_capture()
    graph.upload(stream)
    assert y.get().tolist() == [0, 0]
    graph.launch(stream)
    stream.synchronize()
    host[:] = [10, 20]
    graph.launch(stream)
    assert y.get().tolist() == [11, 22] and x.get().tolist() == [0, 0]
    assert (gpu.captures, gpu.graph_launches, gpu.graph_nodes, gpu.launches) == (1, 2, 6, 0)


def test_what_other_threads_do_breaks_no_capture_off(cp, stream, gpu):
    """CuPy records in the relaxed mode."""
    x, found = cp.zeros(2, "f"), []

    def meanwhile():
        other = cp.cuda.Stream(non_blocking=True)
        other.synchronize()
        with other:
            other.begin_capture()
            cp.cuda.runtime.memsetAsync(x.data.ptr, 0, x.nbytes, other.ptr)
            found.append(other.end_capture())

    stream.begin_capture()
    thread = threading.Thread(target=meanwhile)
    thread.start()
    thread.join()
    cp.cuda.runtime.memsetAsync(x.data.ptr, 0, x.nbytes, stream.ptr)
    assert found and stream.is_capturing() and stream.end_capture()


@pytest.mark.parametrize("act", [
    lambda cp, x, s: s.synchronize(), lambda cp, x, s: x.get(), lambda cp, x, s: x + 1,
    lambda cp, x, s: cp.empty(3), lambda cp, x, s: cp.asarray(np.ones(3)),
    lambda cp, x, s: cp.cuda.Device().synchronize(), lambda cp, x, s: x[[0]],
    lambda cp, x, s: cp.cuda.alloc_pinned_memory(8), lambda cp, x, s: s.done,
])  # fmt: skip
def test_what_breaks_a_capture_off(cp, stream, act):
    x = cp.zeros(3)
    stream.begin_capture()
    with pytest.raises(CUDARuntimeError, match="is capturing"):
        act(cp, x, stream)
    with pytest.raises(CUDARuntimeError, match="Invalidated"):
        stream.end_capture()
    act(cp, x, stream)


def test_views_are_no_work(cp, stream):
    x, host = cp.zeros((2, 3), "f"), pinned([1, 2])
    copy(cp, x, host, "HostToDevice", stream)
    stream.begin_capture()
    views = [x[0], x.T, x.reshape(3, 2), x[:, None], cp.broadcast_to(x, (4, 2, 3)), x[1, 2]]
    kernel(cp, "x[0] = 5;")((1,), (1,), (views[0],))
    graph = stream.end_capture()
    assert len(stream.work) == 2 and all(view.base is x for view in views)  # zeros, and the copy
    graph.launch()
    assert x.get().tolist() == [[5, 2, 0], [0, 0, 0]]


def test_a_graph_keeps_no_memory(cp, stream):
    x = cp.zeros(3, "f")
    stream.begin_capture()
    kernel(cp, "x[0] = 1;")((1,), (1,), (x,))
    graph = stream.end_capture()
    del x
    graph.launch()
    with pytest.raises(DeviceError, match="illegal address"):
        stream.synchronize()


def test_memory_freed_on_its_stream_lives_till_its_turn(cp, stream):
    x, y = cp.ones(2, "f"), cp.zeros(2, "f")
    cp.RawModule(code=ADD).get_function("add")((1,), (32,), (np.int32(2), x, y))
    del x
    assert y.get().tolist() == [1, 1]


# -- memory ----------------------------------------------------------------------------------------


def test_memory_runs_out(cp):
    standin.set_memory(1 << 20)
    with pytest.raises(cp.cuda.memory.OutOfMemoryError, match="allocating 2,097,152 bytes"):
        cp.empty(2 << 20, cp.uint8)
    free, total = cp.cuda.runtime.memGetInfo()
    assert total == 1 << 20 and free <= total


def test_a_pool(cp):
    pool = cp.cuda.MemoryPool()
    with cp.cuda.using_allocator(pool.malloc):
        x = cp.empty(1000, cp.uint8)
    assert pool.used_bytes() == pool.total_bytes() == 1024
    del x
    assert (pool.used_bytes(), pool.total_bytes()) == (0, 1024)
    pool.free_all_blocks()
    assert pool.total_bytes() == 0
    pool.set_limit(size=512)
    with pytest.raises(cp.cuda.memory.OutOfMemoryError, match="limit set to: 512"):
        pool.malloc(513)


def test_an_array_in_given_memory(cp):
    memory = cp.cuda.alloc(1024)
    x = cp.ndarray((2, 3), cp.float32, memory + 512)
    x[...] = 1
    assert x.data.ptr == memory.ptr + 512 and x.get().sum() == 6


def test_pinned_memory_is_a_buffer(cp):
    memory = cp.cuda.alloc_pinned_memory(100)
    assert memory.size() >= 100
    array = np.frombuffer(memory, np.uint8, 100)
    assert array.ctypes.data == memory.ptr and array.flags.writeable


# -- arrays ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [
    float, int, bool, np.asarray, lambda x: np.add(x, 1), np.sum, np.shape, pickle.dumps,
    lambda x: x + np.ones(3), lambda x: np.ones(3) + x, lambda x: x[np.array([0])],
    lambda x: standin.cupy.add(x, np.ones(3)), lambda x: standin.cupy.add(x, [1, 2, 3]),
    lambda x: standin.cupy.where(np.ones(3, bool), x, x), lambda x: np.arange(3)[x],
    lambda x: range(3)[x], lambda x: x.fill(np.ones(3)), lambda x: standin.cupy.sum([1, 2]),
    lambda x: standin.cupy.concatenate([x, np.ones(3)]), lambda x: x.__setitem__(0, np.ones(1)),
])  # fmt: skip
def test_implicit_transfers_raise(cp, act):
    with pytest.raises(TypeError):
        act(cp.zeros(3))


def test_explicit_transfers_are_counted(cp, gpu):
    x = cp.asarray(np.ones(4, np.float32))
    assert (gpu.to_device, gpu.to_device_bytes, gpu.to_host) == (1, 16, 0)
    assert x.item(0) == 1 and x.tolist() == [1] * 4 and cp.asnumpy(x).sum() == 4
    assert (gpu.to_host, gpu.to_host_bytes) == (3, 48)


def test_values_and_dtypes_are_those_of_numpy(cp):
    host = np.arange(12, dtype=np.float32).reshape(3, 4)
    x = cp.asarray(host)
    for act in [
        lambda a: a * 2 + 1, lambda a: 1 / (a + 1), lambda a: a @ a.T, lambda a: a.sum(axis=0),
        lambda a: a[1:, ::2], lambda a: a[1], lambda a: a[0, 1], lambda a: a > 3, lambda a: -a,
        lambda a: np.float32(2) * a, lambda a: a.astype(np.int32) // 3, lambda a: a.max(1),
        lambda a: a.reshape(4, 3).transpose(), lambda a: a.clip(2, 5), lambda a: a[..., None],
        lambda a: a.argmax(axis=1), lambda a: a.mean(axis=0, keepdims=True), lambda a: a ** 2,
    ]:  # fmt: skip
        found, expected = act(x), np.asarray(act(host))
        assert isinstance(found, cp.ndarray)
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        np.testing.assert_array_equal(found.get(), expected)


def test_functions_are_those_of_cupy(cp):
    x = cp.asarray(np.array([[3.0, 1.0], [2.0, 5.0]]))
    assert cp.concatenate([x, x], axis=1).shape == (2, 4)
    assert cp.where(x > 2, x, 0).get().tolist() == [[3, 0], [0, 5]]
    assert cp.add.reduce(x).get().tolist() == [5, 6]
    assert cp.sum(x).shape == () and cp.array_equal(x, x).shape == ()
    assert cp.shape(x) == (2, 2) and cp.isscalar(3) and cp.result_type(x, 1) == np.float64
    for act, error in [
        (lambda: cp.sum(x, where=True), TypeError), (lambda: cp.add(x, 1, where=True), TypeError),
        (lambda: cp.maximum.reduce(x), NotImplementedError), (lambda: cp.no_such, AttributeError),
        (lambda: cp.add.at(cp.zeros(2, cp.int64), cp.zeros(1, int), 1), TypeError),
        (lambda: cp.array(["a"]), ValueError), (lambda: x[cp.array([2])], DeviceError),
        (lambda: x[2], IndexError), (lambda: x.sum(where=1), TypeError),
        (lambda: x.__setitem__(cp.array([0, 0]), cp.zeros((2, 2))), DeviceError),
    ]:  # fmt: skip
        with pytest.raises(error):
            act()


def test_views_share_memory_and_results_do_not(cp):
    x = cp.zeros((2, 3))
    view = x.T[1:]
    assert view.data.ptr == x.data.ptr + 8 and view.base is x
    view += 1
    assert x.get().tolist() == [[0, 1, 1]] * 2
    assert (x + 0).base is None and (x + 0).T.flags.f_contiguous


def test_out(cp):
    x, y = cp.zeros(3), cp.empty(3)
    assert cp.exp(x, out=y) is y and y.get().tolist() == [1, 1, 1]


def test_every_name_of_the_stand_in_is_one_of_cupys(cp):
    record = standin.namespace.RECORD
    for module, names in [
        (cp, record["cupy"]), (cp.cuda, record["cuda"]), (cp.cuda.runtime, record["runtime"]),
        (standin.cupyx, record["cupyx"]), (cp.linalg, record["linalg"]),
    ]:  # fmt: skip
        assert {name for name in vars(module) if not name.startswith("_")} <= set(names)
    for name, names in record["classes"].items():
        of = getattr(cp, name, None) or getattr(cp.cuda, name)
        own = {one for one in vars(of) if not one.startswith("_")}
        allowed = {"submit", "enqueue", "run_until", "catch_up", "release", "module"}
        assert own <= set(names) | allowed, (name, own - set(names))


@pytest.mark.skipif(not standin.usable(), reason="kernels run on Linux")
def test_freed_memory_leaves_no_mappings_behind():
    # A process may have 65,530; where they run out, no thread starts and no large array is made.
    def mappings():
        with open("/proc/self/maps") as file:
            return sum(1 for _ in file)

    before = mappings()
    for size in (1, 5000, 100_000):
        kept = [emulator.allocate(size) for _ in range(500)]
        for address in kept:
            emulator.free(address)
    assert mappings() < before + 50
