"""What a tf.test.TestCase says of containers and texts, beside what unittest says."""
import contextlib
import re
from collections.abc import Sized


class ContainerAssertions:
    """Assertions of `absl.testing`, which TensorFlow's TestCase has."""

    def assertEmpty(self, container, msg=None):
        """That there is nothing in it."""
        self._check_sized(container, msg)
        if len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of {len(container)}."))

    def assertNotEmpty(self, container, msg=None):
        """That there is something in it."""
        self._check_sized(container, msg)
        if not len(container):
            self.fail(self._formatMessage(msg, f"{container!r} has length of 0."))

    def assertLen(self, container, expected_len, msg=None):
        """That so much is in it."""
        self._check_sized(container, msg)
        if len(container) != expected_len:
            self.fail(self._formatMessage(
                msg, f"{container!r} has length of {len(container)}, expected {expected_len}."
            ))  # fmt: skip

    def _check_sized(self, container, msg):
        if not isinstance(container, Sized):
            self.fail(self._formatMessage(msg, f"Expected a Sized object, got: {container!r}"))

    def assertBetween(self, value, minv, maxv, msg=None):
        """That minv <= value <= maxv."""
        if not minv <= value <= maxv:
            self.fail(self._formatMessage(
                msg, f"{value!r} unexpectedly not between {minv!r} and {maxv!r}"
            ))  # fmt: skip

    def assertSequenceStartsWith(self, prefix, whole, msg=None):
        """That `whole` begins with `prefix`, a list or one element."""
        prefix = list(prefix) if isinstance(prefix, (list, tuple, str)) else [prefix]
        self.assertSequenceEqual(prefix, list(whole)[: len(prefix)], msg)

    def assertSequenceAlmostEqual(
        self, expected_seq, actual_seq, places=None, msg=None, delta=None
    ):
        """That numbers are alike, one by one, as `assertAlmostEqual` says."""
        if len(expected_seq) != len(actual_seq):
            self.fail(self._formatMessage(
                msg, f"Sequence size mismatch: {len(expected_seq)} vs {len(actual_seq)}"
            ))  # fmt: skip
        for expected, actual in zip(expected_seq, actual_seq):
            self.assertAlmostEqual(expected, actual, places, msg, delta)

    def assertContainsSubset(self, expected_subset, actual_set, msg=None):
        """That all of `expected_subset` is in `actual_set`."""
        missing = set(expected_subset) - set(actual_set)
        if missing:
            self.fail(self._formatMessage(
                msg, f"Missing elements {missing}\nExpected: {set(expected_subset)}\n"
                f"Actual: {set(actual_set)}"
            ))  # fmt: skip

    def assertNoCommonElements(self, expected_seq, actual_seq, msg=None):
        """That nothing is in both."""
        common = set(expected_seq) & set(actual_seq)
        if common:
            self.fail(self._formatMessage(
                msg, f"Common elements {common}\nExpected: {expected_seq}\nActual: {actual_seq}"
            ))  # fmt: skip

    def assertSameElements(self, expected_seq, actual_seq, msg=None):
        """That the same is in both, in whatever order and number."""
        self.assertEqual(set(expected_seq), set(actual_seq), msg)

    def assertContainsInOrder(self, strings, target, msg=None):
        """That the strings are in `target`, one behind the other."""
        at = 0
        for string in [strings] if isinstance(strings, str) else strings:
            found = target.find(string, at)
            if found < 0:
                self.fail(self._formatMessage(msg, f'Did not find "{string}" in "{target[at:]}"'))
            at = found + len(string)

    def assertContainsSubsequence(self, container, subsequence, msg=None):
        """That the elements of `subsequence` are in `container`, in this order."""
        rest = iter(container)
        for element in subsequence:
            if not any(element == each for each in rest):
                self.fail(self._formatMessage(
                    msg, f"{list(subsequence)} not a subsequence of {list(container)}. First "
                    f"non-matching element: {element}"
                ))  # fmt: skip

    def assertRegexMatch(self, actual_str, regexes, message=None):
        """That one of the expressions is found in the text."""
        if not any(re.search(regex, actual_str) for regex in regexes):
            said = f'"{actual_str}" does not contain any of the regexes {list(regexes)}'
            self.fail(self._formatMessage(message, said))

    @contextlib.contextmanager
    def assertRaisesWithLiteralMatch(self, expected_exception, expected_exception_message):
        """`with` it, that such an exception is raised, with this very message."""
        with self.assertRaises(expected_exception) as caught:
            yield caught
        self.assertEqual(str(caught.exception), expected_exception_message)
