"""Layers as objects of a SavedModel: their functions, their lists of variables, what they are.

What a layer is called with is heard while its model is traced once; then each layer's own `call` is
traced for that, for training and without.
"""
import contextlib
import inspect
import json

import minitf as tf
from minitf.core.trackable import Contents, edges_of
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.engine.call_context import call_context
from minitf.keras.engine.network import Network
from minitf.keras.engine.network_files import json_type
from minitf.keras.engine.sequential import Sequential
from minitf.keras.engine.tracking import own_layers
from minitf.keras.engine.training import Model
from minitf.keras.saving import hdf5_model
from minitf.keras.saving.h5 import may_overwrite
from minitf.keras.saving.revived import RevivedLayer
from minitf.saved_model.kinds import Bundle, described, extras, functions_of
from minitf.saved_model.save_objects import save as save_object
from minitf.saved_model.save_signatures import DEFAULT

nest = tf.nest
_ALL = "call_and_return_all_conditional_losses"


def save(model, filepath, overwrite, include_optimizer, signatures):
    """Save a model as SavedModel into a folder."""
    if not may_overwrite(filepath, overwrite):
        return
    _check_inputs(model)
    kept = contextlib.nullcontext() if include_optimizer else _without_optimizer(model)
    with kept, K.learning_phase_scope(0):
        save_object(model, filepath, signatures)


def _check_inputs(model, input_signature=None):
    if not model.inputs and input_signature is None:
        raise ValueError(
            f"Model {model} cannot be saved because the input shapes have not been set. Usually, "
            "input shapes are automatically determined from calling .fit() or .predict(). To "
            "manually set the shapes, call model._set_inputs(inputs)."
        )


@contextlib.contextmanager
def _without_optimizer(model):
    optimizer, edge = model.optimizer, edges_of(model).pop("optimizer", None)
    model._quietly(optimizer=None)
    try:
        yield
    finally:
        model._quietly(optimizer=optimizer)
        if edge is not None:
            edges_of(model)["optimizer"] = edge


# -- what layers say of themselves ----------------------------------------------------------------


@described.register(Layer)
def _(layer):
    kind = next(name for base, name in _IDENTIFIERS if isinstance(layer, base))
    return f"_tf_keras_{kind}", json.dumps(_metadata(layer), default=json_type)


_IDENTIFIERS = ((Sequential, "sequential"), (Model, "model"), (Network, "network"),
                (Layer, "layer"))  # fmt: skip


def _metadata(layer):
    found = {
        "class_name": type(layer).__name__, "name": layer.name, "trainable": layer.trainable,
        "expects_training_arg": bool(layer._expects_training_arg), "dtype": layer.dtype,
        "batch_input_shape": getattr(layer, "_batch_input_shape", None),
        "input_spec": nest.map_structure(_spec_config, layer.input_spec),
        "activity_regularizer": _config_of(layer.activity_regularizer),
    }  # fmt: skip
    if getattr(layer, "_is_feature_layer", False):
        found["_is_feature_layer"] = True
    with contextlib.suppress(NotImplementedError):
        found["config"] = layer.get_config()
    if isinstance(layer, Model):
        found |= hdf5_model.metadata(layer, layer.optimizer is not None)
    return found


def _config_of(regularizer):
    if not hasattr(regularizer, "get_config"):
        return None
    return {"class_name": type(regularizer).__name__, "config": regularizer.get_config()}


def _spec_config(spec):
    if spec is None:
        return None
    keys = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
    return {"class_name": "InputSpec", "config": {key: getattr(spec, key) for key in keys}}


@extras.register(Layer)
def _(layer, cache):
    said = _of_layer(layer, cache)
    if not said.objects:
        return {}
    shown = ("variables", "trainable_variables", "regularization_losses")
    return {name: said.objects[name] for name in shown} | {"keras_api": said}


@functions_of.register(Layer)
def _(layer, cache):
    own = functions_of.dispatch(object)(layer, cache)
    said = _of_layer(layer, cache).functions
    return own | {name: said[name] for name in ("__call__", _ALL, DEFAULT) if name in said}


