"""`tf.keras.experimental.export_saved_model`: a model as SavedModel, with a graph for each use.

The folder holds the model's configuration as JSON, a checkpoint of objects, and a graph for
training, for evaluation and for predictions, each built anew of a clone of the model.
"""
import os

import minitf as tf
from minitf.keras import backend as K
from minitf.keras import optimizers
from minitf.keras.metrics import clone_metric
from minitf.keras.models import Sequential, clone_model
from minitf.keras.saving.hdf5_model import model_from_json
from minitf.keras.saving.serialized import serving_function
from minitf.keras.utils.serialize import custom_object_scope
from minitf.saved_model import constants, signature_constants, tag_constants
from minitf.saved_model.builder import SavedModelBuilder
from minitf.saved_model.export_outputs import EvalOutput, PredictOutput, TrainOutput
from minitf.saved_model.save_objects import save as save_object
from minitf.train.object_graph import ObjectGraph

nest = tf.nest
_JSON = "saved_model.json"


def export_saved_model(
    model, saved_model_path, custom_objects=None, as_text=False, input_signature=None,
    serving_only=False,
):  # fmt: skip
    """Write a model as SavedModel into a folder that is empty or not there: its configuration, its
    variables, and a graph for predictions; those for training and evaluation if it is compiled.

    `input_signature`, TensorSpecs, says what the inputs are like; `custom_objects` are classes and
    functions by name. With `serving_only` what is written is a SavedModel of objects, as by
    `tf.saved_model.save`. AssertionError for a folder with something in it, NotImplementedError for
    a subclass unless `serving_only`, ValueError for a Sequential model whose variables are not made
    yet, and for a model that has not been called.
    """
    path = os.fsdecode(saved_model_path)
    if serving_only:
        save_object(model, path, serving_function(model, input_signature))
    else:
        _export_graphs(model, path, custom_objects, as_text, input_signature)
    _write_json(model, path)


def _export_graphs(model, path, custom_objects, as_text, input_signature):
    _check(model)
    builder = SavedModelBuilder(path)
    prefix = _variables(path)
    model.save_weights(prefix, save_format="tf", overwrite=True)
    modes = [_Predict]
    if isinstance(model.optimizer, (optimizers.TFOptimizer, optimizers.Optimizer)):
        modes = [_Train, _Evaluate, _Predict]
    elif model.optimizer:
        tf.logging.warning("The model has several optimizers: only the graph for predictions is "
                           "exported.")  # fmt: skip
    for mode in modes:
        with tf.Graph().as_default(), K.learning_phase_scope(int(mode is _Train)):
            clone = _cloned(model, input_signature, custom_objects, mode is not _Predict)
            _add_graph(builder, mode(clone), prefix, is_first=mode is modes[0])
    builder.save(as_text)


def _check(model):
    if model._is_graph_network:
        return
    if not isinstance(model, Sequential):
        raise NotImplementedError("Subclassed models can only be exported for serving. Please set "
                                  "argument serving_only=True.")  # fmt: skip
    if not model.built:
        raise ValueError(
            "Weights for sequential model have not yet been created. Weights are created when the "
            "Model is first called on inputs or `build()` is called with an `input_shape`, or the "
            "first layer in the model has `input_shape` during construction."
        )


def _variables(path):
    return os.path.join(path, constants.VARIABLES_DIRECTORY, constants.VARIABLES_FILENAME)


def _write_json(model, path):
    try:
        content = model.to_json()
    except NotImplementedError:
        tf.logging.warning("Skipped saving model JSON, subclassed model does not have get_config() "
                           "defined.")  # fmt: skip
        return
    folder = os.path.join(path, constants.ASSETS_DIRECTORY)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, _JSON), "w", encoding="utf-8") as file:
        file.write(content)


# -- the clone ------------------------------------------------------------------------------------


def _cloned(model, input_signature, custom_objects, compiled):
    """The model anew in the default graph, compiled as it is if asked."""
    inputs = None
    if input_signature is not None:
        inputs = nest.map_structure(
            lambda spec: K.placeholder(shape=spec.shape, dtype=spec.dtype, name=spec.name),
            input_signature,
        )
    with custom_object_scope(custom_objects or {}):
        clone = clone_model(model, input_tensors=inputs)
    shape = getattr(model, "_build_input_shape", None)
    if isinstance(clone, Sequential) and not clone._is_graph_network and shape is not None:
        clone._set_inputs(K.placeholder(shape, dtype=model.inputs[0].dtype))
    if compiled:
        clone.compile(
            _optimizer_like(model.optimizer), model.loss,
            metrics=nest.map_structure(clone_metric, model._compile_metrics),
            loss_weights=model.loss_weights, sample_weight_mode=model.sample_weight_mode,
            weighted_metrics=nest.map_structure(clone_metric, model._compile_weighted_metrics),
        )  # fmt: skip
    return clone


