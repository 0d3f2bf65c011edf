"""`tf.data.Options`, and what can be set in it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.data.statistics import StatsAggregator


def option(name: str, kind: Any, doc: str, default: Callable[[], Any] = lambda: None) -> Any:
    """A property that is None, or what `default` makes, until it is set. TypeError for a value of
    another class."""

    def get(options: Any) -> Any:
        if name not in options._options:
            options._options[name] = default()
        return options._options[name]

    def put(options: Any, value: Any) -> None:
        if not isinstance(value, kind):
            raise TypeError(
                f'Property "{name}" must be of type {kind}, got: {value!r} (type: {type(value)!r})'
            )
        options._options[name] = value

    return property(get, put, None, doc)


class OptionsBase:
    """Named values. AttributeError for a name that is none of theirs."""

    _options: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_options", {})

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(self, name):
            raise AttributeError(f"Cannot set the property {name} on {type(self).__name__}.")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, type(self)):
            return NotImplemented
        names = {*self._options, *other._options}
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = None  # type: ignore[assignment]


def merge_options(*options_list: Any) -> Any:
    """Options with all that is set in one of several. ValueError for values that differ, or without
    any options; TypeError for options of different classes.
    """
    if not options_list:
        raise ValueError("At least one options should be provided")
    kind = type(options_list[0])
    for options in options_list:
        if not isinstance(options, kind):
            raise TypeError(f"Incompatible options type: {type(options)!r} vs {kind!r}")
    if not issubclass(kind, OptionsBase):
        raise TypeError("The inputs should inherit from `OptionsBase`")
    made, plain = kind(), kind()
    for options in options_list:
        for name in list(options._options):
            _merge(made, getattr(plain, name), name, getattr(options, name))
    return made


def _merge(made: Any, plain: Any, name: str, value: Any) -> None:
    known = getattr(made, name)
    if value == plain or known == value:
        return
    if known == plain:
        setattr(made, name, value)
    elif isinstance(known, OptionsBase):
        setattr(made, name, merge_options(known, value))
    else:
        raise ValueError(
            f"Cannot merge incompatible values ({known!r} and {value!r}) of option: {name}"
        )


class MapVectorizationOptions(OptionsBase):
    """How maps are done for a batch at once: nothing is changed here."""

    enabled = option("enabled", bool, "Whether they are.")
    use_choose_fastest = option("use_choose_fastest", bool, "Whether only where it is faster.")


_DEFAULT = ("map_and_batch_fusion", "noop_elimination", "shuffle_and_repeat_fusion")
_ASKED = ("filter_fusion", "filter_with_random_uniform_fusion", "hoist_random_uniform",
          "map_and_filter_fusion", "map_parallelization", "map_fusion",
          "parallel_batch")  # fmt: skip


class OptimizationOptions(OptionsBase):
    """What is made of a dataset before it runs.

    Of all these, those that are done unless they are forbidden are the ones that change which
    elements come: their order, the random numbers of each dataset, what an error takes with it.
    """

    apply_default_optimizations = option(
        "apply_default_optimizations", bool, "Whether to do what is not said otherwise."
    )
    autotune = option("autotune", bool, "Whether to tune how far datasets run ahead.")
    autotune_algorithm = option("autotune_algorithm", int, "How to tune it.")
    autotune_buffers = option("autotune_buffers", bool, "Whether to tune buffers, too.")
    autotune_cpu_budget = option("autotune_cpu_budget", int, "The cores for that.")
    map_vectorization = option(
        "map_vectorization", MapVectorizationOptions, "How maps are done for a batch at once.",
        MapVectorizationOptions,
    )  # fmt: skip

    def _static_optimizations(self) -> list[str]:
        found = {name for name in (*_ASKED, *_DEFAULT) if getattr(self, name)}
        if self.apply_default_optimizations is not False:
            found |= {name for name in _DEFAULT if getattr(self, name) is not False}
        if self.map_vectorization.enabled:
            found.add("map_vectorization")
        if self.autotune is not False and self.autotune_buffers:
            found.add("inject_prefetch")
        return sorted(found)

    def _configs(self) -> list[str]:
        fastest = "true" if self.map_vectorization.use_choose_fastest else "false"
        return [f"map_vectorization:use_choose_fastest:{fastest}"]


for _name in (*_ASKED, *_DEFAULT):
    setattr(OptimizationOptions, _name, option(_name, bool, "Whether to do this."))


class ThreadingOptions(OptionsBase):
    """The threads of a dataset: accepted, they are made where they pay."""

    max_intra_op_parallelism = option("max_intra_op_parallelism", int, "Threads of one op.")
    private_threadpool_size = option("private_threadpool_size", int, "Threads of the dataset.")


class DistributeOptions(OptionsBase):
    """How a dataset is divided among machines: there is one."""

    auto_shard = option("auto_shard", bool, "Whether it is.", lambda: True)
    _make_stateless = option("_make_stateless", bool, "Whether to forget its state.")
    num_devices = option("num_devices", int, "The devices that read it.")


class StatsOptions(OptionsBase):
    """What is counted while a dataset runs."""

    aggregator = option("aggregator", (StatsAggregator,), "What counts.")
    prefix = option("prefix", str, "Before the names.", str)
    counter_prefix = option("counter_prefix", str, "Before the names of counters.", str)
    latency_all_edges = option("latency_all_edges", bool, "Whether times are taken.")


class Options(OptionsBase):
    """How a dataset runs: `dataset.with_options(options)`.

    What changes only how fast it is, and not which elements come, is accepted and left as it is.
    """

    experimental_deterministic = option(
        "experimental_deterministic", bool, "Whether the order is to be the same each time: it is."
    )
    experimental_distribute = option(
        "experimental_distribute", DistributeOptions, "Among machines.", DistributeOptions
    )
    experimental_optimization = option(
        "experimental_optimization", OptimizationOptions, "Before it runs.", OptimizationOptions
    )
    experimental_slack = option("experimental_slack", bool, "Whether to leave time to a device.")
    experimental_stats = option("experimental_stats", StatsOptions, "Counts.", StatsOptions)
    experimental_threading = option(
        "experimental_threading", ThreadingOptions, "Threads.", ThreadingOptions
    )
    experimental_stateful_whitelist = option(
        "experimental_stateful_whitelist", list, "Ops whose state may be forgotten in files."
    )

    def _static_optimizations(self) -> list[str]:
        found: list[str] = self.experimental_optimization._static_optimizations()
        more = {
            "make_sloppy": self.experimental_deterministic is False,
            "latency_all_edges": self.experimental_stats.latency_all_edges,
            "slack": self.experimental_slack,
            "make_stateless": self.experimental_distribute._make_stateless,
        }
        return [*found, *(name for name, wanted in more.items() if wanted)]

    def _static_optimization_configs(self) -> list[str]:
        configs: list[str] = self.experimental_optimization._configs()
        if self.experimental_slack:
            devices = self.experimental_distribute.num_devices
            configs.append(f"slack:slack_period:{1 if devices is None else devices}")
        return configs

    def merge(self, options: Any) -> Any:
        """Options with all that is set in these or in others. ValueError when both set one of them
        differently."""
        return merge_options(self, options)