def _of_layer(layer, cache):
    """The lists and functions of a layer, made once."""
    known = cache.setdefault("layers", {})
    if id(layer) not in known:
        known[id(layer)] = layer, None
        functions = _functions(layer, cache)
        try:
            lists = _lists(layer, cache)
        except ValueError:  # it is not built
            tf.logging.warning("Skipping full serialization of Keras layer %s, because it is not "
                               "built.", layer)  # fmt: skip
            lists = {}
        known[id(layer)] = layer, Bundle(lists, functions)
    return known[id(layer)][1]


def _lists(layer, cache):
    below = _below(layer)
    own = _penalties(layer, cache)
    losses = own + [each for inside in below for each in _penalties(inside, cache)]
    found = {
        "variables": layer.variables, "trainable_variables": layer.trainable_variables,
        "non_trainable_variables": layer.non_trainable_variables, "metrics": layer.metrics,
        "layers": layer.layers if isinstance(layer, Network) else _inside(layer),
        "regularization_losses": losses, "layer_regularization_losses": own,
    }  # fmt: skip
    return {name: Contents(list(value)) for name, value in found.items()}


def _inside(layer):
    return [each for each in own_layers(layer._tracked("_layers")) if isinstance(each, Layer)]


def _below(layer):
    """All layers in a layer, each once."""
    found, pending = [], _inside(layer)
    for each in pending:
        if not any(each is other for other in found):
            found.append(each)
            pending += _inside(each)
    return found


def _penalties(layer, cache):
    """The penalties of a layer's variables as functions."""
    known = cache.setdefault("penalties", {})
    return [known.setdefault(id(each), tf.function(_calling(each), input_signature=[]))
            for each in layer._callable_losses]  # fmt: skip


def _calling(loss):
    return lambda: loss()


# -- their functions ------------------------------------------------------------------------------


def _functions(layer, cache):
    if isinstance(layer, RevivedLayer) and not isinstance(layer, Sequential):
        return functions_of.dispatch(object)(layer.keras_api, cache)
    heard = cache.setdefault("heard", {})
    found = {}
    if isinstance(layer, Model) and layer.inputs and id(layer) not in heard:
        default = _heard(layer, heard)
        if "root" not in cache:
            found[DEFAULT] = default
    cache.setdefault("root", layer)
    if id(layer) in heard:
        found |= _Calls(layer, heard[id(layer)]).functions()
    return found


def serving_function(model, input_signature=None):
    """A function that gives the outputs of a model by their names. ValueError for a model that has
    not been called, without an `input_signature`."""
    _check_inputs(model, input_signature)
    signature = input_signature or _input_signature(model)

    def wrapped_model(*args):
        inputs = args[0] if len(signature) == 1 else list(args)
        with K.learning_phase_scope(0), _kept([model, *_below(model)]):
            outputs = nest.flatten(model(inputs, training=False))
        names = getattr(model, "output_names", None)
        return dict(zip(names or [f"output_{i + 1}" for i in range(len(outputs))], outputs))

    return tf.function(wrapped_model, input_signature=signature)


def _heard(model, heard):
    """The same function, traced: it has been heard what each layer is called with."""

    def note(layer, inputs, args, kwargs):
        heard.setdefault(id(layer), []).append(_Call(layer, inputs, args, kwargs))

    made = serving_function(model)
    with call_context.heard_by(note):
        made.get_concrete_function()
    return made


def _input_signature(model):
    specs = [tf.TensorSpec([None, *tensor.shape.as_list()[1:]], tensor.dtype, name)
             for tensor, name in zip(model.inputs, model.input_names)]  # fmt: skip
    nested = getattr(model, "_nested_inputs", specs)
    nested = nest.pack_sequence_as(nested, specs)
    return nested if isinstance(nested, list) and len(nested) == 1 else [nested]


