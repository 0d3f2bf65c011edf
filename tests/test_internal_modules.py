"""Modules of TensorFlow that Keras, TFLearn, TensorLayer, Edward and GPflow import, and what these
ask of classes beside what is public."""
import ast
import contextlib
import functools

import numpy as np
import pytest

import minitf as tf
from minitf.as_tensorflow import BESIDE, internals
from minitf.core.config import CallableOptions


def module(name):
    return internals.module(f"minitf.python.{name}")


@pytest.mark.parametrize("path", [
    "data.util.nest.flatten", "data.ops.dataset_ops.DatasetV2", "data.ops.optional_ops.Optional",
    "data.ops.dataset_ops.get_legacy_output_types", "data.ops.iterator_ops.EagerIterator",
    "data.experimental.ops.readers.CsvDatasetV1", "data.experimental.ops.scan_ops.scan",
    "eager.backprop.implicit_val_and_grad", "eager.context.ASYNC", "eager.test.main",
    "feature_column.dense_features.DenseFeatures", "framework.config.list_physical_devices",
    "framework.func_graph.FuncGraph", "ops.resource_variable_ops.ResourceVariable",
    "ops.script_ops.py_func", "tf2.enabled",
    "keras.backend_config.epsilon", "ops.custom_gradient._graph_mode_decorator",
    "eager.tape.stop_recording", "keras.optimizer_v2.optimizer_v2.OptimizerV2",
    "eager.backprop.GradientTape", "eager.def_function.function", "eager.function.defun",
    "eager.context.num_gpus", "eager.context.executing_eagerly",
    "framework.ops.is_dense_tensor_like",
    "framework.ops.name_scope", "framework.tensor_util.constant_value_as_shape",
    "framework.tensor_util.make_tensor_proto", "keras.utils.tf_utils.get_reachable_from_inputs",
    "framework.versions.GRAPH_DEF_VERSION", "ops.resource_variable_ops.ResourceVariable",
    "ops.variables.VariableV1", "ops.gradients_util.AggregationMethod",
    "summary.writer.writer_cache.FileWriterCache", "ops.custom_gradient.custom_gradient",
    "layers.utils.normalize_tuple", "module.module.Module", "ops.losses.util.get_losses",
    "ops.array_ops.shape_internal", "ops.array_ops.concat",
    "autograph.impl.api.converted_call", "ops.losses.losses_impl.Reduction",
    "ops.list_ops.tensor_list_from_tensor",
    "framework.constant_op._tensor_shape_tensor_conversion_function",
    "ops.parallel_for.control_flow_ops.for_loop",
    "ops.ctc_ops.ctc_loss", "ops.distributions.bijector.Bijector",
    "ops.distributions.kullback_leibler.RegisterKL", "ops.distributions.normal.Normal",
    "ops.distributions.transformed_distribution.TransformedDistribution",
    "ops.distributions.util.fill_triangular", "ops.linalg.linear_operator_diag.LinearOperatorDiag",
    "ops.resources.shared_resources", "ops.rnn.rnn_cell_impl",
    "ops.standard_ops.reduce_sum", "ops.variable_scope.variable", "util.all_util.make_all",
    "ops.variable_scope.get_variable", "util.deprecation.deprecated", "util.nest.flatten_up_to",
    "util.nest.flatten", "client.session.BaseSession", "util.tf_export.keras_export",
    "training.tracking.base.Trackable", "training.tracking.tracking.AutoTrackable",
    "training.tracking.data_structures.NoDependency", "training.tracking.data_structures.List",
    "training.tracking.util.Checkpoint", "training.tracking.util.list_objects",
    "training.adagrad.AdagradOptimizer", "training.server_lib.ClusterSpec",
    "training.slot_creator.create_slot", "training.warm_starting_util.warm_start",
    "feature_column.feature_column_lib.numeric_column", "framework.tensor_spec.TensorSpec",
    "framework.sparse_tensor.SparseTensor",
    "client.session.register_session_run_conversion_functions", "util.tf_contextlib.contextmanager",
    "ops.summary_ops_v2.scalar",
    "debug.has_inf_or_nan", "ops.summary_op_util.summary_scope", "estimator.estimator.Estimator",
    "ops.summary_op_util.skip_summary", "ops.init_ops.Initializer",
    "ops.init_ops.zeros_initializer",
    "framework.function.Defun", "util.function_utils.fn_args",
    "framework.test_util.run_deprecated_v1", "framework.test_util.run_in_graph_and_eager_modes",
    "framework.test_util.gpu_device_name", "ops.gradient_checker.compute_gradient_error",
    "ops.array_ops.strided_slice_grad", "ops.nn_ops.relu_grad",
    "compat.compat.forward_compatible", "framework.tensor_util.MakeNdarray",
    "ops.data_flow_ops.StagingArea", "ops.nn_impl.normalize", "ops.nn_ops.nth_element",
    "ops.numerics.verify_tensor_all_finite", "ops.sets.set_union",
    "ops.sparse_ops.sparse_cross_hashed", "ops.string_ops.string_format",
    "ops.template.make_template", "ops.variable_scope.EagerVariableStore",
    "ops.weights_broadcast_ops.broadcast_weights",
    "ops.check_ops.assert_shapes", "ops.logging_ops.Print",
    "ops.confusion_matrix.remove_squeezable_dimensions", "ops.math_grad", "ops.nn_grad",
    "ops.critical_section_ops.CriticalSection", "util.compat.collections_abc",
    "ops.lookup_ops.StaticHashTableV1", "ops.linalg.linalg_impl.matrix_exponential",
    "ops.control_flow_v2_toggles.control_flow_v2_enabled",
    "estimator.head.base_head.Head", "estimator.head.binary_class_head.BinaryClassHead",
    "estimator.head.head_utils.binary_or_multi_class_head",
    "estimator.head.multi_class_head.MultiClassHead", "estimator.head.multi_head.MultiHead",
    "estimator.head.multi_label_head.MultiLabelHead",
    "estimator.head.regression_head.LogisticRegressionHead",
    "ops.metrics_impl._confusion_matrix_at_thresholds",
    "ops.summary_ops_v2._INVALID_SCOPE_CHARACTERS", "ops.summary_ops_v2.summary_scope",
    "estimator.canned.head._regression_head", "estimator.canned.head.LossSpec",
    "ops.io_ops.restore_v2", "layers.convolutional.Convolution2D",
    "framework.ops.convert_to_tensor_v2",
    "feature_column.feature_column_lib.is_feature_column_v2",
    "util.module_wrapper.deprecated", "util.protobuf.compare.ProtoEq",
    "autograph.pyct.transformer.Base", "framework.common_shapes.broadcast_shape",
    "framework.ops.convert_to_tensor_or_composite", "framework.type_spec.TypeSpec",
    "keras.utils.generic_utils.func_load", "ops.control_flow_ops._case_helper",
    "ops.random_ops.random_uniform", "util.nest._is_namedtuple",
])  # fmt: skip
def test_are_there(path):
    name, _, attribute = path.rpartition(".")
    assert getattr(module(name), attribute) is not None


