"""What `Session.run` is given: values for tensors, checked before anything runs."""
from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from minitf.core import errors, tensor_shape
from minitf.core.bfloat16 import rounded
from minitf.core.dtypes import HANDLES, bfloat16
from minitf.core.graph import Graph
from minitf.core.ragged import is_ragged
from minitf.core.tensor import Tensor


class Feed:
    """One fed tensor: what a value for it has to be."""

    __slots__ = ("checked", "dtype", "halves", "handle", "plain", "tensor")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self.checked = True  # whether a shape that is known has to fit
        self.dtype = tensor.dtype.numpy
        self.handle = tensor.dtype.base_dtype in HANDLES
        self.halves = tensor.dtype.base_dtype is bfloat16
        self.plain = self.dtype.kind != "O" and not self.halves  # what is looked at one by one

    def __call__(self, value: Any) -> np.ndarray:
        """`value` as a contiguous array of the tensor's type; TypeError or ValueError when it is
        none."""
        if self.handle:
            return value
        if type(value) is np.ndarray and value.dtype is self.dtype and value.flags.c_contiguous:
            return value if self.plain else self._converted(value)
        return np.asarray(self._converted(value), order="C")

    def _converted(self, value: Any) -> np.ndarray:
        if isinstance(value, Tensor) or hasattr(value, "_ref"):
            raise TypeError(
                "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include "
                "Python scalars, strings, lists, numpy ndarrays, or TensorHandles. For reference, "
                f"the tensor object was {value!r} which was passed to the feed with key "
                f"{self.tensor!r}. sess.run({value.name!r}) gives its value."
            )
        value = getattr(value, "_value_in_session", value)
        if self.halves:
            return rounded(np, np.asarray(value).astype(np.float32))
        if self.dtype.kind == "O":
            if isinstance(value, int):
                raise TypeError(
                    f"Type of feed value {value} with type {type(value)} is not compatible with "
                    f"Tensor type string: {self._named()} takes strings, as str({value})."
                )
            return _as_bytes(np.asarray(value, object))
        try:
            array = np.asarray(value)
            if array.dtype == self.dtype:
                return array
            with np.errstate(all="ignore"):
                drops = array.dtype.kind == "c" and self.dtype.kind != "c"
                converted = (array.real if drops else array).astype(self.dtype)
        except (TypeError, ValueError, OverflowError) as error:
            raise type(error)(f"Cannot feed {_shown(value)} for {self._named()}: {error}") from None
        self._check_kept(array, converted, value)
        return converted

    def _check_kept(self, array: np.ndarray, converted: np.ndarray, value: Any) -> None:
        """A cast to fewer digits is usual; one to other numbers is likely a mistake. It is an error
        where TensorFlow has one: for a Python integer, and for complex numbers."""
        came, kind = array.dtype.kind, self.dtype.kind
        if (isinstance(value, int) and converted != value) or (came == "c" and kind != "c"):
            raise TypeError(
                f"Type of feed value {_shown(value)} with type {type(value)} is not compatible "
                f"with Tensor type {self.dtype.name}: {self._named()} would get other numbers. Try "
                "explicitly setting the type of the feed tensor to a larger type (e.g. int64), or "
                "converting the value first."
            )
        if kind in "iu" and came in "iuf" and not np.array_equal(array, converted):
            line = errors.user_line()
            warnings.warn_explicit(
                f"{self._named()}, gets other numbers than it was fed: {_shown(value)} is cut to "
                f"{self.dtype.name}. Convert the value first, or give the placeholder its type.",
                UserWarning, line.filename, line.lineno,
            )  # fmt: skip

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """ValueError unless an array of this shape fits the tensor's static shape."""
        if self.checked and tensor_shape.merge(self.tensor._shape, shape) is False:
            raise ValueError(
                f"Cannot feed value of shape {shape} for Tensor '{self.tensor.name}', which has "
                f"shape '{self.tensor.shape}'\n  built at {self.tensor.op.line}"
            )

    def _named(self) -> str:
        tensor = self.tensor
        return f"Tensor '{tensor.name}', which is {tensor.dtype.name} of {tensor.shape}"


