"""`tf.contrib.estimator.RNNClassifier`, `RNNEstimator`: a recurrent network on columns of
sequences."""
from minitf.contrib.estimator.extenders import clip_gradients_by_norm
from minitf.contrib.feature_column.sequence_input import sequence_input_layer
from minitf.core.dtypes import float32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.estimator.canned.head.classes import class_head
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.estimator.canned.parts import check_features, partitioner
from minitf.estimator.estimator import Estimator
from minitf.feature_column.models import input_layer
from minitf.layers.core import dense
from minitf.losses.weighted import Reduction
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check_static import assert_rank, assert_type
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.state.initializers import GlorotUniform
from minitf.ops.state.variable_scope import variable_scope
from minitf.rnn.basic import BasicRNNCell, GRUCell
from minitf.rnn.cell import RNNCell
from minitf.rnn.dynamic import dynamic_rnn
from minitf.rnn.lstm import BasicLSTMCell
from minitf.rnn.multi import MultiRNNCell
from minitf.summary.numeric import histogram
from minitf.train.global_step import get_global_step
from minitf.train.optimizer import Optimizer

LEARNING_RATE, CLIP_NORM = 0.05, 5.0
CELLS = {"basic_rnn": BasicRNNCell, "lstm": BasicLSTMCell, "gru": GRUCell}
USE_DEFAULT = object()


def _cell(num_units, cell_type):
    kind = CELLS.get(cell_type, cell_type)
    if not kind or not issubclass(kind, RNNCell):
        raise ValueError(f"Supported cell types are {list(CELLS)}; got {kind}")
    return kind(num_units=num_units)


def _cell_fn(rnn_cell_fn, num_units, cell_type):
    """The function that makes the cell in a mode: as given, or of layers of units."""
    if rnn_cell_fn:
        if num_units or cell_type != USE_DEFAULT:
            raise ValueError("num_units and cell_type must not be specified when using rnn_cell_fn")
        return rnn_cell_fn
    kind = "basic_rnn" if cell_type == USE_DEFAULT else cell_type

    def made(mode):
        cells = [_cell(count, kind) for count in num_units]
        return cells[0] if len(cells) == 1 else MultiRNNCell(cells)

    return made


def _with_context(sequence, context):
    """A step of the sequence has the context beside it."""
    checks = [
        assert_rank(sequence, 3, message="sequence_input must have rank 3"),
        assert_type(sequence, float32, message="sequence_input must have dtype float32; got "
                    f"{sequence.dtype}."),
        assert_rank(context, 2, message="context_input must have rank 2"),
        assert_type(context, float32, message="context_input must have dtype float32; got "
                    f"{context.dtype}."),
    ]  # fmt: skip
    with control_dependencies([check for check in checks if check is not None]):
        length = shape(sequence)[1]
        repeated = tile(expand_dims(context, 1), concat([[1], [length], [1]], 0))
    return concat([sequence, repeated], 2)


def _last(activations, lengths):
    """What a cell has said at the last step of each sequence."""
    with name_scope("select_last_activations", values=[activations, lengths]):
        sizes = shape(activations)
        begins = cast(range_(sizes[0]) * sizes[1], int64)
        flat = reshape(activations, [sizes[0] * sizes[1], sizes[2]])
        found = gather(flat, begins + lengths - 1)
        found.set_shape([activations.shape[0], activations.shape[2]])
        return found


def _logits(features, mode, units, cell_fn, sequence_columns, context_columns, partition):
    with variable_scope("sequence_input_layer", values=tuple(features.values()),
                        partitioner=partition):  # fmt: skip
        inputs, lengths = sequence_input_layer(features, sequence_columns)
        histogram("sequence_length", lengths)
        if context_columns:
            inputs = _with_context(inputs, input_layer(features, context_columns))
    outputs, _ = dynamic_rnn(cell_fn(mode), inputs, lengths, dtype=float32)
    outputs = _last(outputs, lengths)
    with variable_scope("logits", values=(outputs,)):
        return dense(outputs, units, kernel_initializer=GlorotUniform())


class _RNN(Estimator):
    """What both share, whose heads differ."""

    def __init__(
        self, head, sequence_feature_columns, context_feature_columns=None, num_units=None,
        cell_type=USE_DEFAULT, rnn_cell_fn=None, model_dir=None, optimizer="Adagrad",
        input_layer_partitioner=None, config=None,
    ):  # fmt: skip
        cell_fn = _cell_fn(rnn_cell_fn, num_units, cell_type)
        columns = tuple(sequence_feature_columns or ()), tuple(context_feature_columns or ())

        def model_fn(features, labels, mode, config):
            check_features(features)
            chosen = optimizer
            if not isinstance(chosen, Optimizer):
                chosen = get_optimizer_instance(chosen, LEARNING_RATE)
                chosen = clip_gradients_by_norm(chosen, CLIP_NORM)
            with variable_scope("rnn", values=tuple(features.values()),
                                partitioner=partitioner(config)):  # fmt: skip
                of_input = input_layer_partitioner or partitioner(config, 64 << 20)
                logits = _logits(features, mode, head.logits_dimension, cell_fn, *columns, of_input)
                return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=(
                    lambda loss: chosen.minimize(loss, global_step=get_global_step())
                ))  # fmt: skip

        super().__init__(model_fn, model_dir, config)


class RNNClassifier(_RNN):
    """Recurrent layers of `num_units` on columns of sequences, and `n_classes` classes.

    `cell_type` is "basic_rnn", "lstm", "gru" or a class of cells; `rnn_cell_fn(mode)` makes a cell
    instead. `context_feature_columns` are what a sequence has once: each step is given that, too.
    ValueError for both ways to name a cell.
    """

    def __init__(
        self, sequence_feature_columns, context_feature_columns=None, num_units=None,
        cell_type=USE_DEFAULT, rnn_cell_fn=None, model_dir=None, n_classes=2, weight_column=None,
        label_vocabulary=None, optimizer="Adagrad", loss_reduction=Reduction.SUM_OVER_BATCH_SIZE,
        input_layer_partitioner=None, config=None,
    ):  # fmt: skip
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, sequence_feature_columns, context_feature_columns, num_units,
                         cell_type, rnn_cell_fn, model_dir, optimizer, input_layer_partitioner,
                         config)  # fmt: skip


class RNNEstimator(_RNN):
    """Recurrent layers on columns of sequences, and a head: see RNNClassifier.

    ValueError for `return_sequences`: no public head takes what a cell says at each step.
    """

    def __init__(
        self, head, sequence_feature_columns, context_feature_columns=None, num_units=None,
        cell_type=USE_DEFAULT, rnn_cell_fn=None, return_sequences=False, model_dir=None,
        optimizer="Adagrad", input_layer_partitioner=None, config=None,
    ):  # fmt: skip
        if return_sequences:
            raise ValueError("Provided head must be a `_SequentialHead` object when "
                             "`return_sequences` is set to True.")  # fmt: skip
        super().__init__(head, sequence_feature_columns, context_feature_columns, num_units,
                         cell_type, rnn_cell_fn, model_dir, optimizer, input_layer_partitioner,
                         config)  # fmt: skip