def test_a_value_of_several_tensors_is_taken_apart_and_fetched():
    composite = module("framework.composite_tensor").CompositeTensor
    batchable = module("framework.type_spec").BatchableTypeSpec

    class Pair(composite):
        def __init__(self, *parts):
            self.parts = parts

        @property
        def _type_spec(self):
            return PairSpec()

    class PairSpec(batchable):
        value_type = Pair

        def _serialize(self):
            return ()

        def _to_components(self, value):
            return value.parts

        def _from_components(self, components):
            return Pair(*components)

    pair = Pair(tf.constant(1), tf.constant(2))
    assert tf.nest.flatten([pair], expand_composites=True) == list(pair.parts)
    assert tf.nest.flatten([pair]) == [pair]
    with tf.Session() as session:
        assert session.run(pair).parts == (1, 2)
    assert PairSpec().is_compatible_with(pair)
    assert module("framework.ops").convert_to_tensor_or_composite(pair) is pair


def test_a_case_by_another_function_may_be_of_bools():
    def chosen(pred, true_fn, false_fn):
        return true_fn() if pred else false_fn()

    helper = module("ops.control_flow_ops")._case_helper
    pairs = [(False, lambda: 1), (True, lambda: 2)]
    assert helper(chosen, pairs, lambda: 3, False, "case", allow_python_preds=True) == 2
    with pytest.raises(TypeError, match="pred must be a Tensor"):
        helper(chosen, pairs, lambda: 3, False, "case")


def test_what_autograph_has_inside_can_be_imported_and_says_that_it_is_not_there():
    with pytest.raises(NotImplementedError, match="minitf's autograph has other parts"):
        module("autograph.pyct.transformer").Base(None)
    with pytest.raises(AttributeError, match="parse_entity"):
        module("autograph.pyct.parser").parse_entity  # noqa: B018
    assert BESIDE["gast"].If is ast.If


def test_constants_are_evaluated_by_way_of_the_graph():
    known = tf.constant(1.0) > 0.0
    evaluate = module("pywrap_tensorflow").TF_TryEvaluateConstant_wrapper
    assert evaluate(known.graph._c_graph, known._as_tf_output())
    assert evaluate(known.graph._c_graph, tf.random_uniform([])._as_tf_output()) is None


def test_modules_of_ops_are_in_the_package_above_them_too():
    above = internals.module("minitf.python")
    assert above.control_flow_ops.cond is tf.cond
    assert above.dtypes.float32 is tf.float32


def test_protos_are_compared_with_what_is_given_as_text():
    compare = module("util.protobuf.compare")

    class Case(compare.ProtoAssertions, tf.test.TestCase):
        pass

    shape = tf.TensorShape([2, 3]).as_proto()
    Case().assertProtoEqual("dim { size: 2 } dim { size: 3 }", shape)
    with pytest.raises(AssertionError):
        Case().assertProtoEqual("dim { size: 2 }", shape)
    assert module("framework.tensor_util").TensorShapeProtoToList(shape) == [2, 3]


def test_events_are_written_under_a_prefix(tmp_path):
    writer = module("pywrap_tensorflow").EventsWriter(str(tmp_path / "log").encode())
    writer.WriteEvent(tf.Event(wall_time=1.0, step=3))
    writer.Flush()
    (path,) = tmp_path.iterdir()
    assert path.name.startswith("log.out.tfevents.") and str(path).encode() == writer.FileName()
    assert [event.step for event in tf.train.summary_iterator(str(path))] == [0, 3]
    writer.Close()


def test_a_module_of_contrib_has_not_what_its_part_has_not():
    assert not hasattr(internals.module("minitf.contrib.rnn.python.ops.lstm_ops"), "_block_lstm")


@pytest.mark.parametrize("path", [
    "mvn_diag.MultivariateNormalDiag", "bijectors.affine.Affine", "bijectors.weibull.Weibull",
    "mvn_linear_operator.MultivariateNormalLinearOperator", "independent.Independent",
    "conditional_transformed_distribution.ConditionalTransformedDistribution",
])  # fmt: skip
def test_modules_of_distributions_are_there(path):
    name, _, attribute = path.rpartition(".")
    found = internals.module(f"minitf.contrib.distributions.python.ops.{name}")
    assert getattr(found, attribute).__name__ == attribute


