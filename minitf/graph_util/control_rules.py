"""Branches and loops that call functions: they become those of tf.cond and tf.while_loop."""

from minitf.core.dtypes import bool_
from minitf.graph_util.rules import rule
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import identity_n, no_op
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import not_equal


@rule("If", "StatelessIf")
def _if(importer, node, path, tensors, attrs):
    pred, *inputs = tensors
    branches = [_branch(importer, attrs[name], inputs, f"{path}/{name}")
                for name in ("then_branch", "else_branch")]  # fmt: skip
    return _named(cond(_truth(pred), *branches, strict=True), path)


def _branch(importer, function, inputs, path):
    return lambda: _results(importer, function, inputs, path)


def _results(importer, function, inputs, path):
    """What a function gives; the operation where it gives nothing."""
    return importer.functions.call(function.name, function.attr, inputs, path)


def _truth(tensor):
    return tensor if tensor.dtype.base_dtype is bool_ else not_equal(tensor, 0)


def _named(results, path):
    results = results if isinstance(results, (list, tuple)) else [results]
    tensors = [each for each in results if hasattr(each, "dtype")]
    return identity_n(tensors, name=f"{path}/") if tensors else no_op(name=f"{path}/")


@rule("While", "StatelessWhile")
def _while(importer, node, path, tensors, attrs):
    """Variables are none of the loop: they are read and written where they are."""
    carried = [index for index, tensor in enumerate(tensors) if not tensor.dtype._is_ref_dtype]

    def every(values):
        found = list(tensors)
        for index, value in zip(carried, values):
            found[index] = value
        return found

    def test(*values):
        return _truth(_results(importer, attrs["cond"], every(values), f"{path}/cond")[0])

    def body(*values):
        after = _results(importer, attrs["body"], every(values), f"{path}/body")
        return [after[index] for index in carried]

    start = [tensors[index] for index in carried]
    invariants = [tensor.shape for tensor in start]
    ends = while_loop(test, body, start, invariants, return_same_structure=True)
    results = every(ends)
    for index, tensor in enumerate(tensors):
        if index not in carried:
            results[index] = tensor
    return results if len(carried) < len(tensors) else _named(results, path)
