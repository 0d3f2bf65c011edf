"""Pruning: how sparse weights become with the steps, and the masks that make them so."""
import re

from minitf import logging
from minitf.contrib.model_pruning.core_layers import (
    MASK_COLLECTION,
    MASKED_WEIGHT_COLLECTION,
    THRESHOLD_COLLECTION,
    WEIGHT_COLLECTION,
    mask_variable,
    masked,
    threshold_variable,
)
from minitf.contrib.model_pruning.pruning_utils import (
    expand_tensor,
    factorized_pool,
    partitioned_variable_assign,
    variable_assign,
)
from minitf.contrib.training.hparam import HParams
from minitf.core.dtypes import float32, int32
from minitf.core.graph import control_dependencies, get_collection, name_scope
from minitf.nn.normal import zero_fraction
from minitf.nn.pool_ranks import pool
from minitf.nn.top import top_k
from minitf.ops.array.basics import reshape, shape, size
from minitf.ops.array.indexing import gather
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import no_op
from minitf.ops.math.elementwise import (
    add_op,
    cast,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_or,
    maximum,
    minimum,
    mul,
)
from minitf.ops.math.operators import abs, div, pow, round
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.assign import assign
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step


def apply_mask(x, scope=""):
    """mask * x for the weights x, by the variables `mask` and `threshold` in this scope."""
    with variable_scope(scope):
        mask = mask_variable(get_variable, x.shape, x.dtype)
    with variable_scope(scope):
        threshold = threshold_variable(get_variable, x.dtype)
    return masked(x, mask, threshold)


def get_masked_weights():
    """The products of masks and weights."""
    return get_collection(MASKED_WEIGHT_COLLECTION)


def get_masks():
    """The variables that are masks."""
    return get_collection(MASK_COLLECTION)


def get_thresholds():
    """The variables that are thresholds."""
    return get_collection(THRESHOLD_COLLECTION)


def get_weights():
    """The weights that have masks."""
    return get_collection(WEIGHT_COLLECTION)


def get_weight_sparsity():
    """For each mask, the fraction of it that is 0."""
    return [zero_fraction(mask) for mask in get_masks()]


def get_pruning_hparams():
    """The HParams of `Pruning`, as they are unless changed.

    Masks are updated every `pruning_frequency` steps from `begin_pruning_step` to
    `end_pruning_step` (-1: no end). The sparsity goes from `initial_sparsity` to `target_sparsity`
    as 1 - (1 - x)**sparsity_function_exponent does, x the share of the steps between
    `sparsity_function_begin_step` and `sparsity_function_end_step`. Each update keeps
    `threshold_decay` of the last threshold. Weights are set to 0 in blocks of `block_height` and
    `block_width` (-1: all) by their largest ("MAX") or mean ("AVG") value, the
    `block_pooling_function`. `weight_sparsity_map` ("conv1:0.9") and `block_dims_map`
    ("dense1:4x4") have regular expressions of weights' names for which it is otherwise. `name` is
    that of the operations' scope; `nbins` is not used.
    """
    return HParams(
        name="model_pruning",
        begin_pruning_step=0,
        end_pruning_step=-1,
        weight_sparsity_map=[""],
        block_dims_map=[""],
        threshold_decay=0.0,
        pruning_frequency=10,
        nbins=256,
        block_height=1,
        block_width=1,
        block_pooling_function="AVG",
        initial_sparsity=0.0,
        target_sparsity=0.5,
        sparsity_function_begin_step=0,
        sparsity_function_end_step=100,
        sparsity_function_exponent=3.0,
        use_tpu=False,
    )