def _optimizer_like(optimizer):
    if not isinstance(optimizer, optimizers.TFOptimizer):
        return type(optimizer).from_config(optimizer.get_config())
    made = optimizers.TFOptimizer(optimizer.optimizer)
    K.track_tf_optimizer(made)
    return made


# -- the graphs -----------------------------------------------------------------------------------


class _Predict:
    """The graph for predictions of a model, with what is said of it."""

    tags, signature = [tag_constants.SERVING], signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY

    def __init__(self, model):
        self.model, self.operations = model, {}

    def build(self):
        """Add the nodes that `predict` runs."""
        self.model._make_predict_function()

    def inputs(self):
        """The tensors that are fed, by their names."""
        return dict(zip(self.model.input_names, self.model.inputs))

    def predictions(self):
        """Those that come out."""
        return dict(zip(self.model.output_names, self.model.outputs))

    def output(self):
        """What the signature gives."""
        return PredictOutput(self.predictions())


class _Evaluate(_Predict):
    """The graph for evaluation."""

    tags, signature = [tag_constants.EVAL], signature_constants.DEFAULT_EVAL_SIGNATURE_DEF_KEY
    kind = EvalOutput

    def build(self):
        self.model._make_test_function()

    def inputs(self):
        targets = [each.target for each in self.model._training_endpoints if not each.skipped]
        return super().inputs() | {target.op.name: target for target in targets}

    def output(self):
        return self.kind(self.model.total_loss, self.predictions(), self._metrics())

    def _metrics(self):
        """{name: (value, update)}; their variables become local ones."""
        found = self.model._compile_metric_functions if self.model._compile_metrics else ()
        local = tf.get_collection_ref(tf.GraphKeys.LOCAL_VARIABLES)
        for metric in found:
            local += [each for each in metric.variables if each not in local]
        return {metric.name: (metric.result(), metric.updates[0]) for metric in found} or None


class _Train(_Evaluate):
    """The graph for training."""

    tags, signature = [tag_constants.TRAINING], signature_constants.DEFAULT_TRAIN_SIGNATURE_DEF_KEY
    kind = TrainOutput

    def build(self):
        self.model._make_train_function()
        step = self.model.train_function.updates_op
        self.operations[constants.TRAIN_OP_SIGNATURE_KEY] = step


def _add_graph(builder, mode, prefix, is_first):
    """Add the default graph, in which a clone of the model is. The checkpoint has the optimizer's
    variables, too, once the first graph has made them."""
    model = mode.model
    if model.optimizer:
        tf.add_to_collection(tf.GraphKeys.GLOBAL_STEP, model.optimizer.iterations)
    mode.build()
    updates = tf.get_collection_ref(tf.GraphKeys.UPDATE_OPS)
    updates += model.state_updates
    with tf.Session().as_default():
        status = model.load_weights(prefix).stop()
        if is_first:
            model.save_weights(prefix, save_format="tf", overwrite=True)
        else:
            status.assert_existing_objects_matched()
        _, held = ObjectGraph(model).message()
        signature = mode.output().as_signature_def(mode.inputs())
        mode.operations[constants.INIT_OP_SIGNATURE_KEY] = tf.local_variables_initializer()
        saver = tf.train.Saver(held, allow_empty=True)
        builder.add_meta_graph_of_objects(mode.tags, {mode.signature: signature}, saver,
                                          mode.operations)  # fmt: skip


# -- reading --------------------------------------------------------------------------------------


def load_from_saved_model(saved_model_path, custom_objects=None):
    """The model that `export_saved_model` has written: its configuration and variables. It is not
    compiled. NotFoundError without the file of the configuration."""
    path = os.fsdecode(saved_model_path)
    with tf.gfile.GFile(os.path.join(path, constants.ASSETS_DIRECTORY, _JSON)) as file:
        model = model_from_json(file.read(), custom_objects=custom_objects)
    model.load_weights(_variables(path))
    return model
