"""tf.test.TestCase: its sessions and assertions."""

import collections
import io
import os
import unittest

from goldens.kit import attempt, eagerly, error


def _outcome(tf, method, **others):
    """How a test ends: "ok", or the class of what it raises."""
    found = []

    def test(self):
        try:
            found.append(method(self) or "ok")
        except Exception as raised:
            found.append(type(raised).__name__)
            raise

    case = type("Case", (tf.test.TestCase,), dict(others, test_it=test))
    result = unittest.TextTestRunner(stream=io.StringIO()).run(case("test_it"))
    return [found, len(result.failures), len(result.errors), len(result.skipped)]


def _all(tf, calls):
    return [_outcome(tf, call)[0][0] for call in calls]


def sessions(tf, np):
    def cached(self):
        with self.cached_session() as one:
            pass
        with self.cached_session() as other, self.session() as third:
            return [one is other, one is third, tf.get_default_session() is third]

    def placed(self):
        found = []
        for options in ({}, {"use_gpu": True}, {"force_gpu": True}):
            with self.session(**options):
                found.append(tf.no_op().device)
        with self.test_session() as sess:
            found.append(sess.graph is tf.get_default_graph())
        with self.test_session(graph=tf.Graph()) as sess:
            found.append(sess.graph is tf.get_default_graph())
        return found

    def other_graph(self):
        with self.cached_session():
            pass
        with self.cached_session(graph=tf.Graph()):
            pass

    def evaluated(self):
        return self.evaluate([tf.constant(1), {"a": tf.constant(2)}])

    return [_outcome(tf, each) for each in (cached, placed, other_graph, evaluated)]


def starts_afresh(tf, np):
    def method(self):
        with self.session() as sess:
            drawn = float(np.random.rand())
            names = [op.name for op in tf.get_default_graph().get_operations()]
            return [names, tf.get_default_graph().seed, drawn, sess.run(tf.constant(1)).item()]

    tf.constant(1)
    return _outcome(tf, method)


def method_named_test_session_is_no_test(tf, np):
    case = type("Case", (tf.test.TestCase,), {})
    result = unittest.TextTestRunner(stream=io.StringIO()).run(case("test_session"))
    return [len(result.skipped), len(result.errors), len(result.failures)]


def close_or_not(tf, np):
    Pair = collections.namedtuple("Pair", "x y")
    pairs = [
        (1.0, 1.0 + 1e-7),
        (1.0, 1.1),
        ([1.0, 2.0], [1.0, 2.0]),
        ([1.0, 2.0], np.array([1.0, 3.0])),
        ([1.0, 2.0], [1.0]),
        ([1.0, float("nan")], [1.0, float("nan")]),
        ({"a": 1.0, "b": [2.0]}, {"b": [2.0], "a": 1.0}),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, [1.0]),
        ([{"a": 1.0}, 2.0], [{"a": 1.0}, 2.0]),
        ([{"a": 1.0}, 2.0], [{"a": 1.0}]),
        ([[1.0], [1.0, 2.0]], [[1.0], [1.0, 2.0]]),
        (Pair(1.0, 2.0), Pair(1.0, 2.0)),
        (Pair(1.0, 2.0), {"x": 1.0, "y": 2.0}),
        ([1, 2], [1, 2]),
        (np.inf, np.inf),
    ]
    return [_outcome(tf, lambda self, a=a, b=b: self.assertAllClose(a, b))[0] for a, b in pairs]


def close_tensors(tf, np):
    def same(self):
        self.assertAllClose(tf.constant([1.0, 2.0]) * 2.0, [2.0, 4.0])

    def far(self):
        self.assertAllClose([2.0], tf.constant([1.0]))

    def wide(self):
        self.assertAllClose(tf.constant(1.0), 1.2, rtol=0.5)

    def equal(self):
        self.assertAllEqual(tf.constant([b"a", b"b"]), [b"a", b"b"])

    def unequal(self):
        self.assertAllEqual(tf.constant([1, 2]), [1, 3])

    return _all(tf, [same, far, wide, equal, unequal])