@pytest.mark.parametrize("path", [
    "data.python.ops.sliding.sliding_window_batch", "integrate.python.ops.odes.odeint",
    "grid_rnn.python.ops.grid_rnn_cell.Grid1LSTMCell", "image.python.ops.image_ops.rotate",
    "layers.python.layers.rev_block_lib.rev_block", "lookup.lookup_ops.index_table_from_file",
    "layers.python.ops.sparse_feature_cross_op.sparse_feature_cross",
    "mixed_precision.python.loss_scale_manager.FixedLossScaleManager",
    "nn.python.ops.alpha_dropout.alpha_dropout", "optimizer_v2.adam.AdamOptimizer",
    "opt.python.training.lazy_adam_optimizer.LazyAdamOptimizer",
    "opt.python.training.matrix_functions.matrix_square_root", "summary.summary.scalar",
    "opt.python.training.sign_decay.get_linear_decay_fn",
    "metrics.python.ops.set_ops.set_intersection",
    "sparsemax.python.ops.sparsemax.sparsemax",
])  # fmt: skip
def test_modules_of_other_parts_of_contrib_are_there(path):
    """Also of parts that are one file here."""
    name, _, attribute = path.rpartition(".")
    found = internals.module(f"minitf.contrib.{name}")
    assert getattr(found, attribute).__name__ == attribute


@pytest.mark.parametrize("path", ["tpu.tpu_config.TPUConfig", "tpu.tpu_estimator.TPUEstimator"])
def test_modules_of_tpus_are_there(path):
    name, _, attribute = path.rpartition(".")
    found = internals.module(f"minitf.contrib.tpu.python.{name}")
    assert getattr(found, attribute).__name__ == attribute


def test_what_programs_import_without_a_tpu_or_tensorrt():
    tpu = internals.module("minitf.contrib.tpu.python.tpu.tpu_function")
    assert tpu.get_tpu_context().number_of_shards is None
    topology = module("tpu.topology").Topology
    with pytest.raises(NotImplementedError, match="not on TPUs"):
        topology(mesh_shape=[1, 1, 1])
    with pytest.raises(AttributeError, match="not on TPUs"):
        module("tpu.ops.tpu_ops").cross_replica_sum  # noqa: B018
    assert module("tpu.tpu_config").TPUConfig is tf.contrib.tpu.TPUConfig
    assert not isinstance(tf.distribute.get_strategy(), tf.contrib.distribute.TPUStrategy)
    with pytest.raises(NotImplementedError, match="not on TPUs"):
        tf.distribute.experimental.TPUStrategy()
    with pytest.raises(tf.errors.UnimplementedError, match="no TensorRT"):
        tf.contrib.tensorrt.create_inference_graph(None, ["logits"])


def test_the_debugger_is_said_to_be_absent_when_it_is_asked_for():
    debug = module("debug")
    assert debug.has_inf_or_nan(None, np.array([1.0, np.inf]))
    assert not debug.has_inf_or_nan(None, np.array([1, 2]))
    with pytest.raises(AttributeError, match=r"explain\.flow.*session\.source"):
        debug.LocalCLIDebugWrapperSession  # noqa: B018


def test_shapes_of_internal_modules_are_objects():
    assert module("framework.tensor_shape").as_shape((2, None)).as_list() == [2, None]
    assert module("framework.tensor_shape").as_shape(None).ndims is None


def test_a_template_says_whether_it_has_its_variables():
    """NiftyNet's layers ask."""
    with tf.Graph().as_default():
        template = tf.make_template("t", lambda: tf.get_variable("v", []))
        before = template._variables_created
        template()
        assert (before, template._variables_created) == (False, True)


def test_a_tensor_has_its_op_also_by_its_private_name():
    x = tf.placeholder(tf.float32)
    assert x._op is x.op


def test_all_names_of_a_module_are_those_of_it_itself():
    found = module("ops.rnn_cell").__all__
    assert {"RNNCell", "GRUCell"} <= set(found) and not {"abs", "_concat"} & set(found)


def test_what_is_being_built_is_known():
    found = []
    graph = tf.get_default_graph()
    kept = lambda i: found.append(graph._get_control_flow_context()) or i  # noqa: E731
    tf.while_loop(lambda i: i < 3, kept, [1])
    assert found[0] is not None and graph._get_control_flow_context() is None
    assert module("ops.control_flow_util").GetContainingXLAContext(found[0]) is None


def test_types_of_references_have_names():
    dtypes = module("framework.dtypes")
    assert dtypes.float16_ref == tf.float16._as_ref != tf.float16 and dtypes.int8 is tf.int8
    assert tf.get_variable("referred", []).dtype == dtypes.float32_ref
    with pytest.raises(AttributeError, match="number_ref"):
        dtypes.number_ref  # noqa: B018


def test_a_cell_is_known_by_what_it_has():
    inside = module("ops.rnn_cell_impl")
    assert inside._like_rnncell(tf.nn.rnn_cell.GRUCell(2)) and not inside._like_rnncell(len)


def test_a_name_for_none_is_there():
    assert module("ops.array_ops").newaxis is None


def test_a_module_has_those_it_imports():
    assert module("ops.rnn").rnn_cell_impl.LSTMStateTuple is tf.nn.rnn_cell.LSTMStateTuple
    with pytest.raises(AttributeError, match="no attribute 'nonesuch'"):
        getattr(module("ops.rnn"), "nonesuch")  # noqa: B009


def test_the_context_tells_the_mode():
    context = module("eager.context")
    assert not context.executing_eagerly() and not context.context().executing_eagerly()
    with context.graph_mode():
        assert tf.constant(1).graph is tf.get_default_graph()
    assert not isinstance(tf.constant(1), context.EagerTensor)
    with context.eager_mode():
        assert context.in_eager_mode() and context.context().in_eager_mode()
        assert isinstance(tf.constant(1), context.EagerTensor)
        with tf.name_scope("a"):
            assert context.context().scope_name == "a/"
        with context.graph_mode():
            assert context.in_graph_mode() and context.context().in_graph_mode()
            assert not isinstance(tf.constant(1), context.EagerTensor)


class CountsRuns(tf.train.SessionRunHook):
    def __init__(self):
        self.seen = []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(run_context.session.graph.get_tensor_by_name("more:0"))

    def after_run(self, run_context, run_values):
        self.seen.append(run_values.results)
        if len(self.seen) == 2:
            run_context.request_stop()