class Pruning:
    """Updates the masks in the graph as `spec` says (see `get_pruning_hparams`).

    The step is the graph's unless `global_step` is given, the sparsity computed from it unless
    `sparsity` is. ValueError for a spec that does not fit.
    """

    def __init__(self, spec=None, global_step=None, sparsity=None):
        self._spec = spec or get_pruning_hparams()
        _check(self._spec)
        step = get_global_step() if global_step is None else global_step
        self._global_step = cast(step, int32)
        self._sparsity = self._sparsity_of_step() if sparsity is None else sparsity
        self._assign_ops = []
        self._last_update_step = self._last_step_variable()
        self._block_dims_map = _parsed(self._spec.block_dims_map, _block_dims)
        self._weight_sparsity_map = _parsed(self._spec.weight_sparsity_map, _share)

    def _sparsity_of_step(self):
        spec = self._spec
        begin, steps = spec.sparsity_function_begin_step, spec.sparsity_function_end_step
        steps -= begin
        with name_scope(spec.name):
            passed = div(cast(self._global_step - begin, float32), steps)
            passed = minimum(1.0, maximum(0.0, passed))
            left = pow(1 - passed, spec.sparsity_function_exponent)
            more = mul(spec.initial_sparsity - spec.target_sparsity, left)
            return add_op(more, spec.target_sparsity, name="sparsity")

    def _last_step_variable(self):
        """The step at which the masks were last updated: one for all of this name."""
        name = "last_mask_update_step"
        with variable_scope(self._spec.name, use_resource=self._spec.use_tpu) as scope:
            try:
                return get_variable(name, [], initializer=Zeros(), trainable=False, dtype=int32)
            except ValueError:
                scope.reuse_variables()
                return get_variable(name, dtype=int32)

    # -- masks -----------------------------------------------------------------------------------

    def _sparsity_of(self, name):
        share = _of_name(self._weight_sparsity_map, name, None, "weight_sparsity_map")
        if share is None:
            return self._sparsity
        return mul(self._sparsity, div(share, self._spec.target_sparsity))

    def _updated(self, weights, threshold):
        """(threshold, mask) such that as many of the weights as wanted are below it."""
        if self._sparsity is None:
            raise ValueError("Sparsity variable undefined")
        decay, sparsity = self._spec.threshold_decay, self._sparsity_of(weights.op.name)
        with name_scope(weights.op.name + "_pruning_ops"):
            values = abs(weights)
            kept = cast(round(cast(size(values), float32) * (1 - sparsity)), int32)
            ordered, _ = top_k(reshape(values, [-1]), k=size(values))
            least = gather(ordered, kept - 1)
            smoothed = add_n([mul(least, 1 - decay), mul(threshold, decay)])
            return smoothed, cast(greater_equal(values, smoothed), float32)

    def _updated_by_blocks(self, weights, threshold):
        """(threshold, mask) in which blocks of a matrix of weights are kept or not as a whole."""
        spec, name = self._spec, weights.op.name
        usual = [spec.block_height, spec.block_width]
        block = _of_name(self._block_dims_map, name, usual, "block_dims_map")
        matrix = squeeze(weights)
        if matrix.shape.ndims != 2 or block == [1, 1]:
            return self._updated(weights, threshold)
        sizes = matrix.shape.as_list()
        block = [whole if part == -1 else part for part, whole in zip(block, sizes)]
        if spec.block_pooling_function not in ("AVG", "MAX"):
            raise ValueError("Unknown pooling function for block sparsity: "
                             f"{spec.block_pooling_function}")  # fmt: skip
        with name_scope(name + "_pruning_ops"):
            pooled = self._pooled(abs(matrix), block, name + "_pooled")
            threshold, mask = self._updated(pooled, threshold)
            mask = slice_(expand_tensor(mask, block), [0, 0], sizes)
        return threshold, reshape(mask, shape(weights))

    def _pooled(self, matrix, block, name):
        kind = self._spec.block_pooling_function
        if self._spec.use_tpu:
            return factorized_pool(matrix, block, kind, block, "SAME", name)
        image = reshape(matrix, [1, *matrix.shape.as_list(), 1])
        return squeeze(pool(image, block, kind, "SAME", strides=block, name=name), [0, 3])

    def _make_assign_ops(self):
        masks, thresholds = get_masks(), get_thresholds()
        if len(masks) != len(thresholds):
            raise ValueError(f"Number of masks {len(masks)} and number of thresholds "
                             f"{len(thresholds)} mismatch")  # fmt: skip
        for weights, mask, threshold in zip(get_weights(), masks, thresholds):
            in_parts = isinstance(weights, PartitionedVariable)
            weights = weights.as_tensor() if in_parts else weights
            new_threshold, new_mask = self._updated_by_blocks(weights, threshold)
            assign_mask = partitioned_variable_assign if in_parts else variable_assign
            self._assign_ops.append(variable_assign(threshold, new_threshold))
            self._assign_ops.append(assign_mask(mask, new_mask))

    # -- what programs run -----------------------------------------------------------------------

    def mask_update_op(self):
        """An Operation that updates all masks and thresholds."""
        with name_scope(self._spec.name):
            if not self._assign_ops:
                self._make_assign_ops()
            noted = assign(self._last_update_step, self._global_step,
                           name="last_mask_update_step_assign")  # fmt: skip
            with control_dependencies([noted]), control_dependencies(self._assign_ops):
                logging.info("Updating masks.")
                return no_op("mask_update")

    def conditional_mask_update_op(self):
        """What updates masks and thresholds when the step is one at which to do so."""
        return cond(self._is_time(), self.mask_update_op, no_op)

    def _is_time(self):
        spec, step = self._spec, self._global_step
        with name_scope(spec.name):
            begun = greater_equal(step, spec.begin_pruning_step)
            not_ended = logical_or(less_equal(step, spec.end_pruning_step),
                                   less(spec.end_pruning_step, 0))  # fmt: skip
            within = logical_and(begun, not_ended)
            due = less_equal(add_op(self._last_update_step, spec.pruning_frequency), step)
            return logical_and(within, due)

    def add_pruning_summaries(self):
        """Summaries of the sparsity wanted, that of each mask, and the thresholds."""
        with name_scope(self._spec.name + "_summaries"):
            scalar("sparsity", self._sparsity)
            scalar("last_mask_update_step", self._last_update_step)
            for mask, threshold in zip(get_masks(), get_thresholds()):
                scalar(mask.op.name + "/sparsity", zero_fraction(mask))
                scalar(threshold.op.name + "/threshold", threshold)

    def print_hparams(self):
        """Log the spec."""
        logging.info(self._spec.to_json())


