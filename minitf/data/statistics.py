"""`tf.data.experimental.StatsAggregator`."""
from minitf.data.kernels import statistics as kernels


class StatsAggregator:
    """Counts what `bytes_produced_stats` and `latency_stats` of a dataset say, whose options have
    it as `experimental_stats.aggregator`."""

    def __init__(self):
        self._resource = kernels.stats_aggregator_handle()

    def get_summary(self):
        """A serialized Summary, with a histogram for each tag, as of the run."""
        return kernels.stats_aggregator_summary(self._resource)