def test_a_session_of_ones_own_calls_hooks():
    with tf.Graph().as_default(), tf.Session() as sess:
        one, _ = tf.constant(1), tf.constant(2, name="more")
        hook = CountsRuns()
        hooked = module("training.monitored_session")._HookedSession(sess, [hook])
        assert hooked.run(one) == 1 and not hooked.should_stop()
        assert hooked.run({"a": one}) == {"a": 1} and hooked.should_stop() and hook.seen == [2, 2]
        with pytest.raises(RuntimeError, match="Run called even after should_stop requested"):
            hooked.run(one)


def test_copies_on_one_device_reduce_among_themselves():
    nccl = module("ops.nccl_ops")
    with tf.Graph().as_default(), tf.Session() as sess:
        with tf.device("/cpu:0"):
            a, b = tf.constant([1.0, 5.0]), tf.constant([3.0, 2.0])
        made = [nccl.all_sum([a, b]), nccl.all_prod([a, b]), nccl.all_min([a, b]),
                nccl.all_max([a, b]), [nccl.reduce_sum([a, b]), nccl.broadcast(b)]]  # fmt: skip
        found = [[value.tolist() for value in pair] for pair in sess.run(made)]
        slope, _ = tf.gradients(nccl.all_sum([a, b]), [a, b])
        assert sess.run(slope).tolist() == [2.0, 2.0] and made[0][1].device == b.device
        with pytest.raises(ValueError, match="Device assignment required"):
            nccl.all_sum([tf.constant(1.0)])
    assert found == [[[4, 7]] * 2, [[3, 10]] * 2, [[1, 2]] * 2, [[3, 5]] * 2, [[4, 7], [3, 2]]]
    with pytest.raises(ValueError, match="Must pass >0 tensors to all reduce"):
        nccl.all_max([])


class TestDecorators:
    def plain(self, a, b=2, *c, d=3, **e):
        """What it does."""

    def made(self):
        @functools.wraps(self.plain)
        def inner(*args, **kwargs):
            return args

        return module("util.tf_decorator").make_decorator(self.plain, inner, "mine")

    def test_inspect_sees_what_is_inside(self):
        asked = module("util.tf_inspect")
        assert asked.getfullargspec(self.made()).args == ["self", "a", "b"]
        assert asked.getargspec(self.made()) == (["self", "a", "b"], "c", "e", (2,))
        assert asked.ismethod(self.made()) and not asked.isclass(self.made())
        assert asked.getdoc(self.made()) == "What it does."
        assert asked.getargspec(tf.layers.Flatten)[0][:2] == ["self", "data_format"]
        assert asked.getfullargspec(lambda x, y: x).args == ["x", "y"]

    def test_unwrap_and_rewrap(self):
        tools, made = module("util.tf_decorator"), self.made()
        decorators, target = tools.unwrap(made)
        assert [each.decorator_name for each in decorators] == ["mine"] and target == self.plain
        assert made(1) == (1,) and made.__name__ == "plain"
        assert tools.unwrap(tools.rewrap(made, target, len))[1] is len
        assert tools.unwrap(len) == ([], len)

    def test_a_context_manager(self):
        @module("util.tf_contextlib").contextmanager
        def around(x):
            yield x + 1

        with around(1) as found:
            assert found == 2
        assert module("util.tf_inspect").getfullargspec(around).args == ["x"]


def test_what_a_module_does_not_document_is_removed(monkeypatch):
    import sys
    from types import ModuleType

    made = ModuleType("made", "Two names.\n\n@@one\n  @@absent\n")
    made.one, made.two, made.three, made._four = 1, 2, 3, 4
    monkeypatch.setitem(sys.modules, "made", made)
    assert module("util.all_util").make_all("made") == ["one"]
    module("util.all_util").remove_undocumented("made", ["two"])
    assert sorted(n for n in vars(made) if not n.startswith("__")) == ["_four", "one", "two"]


def test_deprecation_can_be_silenced():
    before = tf.logging.get_verbosity()
    with module("util.deprecation").silence():
        assert tf.logging.get_verbosity() == tf.logging.ERROR
    assert tf.logging.get_verbosity() == before
    lookup = module("util.deprecation").deprecated_argument_lookup
    assert lookup("axis", None, "dim", 3) == 3 and lookup("axis", 2, "dim", None) == 2
    with pytest.raises(ValueError, match="Cannot specify both 'dim' and 'axis'"):
        lookup("axis", 2, "dim", 3)


def test_modules_that_are_loaded_late():
    names = {}
    loader = module("util.lazy_loader").LazyLoader("fractions", names, "fractions")
    names["fractions"] = loader
    assert loader.Fraction(1, 2) * 2 == 1 and names["fractions"] is not loader


class TestLayerUtils:
    def test_formats(self):
        utils = module("layers.utils")
        assert utils.convert_data_format("channels_first", 5) == "NCDHW"
        assert utils.convert_data_format("channels_last", 3) == "NWC"
        assert utils.normalize_padding("SAME") == "same"
        with pytest.raises(ValueError, match='one of "channels_first", "channels_last"'):
            utils.normalize_data_format("other")
        with pytest.raises(ValueError, match="Input rank"):
            utils.convert_data_format("channels_last", 7)

    def test_tuples(self):
        utils = module("layers.utils")
        assert utils.normalize_tuple(2, 3, "strides") == (2, 2, 2)
        assert utils.normalize_tuple([1, 2], 2, "strides") == (1, 2)
        for wrong in ([1, 2, 3], ["a", 1], None):
            with pytest.raises(ValueError, match="`strides` argument must be a tuple"):
                utils.normalize_tuple(wrong, 2, "strides")

    @pytest.mark.parametrize("padding", ["same", "valid"])
    @pytest.mark.parametrize("stride", [1, 2, 3])
    def test_lengths_are_those_of_layers(self, padding, stride):
        utils, size = module("layers.utils"), 11
        x = tf.zeros([1, size, 1])
        y = tf.layers.conv1d(x, 1, 3, stride, padding, name=f"{padding}{stride}")
        assert utils.conv_output_length(size, 3, padding, stride) == y.shape[1].value
        x = tf.zeros([1, size, size, 1])
        y = tf.layers.conv2d_transpose(x, 1, 3, stride, padding, name=f"t{padding}{stride}")
        assert utils.deconv_output_length(size, 3, padding, stride) == y.shape[1].value
        assert utils.conv_output_length(None, 3, padding, stride) is None

    def test_conditions_that_are_known(self):
        utils = module("layers.utils")
        assert utils.smart_cond(True, lambda: 1, lambda: 2) == 1
        assert utils.smart_cond(tf.constant(False), lambda: 1, lambda: 2) == 2
        asked = utils.smart_cond(tf.placeholder(tf.bool, []), lambda: tf.constant(1),
                                 lambda: tf.constant(2))  # fmt: skip
        assert asked.op.type == "Merge"
        assert utils.constant_value(1) is True and utils.constant_value(tf.Variable(True)) is None
        with pytest.raises(TypeError, match="`pred` must be"):
            utils.constant_value("yes")