def _check(spec):
    """ValueError for a spec whose steps or shares do not fit."""
    if spec.begin_pruning_step < 0:
        raise ValueError("Illegal value for begin_pruning_step")
    if spec.begin_pruning_step >= spec.end_pruning_step != -1:
        raise ValueError(
            f"Pruning must begin before it can end. begin_step={spec.begin_pruning_step}, "
            f"end_step={spec.end_pruning_step}. Set end_pruning_step to -1 if pruning is required "
            "till training stops"
        )
    if spec.sparsity_function_begin_step < 0:
        raise ValueError("Illegal value for sparsity_function_begin_step")
    if spec.sparsity_function_begin_step >= spec.sparsity_function_end_step:
        raise ValueError("Sparsity function requires begin_step < end_step")
    for name in ("threshold_decay", "initial_sparsity", "target_sparsity"):
        if not 0.0 <= getattr(spec, name) < 1.0:
            raise ValueError(f"{name} must be in range [0,1)")


# -- "name:value" ---------------------------------------------------------------------------------


def _parsed(items, value):
    """{regular expression: value} of what is written "expression:value"."""
    pairs = [item.split(":") for item in items if item]
    return {re.compile(name): value(name, text) for name, text in pairs}


def _block_dims(name, text):
    sizes = text.split("x")
    if len(sizes) != 2:
        raise ValueError(f"Expected 2 values for block dim for {name}, got {sizes}")
    return [int(size) for size in sizes]


def _share(name, text):
    if float(text) >= 1.0:
        raise ValueError("Weight sparsity can not exceed 1.0")
    return float(text)


def _of_name(values, name, usual, where):
    """The one value whose expression is found in the name. ValueError for more."""
    found = [value for expression, value in values.items() if expression.search(name)]
    if len(found) > 1:
        raise ValueError(f"Multiple matches in {where} for weight {name}")
    return found[0] if found else usual
