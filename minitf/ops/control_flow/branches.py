"""tf.cond and tf.case: which of several parts of the graph runs."""

import functools
import warnings
from collections import OrderedDict

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int32, int64
from minitf.core.eager import executing_eagerly
from minitf.core.graph import add_to_collection, control_dependencies, get_default_graph, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity
from minitf.ops.array.joining import stack
from minitf.ops.control_flow.contexts import CondContext
from minitf.ops.control_flow.control import Assert, with_dependencies
from minitf.ops.control_flow.flow import merge_of, switch
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.written import with_summaries
from minitf.ops.math.elementwise import cast, equal, less_equal
from minitf.ops.reduction.reduce import reduce_sum


def cond(pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None):
    """What `true_fn()` returns where the scalar `pred` is true in the run, else `false_fn()`.

    Both are called once, now, and return the same structure of tensors of the same types. Only the
    nodes that the one which is chosen has built will run; what was built before runs anyway. A list
    or tuple of one tensor is returned as the tensor unless `strict`. `fn1` and `fn2` are the older
    names of the functions. Raises TypeError for what is no function or for a Python bool as
    `pred`, ValueError when the results do not match.
    """
    true_fn, false_fn = _functions(true_fn, false_fn, fn1, fn2)
    if executing_eagerly():
        result = (true_fn if pred else false_fn)()
        return result if strict else _unpacked(result)
    with name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        pred = convert_to_tensor(pred, name="pred")
        when_false, when_true = switch(pred, pred)
        pivots = identity(when_true, name="switch_t"), identity(when_false, name="switch_f")
        pred = identity(pred, name="pred_id")
        for tensor in (when_false, *pivots, pred):
            get_default_graph().prevent_fetching(tensor.op)
        contexts = [CondContext(pred, pivot, branch) for pivot, branch in zip(pivots, (1, 0))]
        given_true, true = _branch(contexts[0], true_fn, "true_fn")
        given_false, false = _branch(contexts[1], false_fn, "false_fn")
        given_true, given_false = (
            given if strict else _unpacked(given) for given in (given_true, given_false)
        )
        _check_alike(given_true, given_false, true, false, contexts)
        merged = _merged(pred, contexts, given_true, true, false)
        for context in contexts:
            if context.outer_context is None:
                add_to_collection(GraphKeys.COND_CONTEXT, context)
        return merged if strict else _unpacked(merged)


def _functions(true_fn, false_fn, fn1, fn2):
    found = []
    for value, old, new_name, old_name in (
        (true_fn, fn1, "true_fn", "fn1"),
        (false_fn, fn2, "false_fn", "fn2"),
    ):
        if old is not None and value is not None:
            raise TypeError(f"cond(): {new_name} and {old_name} may not be set simultaneously.")
        value = old if value is None else value
        if value is None:
            raise TypeError(f"cond(): {new_name} argument required")
        found.append(value)
    for value, name in zip(found, ("true_fn", "false_fn")):
        if not callable(value):
            raise TypeError(f"{name} must be callable.")
    return found


def _branch(context, function, name):
    """(what the function returned, the flat tensors that the branch ends in)."""
    with context.entered():
        given = with_summaries(function)
        if given is None:
            raise ValueError(f"{name} must have a return value.")
        leaves = nest.flatten(given, expand_composites=True)
        results = [_result(context, leaf) for leaf in leaves]
        if context.graph._order is not None:
            results = context.graph._order.settled(context, results)
    if not results:
        raise ValueError("true_fn and false_fn must return at least one result.")
    return given, results


def _result(context, leaf):
    if isinstance(leaf, Operation):
        return with_dependencies([leaf], context.pivot)
    if isinstance(leaf, TensorArray):
        leaf = leaf.flow
    return context.capture(convert_to_tensor(leaf))


def _unpacked(result):
    return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


def _check_alike(given_true, given_false, true, false, contexts):
    """Types and structures have to agree; indices of slices are made to."""
    for i, (a, b) in enumerate(zip(_slices(given_true), _slices(given_false))):
        if a is not None and b is not None and a.indices.dtype != b.indices.dtype:
            for results, context in ((true, contexts[0]), (false, contexts[1])):
                with context.entered():
                    results[i + 1] = cast(results[i + 1], int64)
    for kind in (TypeError, ValueError):
        what = "types" if kind is TypeError else "values"
        try:
            nest.assert_same_structure(given_true, given_false, expand_composites=True)
        except kind as error:
            raise kind(
                f"Incompatible return {what} of true_fn and false_fn: {error}"
            ) from None
    for a, b in zip(true, false):
        if a.dtype.base_dtype is not b.dtype.base_dtype:
            raise ValueError("Outputs of true_fn and false_fn must have the same type: "
                             f"{a.dtype.name}, {b.dtype.name}")  # fmt: skip


def _slices(given):
    """For each flat tensor the IndexedSlices that begins there, or None."""
    found = []
    for leaf in nest.flatten(given):
        if isinstance(leaf, IndexedSlices):
            found += [leaf, *[None] * (len(leaf._components()) - 1)]
        else:
            found.append(None)
    return found


def _merged(pred, contexts, given, true, false):
    merged = [merge_of(pair, pred) for pair in zip(false, true)]
    if contexts[0].graph._order is not None:
        contexts[0].graph._order.left(contexts, [tensor.op for tensor in merged])
    leaves = nest.flatten(given, expand_composites=True)
    merged = [
        leaf._with_flow(tensor) if isinstance(leaf, TensorArray) else tensor
        for leaf, tensor in zip(leaves, merged)
    ]
    return nest.pack_sequence_as(given, merged, expand_composites=True)


