"""`slim.tfexample_decoder`: items out of Examples."""
import abc

from minitf.contrib.slim.data_decoder import DataDecoder
from minitf.core import sparse_tensor
from minitf.core.dtypes import int64, uint8
from minitf.image.codec import decode_image, decode_jpeg, is_jpeg
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.branches import case, cond
from minitf.ops.control_flow.functional import map_fn
from minitf.ops.io.examples import FixedLenFeature, parse_single_example
from minitf.ops.io.parsing import decode_raw
from minitf.ops.math.elementwise import cast, equal, logical_or
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_prod
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.sparse.tensors import sparse_tensor_to_dense


def _is_sparse(tensor):
    return isinstance(tensor, sparse_tensor.SparseTensor)


class ItemHandler(abc.ABC):
    """Makes one item of the tensors of `keys`, one or a list."""

    def __init__(self, keys):
        self._keys = list(keys) if isinstance(keys, (tuple, list)) else [keys]

    keys = property(lambda self: self._keys)

    @abc.abstractmethod
    def tensors_to_item(self, keys_to_tensors):
        """The item, of the tensors by their keys."""


class ItemHandlerCallback(ItemHandler):
    """The item is what `func` makes of the tensors by their keys."""

    def __init__(self, keys, func):
        super().__init__(keys)
        self._func = func

    def tensors_to_item(self, keys_to_tensors):
        return self._func(keys_to_tensors)


class BoundingBox(ItemHandler):
    """The item is boxes [count, 4], of four keys (with a prefix): the sides ymin, xmin, ymax, xmax.

    ValueError for another number of keys.
    """

    def __init__(self, keys=None, prefix=""):
        keys = ["ymin", "xmin", "ymax", "xmax"] if keys is None else keys
        if len(keys) != 4:
            raise ValueError(f"BoundingBox expects 4 keys but got {len(keys)}")
        super().__init__([prefix + key for key in keys])

    def tensors_to_item(self, keys_to_tensors):
        sides = [keys_to_tensors[key] for key in self._keys]
        sides = [side.values if _is_sparse(side) else side for side in sides]
        return transpose(concat([expand_dims(side, 0) for side in sides], 0))


class Tensor(ItemHandler):
    """The item is a tensor, dense, of a `shape` or of one that other keys have the sizes of.

    Where it was sparse, `default_value` stands in the gaps. ValueError for both shapes.
    """

    def __init__(self, tensor_key, shape_keys=None, shape=None, default_value=0):
        if shape_keys and shape is not None:
            raise ValueError("Cannot specify both shape_keys and shape parameters.")
        if shape_keys and not isinstance(shape_keys, list):
            shape_keys = [shape_keys]
        self._tensor_key, self._shape_keys, self._shape = tensor_key, shape_keys or [], shape
        self._default_value = default_value
        super().__init__([tensor_key, *self._shape_keys])

    def tensors_to_item(self, keys_to_tensors):
        tensor, sizes = keys_to_tensors[self._tensor_key], self._shape
        if self._shape_keys:
            found = [keys_to_tensors[key] for key in self._shape_keys]
            found = [sparse_tensor_to_dense(each) if _is_sparse(each) else each for each in found]
            sizes = reshape(stack(found), [-1])
        if _is_sparse(tensor):
            tensor = tensor if sizes is None else sparse_reshape(tensor, sizes)
            return sparse_tensor_to_dense(tensor, self._default_value)
        return tensor if sizes is None else reshape(tensor, sizes)


class LookupTensor(Tensor):
    """The item is what a table has for the elements of a tensor."""

    def __init__(self, tensor_key, table, shape_keys=None, shape=None, default_value=""):
        self._table = table
        super().__init__(tensor_key, shape_keys, shape, default_value)

    def tensors_to_item(self, keys_to_tensors):
        return self._table.lookup(super().tensors_to_item(keys_to_tensors))


class BackupHandler(ItemHandler):
    """The item is that of `handler`, or of `backup` where it is empty. ValueError for what are no
    ItemHandlers."""

    def __init__(self, handler, backup):
        for name, given in (("Primary", handler), ("Backup", backup)):
            if not isinstance(given, ItemHandler):
                raise ValueError(
                    f"{name} handler is of type {type(given)} instead of ItemHandler"
                )
        self._handler, self._backup = handler, backup
        super().__init__(handler.keys + backup.keys)

    def tensors_to_item(self, keys_to_tensors):
        item = self._handler.tensors_to_item(keys_to_tensors)
        return cond(
            equal(reduce_prod(shape(item)), 0),
            lambda: self._backup.tensors_to_item(keys_to_tensors),
            lambda: item,
        )