def assertions(tf, np):
    half = np.array([1.0], np.float16)
    calls = [
        lambda t: t.assertAllEqual([1, 2], np.array([1, 2])),
        lambda t: t.assertAllEqual([1, 2], [1, 3]),
        lambda t: t.assertAllEqual([1, 2], [[1, 2]]),
        lambda t: t.assertAllEqual([float("nan")], [float("nan")]),
        lambda t: t.assertNotAllEqual([1], [1]),
        lambda t: t.assertNotAllEqual([1], [2]),
        lambda t: t.assertNotAllClose([1.0], [1.0]),
        lambda t: t.assertNotAllClose([1.0], [2.0], rtol=0.1),
        lambda t: t.assertAllCloseAccordingToType(half, half + np.float16(0.002)),
        lambda t: t.assertAllCloseAccordingToType(half, np.array([1.1], np.float16)),
        lambda t: t.assertAllCloseAccordingToType(np.float64(1.0), np.float64(1.0 + 1e-5)),
        lambda t: t.assertAllGreater([1, 2], 0),
        lambda t: t.assertAllGreater([1, 2], 1),
        lambda t: t.assertAllLess([1, 2], 3),
        lambda t: t.assertAllGreaterEqual([1, 2], 1),
        lambda t: t.assertAllLessEqual([1, 2], 1),
        lambda t: t.assertAllInRange([1.0, 2.0], 1.0, 2.0),
        lambda t: t.assertAllInRange([1.0, 2.0], 1.0, 2.0, open_upper_bound=True),
        lambda t: t.assertAllInRange([float("nan")], 1.0, 2.0),
        lambda t: t.assertAllInRange(["a"], 1.0, 2.0),
        lambda t: t.assertAllInSet([1, 2, 1], {1, 2}),
        lambda t: t.assertAllInSet([1, 2, 1], {1}),
        lambda t: t.assertNear(1.0, 1.1, 0.2),
        lambda t: t.assertNear(1.0, 1.1, 0.05),
        lambda t: t.assertNear(1.0, np.array([[1.1]]), 0.2),
        lambda t: t.assertNear(np.array([1.0]), 1.1, 0.05),
        lambda t: t.assertArrayNear([1.0], [1.1], 0.2),
        lambda t: t.assertNDArrayNear(np.ones(2), np.zeros(2), 1.0),
        lambda t: t.assertStartsWith("abc", "ab"),
        lambda t: t.assertStartsWith("abc", "b"),
        lambda t: t.assertDTypeEqual(np.float32(1), np.float32),
        lambda t: t.assertDTypeEqual(np.float32(1), np.float64),
        lambda t: t.assertShapeEqual(np.ones([2, 3]), tf.ones([2, 3])),
        lambda t: t.assertShapeEqual(np.ones([2, 3]), tf.ones([3, 2])),
        lambda t: t.assertShapeEqual([1], tf.ones([1])),
        lambda t: t.assertShapeEqual(np.ones([1]), [1]),
        lambda t: t.assertDeviceEqual("/cpu:0", "/device:CPU:0"),
        lambda t: t.assertDeviceEqual("/cpu:0", tf.DeviceSpec(device_type="GPU")),
        lambda t: t.assertItemsEqual([1, 2], [2, 1]),
        lambda t: t.assertEquals(1, 1),
    ]
    return _all(tf, calls)


def errors_expected(tf, np):
    def run(self, pattern, kind=None):
        with self.session():
            x = tf.placeholder(tf.float32, name="x")
            if kind is None:
                context = self.assertRaisesOpError(pattern)
            else:
                context = self.assertRaisesWithPredicateMatch(kind, pattern)
            with context:
                tf.identity(x).eval()

    def nothing(self):
        with self.assertRaisesOpError("x"):
            pass

    calls = [
        lambda t: run(t, "must feed a value"),
        lambda t: run(t, "something else"),
        lambda t: run(t, "must feed a value", ValueError),
        lambda t: run(t, lambda error: error.op.name == "x", tf.errors.InvalidArgumentError),
        lambda t: run(t, lambda error: False, tf.errors.InvalidArgumentError),
        nothing,
    ]
    return _all(tf, calls)


def folders(tf, np):
    import os

    def method(self):
        first = self.get_temp_dir()
        return [os.path.isdir(first), first == self.get_temp_dir(), first != tf.test.get_temp_dir()]

    return [_outcome(tf, method), os.path.isdir(tf.test.get_temp_dir())]


def extras(tf, np):
    return [tf.test.mock.__name__, callable(tf.test.main), attempt(lambda: tf.test.no_such_name)]


def messages(tf, np):
    text = 'node { name: "a" op: "NoOp" }'
    graph = tf.GraphDef()
    graph.node.add(name="a", op="NoOp")
    with_versions = tf.GraphDef()
    with_versions.CopyFrom(graph)
    with_versions.versions.producer = 3
    with_versions.versions.min_consumer = 2
    return _all(tf, [
        lambda self: self.assertProtoEquals(text, graph),
        lambda self: self.assertProtoEquals(graph, graph),
        lambda self: self.assertProtoEquals('node { name: "b" }', graph),
        lambda self: self.assertProtoEquals(tf.NodeDef(), graph),
        lambda self: self.assertProtoEquals("no: 3", graph),
        lambda self: self.assertProtoEqualsVersion(text, with_versions, 3, 2),
        lambda self: self.assertProtoEqualsVersion(text, with_versions, 4, 2),
    ])  # fmt: skip


def threads(tf, np):
    def joined(self):
        found = []
        thread = self.checkedThread(found.append, args=(3,))
        thread.start()
        thread.join()
        return [found, thread.is_alive()]

    def failed(self):
        thread = self.checkedThread(lambda x: self.fail("no"), kwargs={"x": 1})
        thread.start()
        thread.join()

    def left(self):
        self.checkedThread(lambda: None).start()

    return [_outcome(tf, each) for each in (joined, failed, left)]


