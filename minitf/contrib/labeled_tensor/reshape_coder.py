"""ReshapeCoder: other axes for a while, then those that there were."""
from minitf.contrib.labeled_tensor.axes import as_axis
from minitf.contrib.labeled_tensor.checks import checked
from minitf.contrib.labeled_tensor.moving import NAMES_AND_AXES, reshape
from minitf.contrib.labeled_tensor.order import NAMES
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, convert_to_labeled_tensor
from minitf.core.graph import name_scope


class ReshapeCoder:
    """`decode(function(encode(tensor)))`: the function sees `new_axes` in place of the existing
    ones, which its result has again. ValueError for tensors whose existing axes differ."""

    @checked
    def __init__(self, existing_axis_names: NAMES, new_axes: NAMES_AND_AXES, name: NAME = None):
        self._existing_axis_names, self._new_axes, self._name = existing_axis_names, new_axes, name
        self._existing_axes = None

    @checked
    def encode(self, labeled_tensor: LABELED):
        """The tensor with the new axes."""
        with name_scope(self._name, "lt_reshape_encode", [labeled_tensor]) as scope:
            tensor = convert_to_labeled_tensor(labeled_tensor)
            found = reshape(tensor, self._existing_axis_names, self._new_axes, name=scope)
            axes = [tensor.axes[name] for name in self._existing_axis_names]
            if self._existing_axes not in (None, axes):
                raise ValueError(f"input axes {axes!r} do not match axes from previous method call "
                                 f"{self._existing_axes!r}")  # fmt: skip
            self._existing_axes = axes
            return found

    @checked
    def decode(self, labeled_tensor: LABELED):
        """The tensor with the axes of what was encoded. ValueError if nothing was."""
        if self._existing_axes is None:
            raise ValueError("decode called before encode")
        with name_scope(self._name, "lt_reshape_decode", [labeled_tensor]) as scope:
            tensor = convert_to_labeled_tensor(labeled_tensor)
            new = [axis if isinstance(axis, str) else as_axis(axis).name for axis in self._new_axes]
            return reshape(tensor, new, self._existing_axes, name=scope)
