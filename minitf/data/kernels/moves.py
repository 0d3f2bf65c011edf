"""Which elements come, and in what order: repeat, take, skip, shard, concatenate, zip."""
from minitf.core.dtypes import int64, variant
from minitf.core.errors import InvalidArgumentError
from minitf.core.schema import TypeAttr
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.stream import (
    INFINITE,
    UNKNOWN,
    Chosen,
    Source,
    Zipped,
    is_quiet,
    many,
)

Datasets = TypeAttr("_", (variant,))

# -- repeat ---------------------------------------------------------------------------------------


class Repeat(Chosen):
    """The elements `count` times, without end where it is negative."""

    def __init__(self, input, count, types, shapes):
        super().__init__(input, types, shapes)
        self.count = count

    def stream(self, run, path):
        return Repeated(self, run, path)

    def cardinality(self):
        inner = self.input.cardinality()
        if self.count == 0 or inner == 0:
            return 0
        if self.count < 0:
            return INFINITE
        return inner if inner < 0 else inner * self.count


class Repeated:
    """A pass of Repeat. Where a pass of what it repeats gives nothing, not even an error, it ends,
    too, if it would not otherwise."""

    def __init__(self, source, run, path):
        self.source, self.run, self.path = source, run, path
        self.left, self.quiet = source.count, source.quiet
        self.inner, self.fresh = None, True

    def __iter__(self):
        return self

    def __next__(self):
        while self._going():
            fresh, self.fresh = self.fresh, False
            for token in self.inner:
                return token
            self.fresh = fresh
            self._again()
        raise StopIteration

    def many(self, count):
        """Tokens of one pass alone, or of several, as a list."""
        found = self._some(count)
        while len(found) < count and self.left:
            found = [*found, *self._some(count - len(found))]
        return found

    def _some(self, count):
        while self._going():
            found = many(self.inner, count)
            if len(found):
                self.fresh = False
                return found
            self._again()
        return []

    def _going(self):
        if self.inner is None and self.left:
            self.inner = self.source.inner(self.run, self.path)
        return self.left != 0

    def _again(self):
        self.inner = None
        empty = self.fresh and self.left < 0
        self.left = 0 if empty else self.left - (self.left > 0)
        self.fresh = True


@dataset_op("RepeatDataset")
def repeat_dataset(
    xp, input_dataset: variant, count: int64, *, output_types, output_shapes
) -> variant:
    """The elements count times, or without end."""
    return Repeat(input_dataset, int(count), output_types, output_shapes)


# -- some of them ---------------------------------------------------------------------------------


class Take(Chosen):
    """The first elements; all where `count` is negative."""

    def __init__(self, input, count, types, shapes):
        super().__init__(input, types, shapes)
        self.count = count

    def stream(self, run, path):
        if not self.count:
            return iter(())
        inner = self.inner(run, path)
        return inner if self.count < 0 else First(inner, self.count)

    def cardinality(self):
        inner = self.input.cardinality()
        if inner == UNKNOWN:
            return UNKNOWN
        return self.count if inner == INFINITE else min(inner, self.count)  # so in TensorFlow


class First:
    """The first tokens of a stream; what follows is not asked for. An error counts as none."""

    def __init__(self, inner, count):
        self.inner, self.left, self.quiet = inner, count, is_quiet(inner)

    def __iter__(self):
        return self

    def __next__(self):
        if self.left <= 0:
            self.inner = None  # and what it has open is closed
            raise StopIteration
        token = next(self.inner)
        self.left -= 1
        return token

    def many(self, count):
        if self.left <= 0:
            return []
        found = many(self.inner, min(count, self.left))
        self.left -= len(found)
        return found


@dataset_op("TakeDataset")
def take_dataset(
    xp, input_dataset: variant, count: int64, *, output_types, output_shapes
) -> variant:
    """The first count elements."""
    return Take(input_dataset, int(count), output_types, output_shapes)


class Skip(Chosen):
    """All but the first elements; none where `count` is negative."""

    def __init__(self, input, count, types, shapes):
        super().__init__(input, types, shapes)
        self.count = count

    def stream(self, run, path):
        return Rest(self.inner(run, path), self.count) if self.count >= 0 else iter(())

    def cardinality(self):
        inner = self.input.cardinality()
        if inner < 0:
            return inner
        return 0 if self.count < 0 else max(inner - self.count, 0)


class Rest:
    """What follows after the first tokens of a stream."""

    def __init__(self, inner, count):
        self.inner, self.before, self.quiet = inner, count, is_quiet(inner)

    def __iter__(self):
        return self

    def _skip(self):
        while self.before:
            next(self.inner)  # an error is not among those that are skipped
            self.before -= 1

    def __next__(self):
        if self.before:
            self._skip()
        return next(self.inner)

    def many(self, count):
        try:
            self._skip()
        except StopIteration:
            return []
        return many(self.inner, count)


