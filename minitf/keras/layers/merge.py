"""Layers of `tf.keras.layers` that make one tensor of several."""
import functools

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import config_of
from minitf.keras.utils.names import to_tuples


def _broadcast(first, second):
    """The shape of elements combined. ValueError when they do not fit."""
    if first is None or second is None:
        return None
    if len(first) < len(second):
        first, second = second, first
    found = list(first[: len(first) - len(second)])
    for i, j in zip(first[len(first) - len(second) :], second):
        if i is None or j is None:
            found.append(None)
        elif i == 1 or j == 1 or i == j:
            found.append(j if i == 1 else i)
        else:
            raise ValueError(
                f"Operands could not be broadcast together with shapes {first} {second}"
            )
    return tuple(found)


class _Merge(Layer):
    """Several inputs of the same batch, broadcast to each other, combined element by element."""

    _combined = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Check the inputs. ValueError for fewer than two, or for shapes that do not fit."""
        if not isinstance(input_shape, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        if len(input_shape) < 2:
            raise ValueError(
                "A merge layer should be called on a list of at least 2 inputs. Got "
                f"{len(input_shape)} inputs."
            )
        shapes = to_tuples(input_shape)
        if len({shape[0] for shape in shapes if shape is not None} - {None}) > 1:
            raise ValueError(
                "Can not merge tensors with different batch sizes. Got tensors with shapes : "
                f"{shapes}"
            )
        self._sample_shape(shapes)
        self.built = True

    @staticmethod
    def _sample_shape(shapes):
        samples = [None if shape is None else shape[1:] for shape in shapes]
        return functools.reduce(_broadcast, samples)

    def call(self, inputs):
        if not isinstance(inputs, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        return self._merge_function(self._of_one_rank(inputs))

    @staticmethod
    def _of_one_rank(inputs):
        """The inputs, axes of one element after the batch where they have fewer than others."""
        ranks = [K.ndim(x) for x in inputs]
        if None in ranks:
            if len(set(ranks)) == 1:
                return inputs
            raise NotImplementedError("Merging tensors of known and of unknown rank: give the "
                                      "latter a shape (tensor.set_shape).")  # fmt: skip
        for i, rank in enumerate(ranks):
            for _ in range(max(ranks) - rank):
                inputs = [tf.expand_dims(x, 1) if j == i else x for j, x in enumerate(inputs)]
        return inputs

    def _merge_function(self, inputs):
        return functools.reduce(type(self)._combined, inputs)

    def compute_output_shape(self, input_shape):
        shapes = to_tuples(input_shape)
        batches = {shape[0] for shape in shapes if shape is not None} - {None}
        batch = batches.pop() if len(batches) == 1 else None
        return tf.TensorShape((batch, *self._sample_shape(shapes)))

    def compute_mask(self, inputs, mask=None):
        masks = _checked_masks(inputs, mask)
        if masks is None:
            return None
        given = [tf.expand_dims(each, axis=0) for each in masks if each is not None]
        return K.all(K.concatenate(given, axis=0), axis=0)


def _checked_masks(inputs, mask):
    """The masks, None when there is none. ValueError for lists that do not fit."""
    if mask is None:
        return None
    if not isinstance(mask, list):
        raise ValueError("`mask` should be a list.")
    if not isinstance(inputs, list):
        raise ValueError("`inputs` should be a list.")
    if len(mask) != len(inputs):
        raise ValueError("The lists `inputs` and `mask` should have the same length.")
    return None if all(each is None for each in mask) else mask


class Add(_Merge):
    """The sum of the inputs."""

    _combined = staticmethod(lambda x, y: x + y)


class Subtract(_Merge):
    """The first of two inputs minus the second."""

    _combined = staticmethod(lambda x, y: x - y)

    def build(self, input_shape):
        """ValueError for another number of inputs."""
        super().build(input_shape)
        _check_two(input_shape)

    def _merge_function(self, inputs):
        _check_two(inputs)
        return super()._merge_function(inputs)


def _check_two(inputs):
    if len(inputs) != 2:
        raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")


class Multiply(_Merge):
    """The product of the inputs, element by element."""

    _combined = staticmethod(lambda x, y: x * y)


class Average(_Merge):
    """The mean of the inputs."""

    _combined = staticmethod(lambda x, y: x + y)

    def _merge_function(self, inputs):
        return super()._merge_function(inputs) / len(inputs)


class Maximum(_Merge):
    """The largest of the inputs, element by element."""

    _combined = staticmethod(tf.maximum)


class Minimum(_Merge):
    """The smallest of the inputs, element by element."""

    _combined = staticmethod(tf.minimum)


class Concatenate(_Merge):
    """The inputs one after the other along an axis."""

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        """Check the inputs. ValueError for shapes that differ on another axis."""
        if not isinstance(input_shape, list) or len(input_shape) < 2:
            raise ValueError(
                "A `Concatenate` layer should be called on a list of at least 2 inputs"
            )
        shapes = to_tuples(input_shape)
        if all(shape is None for shape in shapes):
            return
        others = set()
        for shape in map(list, shapes):
            del shape[self.axis]
            others.add(tuple(shape))
        if len(others) > 1:
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concat "
                f"axis. Got inputs shapes: {shapes}"
            )
        self.built = True

    def call(self, inputs):
        if not isinstance(inputs, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        return K.concatenate(inputs, axis=self.axis)

    def compute_output_shape(self, input_shape):
        if not isinstance(input_shape, list):
            raise ValueError("A `Concatenate` layer should be called on a list of inputs.")
        shapes = [list(shape) for shape in to_tuples(input_shape)]
        sizes = [shape[self.axis] for shape in shapes]
        shapes[0][self.axis] = None if None in sizes else sum(sizes)
        return tf.TensorShape(shapes[0])

    def compute_mask(self, inputs, mask=None):
        masks = _checked_masks(inputs, mask)
        if masks is None:
            return None
        found = [self._mask_like(*pair) for pair in zip(inputs, masks)]
        return K.all(K.concatenate(found, axis=self.axis), axis=-1)

    @staticmethod
    def _mask_like(x, mask):
        if mask is None:
            return tf.ones_like(x, dtype=tf.bool)
        return tf.expand_dims(mask, axis=-1) if K.ndim(mask) < K.ndim(x) else mask

    def get_config(self):
        return super().get_config() | config_of(self, "axis")


class Dot(_Merge):
    """The product of two inputs over an axis of each; with `normalize`, the cosine of the angle.

    `axes` is one number for both or two. TypeError and ValueError for anything else.
    """

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axes, int):
            if not isinstance(axes, (list, tuple)):
                raise TypeError("Invalid type for `axes` - should be a list or an int.")
            if len(axes) != 2:
                raise ValueError("Invalid format for `axes` - should contain two elements.")
            if not all(isinstance(axis, int) for axis in axes):
                raise ValueError('Invalid format for `axes` - list elements should be "int".')
        self.axes, self.normalize = axes, normalize

    def build(self, input_shape):
        """Check the inputs. ValueError for sizes that differ."""
        first, second = self._two(input_shape)
        if first is not None and second is not None:
            axes = self._positive((len(first), len(second)))
            if first[axes[0]] != second[axes[1]]:
                raise ValueError(
                    f"Dimension incompatibility {first[axes[0]]} != {second[axes[1]]}. Layer "
                    f"shapes: {first}, {second}"
                )
        self.built = True

    @staticmethod
    def _two(input_shape):
        if not isinstance(input_shape, list) or len(input_shape) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        return to_tuples(input_shape)

    def _positive(self, ranks):
        axes = [self.axes] * 2 if isinstance(self.axes, int) else self.axes
        return [axis % rank if axis < 0 else axis for axis, rank in zip(axes, ranks)]

    def call(self, inputs):
        if not isinstance(inputs, list) or len(inputs) != 2:
            raise ValueError("A `Dot` layer should be called on exactly 2 inputs")
        axes = self._positive([K.ndim(x) for x in inputs])
        if self.normalize:
            inputs = [tf.nn.l2_normalize(x, axis) for x, axis in zip(inputs, axes)]
        return K.batch_dot(*inputs, axes)

    def compute_output_shape(self, input_shape):
        first, second = map(list, self._two(input_shape))
        axes = self._positive((len(first), len(second)))
        first.pop(axes[0])
        second.pop(axes[1])
        found = first + second[1:]
        return tf.TensorShape(found if len(found) > 1 else [*found, 1])

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        return super().get_config() | config_of(self, "axes", "normalize")


def add(inputs, **kwargs):
    """The sum of the inputs, by a new `Add` layer."""
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The first of two inputs minus the second, by a new `Subtract` layer."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of the inputs, by a new `Multiply` layer."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of the inputs, by a new `Average` layer."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The largest of the inputs, by a new `Maximum` layer."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The smallest of the inputs, by a new `Minimum` layer."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    """The inputs one after the other along an axis, by a new `Concatenate` layer."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs, axes, normalize=False, **kwargs):
    """The product of two inputs over an axis of each, by a new `Dot` layer."""
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)
