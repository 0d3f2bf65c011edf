"""`tf.test.TestCase`: a test case with a session and assertions about arrays."""
import random
import re
import tempfile
import unittest
from contextlib import contextmanager, nullcontext

import numpy as np

from minitf import app
from minitf.core import errors
from minitf.core.config import ConfigProto
from minitf.core.eager import executing_eagerly
from minitf.core.graph import (
    default_graphs,
    get_default_session,
    reset_default_graph,
    set_random_seed,
)
from minitf.core.nest import map_structure
from minitf.session import Session
from minitf.summary import to_files
from minitf.test.arrays import ArrayAssertions
from minitf.test.benchmark import benchmarks_main
from minitf.test.checks import Checks
from minitf.test.containers import ContainerAssertions
from minitf.test.gpu import gpu_device_name
from minitf.test.no_sessions import Evaluating, NoSession
from minitf.test.temporary import get_temp_dir

SEED = 87654321  # TensorFlow's


def main(argv=None):
    """Parse the flags, run the tests of the program, or with `--benchmarks=` its benchmarks, and
    leave the process."""
    benchmarks_main(lambda: app.run(main=lambda arguments: unittest.main(argv=arguments),
                                    argv=argv), argv)  # fmt: skip


class TestCase(ArrayAssertions, ContainerAssertions, Checks, unittest.TestCase):
    """A `unittest.TestCase` whose tests start with an empty default graph and the same seeds.

    >>> class SquareTest(tf.test.TestCase):
    ...     def test_square(self):
    ...         with self.session():
    ...             self.assertAllEqual(tf.square([2, 3]).eval(), [4, 9])
    """

    def __init__(self, methodName="runTest"):
        super().__init__(methodName)
        self._folder = self._cached = None
        self._threads = []

    def setUp(self):
        self._close()
        random.seed(SEED)
        np.random.seed(SEED)
        _forget_graphs()
        set_random_seed(SEED)
        to_files.context.writer = None  # that of another test
        if self.id().endswith(".test_session"):
            self.skipTest("Not a test.")

    def tearDown(self):
        self._check_threads()
        self._close()

    def _close(self):
        if self._cached is not None:
            self._cached[0].close()
        self._cached = None

    def get_temp_dir(self):
        """A folder of this test's own."""
        self._folder = self._folder or tempfile.mkdtemp(dir=get_temp_dir())
        return self._folder

    # -- sessions ------------------------------------------------------------------------------

    @contextmanager
    def session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """A new session, the default one inside the `with` block, as its graph is.

        Nodes built inside are for the CPU; with `use_gpu` for the GPU as well, with `force_gpu`
        for it alone. Where operations run at once there is none.
        """
        if executing_eagerly():
            yield NoSession()
            return
        sess = Session(graph=graph, config=_config(config, force_gpu))
        with sess, _place(sess.graph, use_gpu, force_gpu):
            yield sess

    @contextmanager
    def cached_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """The test's one session, closed at its end: as `session` otherwise.

        ValueError when graph, config or force_gpu are not those it was made with. Where operations
        run at once it can only say the values of tensors.
        """
        if executing_eagerly():
            yield Evaluating(self)
            return
        sess, *made_with = self._session_of(graph, config, force_gpu)
        for name, now, then in zip(
            ("graph", "config", "force_gpu value"), (graph, config, force_gpu), made_with
        ):
            if now is not then:
                raise ValueError(
                    f"The {name} used to get the cached session is different than the one that "
                    "was used to create the session. Maybe create a new session with "
                    "self.session()"
                )
        with _default(sess, use_gpu, force_gpu):
            yield sess

    @contextmanager
    def test_session(self, graph=None, config=None, use_gpu=False, force_gpu=False):
        """The older form: the test's one session, or a new one for another graph; None where
        operations run at once."""
        if executing_eagerly():
            yield None
        elif graph is not None:
            with self.session(graph, config, use_gpu, force_gpu) as sess:
                yield sess
        else:
            sess = self._session_of(graph, config, force_gpu)[0]
            with _default(sess, use_gpu, force_gpu):
                yield sess

    def _session_of(self, graph, config, force_gpu):
        if self._cached is None:
            sess = Session(graph=graph, config=_config(config, force_gpu))
            self._cached = sess, graph, config, force_gpu
        return self._cached

    def evaluate(self, tensors):
        """The values of tensors (nested in lists, say): where operations run at once those they
        have, otherwise those in the default session. A function stands for what it returns."""
        if executing_eagerly():
            return map_structure(_value, tensors)
        sess = get_default_session()
        if sess is not None:
            return sess.run(tensors)
        with self.test_session() as sess:
            return sess.run(tensors)

    # -- errors --------------------------------------------------------------------------------

    @contextmanager
    def assertRaisesWithPredicateMatch(self, exception_type, expected_err_re_or_predicate):
        """The block raises an `exception_type` that the function, or the pattern, agrees to."""
        wanted = expected_err_re_or_predicate
        matches = wanted if callable(wanted) else lambda error: re.search(wanted, _said(error))
        try:
            yield
        except Exception as error:
            if not isinstance(error, exception_type) or not matches(error):
                raise AssertionError(f"Exception of type {type(error)}: {error}") from error
        else:
            self.fail(exception_type.__name__ + " not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate):
        """The block raises one of `tf.errors` whose message matches."""
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)

    # -- names of Python 2 ---------------------------------------------------------------------

    assertItemsEqual = unittest.TestCase.assertCountEqual
    assertRaisesRegexp = unittest.TestCase.assertRaisesRegex
    assertRegexpMatches = unittest.TestCase.assertRegex
    assertEquals = unittest.TestCase.assertEqual
    assertNotEquals = unittest.TestCase.assertNotEqual
    assertAlmostEquals = unittest.TestCase.assertAlmostEqual
    assert_ = unittest.TestCase.assertTrue


def _forget_graphs():
    """A test may have failed within a `with` block. Where operations run at once they go on so,
    and where they are built they go on so, too, in a program that has them run at once."""
    graph = default_graphs.top()
    default_graphs.items.clear()
    reset_default_graph()
    if graph is not None and graph.eager != executing_eagerly():
        default_graphs.items.append(graph._anew())


def _value(tensor):
    """What an eager tensor holds, or a composite of such; ValueError for anything else."""
    if tensor is None:
        return None
    if callable(tensor):
        return map_structure(_value, tensor())
    if hasattr(tensor, "_components"):
        return tensor._rebuild([part.numpy() for part in tensor._components()])
    if not hasattr(tensor, "numpy"):
        raise ValueError(f"Unsupported type {type(tensor)}.")
    return tensor.numpy()


def _said(error):
    if not isinstance(error, errors.OpError):
        return str(error)
    return error.message + (f"\nCaused by: {error.op.name}" if error.op is not None else "")


def _config(config, force_gpu):
    """TensorFlow's tests take the CPU where there is no GPU, unless they are for a GPU alone."""
    if config is None:
        return ConfigProto(allow_soft_placement=not force_gpu)
    if not (force_gpu and config.allow_soft_placement):
        return config
    copy = ConfigProto()
    copy.CopyFrom(config)
    copy.allow_soft_placement = False
    return copy


@contextmanager
def _default(sess, use_gpu, force_gpu):
    with sess.graph.as_default(), sess.as_default(), _place(sess.graph, use_gpu, force_gpu):
        yield


def _place(graph, use_gpu, force_gpu):
    if force_gpu:
        return graph.device(gpu_device_name() or "/device:GPU:0")
    return nullcontext() if use_gpu else graph.device("/device:CPU:0")
