"""What all datasets have: the structure of their elements, options, iterators."""

import importlib
import warnings

from minitf.core import dtypes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.eager import executing_eagerly
from minitf.core.graph import get_default_graph
from minitf.data import iterator, nest, structure
from minitf.data.kernels import moves, optimize, statistics
from minitf.data.options import Options
from minitf.data.structure import flat_structure
from minitf.logging import get_logger
from minitf.ops.function import FuncGraph, copied_in


class BaseDataset:
    """A node of type variant, the structure of its elements, and what it is made of."""

    def __init__(self, variant_tensor, element_spec, inputs=(), functions=(), options=None):
        self._variant_tensor, self._element_spec = variant_tensor, element_spec
        self._own_inputs, self._own_functions = list(inputs), list(functions)
        self._own_options = options
        self._graph = get_default_graph()

    # -- what it is ------------------------------------------------------------------------------

    element_spec = property(lambda self: self._element_spec)
    output_types = property(lambda self: structure.types_of(self._element_spec))
    output_shapes = property(lambda self: structure.shapes_of(self._element_spec))
    output_classes = property(lambda self: structure.classes_of(self._element_spec))
    _flat_structure = property(lambda self: flat_structure(self._element_spec))

    def _inputs(self):
        return self._own_inputs

    def _functions(self):
        return self._own_functions

    def __repr__(self):
        shapes = str(nest.map_structure(str, self.output_shapes)).replace("'", "")
        types = str(nest.map_structure(repr, self.output_types)).replace("'", "")
        return f"<{type(self).__name__} shapes: {shapes}, types: {types}>"

    def __iter__(self):
        """Its elements, where operations run at once. RuntimeError in a graph."""
        if not executing_eagerly():
            raise RuntimeError("__iter__() is only supported inside of tf.function or when eager "
                               "execution is enabled: use make_one_shot_iterator().get_next().")
        return iterator.EagerIterator(self)

    def _for_each(self, loop):
        """The state after a `for` over its elements, as nodes."""
        return importlib.import_module("minitf.data.loops").for_each(self, loop)

    def options(self):
        """All that `with_options` has set in it, or in what it is made of."""
        if self._own_options is not None:
            return self._own_options
        found = Options()
        for each in self._own_inputs:
            found = found.merge(each.options())
        return found

    def with_options(self, options):
        """The same with these `tf.data.Options`. ValueError when they contradict its own."""
        merged = self.options().merge(options)
        return made(self._variant_tensor, self._element_spec, [self], options=merged)

    # -- iterators -------------------------------------------------------------------------------

    def make_one_shot_iterator(self):
        """An iterator over it that needs no initializer. ValueError when it uses variables or other
        things with a state."""
        return self._make_one_shot_iterator()

    def _make_one_shot_iterator(self):
        if executing_eagerly():
            return iterator.EagerIterator(self)
        self._check_graph()
        graph = FuncGraph("_make_dataset")
        with graph.as_default():
            try:
                variant = copied_in(graph, self._variant_tensor)
                if self.options().experimental_stats.aggregator is not None:
                    raise ValueError("a StatsAggregator has a state")
            except ValueError as error:
                raise ValueError(
                    "Failed to create a one-shot iterator for a dataset. "
                    "`Dataset.make_one_shot_iterator()` does not support datasets that capture "
                    "stateful objects, such as a `Variable` or `LookupTable`. In these cases, use "
                    f"`Dataset.make_initializable_iterator()`. (Original error: {error})"
                ) from None
            graph.outputs = [self._applied(variant)]
        return iterator.one_shot(graph, self._element_spec)

    def make_initializable_iterator(self, shared_name=None):
        """An iterator over it that begins, from the first element on, each time its `initializer`
        is run."""
        return self._make_initializable_iterator(shared_name)

    def _make_initializable_iterator(self, shared_name=None):
        if executing_eagerly():
            raise RuntimeError(
                "dataset.make_initializable_iterator is not supported when eager execution is "
                "enabled. Use `for element in dataset` instead."
            )
        if not self._variant_tensor.graph.eager:
            self._check_graph()
        variant = self._applied(self._variant_tensor)
        return iterator.initializable(variant, self._element_spec, shared_name)

    def _applied(self, variant):
        """The dataset with what the options ask for."""
        options, spec = self.options(), self._flat_structure
        threading, optimization = options.experimental_threading, options.experimental_optimization
        if threading.max_intra_op_parallelism is not None:
            number = convert_to_tensor(threading.max_intra_op_parallelism, int64,
                                       name="max_intra_op_parallelism")  # fmt: skip
            variant = moves.max_intra_op_parallelism_dataset(variant, number, **spec)
        if threading.private_threadpool_size is not None:
            number = convert_to_tensor(threading.private_threadpool_size, int64,
                                       name="num_threads")  # fmt: skip
            variant = moves.private_thread_pool_dataset(variant, number, **spec)
        wanted = options._static_optimizations()
        if wanted and self._has_captured_ref():
            warnings.warn(
                "tf.data static optimizations are not compatible with tf.Variable. The following "
                f"optimizations will be disabled: {', '.join(wanted)}. To enable optimizations, "
                "use resource variables instead by calling `tf.enable_resource_variables()` at "
                "the start of the program.", stacklevel=4,
            )  # fmt: skip
        elif wanted:
            names = convert_to_tensor(wanted, dtypes.string, name="optimizations")
            configs = options._static_optimization_configs()
            variant = optimize.optimize_dataset(
                variant, names, optimization_configs=configs, **spec
            )
        if optimization.autotune is not False:
            variant = moves.model_dataset(
                variant, cpu_budget=optimization.autotune_cpu_budget or 0,
                algorithm=optimization.autotune_algorithm or 0, **spec,
            )  # fmt: skip
        return self._counted(variant)

    def _counted(self, variant):
        """The dataset with what its options say is counted."""
        stats = self.options().experimental_stats
        if stats.aggregator is None:
            return variant
        tag, prefix = (convert_to_tensor(each or "", dtypes.string)
                       for each in (stats.prefix, stats.counter_prefix))  # fmt: skip
        return statistics.set_stats_aggregator_dataset(
            variant, stats.aggregator._resource, tag, prefix, **self._flat_structure
        )

    def _has_captured_ref(self):
        """Whether a function in it reads a variable, other than a resource variable."""
        functions = (each for dataset in self._all() for each in dataset._functions())
        stack, seen = [t for each in functions for t in each.captured], set()
        while stack:
            tensor = stack.pop()
            if tensor.dtype._is_ref_dtype and not vars(tensor.op).get("is_resource"):
                return True
            if tensor.op not in seen:
                seen.add(tensor.op)
                stack += tensor.op.inputs
        return False

    def _all(self):
        """It and all that it is made of."""
        found, stack = {}, [self]
        while stack:
            dataset = stack.pop()
            if dataset not in found:
                found[dataset] = None
                stack += dataset._inputs()
        return list(found)

    def _check_graph(self):
        graph = get_default_graph()
        for dataset in self._all():
            if dataset._graph is not graph:
                get_logger().warning(
                    f"The graph ({graph}) of the iterator is different from the graph "
                    f"({dataset._graph}) the dataset: {dataset._variant_tensor} was created in. "
                    "Make all datasets, and their iterator, in one graph."
                )


MADE = []  # the class of what methods return


def made(*arguments, **keywords):
    """A dataset with all the methods that datasets have."""
    return MADE[0](*arguments, **keywords)
