"""How tests of TensorFlow's sources are run and counted."""
import sys

from benchmarks import conformance

TESTS = """
from tensorflow.python.nowhere import nothing
from tensorflow.python.ops import of_tests_testlib
from tensorflow.python.framework import test_util
from tensorflow.python.ops import math_ops
from tensorflow.python.platform import test

class Some(test.TestCase):
    @test_util.run_deprecated_v1
    def test_sum(self):
        with self.session():
            self.assertAllEqual(math_ops.reduce_sum([1, 2]).eval(), of_tests_testlib.THREE)

    def test_what_is_not_there(self):
        nothing.at_all()

    def test_wrong(self):
        self.assertEqual(1, 2)

    @nothing.decorator
    def test_decorated(self):
        pass

    def test_skipped(self):
        self.skipTest("for once")

if __name__ == "__main__":
    test.main()
"""


def test_a_folder(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "tensorflow" / "python" / "ops"
    folder.mkdir(parents=True)
    (folder / "some_test.py").write_text(TESTS)
    (folder / "of_tests_testlib.py").write_text("THREE = 3")
    (folder / "broken_test.py").write_text("1 / 0")
    arguments = [str(tmp_path), "python/ops", "--results", str(tmp_path / "out"), "--failures"]
    monkeypatch.setattr(sys, "argv", ["conformance", *arguments])
    conformance.main()
    said = capsys.readouterr().out
    assert "| python/ops | 6 | 1 | 1 | 4 |" in said and "| together | 6 | 1 | 1 | 4 |" in said
    assert "broken_test.py: the file: ZeroDivisionError: division by zero" in said
    assert "Some.test_what_is_not_there: NotImplementedError: tensorflow.python.nowhere" in said
    assert "Some.test_decorated: NotImplementedError: tensorflow.python.nowhere.nothing.d" in said
    assert "some_test.py: Some.test_wrong: AssertionError: 1 != 2" in said