class TestShapes:
    def test_a_constant_shape(self):
        shape = module("ops.array_ops").shape_internal
        assert shape(np.zeros([2, 3])).op.type == "Const"
        assert shape(np.zeros([2, 3]), optimize=False).op.type == "Shape"
        assert shape(tf.placeholder(tf.float32, [None, 3]), out_type=tf.int64).dtype == tf.int64

    def test_what_is_known_of_a_vector_of_sizes(self):
        known = module("framework.tensor_util").constant_value_as_shape
        x = tf.placeholder(tf.float32, [None, 3])
        size = tf.placeholder(tf.int32, [])
        assert known(tf.constant([2, -1])).as_list() == [2, None]
        assert known(tf.shape(x)).as_list() == [None, 3]
        assert known(tf.stack([size, 5])).as_list() == [None, 5]
        assert known(tf.concat([tf.shape(x), [4]], 0)).as_list() == [None, 3, 4]
        assert known(tf.placeholder(tf.int32, [2])).as_list() == [None, None]
        assert known(tf.constant(-1)).ndims is None
        with pytest.raises(ValueError, match="must be -1"):
            known(tf.constant(3))

    def test_dims(self):
        assert str(tf.TensorShape([2, None])._dims) == "[Dimension(2), Dimension(None)]"


def test_what_depends_on_tensors():
    reach = module("keras.utils.tf_utils").get_reachable_from_inputs
    x, w = tf.placeholder(tf.float32, [1]), tf.Variable([1.0])
    y = x * 2.0
    with tf.control_dependencies([y]):
        z = tf.constant(1.0)
    other = tf.constant(3.0)
    found = reach([x])
    assert y in found and z.op in found and z in found and other not in found
    assert w.op in reach([w]) and y in reach(x, targets=[y])
    with pytest.raises(TypeError, match="Expected Operation, Variable, or Tensor"):
        reach(["x"])


def test_resources_begin_and_are_reported():
    resources = module("ops.resources")
    handle, there = tf.constant(1, name="thing"), tf.Variable(False)
    resources.register_resource(handle, there.assign(True).op, there, is_shared=False)
    assert len(resources.local_resources()) == 1 and resources.shared_resources() == []
    with tf.Session() as sess:
        sess.run(there.initializer)
        absent = resources.report_uninitialized_resources()
        assert sess.run(absent).tolist() == [b"thing:0"]
        sess.run(resources.initialize_resources(resources.local_resources()))
        assert sess.run(absent).tolist() == []
        sess.run(resources.initialize_resources([]))
        assert sess.run(resources.report_uninitialized_resources([])).tolist() == []


class TestTypesOfOnesOwn:
    @pytest.fixture(autouse=True)
    def fresh(self, monkeypatch):
        from minitf.runtime import conversions

        kept, feeds = list(conversions._REGISTERED), list(conversions.FEEDS)
        yield
        conversions._REGISTERED[:], conversions.FEEDS[:] = kept, feeds

    def register(self, kind, **more):
        functions = module("client.session").register_session_run_conversion_functions
        functions(kind, lambda pair: ([pair.a, pair.b], lambda ab: ab[0] + 10 * ab[1]), **more)

    def test_are_fetched_and_fed(self):
        class Pair:
            def __init__(self, a, b):
                self.a, self.b = a, b

        self.register(Pair, feed_function=lambda pair, value: [(pair.a, value), (pair.b, -value)])
        pair = Pair(tf.constant(1.0), tf.constant(2.0))
        total = pair.a * 3.0 + pair.b
        with tf.Session() as sess:
            assert sess.run([total, {"both": pair}]) == [5.0, {"both": 21.0}]
            assert sess.run(total, {pair: 4.0}) == 8.0
            assert sess.run(total, {pair: 5.0}) == 10.0
            assert "both" not in sess.source(total)

    def test_are_announced_and_fed_in_a_run_in_parts(self):
        class Pair:
            a, b = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])

        self.register(
            Pair, feed_function=lambda pair, value: [(pair.a, value), (pair.b, -value)],
            feed_function_for_partial_run=lambda pair: [pair.a, pair.b],
        )  # fmt: skip
        pair, later = Pair(), tf.placeholder(tf.float32, [])
        total = pair.a * 3.0 + pair.b
        with tf.Session() as sess:
            handle = sess.partial_run_setup([total, total * later], [pair, later])
            assert sess.partial_run(handle, total, {pair: 4.0}) == 8.0
            with pytest.raises(tf.errors.InvalidArgumentError, match="already been fed"):
                sess.partial_run(handle, total, {pair: 4.0})

    def test_only_once(self):
        class Base:
            pass

        class Derived(Base):
            pass

        self.register(Derived)
        with pytest.raises(ValueError, match="already been registered"):
            self.register(Base)


