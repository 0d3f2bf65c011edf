"""`tf.data.Iterator`: the way through a dataset, element by element."""

import warnings

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import string
from minitf.core.eager import executing_eagerly, unheard
from minitf.core.errors import OutOfRangeError
from minitf.core.graph import colocate_with, device, get_default_graph, name_scope
from minitf.data import nest
from minitf.data.kernels import iterators as kernels
from minitf.data.structure import (
    classes_of,
    flat_structure,
    from_legacy,
    from_tensors,
    given_structure,
    shapes_of,
    types_of,
)

GET_NEXT_CALL_WARNING_THRESHOLD = 32
GET_NEXT_CALL_WARNING_MESSAGE = (
    "An unusually high number of `Iterator.get_next()` calls was detected. This often indicates "
    "that `Iterator.get_next()` is being called inside a training loop, which will cause gradual "
    "slowdown and eventual resource exhaustion. If this is the case, restructure your code to call "
    "`next_element = iterator.get_next()` once outside the loop, and use `next_element` as the "
    "input to some computation that is invoked inside the loop."
)


class Iterator:
    """A way through a dataset, which a Session keeps: `get_next()` is its next element.

    `dataset.make_one_shot_iterator()` and `dataset.make_initializable_iterator()` make one;
    `from_structure` one for several datasets, `from_string_handle` one that each run chooses. In a
    run OutOfRangeError says that there are no more elements, FailedPreconditionError that the
    iterator has not been initialised.
    """

    def __init__(self, iterator_resource, initializer, output_types, output_shapes,
                 output_classes):  # fmt: skip
        if output_types is None or output_shapes is None or output_classes is None:
            raise ValueError(
                "If `structure` is not specified, all of `output_types`, `output_shapes`, and "
                "`output_classes` must be specified."
            )
        self._iterator_resource, self._initializer = iterator_resource, initializer
        self._element_spec = from_legacy(output_types, output_shapes, output_classes)
        self._string_handle = kernels.iterator_to_string_handle(iterator_resource)
        self._get_next_call_count = 0
        get_default_graph().add_to_collection("iterators", iterator_resource)

    @staticmethod
    def from_structure(output_types, output_shapes=None, shared_name=None, output_classes=None):
        """An iterator for datasets of this structure: `make_initializer(dataset)` lets it begin.

        Shapes are unknown where they are not given, elements tensors where `output_classes` are
        not. TypeError or ValueError where these are nested differently.
        """
        spec = given_structure(output_types, output_shapes, output_classes)
        with _on_the_cpu():
            made = kernels.iterator_v2(shared_name=shared_name or "", **flat_structure(spec))
        return _iterator(made, None, spec)

    @staticmethod
    def from_string_handle(string_handle, output_types, output_shapes=None, output_classes=None):
        """The iterator that a string names: feed what `sess.run(iterator.string_handle())` gave."""
        spec = given_structure(output_types, output_shapes, output_classes)
        handle = convert_to_tensor(string_handle, dtype=string)
        with _on_the_cpu():
            made = kernels.iterator_from_string_handle_v2(handle, **flat_structure(spec))
        return _iterator(made, None, spec)

    @property
    def initializer(self):
        """The operation that lets it begin. ValueError where there is none."""
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset, name=None):
        """An operation that lets it begin with `dataset`. TypeError when that has another
        structure."""
        with name_scope(name, "make_initializer") as name:
            self._check(dataset.element_spec)
        with colocate_with(self._iterator_resource):
            return kernels.make_iterator(
                dataset._variant_tensor, self._iterator_resource, name=name
            )

    def _check(self, spec):
        own = self._element_spec
        nest.assert_same_structure(own, spec)
        if nest.flatten(classes_of(own)) != nest.flatten(classes_of(spec)):
            raise TypeError(
                f"Expected output classes {classes_of(own)!r} but got dataset with output class "
                f"{classes_of(spec)!r}."
            )
        if nest.flatten(types_of(own)) != nest.flatten(types_of(spec)):
            raise TypeError(
                f"Expected output types {types_of(own)!r} but got dataset with output types "
                f"{types_of(spec)!r}."
            )
        pairs = zip(nest.flatten(own), nest.flatten(spec))
        if not all(ours.is_compatible_with(theirs) for ours, theirs in pairs):
            raise TypeError(
                f"Expected output shapes compatible with {shapes_of(own)!r} but got dataset with "
                f"output shapes {shapes_of(spec)!r}."
            )

    def get_next(self, name=None):
        """The next element, a structure of tensors: call it once, and run what it returns again
        and again."""
        self._get_next_call_count += 1
        if self._get_next_call_count > GET_NEXT_CALL_WARNING_THRESHOLD:
            warnings.warn(GET_NEXT_CALL_WARNING_MESSAGE, stacklevel=2)
        tensors = kernels.iterator_get_next(
            self._iterator_resource, name=name, **flat_structure(self._element_spec)
        )
        return from_tensors(self._element_spec, tensors)

    def string_handle(self, name=None):
        """A scalar string that names the iterator, for `from_string_handle`."""
        if name is None:
            return self._string_handle
        return kernels.iterator_to_string_handle(self._iterator_resource, name=name)

    output_classes = property(lambda self: classes_of(self._element_spec))
    output_shapes = property(lambda self: shapes_of(self._element_spec))
    output_types = property(lambda self: types_of(self._element_spec))
    element_spec = property(lambda self: self._element_spec)


