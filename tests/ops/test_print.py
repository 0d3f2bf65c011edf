"""tf.print: where the text goes, and what is refused."""
import sys

import pytest

import minitf as tf


def run(operation):
    with tf.Session() as sess:
        sess.run(operation)


def test_texts_go_where_they_are_told(capsys, caplog, tmp_path):
    path = tmp_path / "lines.txt"
    x = tf.range(10)
    for stream in (sys.stdout, sys.stderr, tf.logging.warning, tf.logging.ERROR, f"file://{path}"):
        operation = tf.print("x:", x, output_stream=stream, end="!\n")
        run(operation)
    run(operation)
    shown = "x: [0 1 2 ... 7 8 9]"
    out, err = capsys.readouterr()
    assert out == shown + "!\n"
    assert shown + "!\n" in err
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert path.read_text() == 2 * (shown + "!\n")


def test_structures_are_shown_with_the_values_of_their_tensors(capsys):
    given = {"b": tf.constant(3), "a": [1, "s", tf.constant("t")]}, (tf.constant(0.5), None)
    run(tf.print(*given, "{}", tf.SparseTensor([[0, 1]], [2], [2, 2]), summarize=-1))
    assert capsys.readouterr().err == (
        "{'a': [1, 's', \"t\"], 'b': 3} (0.5, None) {} "
        "'SparseTensor(indices=[[0 1]], values=[2], shape=[2 2])'\n"
    )


@pytest.mark.parametrize(
    ("keywords", "says"),
    [({"output_stream": "nowhere"}, "Unsupported output stream"),
     ({"color": 1}, "Unrecognized keyword arguments for tf.print: {'color': 1}")],
)  # fmt: skip
def test_what_is_refused(keywords, says):
    with pytest.raises(ValueError, match=says):
        tf.print(1, **keywords)


def test_it_prints_at_its_place_in_the_order(capsys):
    v = tf.Variable(1.0)
    with tf.control_dependencies([tf.print("before", v)]):
        change = v.assign(2.0)
    with tf.Session() as sess:
        sess.run(v.initializer)
        sess.run(change)
    assert capsys.readouterr().err == "before 1\n"