class SparseTensor(ItemHandler):
    """The item is a sparse tensor of two features: where the last indices are, and the values.

    Its shape is `shape`, or what `shape_key` has, or the indices'. With `densify` it is dense,
    `default_value` in the gaps.
    """

    def __init__(self, indices_key=None, values_key=None, shape_key=None, shape=None,
                 densify=False, default_value=0):  # fmt: skip
        self._indices_key = indices_key or "indices"
        self._values_key, self._shape_key = values_key or "values", shape_key
        self._shape, self._densify, self._default_value = shape, densify, default_value
        more = [shape_key] if shape_key else []
        super().__init__([self._indices_key, self._values_key, *more])

    def tensors_to_item(self, keys_to_tensors):
        indices, values = keys_to_tensors[self._indices_key], keys_to_tensors[self._values_key]
        rank = shape(indices.indices)[1]
        ids = reshape(cast(indices.values, int64), [-1, 1])
        outer = slice_(indices.indices, [0, 0], stack([-1, rank - 1]))
        sizes = self._sizes(keys_to_tensors, indices)
        tensor = sparse_tensor.SparseTensor(concat([outer, ids], 1), values.values, sizes)
        if self._densify:
            return sparse_tensor_to_dense(tensor, self._default_value)
        return tensor

    def _sizes(self, keys_to_tensors, indices):
        if self._shape_key:
            sizes = keys_to_tensors[self._shape_key]
            return sparse_tensor_to_dense(sizes) if _is_sparse(sizes) else sizes
        return self._shape or indices.dense_shape


class Image(ItemHandler):
    """The item is an image, of its encoded bytes and the name of their format: "raw" ones are
    decoded as they are, others by what they begin with.

    `shape` is what it is reshaped to; several, for `repeated` bytes, are stacked.
    """

    def __init__(self, image_key=None, format_key=None, shape=None, channels=3, dtype=uint8,
                 repeated=False, dct_method=""):  # fmt: skip
        self._image_key = image_key or "image/encoded"
        self._format_key = format_key or "image/format"
        self._shape, self._channels, self._dtype = shape, channels, dtype
        self._repeated, self._dct_method = repeated, dct_method
        super().__init__([self._image_key, self._format_key])

    def tensors_to_item(self, keys_to_tensors):
        encoded, kind = keys_to_tensors[self._image_key], keys_to_tensors[self._format_key]
        if self._repeated:
            return map_fn(lambda each: self._decode(each, kind), encoded, dtype=self._dtype)
        return self._decode(encoded, kind)

    def _decode(self, encoded, kind):
        is_raw = logical_or(equal(kind, "raw"), equal(kind, "RAW"))
        raw = [(is_raw, lambda: decode_raw(encoded, out_type=self._dtype))]
        image = case(raw, default=lambda: self._compressed(encoded), exclusive=True)
        image.set_shape([None, None, self._channels])
        return image if self._shape is None else reshape(image, self._shape)

    def _compressed(self, encoded):
        """A JPEG has a function of its own, which knows how exact it is to be."""

        def jpeg():
            found = decode_jpeg(encoded, channels=self._channels, dct_method=self._dct_method)
            return cast(found, self._dtype)

        def another():
            return cast(decode_image(encoded, channels=self._channels), self._dtype)

        return cond(is_jpeg(encoded), jpeg, another, name="cond_jpeg")


class TFExampleDecoder(DataDecoder):
    """Parses an Example by `keys_to_features`, and makes items of it by `items_to_handlers`."""

    def __init__(self, keys_to_features, items_to_handlers):
        self._keys_to_features, self._items_to_handlers = keys_to_features, items_to_handlers

    def list_items(self):
        return list(self._items_to_handlers)

    def decode(self, serialized_example, items=None):
        """The tensors of these items, of all by default, in order."""
        example = parse_single_example(serialized_example, self._keys_to_features)
        for key, feature in sorted(self._keys_to_features.items()):
            if isinstance(feature, FixedLenFeature):  # The parser may not know it.
                example[key] = reshape(example[key], feature.shape)
        handlers = [self._items_to_handlers[item] for item in items or self._items_to_handlers]
        return [
            handler.tensors_to_item({key: example[key] for key in handler.keys})
            for handler in handlers
        ]
