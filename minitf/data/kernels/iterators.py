"""Iterators: what a Session keeps of a dataset that it goes through."""
import threading
import uuid
import weakref

import numpy as np

from minitf.core.dtypes import int64, resource, string, variant
from minitf.core.errors import FailedPreconditionError, InvalidArgumentError, OutOfRangeError
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.proto.message import Message
from minitf.core.resource import Resource
from minitf.core.schema import Attr
from minitf.core.tensor_shape import TensorShape, merge
from minitf.data.kernels.declare import text
from minitf.data.kernels.stream import Run, Source, check_shapes
from minitf.runtime.function import Instance

_iterators = weakref.WeakValueDictionary()


class ResourceHandleProto(Message):
    """What a handle is as a string."""

    PROTO = """
        string device = 1; string container = 2; string name = 3; uint64 hash_code = 4;
        string maybe_type_name = 5;
    """


class IteratorState(Resource):
    """A pass over a dataset; several threads may ask for the next element."""

    def __init__(self, operation):
        super().__init__(operation)
        self.types = operation.attrs["output_types"]
        self.shapes = [shape._sizes for shape in operation.attrs["output_shapes"]]
        self.lock = threading.Lock()
        self.run = self.ending = self.form = self.stream = None
        self.handle = b""

    def begin(self, source):
        """Go through a dataset, from its beginning."""
        _check_alike(self.types, self.shapes, source)
        run = Run()
        stream = source.stream(run, ())
        with self.lock:
            before, self.run = self.run, run
            self.form, self.stream = source.form, stream
        if before is not None:
            before.end()
            self.ending.detach()
        self.ending = weakref.finalize(self, run.end)

    def next(self):
        """The next element. OutOfRangeError at the end, FailedPreconditionError before it has
        begun."""
        with self.lock:
            if self.stream is None:
                raise FailedPreconditionError(
                    None, None, "GetNext() failed because the iterator has not been initialized. "
                    "Ensure that you have run the initializer operation for this iterator before "
                    "getting the next element."
                )  # fmt: skip
            for token in self.stream:
                element = self.form.element(token)
                break
            else:
                raise OutOfRangeError(None, None, "End of sequence")
        return element

    def cancel(self):
        if self.run is not None:
            self.run.end()
        self.stream = None  # with it goes what a cache has written by half

    def as_string(self):
        """What `IteratorFromStringHandleV2` finds it by."""
        if not self.handle:
            self.handle = ResourceHandleProto(
                device="/job:localhost/replica:0/task:0/device:CPU:0", container="localhost",
                name=f"{self.name}_{uuid.uuid4().hex}", hash_code=hash(type(self)) % 2**63,
                maybe_type_name="IteratorResource",
            ).SerializeToString()  # fmt: skip
            _iterators[self.handle] = self
        return self.handle


def _check_alike(types, shapes, source):
    if len(types) != len(source.types):
        raise InvalidArgumentError(
            None, None, f"Number of components does not match: expected {len(types)} types but got "
            f"{len(source.types)}."
        )  # fmt: skip
    for i, (wanted, got) in enumerate(zip(types, source.types)):
        if wanted != got:
            raise InvalidArgumentError(
                None, None, f"Data type mismatch at component {i}: expected {wanted.name} but got "
                f"{got.name}."
            )  # fmt: skip
    for i, (wanted, got) in enumerate(zip(shapes, source.shapes)):
        if merge(wanted, got) is False:
            raise InvalidArgumentError(
                None, None, f"Incompatible shapes at component {i}: expected {TensorShape(wanted)} "
                f"but got {TensorShape(got)}."
            )  # fmt: skip


def _scalar(*_, **__):
    return ()


def _iterator_op(type, **traits):
    traits = {"shape": _scalar, "grad": NOT_DIFFERENTIABLE, "stateful": True, "host": True} | traits
    return op(type, **traits)


@_iterator_op("IteratorV2", state=IteratorState)
def iterator_v2(
    xp, state, *, shared_name="", container="", output_types, output_shapes
) -> resource:  # fmt: skip
    """An iterator that begins when it is told a dataset."""
    return state


class OneShotState(IteratorState):
    """An iterator over the dataset that a function makes when the first element is wanted."""

    def __init__(self, operation):
        super().__init__(operation)
        self.factory = operation.attrs["dataset_factory"]
        self.making = threading.Lock()

    def begun(self):
        with self.making:
            if self.stream is None:
                (source,) = Instance(self.factory).bound([])(())
                self.begin(source)
        return self


@_iterator_op("OneShotIterator", state=OneShotState)
def one_shot_iterator(
    xp, state, *, dataset_factory, output_types, output_shapes, container="", shared_name=""
) -> resource:  # fmt: skip
    """An iterator over the dataset of a function."""
    return state.begun()


@op("MakeIterator", shape=_scalar, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def make_iterator(xp, dataset: variant, iterator: resource) -> None:
    """Let an iterator begin with a dataset."""
    iterator.begin(dataset)


def _shapes(handle, *, output_types, output_shapes):
    return [shape._sizes for shape in output_shapes]


@_iterator_op("IteratorGetNext", shape=_shapes, intake=True)
def iterator_get_next(
    xp, iterator: resource, *, output_types, output_shapes
) -> [Attr("output_types")]:  # fmt: skip
    """The components of the next element."""
    element = iterator.next()
    check_shapes(element, [shape._sizes for shape in output_shapes], "IteratorGetNext")
    return list(element)


@_iterator_op("IteratorToStringHandle")
def iterator_to_string_handle(xp, resource_handle: resource) -> string:
    """The string that names an iterator."""
    return np.array(resource_handle.as_string(), object)


@_iterator_op("IteratorFromStringHandleV2", stateful=False, state=lambda operation: {})
def iterator_from_string_handle_v2(
    xp, state, string_handle: string, *, output_types, output_shapes
) -> resource:  # fmt: skip
    """The iterator that a string names."""
    name = string_handle if type(string_handle) is bytes else string_handle.item()
    found = state.get(name)
    if found is not None:
        return found
    found = _iterators.get(name)
    if found is None:
        raise InvalidArgumentError(
            None, None, f"string_handle {text(string_handle)!r} names no iterator: feed what "
            "sess.run(iterator.string_handle()) gave, of a session that is open."
        )  # fmt: skip
    _check_alike(output_types, [shape._sizes for shape in output_shapes], _declared(found))
    state[name] = found
    return found


def _declared(iterator):
    """What an iterator gives, as far as its elements are declared."""
    made = Source(iterator.types, [])
    made.shapes = iterator.shapes
    return made


@_iterator_op("DatasetToSingleElement", shape=lambda dataset, *, output_types, output_shapes: [
    shape._sizes for shape in output_shapes])  # fmt: skip
def dataset_to_single_element(
    xp, dataset: variant, *, output_types, output_shapes
) -> [Attr("output_types")]:  # fmt: skip
    """The components of the only element of a dataset."""
    run = Run()
    try:
        stream = dataset.stream(run, "single")
        found = [dataset.form.element(token) for token, _ in zip(stream, range(2))]
    finally:
        run.end()
    if len(found) != 1:
        how = "more than one element" if found else "no elements"
        raise InvalidArgumentError(None, None, f"Dataset had {how}.")
    return list(found[0])


@_iterator_op("DatasetCardinality")
def dataset_cardinality(xp, input_dataset: variant) -> int64:
    """The number of elements of a dataset."""
    return np.array(input_dataset.cardinality(), np.int64)
