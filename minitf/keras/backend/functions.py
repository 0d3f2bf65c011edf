"""`tf.keras.backend.function`: a part of the graph as a function of arrays."""
import minitf as tf
from minitf.core.eager_tensor import EagerTensor
from minitf.keras.backend.graph import get_session, in_graph


class Function:
    """Runs `outputs` and `updates` given values for `inputs`, and returns a list of arrays.

    `fetches` are run beside, and fetch_callbacks[fetch](value) is called with the value of those
    that have one.
    """

    def __init__(self, inputs, outputs, updates=None, name=None, **session_kwargs):
        self.feed_dict = session_kwargs.pop("feed_dict", None) or {}
        self.fetches = _listed(session_kwargs.pop("fetches", None))
        self.run_options = session_kwargs.pop("options", None)
        self.run_metadata = session_kwargs.pop("run_metadata", None)
        if session_kwargs:
            raise ValueError(f"Some keys in session_kwargs are not supported at this time: "
                             f"{session_kwargs.keys()}")  # fmt: skip
        if not isinstance(updates or [], (list, tuple)):
            raise TypeError("`updates` in a Keras backend function should be a list or tuple.")
        self.inputs, self._outputs_structure = tf.nest.flatten(inputs), outputs
        with in_graph():
            self.outputs = [_as_element(x) for x in tf.nest.flatten(outputs)]
        self.name, self.fetch_callbacks = name, {}
        with in_graph():
            self.updates_op = self._grouped(updates or [])
        self._ready = (None, None, None)

    def _grouped(self, updates):
        """One operation for all, run when the outputs have their values."""
        with tf.control_dependencies([x for x in self.outputs if isinstance(x, tf.Tensor)][:1]):
            ops = [tf.assign(*x) if isinstance(x, tuple) else x for x in updates]
        return tf.group(*[getattr(op, "op", op) for op in ops])

    def __call__(self, inputs):
        values = tf.nest.flatten(inputs)
        session = get_session(self.inputs)
        pairs = [pair for pair in zip(self.inputs, values) if pair[1] is not None]
        given = [value for _, value in pairs]
        if any(tf.is_tensor(value) for value in given):
            given = evaluated(session, given)
        runner = self._callable(session, [tensor for tensor, _ in pairs])
        return self._packed(runner(*given, *self.feed_dict.values()))

    def _callable(self, session, feeds):
        """The runner for these feeds, made anew when session, feeds or fetches have changed.

        As in TensorFlow it takes arrays of any shapes: targets of a loss of one's own may have
        another rank than the outputs.
        """
        wanted = (session, feeds, list(self.fetches))
        if self._ready[0] is not session or self._ready[1] != wanted[1:]:
            fetched = [*self.outputs, self.updates_op, *self.fetches]
            runner = session.make_callable(fetched, [*feeds, *self.feed_dict], True)
            session._signature(fetched, dict.fromkeys([*feeds, *self.feed_dict])).let_in(feeds)
            if self.run_options is not None or self.run_metadata is not None:
                runner = self._with_options(runner)
            self._ready = (session, wanted[1:], runner)
        return self._ready[2]

    def _with_options(self, runner):
        return lambda *values: runner(
            *values, options=self.run_options, run_metadata=self.run_metadata
        )

    def _packed(self, results):
        for fetch, value in zip(self.fetches, results[len(self.outputs) + 1 :]):
            if fetch in self.fetch_callbacks:
                self.fetch_callbacks[fetch](value)
        outputs = results[: len(self.outputs)]
        return tf.nest.pack_sequence_as(self._outputs_structure, outputs)


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]


def evaluated(session, values):
    """The values with those that are Tensors run, all at once: one element of an iterator."""
    values = [x.numpy() if isinstance(x, EagerTensor) else _read(x) for x in values]
    tensors = [value for value in values if isinstance(value, tf.Tensor)]
    found = iter(session.run(tensors) if tensors else ())
    return [next(found) if isinstance(value, tf.Tensor) else value for value in values]


def _read(x):
    return tf.convert_to_tensor(x) if isinstance(x, tf.Variable) else x


def _as_element(x):
    return x if tf.is_tensor(x) or isinstance(x, tf.Operation) else tf.convert_to_tensor(x)


def function(inputs, outputs, updates=None, name=None, **kwargs):
    """A function of arrays for `inputs` that returns the values of `outputs`.

    `updates` are operations, or pairs (variable, value), run with each call.
    """
    return Function(inputs, outputs, updates=updates, name=name, **kwargs)


def gradients(loss, variables):
    """The gradients of `loss` with respect to each of `variables`."""
    return tf.gradients(loss, variables)


def stop_gradient(variables):
    """The same values, through which no gradient flows."""
    if isinstance(variables, (list, tuple)):
        return list(map(tf.stop_gradient, variables))
    return tf.stop_gradient(variables)
