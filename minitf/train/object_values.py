"""The values of variables and other objects: out of a session or the objects themselves, and back.

What holds a value is a Variable; a PythonState; a Gathered, of several values; or, of
tf.contrib.checkpoint.split_dependency, an object whose `save()` gives a tensor and whose
`restore(tensor)` an operation.
"""
import os

import numpy as np

from minitf.core.dtypes import string
from minitf.core.errors import InvalidArgumentError
from minitf.core.file_errors import translated
from minitf.core.graph import get_default_session
from minitf.core.tensor_shape import TensorShape
from minitf.core.trackable import Gathered
from minitf.lib.tensor_bundle import BundleWriter
from minitf.ops.state.eager_variable import EagerVariable
from minitf.ops.state.variables import Variable, in_init_scope, init_scope
from minitf.runtime.checksum import crc32c

_fallback = []


def finds_session(function):
    """Decorates what finds a session where none is the default one: Keras's."""
    _fallback.append(function)
    return function


def session_or_default(session):
    """The session to use. ValueError where there is none."""
    session = session or get_default_session()
    if session is None and _fallback:
        session = _fallback[-1]()
    if session is None:
        raise ValueError(
            "The variables are in a graph, and no session is the default one. Pass `session=`, or "
            "use `with tf.Session():`."
        )
    return session


# -- writing --------------------------------------------------------------------------------------


def write(prefix, held, session, more=()):
    """Write {key: what holds a value} into the checkpoint `prefix`, and {key: bytes} `more`.

    `session` has the values of variables that do not hold them themselves. Raises
    FailedPreconditionError for a variable that has none.
    """
    arrays = _arrays(held, session)
    with translated(prefix):
        os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
    with BundleWriter(prefix, crc32c()) as writer:
        for key, (array, dtype) in sorted(arrays.items()):
            writer.add(key, array, dtype)
        for key, text in dict(more).items():
            writer.add(key, np.array(text, object), string)


def _arrays(held, session):
    """{key: (array, dtype)} of now."""
    found, elsewhere = {}, {}
    for key, holder in held.items():
        if hasattr(holder, "serialize"):
            found[key] = np.array(holder.serialize(), object), string
            continue
        for name, tensor in _tensors(key, holder):
            if holds_itself(holder):
                found[name] = np.asarray(tensor.numpy()), tensor.dtype.base_dtype
            else:
                elsewhere[name] = tensor
    if elsewhere:
        values = session_or_default(session).run(list(elsewhere.values()))
        for (key, tensor), value in zip(elsewhere.items(), values):
            found[key] = np.asarray(value), tensor.dtype.base_dtype
    return found


def _tensors(key, holder):
    """(key, tensor) of what holds a value, or several."""
    if isinstance(holder, Gathered):
        return [(spec.name, spec.tensor) for spec in holder.specs(key)]
    return [(key, holder if isinstance(holder, Variable) else holder.save())]


# -- reading --------------------------------------------------------------------------------------


def holds_itself(holder):
    """Whether it takes its value at once, without a session."""
    if isinstance(holder, Variable):
        return isinstance(holder, EagerVariable)
    return hasattr(holder, "deserialize") or in_init_scope().eager


def read(holder, key, stored):
    """What a checkpoint has for a holder: an array, or a list of them."""
    if isinstance(holder, Gathered):
        return [stored.tensor(spec.name) for spec in holder.specs(key)]
    return stored.tensor(key)


def check(holder, key, stored):
    """InvalidArgumentError or ValueError unless a variable can take the value of this key."""
    if not isinstance(holder, Variable):
        return
    dtype, shape, _ = stored.described(key)
    if dtype is not holder.dtype.base_dtype:
        raise InvalidArgumentError(
            None, None, f"tensor_name = {key}; expected dtype {holder.dtype.base_dtype.name} does "
            f"not equal original dtype {dtype.name}"
        )  # fmt: skip
    if not holder.shape.is_compatible_with(shape):
        raise ValueError(
            f"Shapes {holder.shape} and {TensorShape(shape)} are incompatible: the variable "
            f"'{holder.name}' and what the checkpoint has under '{key}'."
        )


def give(holder, value):
    """Let what holds its value itself take it."""
    if hasattr(holder, "deserialize"):
        holder.deserialize(value[()])
        return
    with init_scope():
        (holder.assign if isinstance(holder, Variable) else holder.restore)(value)


def load(pairs, session):
    """Give variables values in a session: (variable, array) pairs; no node is added."""
    feed, fetches = {}, []
    for variable, value in pairs:
        if not isinstance(variable, Variable):
            operation = variable.restore(value)
            fetches += [] if operation is None else [operation]
            continue
        initial = variable.initializer.inputs[1]
        if initial in feed:  # which two variables start from
            session.run(fetches, feed)
            feed, fetches = {}, []
        feed[initial] = value
        fetches.append(variable.initializer)
    if fetches:
        session.run(fetches, feed)
