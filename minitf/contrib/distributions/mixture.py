"""`tf.contrib.distributions.Mixture`."""
from minitf.contrib.distributions.util import padded_for_mixture
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.distributions.categorical import Categorical
from minitf.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from minitf.nn.activation import log_softmax, softmax
from minitf.ops.array.basics import identity, reshape, shape, size
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.partition import dynamic_partition, dynamic_stitch
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import sqrt, square
from minitf.ops.random.draws import salted
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_prod, reduce_sum
from minitf.ops.reduction.scan import add_n


class Mixture(Distribution):
    """Each sample is one of a component that `cat`, a Categorical, chooses.

    `use_static_graph` draws all components for each sample, and keeps one. `validate_args` lets
    components of another batch raise in the run. TypeError, ValueError for those that do not fit.
    """

    def __init__(
        self,
        cat,
        components,
        validate_args=False,
        allow_nan_stats=True,
        use_static_graph=False,
        name="Mixture",
    ):
        parameters = dict(locals())
        _check_types(cat, components)
        self._cat, self._components = cat, list(components)
        self._use_static_graph = use_static_graph
        self._static_event_shape, self._static_batch_shape = self._merged_shapes()
        with name_scope(name, values=[cat.logits]) as name:
            self._num_components = _count(cat, components)
            self._assertions = self._checks() if validate_args else []
        parents = [parent for each in (cat, *components) for parent in each._graph_parents]
        super().__init__(components[0].dtype, NOT_REPARAMETERIZED, validate_args,
                         allow_nan_stats, parameters, parents, name)  # fmt: skip

    @property
    def cat(self):
        """What chooses."""
        return self._cat

    @property
    def components(self):
        """What is chosen from."""
        return self._components

    @property
    def num_components(self):
        """How many they are."""
        return self._num_components

    def _merged_shapes(self):
        event, batch = self.components[0].event_shape, self.cat.batch_shape
        for each in self.components:
            event, batch = event.merge_with(each.event_shape), batch.merge_with(each.batch_shape)
        if event.ndims is None:
            raise ValueError("Expected to know rank(event_shape) from components, but none of the "
                             "components provide a static number of ndims")  # fmt: skip
        return event, batch

    def _checks(self):
        """The ranks, too: sizes of other ranks may broadcast."""
        said, sizes = "components[{}] batch shape must match cat batch shape", self._cat_sizes()
        batches = [each.batch_shape_tensor() for each in self.components]
        return [assert_equal(of(sizes), of(batch), message=said.format(i))
                for of in (size, identity) for i, batch in enumerate(batches)]  # fmt: skip

    def _cat_sizes(self):
        return self.cat.batch_shape_tensor()

    def _batch_shape_tensor(self):
        return self._cat_sizes()

    def _batch_shape(self):
        return self._static_batch_shape

    def _event_shape_tensor(self):
        return self.components[0].event_shape_tensor()

    def _event_shape(self):
        return self._static_event_shape

    def _mean(self):
        return self._weighted("mean", self.event_shape.ndims)

    def entropy_lower_bound(self, name="entropy_lower_bound"):
        """The weighted mean of the components' entropies."""
        with self._name_scope(name, [self.cat.logits]):
            return self._weighted("entropy", 0)

    def _weighted(self, what, ndims):
        """The mean of a statistic, of so many axes, over the components."""
        with control_dependencies(self._assertions):
            parts = [getattr(each, what)() for each in self.components]
            weights = unstack(softmax(self.cat.logits), num=self.num_components, axis=-1)
            return add_n([_with_axes(w, ndims) * part for w, part in zip(weights, parts)])

    def _stddev(self):
        with control_dependencies(self._assertions):
            means = stack([each.mean() for each in self.components], axis=-1)
            deviations = stack([each.stddev() for each in self.components], axis=-1)
            weights = unstack(softmax(self.cat.logits), num=self.num_components, axis=-1)
            ndims = self.event_shape.ndims
            weights = stack([_with_axes(each, ndims) for each in weights], axis=-1)
            mean = reduce_sum(weights * means, axis=-1)
            squares = reduce_sum(weights * (square(deviations) + square(means)), axis=-1)
            return sqrt(squares - square(mean))

    def _log_prob(self, x):
        return self._log_total("log_prob", x)

    def _log_cdf(self, x):
        return self._log_total("log_cdf", x)

    def _log_total(self, what, x):
        with control_dependencies(self._assertions):
            weights = unstack(log_softmax(self.cat.logits), num=self.num_components, axis=-1)
            parts = [w + getattr(each, what)(x) for w, each in zip(weights, self.components)]
            return reduce_logsumexp(stack(parts, 0), [0])

    def _sample_n(self, n, seed=None):
        if self._use_static_graph:
            return self._chosen_of_all(n, seed)
        with control_dependencies(self._assertions):
            return self._chosen_alone(n, seed)

    def _chosen_of_all(self, n, seed):
        ndims = self.event_shape.ndims
        classes, samples = self.cat.sample(n, seed=seed), []
        for each in self.components:
            seed = salted(seed, "mixture")
            samples.append(each.sample(n, seed=seed))
        x = stack(samples, -ndims - 1)
        kept = one_hot(classes, self.num_components, dtype=x.dtype)
        return reduce_sum(x * padded_for_mixture(kept, self, self.cat, ndims), axis=-1 - ndims)

    def _chosen_alone(self, n, seed):
        """Of each component as many batches as it is chosen for, and of these one each."""
        classes = self.cat.sample(n, seed=seed)
        count, event = reduce_prod(self.batch_shape_tensor()), self.event_shape_tensor()
        places = dynamic_partition(numbers(size(classes)), reshape(classes, [-1]),
                                   self.num_components)  # fmt: skip
        samples = []
        for each, chosen in zip(self.components, places):
            seed = salted(seed, "mixture")
            drawn = reshape(each.sample(size(chosen), seed=seed), concat([[-1], event], 0))
            samples.append(gather(drawn, count * numbers(size(chosen)) + chosen % count))
        found = reshape(dynamic_stitch(places, samples), concat([shape(classes), event], 0))
        found.set_shape(classes.shape.concatenate(self.event_shape))
        return found


def _check_types(cat, components):
    if not isinstance(cat, Categorical):
        raise TypeError(f"cat must be a Categorical distribution, but saw: {cat}")
    if not components:
        raise ValueError("components must be a non-empty list or tuple")
    if not isinstance(components, list | tuple):
        raise TypeError(f"components must be a list or tuple, but saw: {components}")
    if not all(isinstance(each, Distribution) for each in components):
        raise TypeError("all entries in components must be Distribution instances but saw: "
                        f"{components}")  # fmt: skip
    if len({each.dtype for each in components}) > 1:
        found = [(each.name, each.dtype) for each in components]
        raise TypeError(f"All components must have the same dtype, but saw dtypes: {found}")


def _count(cat, components):
    count = constant_value(cat.event_size)
    if count is None:
        raise ValueError("Could not infer number of classes from cat and unable to compare this "
                         "value to the number of components passed in.")  # fmt: skip
    if count != len(components):
        raise ValueError(f"cat.num_classes != len(components): {count} vs. {len(components)}")
    return int(count)


def _with_axes(x, count):
    """x with so many axes of size 1 behind."""
    return x[(..., *[None] * count)]
