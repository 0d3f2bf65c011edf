"""`tf.keras.layers.StackedRNNCells`: several cells as one."""
import inspect

import minitf as tf
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.cells import sizes_of, zero_state
from minitf.keras.layers.serialization import deserialize

nest = tf.nest


class StackedRNNCells(Layer):
    """Cells as one: the output of each is the input of the next. ValueError for what is no cell."""

    def __init__(self, cells, **kwargs):
        for cell in cells:
            for needed in ("call", "state_size"):
                if not hasattr(cell, needed):
                    what = "a `call` method" if needed == "call" else f"a `{needed}` attribute"
                    raise ValueError(f"All cells must have {what}. received cells:", cells)
        reverse = kwargs.pop("reverse_state_order", False)
        self.cells, self.reverse_state_order = cells, reverse
        super().__init__(**kwargs)

    def _in_order(self):
        """The cells in the order of the states."""
        return self.cells[::-1] if self.reverse_state_order else self.cells

    @property
    def state_size(self):
        return tuple(cell.state_size for cell in self._in_order())

    @property
    def output_size(self):
        return _output_size(self.cells[-1])

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """The states of all cells to begin with."""
        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        return tuple(
            cell.get_initial_state(inputs=inputs, batch_size=batch_size, dtype=dtype)
            if hasattr(cell, "get_initial_state")
            else zero_state(batch_size, cell.state_size, dtype)
            for cell in self._in_order()
        )

    def call(self, inputs, states, constants=None, **kwargs):
        sizes = self.state_size[::-1] if self.reverse_state_order else self.state_size
        new = []
        for cell, own in zip(self.cells, nest.pack_sequence_as(sizes, nest.flatten(states))):
            own = own if nest.is_nested(own) else [own]
            if len(own) == 1 and hasattr(cell, "_is_tf_rnn_cell"):
                own = own[0]
            known = inspect.getfullargspec(cell.call).args
            more = {key: value for key, value in kwargs.items() if key in known}
            if "constants" in known:
                more["constants"] = constants
            inputs, after = cell.call(inputs, own, **more)
            new.append(after)
        return inputs, nest.pack_sequence_as(sizes, nest.flatten(new))

    def build(self, input_shape):
        """Build the cells."""
        shape = tf.TensorShape(input_shape[0] if isinstance(input_shape, list) else input_shape)
        for cell in self.cells:
            if isinstance(cell, tf.layers.Layer) and not cell.built:
                cell.build(shape)
                vars(cell)["built"] = True
            sizes = tf.TensorShape(_output_size(cell)).as_list()
            shape = tf.TensorShape([shape[0].value, *sizes])
        self.built = True

    def get_config(self):
        cells = [
            {"class_name": type(cell).__name__, "config": cell.get_config()}
            for cell in self.cells
        ]
        return super().get_config() | {"cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cells = [deserialize(cell, custom_objects) for cell in config.pop("cells")]
        return cls(cells, **config)


def _output_size(cell):
    size = getattr(cell, "output_size", None)
    return sizes_of(cell.state_size)[0] if size is None else size
