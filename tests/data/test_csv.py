"""Files of comma-separated values as datasets read them."""
import pytest

import minitf as tf


@pytest.fixture
def records(tmp_path):
    """(text of a file, defaults, columns wanted) -> its records, as a dataset gives them."""

    def read(text, defaults, chosen=None):
        path = tmp_path / "lines.csv"
        path.write_text(text)
        dataset = tf.data.experimental.CsvDataset(str(path), defaults, select_cols=chosen)
        following = dataset.make_one_shot_iterator().get_next()
        found = []
        with tf.Session() as sess, pytest.raises(tf.errors.OutOfRangeError):
            while True:
                found.append(sess.run(following))
        return found

    return read


@pytest.mark.parametrize("jit", ["0", "1"])
def test_an_empty_line_has_one_empty_field(jit, records, monkeypatch):
    monkeypatch.setenv("MINITF_JIT", jit)
    assert records("a\n\nb\n\n", [["d"]]) == [(b"a",), (b"d",), (b"b",), (b"d",)]
    assert records("a,b\n\n\nc,d\n", [["e"]], [0]) == [(b"a",), (b"e",), (b"e",), (b"c",)]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expect 2 fields but have 1"):
        records("a,b\n\n", [["e"], ["f"]])


def test_a_number_that_is_no_list_stands_for_a_type(records):
    """The number of tf.float32 is 1, that of tf.string 7."""
    assert records("5,x,\n", [1, "q", 0]) == [(5.0, b"x", 0)]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Field 0 is required"):
        records(",x\n", [7, "q"])