def _iterator(resource, initializer, spec):
    return Iterator(resource, initializer, types_of(spec), shapes_of(spec), classes_of(spec))


def _on_the_cpu():
    """The CPU, where no device has been asked for."""
    return device(None if get_default_graph()._devices else "/cpu:0")


def one_shot(factory, spec):
    """An iterator over the dataset that the function `factory` makes."""
    made = kernels.one_shot_iterator(dataset_factory=factory, **flat_structure(spec))
    return _iterator(made, None, spec)


def initializable(variant, spec, shared_name):
    """An iterator with an initializer for the dataset `variant`."""
    made = kernels.iterator_v2(shared_name=shared_name or "", **flat_structure(spec))
    with colocate_with(made):
        initializer = kernels.make_iterator(variant, made)
    return _iterator(made, initializer, spec)


class EagerIterator:
    """The elements of a dataset, one after the other, where operations run at once:
    `for element in dataset` goes through one."""

    def __init__(self, dataset):
        if not executing_eagerly():
            raise RuntimeError(
                f"{type(self).__name__} objects can only be used when eager execution is enabled, "
                "use tf.data.Dataset.make_initializable_iterator or "
                "tf.data.Dataset.make_one_shot_iterator for graph construction"
            )
        self._element_spec = dataset.element_spec
        self._structure = flat_structure(self._element_spec)
        with unheard():
            self._iterator_resource = kernels.iterator_v2(shared_name="", **self._structure)
            variant = dataset._applied(dataset._variant_tensor)
            kernels.make_iterator(variant, self._iterator_resource)

    def __iter__(self):
        if not executing_eagerly():
            raise NotImplementedError(
                "A loop over an iterator in a function that is traced: let the loop go over the "
                "dataset, or take elements by next(iterator)."
            )
        return self

    def __next__(self):
        try:
            return self.get_next()
        except OutOfRangeError:
            raise StopIteration from None

    next = __next__

    def get_next(self, name=None):
        """The next element. OutOfRangeError where there is none."""
        tensors = kernels.iterator_get_next(self._iterator_resource, name=name, **self._structure)
        return from_tensors(self._element_spec, tensors)

    _next_internal = get_next  # what helpers of tests go through data sets with

    output_classes = property(lambda self: classes_of(self._element_spec))
    output_shapes = property(lambda self: shapes_of(self._element_spec))
    output_types = property(lambda self: types_of(self._element_spec))
    element_spec = property(lambda self: self._element_spec)
