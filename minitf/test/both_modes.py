"""Tests that run twice: as a graph in a session, and with operations that run at once."""
import functools
import inspect
import unittest

from minitf.core.eager import eager_mode, executing_eagerly
from minitf.core.graph import Graph, device, reset_default_graph
from minitf.test.garbage import no_garbage


def run_in_graph_and_eager_modes(
    func=None, config=None, use_gpu=True, reset_test=True, assert_no_eager_garbage=False
):
    """Decorate a test of a `tf.test.TestCase`: it runs in a session of `config`, then, after
    `tearDown` and `setUp` where `reset_test` says so, with eager execution.

    Without `use_gpu` its operations are placed on the CPU. With `assert_no_eager_garbage` the
    second run may leave no objects that only Python's collector of cycles frees. ValueError for a
    class: `run_all_in_graph_and_eager_modes` is for those.

    >>> class SumTest(tf.test.TestCase):
    ...     @tf.contrib.eager.run_test_in_graph_and_eager_modes
    ...     def test_sum(self):
    ...         self.assertAllEqual(self.evaluate(tf.add([1, 2], [3, 4])), [4, 6])
    """
    if func is None:
        return functools.partial(
            run_in_graph_and_eager_modes, config=config, use_gpu=use_gpu, reset_test=reset_test,
            assert_no_eager_garbage=assert_no_eager_garbage,
        )  # fmt: skip
    if inspect.isclass(func):
        raise ValueError(
            "`run_in_graph_and_eager_modes` only supports test methods. Did you mean to use "
            "`run_all_in_graph_and_eager_modes`?"
        )

    @functools.wraps(func)
    def both(self, *args, **kwargs):
        _as_graph(self, config, use_gpu, lambda: func(self, *args, **kwargs))
        if assert_no_eager_garbage:
            reset_default_graph()
        if reset_test:
            self.tearDown()
            self._folder = None
        check = no_garbage if assert_no_eager_garbage else lambda run: run()
        with Graph().as_default(), eager_mode():
            if reset_test:
                self.setUp()
            with device(None if use_gpu else "/device:CPU:0"):
                check(lambda: func(self, *args, **kwargs))

    return both


def run_all_in_graph_and_eager_modes(cls):
    """Decorate a class of tests: each that is not named `testSkipEager...` runs in both modes."""
    skipped = "testSkipEager", "test_skip_eager"
    for name in unittest.defaultTestLoader.getTestCaseNames(cls):
        if not name.startswith(skipped) and name != "test_session":
            setattr(cls, name, run_in_graph_and_eager_modes(getattr(cls, name)))
    return cls


def _as_graph(test, config, use_gpu, run):
    """Whoever skips a test of graphs has it run eagerly all the same."""
    graph = Graph().as_default() if executing_eagerly() else device(None)
    try:
        with graph, test.test_session(use_gpu=use_gpu, config=config):
            run()
    except unittest.SkipTest:
        pass
