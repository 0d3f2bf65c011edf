"""Every row of the table whose op has launches: they give what the kernel in NumPy gives."""
import numpy as np
import pytest
from cases import CASES
from interpreter import interpret

import minitf as tf
from cuda_kernels.launching import check, expected, launches
from minitf.core.kernel import Product
from minitf.core.op import REGISTRY

ROWS = [case for case in CASES if REGISTRY[case.op].cuda is not None]


@pytest.fixture(autouse=True)
def fresh_graph():
    tf.reset_default_graph()


def met(case, floats):
    """(the values that go into each node of the row's op, its attributes)."""
    values = [np.asarray(v, floats if np.asarray(v).dtype == np.float64 else None)
              for v in case.inputs]  # fmt: skip
    feeds = {tf.placeholder(value.dtype, value.shape): value for value in values}
    case.build(*feeds)
    nodes = [n for n in tf.get_default_graph().get_operations() if n.type == case.op]
    assert nodes
    return [(interpret(list(node.inputs), feeds), node.attrs) for node in nodes]


@pytest.mark.parametrize("case", ROWS, ids=lambda case: case.op)
def test_launches_give_what_the_kernel_gives(case):
    """In single precision: the table runs in double precision in test_cases.py."""
    for inputs, attrs in met(case, np.float32):
        made = launches(case.op, inputs, expected(case.op, inputs, **attrs), **attrs)
        if made is not None and not any(isinstance(launch, Product) for launch in made):
            check(case.op, *inputs, tolerance=1e-5, **attrs)


def test_ops_of_training_steps_have_launches():
    """What is left runs one by one, in CuPy or on the host, and is not captured."""
    rest = {type for type, op in REGISTRY.items()
            if op.cuda is None and op.scalar is None and not op.view and not op.alias}  # fmt: skip
    assert rest & NEEDED == set()


NEEDED = {
    "Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits",
    "ArgMax", "ArgMin", "InTopKV2", "TopKV2", "ConcatV2", "Pack", "Pad", "PadV2", "MirrorPad",
    "MirrorPadGrad", "Tile", "Roll", "StridedSliceGrad", "OneHot", "Fill", "ZerosLike", "Cumsum",
    "Cumprod", "GatherV2", "GatherNd", "ScatterNd", "UnsortedSegmentSum", "Select", "Cast",
    "ScatterAdd", "ScatterSub", "ScatterMul", "ScatterDiv", "ScatterMin", "ScatterMax",
    "ScatterUpdate", "ScatterNdAdd", "ScatterNdSub", "ScatterNdUpdate", "IdentityN", "Diag",
    "DiagPart", "MatrixDiag", "MatrixDiagPart", "MatrixSetDiag", "AccumulateNV2",
    "All", "Any",
}  # fmt: skip