class _Call:
    """What a layer was called with: specs in place of tensors, by the names of arguments."""

    def __init__(self, layer, inputs, args, kwargs):
        names = layer._call_fn_args[1:]
        self.named = nest.map_structure(_spec, dict(zip(names, args)) | kwargs)
        self.named.pop("training", None)
        self.named = {key: value for key, value in self.named.items() if value is not None}
        self.inputs = nest.map_structure(_spec, inputs)


def _spec(value):
    return tf.TensorSpec(value.shape, value.dtype) if tf.is_tensor(value) else value


class _Calls:
    """The functions of a layer, traced for its calls."""

    def __init__(self, layer, calls):
        self.layer = layer
        self.calls = list({str((each.inputs, each.named)): each for each in calls}.values())
        self.trains = any(each._expects_training_arg for each in [layer, *_below(layer)])
        self.signature = self._signature()

    def _signature(self):
        """The arguments of `call`, with `training`, False by default, if it or what it calls has
        that."""
        kinds = inspect.Parameter
        found = [each for each in inspect.signature(self.layer.call).parameters.values()
                 if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]  # fmt: skip
        made = [each.replace(default=False) if each.name == "training" and each.default is None
                else each for each in found]  # fmt: skip
        if self.trains and not any(each.name == "training" for each in made):
            made.append(kinds("training", kinds.POSITIONAL_OR_KEYWORD, default=False))
        return inspect.Signature([each.replace(annotation=kinds.empty) for each in made])

    def functions(self):
        """{name: function}, each traced for all calls."""
        name, regularizer = self.layer.name, self.layer.activity_regularizer
        both = self._function(self._both, f"{name}_layer_call_and_return_conditional_losses")
        found = {
            "call_and_return_conditional_losses": both, _ALL: both,
            "__call__": self._function(lambda *given: self._both(*given)[0],
                                       f"{name}_layer_call_fn"),
        }  # fmt: skip
        if regularizer is not None:
            spec = tf.TensorSpec(None, self.layer.dtype or K.floatx())
            found["activity_regularizer_fn"] = tf.function(lambda x: regularizer(x), [spec])
            found[_ALL] = self._function(self._with_regularizer, f"{name}_layer_{_ALL}")
        return found

    def _with_regularizer(self, *given):
        outputs, losses = self._both(*given)
        return outputs, [*losses, self.layer.activity_regularizer(outputs)]

    def _both(self, inputs, named, training):
        """(outputs, losses of this call)."""
        layer, layers = self.layer, [self.layer, *_below(self.layer)]
        with _kept(layers), K.learning_phase_scope(int(bool(training))):
            for each in layers:
                each._losses.clear()
                each._eager_losses.clear()
            if self.trains and layer._expects_training_arg:
                named = named | {"training": training}
            with call_context.enter(layer, inputs, training):
                outputs = layer._as_traced()(inputs, **named)
            losses = [loss for each in layers for loss in each._losses + each._eager_losses]
        return outputs, losses

    def _function(self, body, name):
        def traced(*args, **kwargs):
            bound = self.signature.bind(*args, **kwargs).arguments
            inputs = bound.pop(next(iter(self.signature.parameters)))
            training = bound.pop("training", None)
            return body(inputs, {k: v for k, v in bound.items() if v is not None}, training)

        traced.__name__, traced.__signature__ = name, self.signature
        made = tf.function(traced)
        for call in self.calls:
            for training in ({"training": True}, {"training": False}) if self.trains else ({},):
                made.get_concrete_function(call.inputs, **call.named, **training)
        return made


@contextlib.contextmanager
def _kept(layers):
    """What layers have noted of calls is afterwards as it was before."""
    lists = [getattr(layer, name) for layer in layers
             for name in ("_losses", "_eager_losses", "_updates", "_metrics", "_inbound_nodes",
                          "_outbound_nodes")]  # fmt: skip
    before = [list(each) for each in lists]
    try:
        yield
    finally:
        for each, content in zip(lists, before):
            each[:] = content
