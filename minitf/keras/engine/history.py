"""Which layer made a tensor; raw ops between layers become layers themselves."""
import collections

import minitf as tf
from minitf.keras.engine.call_context import call_context

nest = tf.nest

KerasHistory = collections.namedtuple("KerasHistory", ["layer", "node_index", "tensor_index"])

_op_layer = {}


def wraps_ops(cls):
    """Decorates the class of layers that raw ops become."""
    _op_layer["class"] = cls
    return cls


def have_all_keras_metadata(tensors):
    """Whether layers made all of them."""
    return all(hasattr(x, "_keras_history") for x in nest.flatten(tensors))


def needs_keras_history(tensors, ignore_call_context=False):
    """Whether raw ops made some of the tensors from an Input, outside of any layer's call."""
    if call_context.in_call and not ignore_call_context:
        return False
    flat = nest.flatten(tensors)
    if tf.executing_eagerly():
        return False
    return not have_all_keras_metadata(flat) and uses_keras_history(flat)


def uses_keras_history(tensors):
    """Whether at least one of the tensors depends on an Input."""
    pending, seen = list(nest.flatten(tensors)), set()
    while pending:
        tensor = pending.pop()
        if id(tensor) in seen or getattr(tensor, "_keras_history_checked", False):
            continue
        seen.add(id(tensor))
        if hasattr(tensor, "_keras_history"):
            return True
        pending += getattr(getattr(tensor, "op", None), "inputs", ())
    mark_checked(tensors)
    return False


def mark_checked(tensors):
    """Note that the tensors depend on no Input."""
    for tensor in nest.flatten(tensors):
        if isinstance(tensor, tf.Tensor):  # a layer of features may be given words
            tensor._keras_history_checked = True


def create_keras_history(tensors):
    """Make layers of the raw ops between the tensors and the layers they come from.

    What does not depend on an Input is a constant to them. Returns the layers made.
    """
    created, pending = [], [t.op for t in nest.flatten(tensors) if not _made(t)]
    while pending:
        op = pending[-1]
        if _made(op.outputs[0]):
            pending.pop()
            continue
        inputs = {i: t for i, t in enumerate(op.inputs) if uses_keras_history(t)}
        before = [t.op for t in inputs.values() if not _made(t)]
        if before:
            pending += before
        else:
            op.graph._surplus -= len(op.inputs) - len(inputs)  # TensorFlow evaluates constants
            created.append(_op_layer["class"].of(pending.pop(), list(inputs)))
    return created


def _made(tensor):
    return hasattr(tensor, "_keras_history")