class TestCallableFromOptions:
    def test_feeds_fetches_targets(self):
        x, v = tf.placeholder(tf.float32, [2]), tf.Variable(0.0)
        y, add = x * 2.0, v.assign_add(1.0)
        options = CallableOptions(feed=[x.name], fetch=[y.name], target=[add.op.name])
        with tf.Session() as sess:
            sess.run(v.initializer)
            call, told = sess._make_callable_from_options(options), tf.RunMetadata()
            assert [each.tolist() for each in call(np.ones(2, np.float32))] == [[2.0, 2.0]]
            call(np.ones(2, np.float32), run_metadata=told)
            assert sess.run(v) == 2.0

    def test_connected_tensors(self):
        x, source = tf.placeholder(tf.float32, []), tf.constant(3.0) + 1.0
        y = x * 2.0
        options = CallableOptions(fetch=[y.name])
        options.tensor_connection.add(from_tensor=source.name, to_tensor=x.name)
        with tf.Session() as sess:
            assert sess._make_callable_from_options(options)() == [8.0]


class Asked:
    device = None

    def _set_device_from_string(self, device):
        self.device = device


def test_which_device_is_asked_for():
    graph, asked = tf.get_default_graph(), Asked()
    graph._apply_device_functions(asked)
    assert asked.device is None
    with tf.device("/job:a"), tf.device("/gpu:1"):
        graph._apply_device_functions(asked)
    assert asked.device == "/job:a/device:GPU:1"
    with tf.device(lambda op: "/cpu:0"):
        graph._apply_device_functions(asked)
    assert asked.device == "/cpu:0"
    other = Asked()
    with tf.device("/gpu:1"), tf.device(None):
        graph._apply_device_functions(other)
    assert other.device is None


def test_operators_that_are_handed_on():
    signs = tf.Tensor.OVERLOADABLE_OPERATORS
    assert {"__add__", "__radd__", "__getitem__", "__invert__", "__eq__", "__le__"} <= signs
    assert all(hasattr(tf.Tensor, sign) for sign in signs) and len(signs) == 34


def test_optimizers_derive_from_optimizer_at_once():
    """GPflow asks for it."""
    made = [getattr(tf.train, name) for name in dir(tf.train) if name.endswith("Optimizer")]
    base = module("training.tracking.base").Trackable
    assert {each.__base__ for each in made} == {tf.train.Optimizer, base}


def test_a_name_may_be_given_in_its_place_as_none():
    x = tf.constant([1.0])
    assert tf.exp(x, None).name == "Exp:0" and tf.identity(x, "here").name == "here:0"
    with pytest.raises(TypeError, match="takes 1 tensor"):
        tf.exp(x, 3)
    assert tf.nn.leaky_relu(x, np.array(0.3)).op.get_attr("alpha") == pytest.approx(0.3)


class TestGradientChecker:
    def found(self):
        return module("ops.gradient_checker_v2").compute_gradient(
            lambda x, y: x * y + tf.gather(y, [0]), [2.0, [3.0, 5.0]]
        )

    def test_gradients_are_beside_differences(self):
        with tf.Graph().as_default():
            exact, differences = self.found()
        assert exact[0].tolist() == [[3, 5]] and exact[1].tolist() == [[3, 1], [0, 2]]
        error = module("ops.gradient_checker_v2").max_error(exact, differences)
        assert 0 < error < 2e-3
        assert module("ops.gradient_checker_v2").max_error(exact, exact) == 0

    def test_where_operations_run_at_once(self):
        with module("eager.context").eager_mode():
            assert self.found()[0][1].tolist() == [[3, 1], [0, 2]]

    def test_arguments_are_a_list(self):
        with pytest.raises(ValueError, match="`x` must be a list"):
            module("ops.gradient_checker_v2").compute_gradient(tf.square, tf.constant(1.0))


def test_the_losses_of_the_inner_heads_are_sums():
    head = module("estimator.canned.head")._multi_class_head_with_softmax_cross_entropy_loss(3)
    labels, logits = tf.ones([2, 1], tf.int64), tf.zeros([2, 3])
    found = head.create_loss({}, tf.estimator.ModeKeys.EVAL, logits, labels)
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        assert session.run(found.training_loss) == pytest.approx(2 * np.log(3))


def test_variables_of_eager_execution_are_resource_variables():
    kind = module("ops.resource_variable_ops").ResourceVariable
    assert not isinstance(tf.Variable(1.0), kind) and not isinstance(3, kind)
    assert isinstance(tf.Variable(1.0, use_resource=True), kind)
    with module("eager.context").eager_mode():
        variable = tf.Variable(1.0)
        assert isinstance(variable, kind) and type(variable).__name__ == "ResourceVariable"

    class Own(tf.compat.v2.Variable):
        pass

    assert isinstance(Own(1.0), Own) and isinstance(Own(1.0), kind)
    assert isinstance(tf.Variable(1.0), tf.compat.v2.Variable)
    assert not isinstance(tf.Variable(1.0, use_resource=True), Own)


class TestParallelFor:
    def test_jacobians_of_sizes_that_runs_give(self):
        gradients = module("ops.parallel_for.gradients")
        x, w = tf.placeholder(tf.float32, [None, 3]), tf.constant([[1.0, 2], [3, 4], [5, 6]])
        y = tf.square(tf.matmul(x, w))
        unused, by_w = gradients.jacobian(y, [tf.constant(1.0), w], use_pfor=False)
        by_x = gradients.batch_jacobian(y, x)
        assert unused is None and gradients.batch_jacobian(y, tf.ones([4, 2])) is None
        assert by_w.shape.as_list() == [None, 2, 3, 2] and by_x.shape.as_list() == [None, 2, 3]
        rows = np.arange(6, dtype="f").reshape(2, 3)
        with tf.Session() as sess:
            found, values, weights = sess.run([by_x, y, w], {x: rows})
            np.testing.assert_allclose(found, 2 * np.sqrt(values)[..., None] * weights.T)
            np.testing.assert_allclose(
                sess.run(by_w, {x: rows}),
                2 * np.einsum("ij,jl,ik->ijkl", np.sqrt(values), np.eye(2), rows),
            )
        with pytest.raises(ValueError, match="first dimension of output shape"):
            gradients.batch_jacobian(tf.ones([3, 2]), tf.ones([2, 3]))

    def test_turns_return_any_structure(self):
        loops = module("ops.parallel_for.control_flow_ops")
        found = loops.pfor(lambda i: {"twice": i * 2, "none": None}, 3)
        assert found["none"] is None
        with tf.Session() as sess:
            assert sess.run(found["twice"]).tolist() == [0, 2, 4]


