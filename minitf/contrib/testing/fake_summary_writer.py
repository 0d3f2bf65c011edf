"""FakeSummaryWriter: keeps what would be written."""
from minitf.summary import writer
from minitf.summary.messages import Summary


class FakeSummaryWriter:
    """Stands for a FileWriter in tests: `FileWriterCache` makes such ones between `install` and
    `uninstall`, which raise ValueError when they are called twice."""

    _replaced_summary_writer = None

    @classmethod
    def install(cls):
        """Be what FileWriterCache makes."""
        if cls._replaced_summary_writer:
            raise ValueError("FakeSummaryWriter already installed.")
        cls._replaced_summary_writer = writer.FileWriter
        writer.FileWriter = FakeSummaryWriter

    @classmethod
    def uninstall(cls):
        """Let it make FileWriters again."""
        if not cls._replaced_summary_writer:
            raise ValueError("FakeSummaryWriter not installed.")
        writer.FileWriter = cls._replaced_summary_writer
        cls._replaced_summary_writer = None

    def __init__(self, logdir, graph=None):
        self._logdir, self._graph = logdir, graph
        self._summaries, self._added_run_metadata = {}, {}
        self._added_graphs, self._added_meta_graphs, self._added_session_logs = [], [], []

    @property
    def summaries(self):
        """Lists of the summaries of each step."""
        return self._summaries

    def assert_summaries(self, test_case, expected_logdir=None, expected_graph=None,
                         expected_summaries=None, expected_added_graphs=None,
                         expected_added_meta_graphs=None, expected_session_logs=None):  # fmt: skip
        """Let `test_case` fail unless what was added is this: of summaries the values by tag, for
        each step. What is None is not looked at."""
        if expected_logdir is not None:
            test_case.assertEqual(expected_logdir, self._logdir)
        if expected_graph is not None:
            test_case.assertTrue(expected_graph is self._graph)
        for step, expected in (expected_summaries or {}).items():
            test_case.assertTrue(step in self._summaries,
                                 msg=f"Missing step {step} from {self._summaries.keys()}.",
            )  # fmt: skip
            test_case.assertEqual(expected, self._values(step))
        for expected, found in ((expected_added_graphs, self._added_graphs),
                                (expected_added_meta_graphs, self._added_meta_graphs),
                                (expected_session_logs, self._added_session_logs)):  # fmt: skip
            if expected is not None:
                test_case.assertEqual(expected, found)

    def _values(self, step):
        """By tag; how many steps a second there were differs each time."""
        return {value.tag: value.simple_value for summary in self._summaries[step]
                for value in summary.value if value.tag != "global_step/sec"}  # fmt: skip

    def add_summary(self, summ, current_global_step):
        """Keep a Summary, or one that is serialized."""
        summary = Summary.FromString(summ) if isinstance(summ, bytes) else summ
        self._summaries.setdefault(current_global_step, []).append(summary)

    def add_graph(self, graph, global_step=None, graph_def=None):
        """Keep a graph. ValueError for a GraphDef."""
        _check_step(global_step)
        if graph_def is not None:
            raise ValueError(f"Unexpected graph_def {graph_def}.")
        self._added_graphs.append(graph)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        """Keep a MetaGraphDef."""
        _check_step(global_step)
        self._added_meta_graphs.append(meta_graph_def)

    def add_session_log(self, session_log, global_step=None):
        """Keep a SessionLog."""
        self._added_session_logs.append(session_log)

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        """Keep RunMetadata by its tag."""
        _check_step(global_step)
        self._added_run_metadata[tag] = run_metadata

    def flush(self):
        """Nothing waits."""

    def reopen(self):
        """Nothing is closed."""

    def close(self):
        """Nothing is open."""


def _check_step(global_step):
    if global_step is not None and global_step < 0:
        raise ValueError(f"Invalid global_step {global_step}.")