def captured_writes(tf, np):
    def captured(self):
        path = os.path.join(self.get_temp_dir(), "stream")
        with open(path, "w") as stream:
            stream.write("before ")
            with self.captureWritesToStream(stream) as found:
                stream.write("inside")
                stream.flush()
            stream.write("after")
        with open(path) as stream:
            return [found.contents(), stream.read()]

    return _outcome(tf, captured)


def sessions_where_operations_run_at_once(tf, np):
    def fed(case):
        with case.cached_session() as sess:
            sess.run(tf.constant(1.0), feed_dict={"x": 1})

    def asked(case):
        with case.session() as sess:
            sess.run(tf.constant(1.0))

    with eagerly(tf):
        case = tf.test.TestCase()
        with case.cached_session() as sess:
            values = sess.run([tf.constant(1.0), (tf.constant([2, 3]),)])
        with case.test_session() as sess:
            nothing = sess is None, tf.get_default_session() is None
        return values, error(lambda: fed(case)), error(lambda: asked(case)), nothing


def containers(tf, np):
    calls = [
        lambda t: t.assertEmpty([]),
        lambda t: t.assertEmpty({1: 2}),
        lambda t: t.assertEmpty(3),
        lambda t: t.assertNotEmpty("a"),
        lambda t: t.assertNotEmpty(()),
        lambda t: t.assertLen([1, 2], 2),
        lambda t: t.assertLen(np.zeros([2, 3]), 3),
        lambda t: t.assertLen(iter([]), 0),
        lambda t: t.assertBetween(1, 1, 2),
        lambda t: t.assertBetween(3, 1, 2),
        lambda t: t.assertSequenceStartsWith([1, 2], [1, 2, 3]),
        lambda t: t.assertSequenceStartsWith([2], [1, 2, 3]),
        lambda t: t.assertSequenceAlmostEqual([1.0, 2.0], [1.0, 2.00000001]),
        lambda t: t.assertSequenceAlmostEqual([1.0], [1.1], places=1, delta=None),
        lambda t: t.assertSequenceAlmostEqual([1.0], [1.0, 2.0]),
        lambda t: t.assertContainsSubset([1], {1, 2}),
        lambda t: t.assertContainsSubset([3], {1, 2}),
        lambda t: t.assertNoCommonElements([1], [2]),
        lambda t: t.assertNoCommonElements([1, 2], [2]),
        lambda t: t.assertSameElements([1, 1, 2], [2, 1]),
        lambda t: t.assertSameElements([1], [2]),
        lambda t: t.assertContainsInOrder(["a", "c"], "abc"),
        lambda t: t.assertContainsInOrder(["c", "a"], "abc"),
        lambda t: t.assertContainsSubsequence([1, 2, 3], [1, 3]),
        lambda t: t.assertContainsSubsequence([1, 2, 3], [3, 1]),
        lambda t: t.assertRegexMatch("some text", ["x", "t.xt"]),
        lambda t: t.assertRegexMatch("some text", ["x$"]),
        lambda t: _literally(t, "no"),
        lambda t: _literally(t, "nothing"),
    ]
    return _all(tf, calls)


def _literally(case, message):
    with case.assertRaisesWithLiteralMatch(ValueError, message):
        raise ValueError("no")


def in_both_modes(tf, np):
    """How often, in which modes and after how many calls of setUp a test runs."""
    tfe, seen = tf.contrib.eager, []

    def setting_up(self):
        tf.test.TestCase.setUp(self)
        seen.append("setUp")

    def test(self):
        seen.append([tf.executing_eagerly(), self.evaluate(tf.add([1, 2], 3)).tolist(), []])

    def skipping(self):
        seen.append(tf.executing_eagerly())
        if not tf.executing_eagerly():
            self.skipTest("graphs are not for this")

    once = tfe.run_test_in_graph_and_eager_modes
    outcomes = [
        _outcome(tf, once(test), setUp=setting_up),
        _outcome(tf, once(reset_test=False)(test), setUp=setting_up),
        _outcome(tf, once(config=tf.ConfigProto(), use_gpu=False)(test)),
        _outcome(tf, once(skipping)),
    ]
    return outcomes, seen


def set_up_again_in_a_graph(tf, np):
    """A test of an eager program that builds graphs: it calls setUp within one, as those of
    Tensor2Tensor do."""

    def test(self):
        with tf.Graph().as_default() as graph:
            self.setUp()
            with self.test_session() as session:
                seen = [tf.executing_eagerly(), tf.get_default_graph() is graph]
                seen.append(session.run(tf.constant(2) + 1).tolist())
        return [*seen, tf.executing_eagerly()]

    with eagerly(tf):
        return _outcome(tf, test)


def classes_in_both_modes(tf, np):
    seen = []

    class Case(tf.test.TestCase):
        def test_one(self):
            seen.append(["one", tf.executing_eagerly()])

        def testSkipEagerTwo(self):
            seen.append(["two", tf.executing_eagerly()])

        def other(self):
            seen.append("other")

    whole = tf.contrib.eager.run_all_tests_in_graph_and_eager_modes(Case)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(whole)
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    refused = error(lambda: tf.contrib.eager.run_test_in_graph_and_eager_modes(Case))
    return seen, len(result.errors), len(result.failures), whole is Case, refused