def test_the_step_of_evaluations():
    evaluation = module("training.evaluation")
    step = evaluation._get_or_create_eval_step()
    latest = evaluation._get_latest_eval_step_value({"add": step.assign_add(2)})
    assert evaluation._StopAfterNEvalsHook(3) and evaluation._evaluate_once
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        assert sess.run(latest) == 2


def test_a_dataset_may_have_threads_of_its_own():
    threadpool = module("data.experimental.ops.threadpool")
    squares = tf.data.Dataset.range(5).map(lambda x: x * x, 2)
    pool = threadpool.PrivateThreadPool(3, display_name="squares")
    own = threadpool.override_threadpool(squares, pool)
    assert own.options().experimental_threading.private_threadpool_size == 3
    element = own.make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert [sess.run(element) for _ in range(5)] == [0, 1, 4, 9, 16]


def test_devices_take_elements_in_turn():
    dataset = tf.data.Dataset.range(7).map(lambda x: (x, -x))
    iterator = module("data.ops.multi_device_iterator_ops").MultiDeviceIterator(
        dataset, ["/cpu:0", "/device:CPU:0"]
    )
    both, second = iterator.get_next(), iterator.get_next("/device:CPU:0")
    perhaps = iterator.get_next_as_optional()
    with tf.Session() as sess:
        sess.run(iterator.initializer)
        assert sess.run(both) == [(0, 0), (1, -1)]
        assert sess.run(second) == (3, -3)
        assert sess.run([each.get_value() for each in perhaps]) == [(4, -4), (5, -5)]
        assert sess.run([each.has_value() for each in perhaps]) == [True, False]


def test_what_waits_for_other_devices_is_refused():
    collective = module("ops.collective_ops")
    with pytest.raises(NotImplementedError, match=r"all_reduce: .*nccl_ops.all_sum"):
        collective.all_reduce(tf.ones([2]), 2, 1, 1, "Add", "Id")


def test_the_keys_of_canned_estimators_are_those_they_give():
    keys = module("estimator.canned.prediction_keys").PredictionKeys
    measured = module("estimator.canned.metric_keys").MetricKeys
    x = tf.feature_column.numeric_column("x")
    model = tf.estimator.LinearClassifier([x])
    batch = {"x": np.arange(4.0)}, np.array([0, 0, 1, 1])
    model.train(lambda: tf.data.Dataset.from_tensors(batch), steps=1)
    given = model.evaluate(lambda: tf.data.Dataset.from_tensors(batch), steps=1)
    assert {measured.LOSS, measured.LOSS_MEAN, measured.ACCURACY, measured.AUC,
            measured.AUC_PR, measured.ACCURACY_BASELINE, measured.LABEL_MEAN,
            measured.PREDICTION_MEAN, measured.PRECISION, measured.RECALL,
            } <= set(given)  # fmt: skip
    row = next(model.predict(lambda: tf.data.Dataset.from_tensors(batch)))
    assert {keys.LOGITS, keys.LOGISTIC, keys.PROBABILITIES, keys.CLASS_IDS, keys.CLASSES,
            keys.ALL_CLASSES, keys.ALL_CLASS_IDS} == set(row)  # fmt: skip


def test_what_tests_of_libraries_call():
    class Case(tf.test.TestCase):
        def test(self):
            with module("ops.spectral_ops_test_util").fft_kernel_label_map():
                spectrum = self._GetNdArray(tf.spectral.rfft(tf.ones([4])))
            self.assertAllClose(spectrum, [4, 0, 0])

    assert Case("test").run().wasSuccessful()


def test_the_ops_that_there_are_have_signatures():
    ops = module("framework.op_def_registry").get_registered_ops()
    assert "MatMul" in ops and "NoSuchOp" not in ops and len(ops) == len(list(ops)) > 500
    product = ops["MatMul"]
    assert [each.name for each in product.input_arg] == ["a", "b"]
    assert [(each.name, each.type) for each in product.attr][:2] == [
        ("transpose_a", "bool"), ("transpose_b", "bool")]  # fmt: skip
    assert (ops["AddN"].input_arg[0].number_attr, ops["Assign"].input_arg[0].is_ref) == ("N", True)
    assert ops["Shape"].input_arg[0].type_attr == "T" and ops["QueueDequeueV2"].is_stateful
    strategy = module("training.device_setter")._RoundRobinStrategy(2)
    assert [strategy(None) for _ in range(3)] == [0, 1, 0]


def test_operators_of_other_hands_call_what_they_derive_from():
    class Doubled(tf.linalg.LinearOperatorFullMatrix):
        def matmul(self, x, name="matmul"):
            with self._name_scope(name) as scope:
                x = tf.convert_to_tensor(x)
                self._check_input_dtype(x)
                return tf.identity(2.0 * self._matmul(x), name=scope)

    doubled = Doubled(tf.eye(2), name="two")
    found = doubled.matmul(tf.ones([2, 1]))
    assert found.op.name.startswith("two/matmul")
    with tf.Session() as sess:
        assert sess.run(found).tolist() == [[2.0], [2.0]]
    with pytest.raises(TypeError, match="Expected argument to have dtype"):
        doubled.matmul(tf.ones([2, 1], tf.float64))


def test_the_scopes_of_summaries_can_be_replaced():
    naming = module("ops.summary_op_util")
    before = naming.summary_scope

    @contextlib.contextmanager
    def shorter(name, family=None, default_name=None, values=None):
        with before(name, family, default_name, values) as (tag, scope):
            yield tag.removeprefix("outer/"), scope

    def tag():
        with tf.Session() as sess, tf.name_scope("outer/"):
            return tf.Summary.FromString(sess.run(tf.summary.scalar("x", 1.0))).value[0].tag

    naming.summary_scope = shorter
    replaced = tag()
    naming.summary_scope = before
    assert [replaced, tag()] == ["x", "outer/x_1"]