@dataset_op("SkipDataset")
def skip_dataset(
    xp, input_dataset: variant, count: int64, *, output_types, output_shapes
) -> variant:
    """All elements but the first count."""
    return Skip(input_dataset, int(count), output_types, output_shapes)


class Shard(Chosen):
    """One in `count` elements."""

    def __init__(self, input, count, index, types, shapes):
        super().__init__(input, types, shapes)
        self.count, self.index = count, index

    def stream(self, run, path):
        return OneIn(self.inner(run, path), self.count, self.index)

    def cardinality(self):
        inner = self.input.cardinality()
        return inner if inner < 0 else inner // self.count + (self.index < inner % self.count)


class OneIn:
    """The tokens whose number has this remainder."""

    def __init__(self, inner, count, index):
        self.inner, self.count, self.at, self.index = inner, count, 0, index

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            token = next(self.inner)
            number, self.at = self.at, (self.at + 1) % self.count
            if number == self.index:
                return token


@dataset_op("ShardDataset")
def shard_dataset(
    xp, input_dataset: variant, num_shards: int64, index: int64, *, output_types, output_shapes,
    require_non_empty=False,
) -> variant:  # fmt: skip
    """The elements whose number has the remainder index."""
    if num_shards <= 0:
        raise InvalidArgumentError(None, None, "Number of shards must be greater than zero "
                                   f"(currently num_shards = {num_shards}).")  # fmt: skip
    if not 0 <= index < num_shards:
        raise InvalidArgumentError(
            None, None, f"Index must be between 0 and {num_shards - 1} "
            f"(currently index = {index})."
        )  # fmt: skip
    return Shard(input_dataset, int(num_shards), int(index), output_types, output_shapes)


# -- several datasets -----------------------------------------------------------------------------


class Concatenate(Source):
    """The elements of one dataset, then those of another one."""

    def __init__(self, inputs, types, shapes):
        super().__init__(types, shapes)
        self.inputs = inputs
        self.quiet = all(each.quiet for each in inputs)

    def stream(self, run, path):
        return After(self, run, path)

    def cardinality(self):
        counts = [each.cardinality() for each in self.inputs]
        endless = INFINITE if INFINITE in counts else UNKNOWN
        return endless if min(counts) < 0 else sum(counts)


class After:
    """A pass of Concatenate."""

    def __init__(self, source, run, path):
        parts = enumerate(source.inputs)
        self.left = ((each.form, each.stream(run, (path, i))) for i, each in parts)
        self.form, self.inner = next(self.left)

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            for token in self.inner:
                return self.form.element(token)
            self.form, self.inner = next(self.left)


@dataset_op("ConcatenateDataset")
def concatenate_dataset(
    xp, input_dataset: variant, another_dataset: variant, *, output_types, output_shapes
) -> variant:
    """The elements of the one, then those of the other."""
    return Concatenate([input_dataset, another_dataset], output_types, output_shapes)


class Zip(Source):
    """Elements of several datasets, side by side, as long as all have some."""

    def __init__(self, inputs, types, shapes):
        super().__init__(types, shapes)
        self.inputs = inputs
        self.form = Zipped([each.form for each in inputs])
        self.quiet = all(each.quiet for each in inputs)

    def stream(self, run, path):
        return Beside([each.stream(run, (path, i)) for i, each in enumerate(self.inputs)])

    def cardinality(self):
        counts = [each.cardinality() for each in self.inputs]
        if UNKNOWN in counts:
            return UNKNOWN
        return min((count for count in counts if count >= 0), default=INFINITE)


class Beside:
    """A pass of Zip. It goes on where a part raised an error: the others have moved on."""

    def __init__(self, streams):
        self.streams = streams

    def __iter__(self):
        return self

    def __next__(self):
        return tuple([next(stream) for stream in self.streams])


@dataset_op("ZipDataset")
def zip_dataset(xp, *input_datasets: Datasets, output_types, output_shapes) -> variant:
    """Elements of all, side by side."""
    return Zip(input_datasets, output_types, output_shapes)


# -- what only says how ---------------------------------------------------------------------------


@dataset_op("ModelDataset")
def model_dataset(
    xp, input_dataset: variant, *, output_types, output_shapes, algorithm=0, cpu_budget=0
) -> variant:
    """The same dataset: how far it runs ahead is not tuned."""
    return input_dataset


@dataset_op("MaxIntraOpParallelismDataset")
def max_intra_op_parallelism_dataset(
    xp, input_dataset: variant, max_intra_op_parallelism: int64, *, output_types, output_shapes
) -> variant:
    """The same dataset: its functions run in the threads there are."""
    return input_dataset


@dataset_op("PrivateThreadPoolDataset")
def private_thread_pool_dataset(
    xp, input_dataset: variant, num_threads: int64, *, output_types, output_shapes
) -> variant:
    """The same dataset: threads are made where they pay."""
    return input_dataset