def echoes(elements: list[Any], feeds: list[Feed]) -> list[tuple[int, int, Feed]]:
    """The fetched tensors that are fed: their numbers among those fetched and among the feeds."""
    fetched = [element for element in elements if isinstance(element, Tensor)]
    places = {feed.tensor: i for i, feed in enumerate(feeds) if not feed.handle}
    return [(k, places[t], feeds[places[t]]) for k, t in enumerate(fetched) if t in places]


def echoed(
    values: tuple[Any, ...], pairs: list[tuple[int, int, Feed]], given: list[Any]
) -> tuple[Any, ...]:
    """The fetched values, with those that were fed as they were given, but as arrays of their own:
    TensorFlow does not let them go through the run."""
    changed = dict(enumerate(values))
    for k, i, feed in pairs:
        if not hasattr(given[i], "_value_in_session"):
            changed[k] = np.array(given[i], feed.tensor.dtype.as_numpy_dtype)
    return tuple(changed.values())


def _as_bytes(array: np.ndarray) -> np.ndarray:
    if set(map(type, array.flat)) <= {bytes}:
        return array.astype(object)  # a copy
    result = np.empty(array.shape, object)
    for index, item in enumerate(array.flat):
        if not isinstance(item, (str, bytes)):
            raise errors.InternalError(None, None, f"Unsupported object type {type(item).__name__}")
        result.flat[index] = item.encode() if isinstance(item, str) else bytes(item)
    return result


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def tensors_of(graph: Graph, key: Any) -> list[Tensor]:
    """The tensors that a key of a feed_dict means: one, or those of a tuple."""
    parts = _parts(key)
    if parts is not None:
        return [tensor for part in parts for tensor in tensors_of(graph, part)]
    try:
        tensor = graph.as_graph_element(key, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        raise TypeError(
            f"Cannot interpret feed_dict key as Tensor: {error.args[0]} The keys of feed_dict are "
            "placeholders (or other tensors), its values what to feed."
        ) from None
    if not graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor!r} may not be fed.")
    return [tensor]


def values_of(key: Any, value: Any) -> Iterator[Any]:
    """The values for `tensors_of(key)`, from one value of the same structure."""
    parts = _parts(key)
    if parts is None:
        yield value
        return
    if is_ragged(value):
        value = [value.flat_values, *value.nested_row_splits]
    if not isinstance(value, (list, tuple)) or len(parts) != len(value):
        raise ValueError(f"The feed {key!r} has {len(parts)} parts; got {_shown(value)} for it.")
    for part, item in zip(parts, value):
        yield from values_of(part, item)


def parts(feed_dict: Mapping[Any, Any]) -> list[Any]:
    """A value for each fed tensor, where keys are several."""
    return [part for key, value in feed_dict.items() for part in values_of(key, value)]


def by_parts(feed_dict: Mapping[Any, Any]) -> dict[Any, Any] | None:
    """The feeds of a SparseTensor or IndexedSlices part by part, where one has another number of
    values than of parts: as many as there are of both are fed. None where all have as many."""
    even, pairs = True, dict[Any, Any]()
    for key, value in feed_dict.items():
        is_composite = hasattr(key, "_components") and not is_ragged(key)
        if is_composite and isinstance(value, (list, tuple)):
            parts = key._components()
            even = even and len(parts) == len(value)
            pairs.update(zip(parts, value))
        else:
            pairs[key] = value
    return None if even else pairs


def _parts(key: Any) -> Any:
    if hasattr(key, "_components"):
        return key._components()
    return key if isinstance(key, (list, tuple)) else None


def check_feed_dict(feed_dict: Any) -> None:
    """TypeError unless `feed_dict` maps tensors to values."""
    if not isinstance(feed_dict, Mapping):
        raise TypeError(
            f"feed_dict must be a dictionary {{placeholder: value}}, got {_shown(feed_dict)}"
        )
