"""Which layer's `call` is running, in this thread."""
import contextlib
import threading


class CallContext(threading.local):
    """The layer that is being called, the innermost one, with its inputs and `training`."""

    def __init__(self):
        self.layer = self.inputs = self.training = None
        self.in_call = self.frozen = False
        self.hears = None  # what is told of each call

    @contextlib.contextmanager
    def heard_by(self, function):
        """`function(layer, inputs, args, kwargs)` is told of calls inside the `with` block."""
        before, self.hears = self.hears, function
        try:
            yield
        finally:
            self.hears = before

    @contextlib.contextmanager
    def enter(self, layer, inputs, training):
        """Note the call of a layer, inside the `with` block."""
        before = vars(self).copy()
        self.layer, self.inputs, self.training = layer, inputs, training
        self.in_call, self.frozen = True, self.frozen or not layer.trainable
        try:
            yield
        finally:
            vars(self).update(before)


call_context = CallContext()