def test_monitoring_keeps_numbers_by_labels():
    monitoring = module("eager.monitoring")
    gauge = monitoring.BoolGauge("/agents", "which were made", "method")
    gauge.get_cell("dqn").set(True)
    assert gauge.get_cell("dqn").value() is True and gauge.get_cell("sac").value() is False
    with pytest.raises(ValueError, match="The BoolGauge expects taking 1 labels"):
        gauge.get_cell()
    with pytest.raises(ValueError, match="Cannot create BoolGauge metric with label >= 3"):
        monitoring.BoolGauge("/agents", "", "a", "b", "c")
    counter = monitoring.Counter("/steps", "")
    counter.get_cell().increase_by(5)
    assert counter.get_cell().value() == 5
    sampler = monitoring.Sampler("/times", monitoring.ExponentialBuckets(1.0, 2.0, 3), "")
    for sample in (1.5, 8.0, -1.0):
        sampler.get_cell().add(sample)
    seen = sampler.get_cell().value()  # as TensorFlow 1.15.5 has it
    assert list(seen.bucket) == [1, 1, 0, 1] and list(seen.bucket_limit)[:3] == [1, 2, 4]
    assert (seen.num, seen.sum, seen.sum_squares, seen.min, seen.max) == (3, 8.5, 67.25, -1, 8)


def test_specs_are_written_to_messages_and_read_again():
    coder_module = module("saved_model.nested_structure_coder")
    coder = coder_module.StructureCoder()
    spec = {"a": (tf.TensorSpec([2, None], tf.int32, "x"), [1, 2.5, "t", None, True])}
    message = coder.encode_structure(spec)
    kind = internals.module("minitf.core.protobuf.struct_pb2").StructuredValue
    assert coder.decode_proto(kind.FromString(message.SerializeToString())) == spec
    assert coder.can_encode(spec) and not coder.can_encode(object())
    with pytest.raises(coder_module.NotEncodableError, match="No encoder for object"):
        coder.encode_structure([object()])


def test_bounds_of_a_spec_whose_type_is_one_of_numpy():
    class Spec:
        shape, dtype, name = (2,), np.dtype(np.int32), "x"

    found = module("framework.tensor_spec").BoundedTensorSpec.from_spec(Spec)
    assert (found.dtype, found.minimum, found.maximum) == (tf.int32, -(2**31), 2**31 - 1)


def test_lists_of_tensors_with_shapes_as_programs_write_them():
    lists = module("ops.list_ops")
    made = lists.empty_tensor_list([2], tf.float32)
    for row in ([1.0, 2.0], [3.0, 4.0]):
        made = lists.tensor_list_push_back(made, row)
    rows = lists.tensor_list_from_tensor([[1, 2], [3, 4]], element_shape=tf.TensorShape([2]))
    longer = lists.tensor_list_set_item(rows, 3, [7, 8], resize_if_index_out_of_bounds=True)
    parts = lists.tensor_list_split([1, 2, 3], [None], [1, 2])
    found = [
        lists.tensor_list_stack(made, tf.float32), lists.tensor_list_get_item(made, 1, tf.float32),
        lists.tensor_list_gather(made, [1, 0], tf.float32, element_shape=[2]),
        lists.tensor_list_stack(longer, tf.int32, element_shape=[2]),
        lists.tensor_list_concat(parts, tf.int32),
        lists.tensor_list_stack(lists.tensor_list_reserve([2], 1, tf.int32), tf.int32),
    ]  # fmt: skip
    with tf.Session() as sess:
        found = [each.tolist() for each in sess.run(found)]
    assert found == [[[1, 2], [3, 4]], [3, 4], [[3, 4], [1, 2]], [[1, 2], [3, 4], [0, 0], [7, 8]],
                     [1, 2, 3], [[0, 0]]]  # fmt: skip


def test_what_is_restored_asks_a_class_of_its_own_for_what_is_below(tmp_path):
    base = module("training.tracking.base")

    class Making(base.Trackable):
        def _lookup_dependency(self, name):
            if super()._lookup_dependency(name) is None:
                made = base.TrackableReference(name, tf.contrib.checkpoint.NumpyState())
                self._unconditional_checkpoint_dependencies.append(made)
                self._unconditional_dependency_names[name] = made.ref
            return super()._lookup_dependency(name)

    saved, restored = Making(), Making()
    saved._lookup_dependency("state").x = np.array([1.0, 2.0])
    with tf.Session() as sess:
        path = tf.train.Checkpoint(saved=saved).save(str(tmp_path / "c"), session=sess)
    tf.train.Checkpoint(saved=restored).restore(path)
    assert restored._lookup_dependency("state").x.tolist() == [1, 2]
    assert [name for name, _ in restored._checkpoint_dependencies] == ["state"]


def test_lengths_of_convolutions_of_keras():
    utils = module("keras.utils.conv_utils")
    made = [utils.conv_output_length(7, 3, padding, 2, 2) for padding in ("same", "causal", "full")]
    assert made == [4, 4, 6]
    lengths = [utils.deconv_output_length(7, 3, padding, out, 2, 2)
               for padding in ("same", "valid", "full") for out in (None, 1)]  # fmt: skip
    assert lengths == [14, 14, 17, 18, 9, 10]  # as TensorFlow 1.15.5 has them
    assert utils.normalize_padding("CAUSAL") == "causal"
    assert utils.normalize_data_format(None) == "channels_last"


def test_an_operation_tells_its_outputs_where_copies_of_graphs_look_for_them():
    """What the recomputation of activations reads of an operation it copied."""
    parts = tf.split(tf.constant([1.0, 2.0]), 2)
    assert parts[0].op._outputs == parts
