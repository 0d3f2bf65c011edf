"""The tests of a library are run and counted."""
import sys
import textwrap

from benchmarks import libraries


def test_tests_are_counted_by_how_they_end(tmp_path, monkeypatch, capsys):
    (tmp_path / "adds").mkdir()
    (tmp_path / "adds" / "__init__.py").write_text("def add(x): return x + 1")
    (tmp_path / "adds" / "add_test.py").write_text(textwrap.dedent("""
        import adds
        import pytest
        import tensorflow as tf

        def test_passes():
            with tf.Session() as sess:
                assert sess.run(adds.add(tf.constant(1))) == 2

        def test_fails():
            assert tf.__version__ == "0.1"

        @pytest.mark.skip
        def test_waits():
            pass
    """))
    monkeypatch.setattr(sys, "argv", ["libraries", str(tmp_path)])
    libraries.main()
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == f"| {tmp_path.name} | 3 | 1 | 1 | 1 |"
    assert told.err.splitlines()[-1] == "  adds.add_test.test_fails"