# -- case -----------------------------------------------------------------------------------------


def case(
    pred_fn_pairs,
    default=None,
    exclusive=False,
    strict=False,
    name="case",
):
    """What the function of the first pair returns whose predicate is true, else `default()`.

    `pred_fn_pairs` is a list of (scalar bool tensor, function), or a dict. Without a default one of
    them has to be true in the run; with `exclusive` no more than one may be: else
    InvalidArgumentError. Raises TypeError for pairs that are none.
    """
    return case_by(cond, pred_fn_pairs, default, exclusive, name, strict=strict)


def case_by(
    cond_fn, pred_fn_pairs, default, exclusive, name, allow_python_preds=False, **cond_kwargs
):
    """The same by another function than `tf.cond`, which may be given bools of Python."""
    predicates, actions = _pairs(pred_fn_pairs, exclusive, name, allow_python_preds)
    with name_scope(name, "case", [predicates]):
        if default is None:
            default, predicates, actions = _last_as_default(predicates, actions)
        elif not callable(default):
            raise TypeError("default must be callable.")
        function = default
        for predicate, action in reversed(list(zip(predicates, actions))):
            function = functools.partial(
                cond_fn, predicate, true_fn=action, false_fn=function, **cond_kwargs
            )
        if not exclusive:
            return function()
        with control_dependencies([_at_most(predicates, 1, "Input error: exclusive=True")]):
            return function()


def switch_case(branch_index, branch_fns, default=None, name="switch_case"):
    """What the function returns whose number the integer scalar `branch_index` is in the run.

    `branch_fns` are functions, or pairs of a number from 0 on and a function, or a dict of these.
    For any other index it is `default()`, or else the function of the largest number. Raises
    TypeError for what are no such functions, ValueError for numbers with gaps.
    """
    actions = _numbered(branch_index, branch_fns)
    actions += [] if default is None else [default]
    with name_scope(name, "case", [branch_index]):
        if executing_eagerly():
            index = int(branch_index)
            return actions[index if 0 <= index < len(actions) else -1]()
        function = actions.pop()
        for number in reversed(range(len(actions))):
            chosen = equal(branch_index, cast(number, branch_index.dtype))
            function = functools.partial(cond, chosen, actions[number], function, strict=True)
        return function()


def _numbered(branch_index, branch_fns):
    """The functions in the order of their numbers."""
    if not isinstance(branch_index, Tensor):
        raise TypeError(f"branch_index must a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"branch_index must an integer Tensor, got {branch_index.dtype}")
    if not branch_fns:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(branch_fns, (list, tuple, dict)):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs = list(branch_fns.items() if isinstance(branch_fns, dict) else branch_fns)
    pairs = list(enumerate(pairs)) if all(map(callable, pairs)) else pairs
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        if not isinstance(pair[0], int):
            raise TypeError(f"key must be a Python `int`, got {type(pair[0])}")
        if not callable(pair[1]):
            raise TypeError(f"fn for key {pair[0]} must be callable.")
    found = dict(pairs)
    if sorted(found) != list(range(len(pairs))):
        raise ValueError(f"branch indices (keys) must form contiguous range of [0 to {len(pairs)}) "
                         f"but found {{{','.join(map(str, sorted(found)))}}}")  # fmt: skip
    return [found[number] for number in range(len(pairs))]


def _pairs(pairs, exclusive, name, allow_python_preds):
    if not isinstance(pairs, (list, tuple, dict)):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(pairs, OrderedDict):
        pairs = list(pairs.items())
    elif isinstance(pairs, dict):
        pairs = sorted(pairs.items(), key=lambda item: item[0].name)
        if not exclusive:
            warnings.warn(
                f"{name}: An unordered dictionary of predicate/fn pairs was provided, but "
                "exclusive=False. The order of conditional tests is deterministic but not "
                "guaranteed.",
                stacklevel=3,
            )
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        predicate, function = pair
        _check_predicate(predicate, allow_python_preds)
        if not callable(function):
            raise TypeError(f"fn for pred {_name(predicate)} must be callable.")
    predicates, actions = zip(*pairs)
    return predicates, actions


def _check_predicate(predicate, allow_python_preds):
    if allow_python_preds and isinstance(predicate, bool):
        return
    if not isinstance(predicate, Tensor):
        raise TypeError(f"pred must be a Tensor, got: {predicate}")
    if predicate.dtype.base_dtype is not bool_:
        raise TypeError(f"pred must be Tensor of type bool: {predicate.name}")


def _name(predicate):
    return getattr(predicate, "name", predicate)


def _at_most(predicates, count, message):
    """An operation that raises when more than `count` predicates are true."""
    together = stack(predicates, name="preds_c")
    true = reduce_sum(cast(together, int32), name="num_true_conds")
    condition = less_equal(true, convert_to_tensor(count, name="n_true_conds"))
    names = ", ".join(str(_name(predicate)) for predicate in predicates)
    said = f"{message}: more than {count} conditions ({names}) evaluated as True:"
    return Assert(condition, data=[said, together], summarize=len(predicates))


def _last_as_default(predicates, actions):
    """The last action as the default one, where exactly its predicate has to be true."""
    *others, predicate = predicates
    *other_actions, action = actions

    def default():
        one = ("Implementation error: selected default action "
               f"#{len(others)} was called, but some of other predicates are True: ")  # fmt: skip
        none = ("Input error: None of conditions evaluated as True:",
                stack(predicates, name="preds_c"))  # fmt: skip
        with control_dependencies([_at_most(others, 0, one), Assert(predicate, data=none)]):
            return action()

    return default, others, other_actions
