"""Every kernel that is not said to need the host runs on CuPy's arrays, and gives the same."""
import numpy as np
import pytest
import standin
from cases import CASES

import minitf as tf
from cuda_kernels.test_cuda_table import met
from minitf.core.op import REGISTRY


@pytest.fixture(autouse=True)
def cupy():
    tf.reset_default_graph()
    with standin.installed():
        import cupy

        yield cupy


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.op)
def test_kernels_run_on_cupy(case, cupy):
    definition = REGISTRY[case.op]
    if definition.host or definition.variable or definition.placeholder or definition.state:
        pytest.skip("not run there")
    if case.op.startswith("Conv2D"):
        pytest.skip("the stand-in lacks cupy.lib.stride_tricks")
    for inputs, attrs in met(case, np.float32):
        given = [value if param.static else cupy.asarray(value)
                 for param, value in definition.schema.arguments(inputs)]
        found = definition.schema.call(definition.kernel, given, cupy, **attrs)
        want = definition.schema.call(definition.kernel, inputs, np, **attrs)
        several = definition.schema.several
        for got, wanted in zip(found if several else [found], want if several else [want]):
            got = got if isinstance(got, (np.ndarray, np.generic)) else got.get()
            np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("picks", [[2, 0], [2, 2]])
@pytest.mark.parametrize("op", ["Add", "Sub", "Min", "Max", "NdAdd", "NdSub"])
def test_scattered_updates_run_on_cupy(op, picks, cupy):
    """Products and quotients of what stands twice have launches only."""
    definition = REGISTRY[f"Scatter{op}"]
    picks = np.int32(picks)[:, None] if "Nd" in op else np.int32(picks)
    values = [np.ones((4, 3), np.float32), picks, np.full((2, 3), 2, np.float32)]
    got = definition.kernel(cupy, *map(cupy.asarray, values))
    np.testing.assert_array_equal(got.get(), definition.kernel(np, *values))
