"""Conversion itself: lines, caches, warnings, what is imported when."""
import functools
import linecache
import logging
import re
import subprocess
import sys
import traceback

import pytest

import minitf as tf
from minitf.autograph import convert
from minitf.core.eager import eager_mode

F = tf.autograph.experimental.Feature


def of_tensors(x):
    y = x
    if x > 0:
        y = tf.add(x, 1)
        for _ in tf.range(3):
            y = tf.matmul(y, y) if len(y.shape) else tf.multiply(y, 2)
    return y


def failing(x):
    while x < 10:
        x = x + 1
        if x > 3:
            x = tf.matmul(x, x)
    return x


def line_of(function, text):
    code = function.__code__
    lines = linecache.getlines(code.co_filename)
    return next(i + 1 for i, line in enumerate(lines)
                if i >= code.co_firstlineno and text in line)  # fmt: skip


def test_nodes_name_the_lines_of_the_program():
    with tf.Graph().as_default() as graph:
        tf.function(of_tensors)(tf.constant(1))
        built = {op.type: op.line for op in graph.get_operations()}
    assert built["Add"].lineno == line_of(of_tensors, "tf.add(x, 1)")
    assert built["Mul"].lineno == line_of(of_tensors, "tf.multiply(y, 2)")
    assert built["Add"].filename.endswith("test_conversion.py")


def test_errors_show_the_lines_of_the_program():
    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"at test_conversion\.py") as e:
        tf.function(failing)(tf.constant(1))
    frames = [f for f in traceback.extract_tb(e.tb) if f.filename == __file__]
    assert frames[-1].lineno == line_of(failing, "tf.matmul(x, x)")
    assert frames[-1].line == "x = tf.matmul(x, x)"


def test_what_is_refused_names_the_variable():
    def undefined(x):
        if x > 0:
            found = 1
        return found

    with tf.Graph().as_default(), pytest.raises(ValueError, match=r"else branch: \('found',\)"):
        tf.autograph.to_graph(undefined)(tf.constant(1))


def test_code_is_python():
    code = tf.autograph.to_code(of_tensors)
    assert code.startswith("def tf__of_tensors(x):")
    compile(code, "<code>", "exec")
    for operator in ("if_stmt", "for_stmt", "if_exp", "converted"):
        assert f"ag__.{operator}(" in code


def test_a_function_is_converted_once(monkeypatch):
    made = []
    read = convert.tree_of
    monkeypatch.setattr(convert, "tree_of", lambda f: made.append(f) or read(f))

    def fresh(n):
        def inner(x):
            return x + n if x > 0 else n

        return inner

    for n in range(3):
        assert tf.autograph.to_graph(fresh(n))(1) == 1 + n
    assert len(made) == 1


def test_what_a_converted_function_keeps():
    def original(x: "int", *rest, y=(), z: "str" = "a", **more) -> "float":
        """What it does."""
        return x, rest, y, z, more

    original.mark = 3
    made = tf.autograph.to_graph(original)
    assert made.__doc__ == original.__doc__ and made.mark == 3
    assert made.__defaults__ is original.__defaults__ and made.__module__ == __name__
    assert made.__kwdefaults__ is original.__kwdefaults__
    assert made.__kwdefaults__["y"] is original.__kwdefaults__["y"]
    assert made.__annotations__ == original.__annotations__
    assert made(1, 2, q=3) == original(1, 2, q=3)


def test_closures_are_shared():
    count = 0

    def up(x):
        nonlocal count
        if x > 0:
            count += x
        return count

    made = tf.autograph.to_graph(up)
    assert [made(2), up(3), made(-1), count] == [2, 5, 5, 5]


def test_lambdas_on_one_line_are_told_apart():
    n = 10
    several = [lambda x: x + 1 if x > 0 else 0, lambda x: x + n if x > 0 else 0, lambda x: x * 7]
    made = [tf.autograph.to_graph(each) for each in several]
    assert [each(1) for each in made] == [2, 11, 7]


def test_what_has_no_source_warns_once_and_runs(caplog):
    space = {}
    exec(compile("def strange(x):\n    return 1 if x > 0 else 2", "<strange>", "exec"), space)
    function = tf.function(space["strange"])
    with caplog.at_level(logging.WARNING, "tensorflow"), tf.Graph().as_default():
        for _ in range(2):
            with pytest.raises(TypeError, match=r"tf\.cond"):
                function(tf.constant(1))
    assert len(caplog.records) == 1
    assert "its source is not there: <strange>" in caplog.text


def test_functions_of_libraries_are_called_as_they_are():
    calls = convert.Calls(convert.ConversionOptions(recursive=True))
    for each in (tf.matmul, re.compile, functools.reduce, max, isinstance, tf.Variable):
        assert calls.converted(each) is each


class Proxy:
    """Looks like the function that it calls, as wrappers of `wrapt` do."""

    __class__ = property(lambda self: type(self._function))

    def __init__(self, function):
        self._function = function

    def __getattr__(self, name):
        return getattr(self._function, name)

    def __call__(self, *args):
        return self._function(*args) + 10


def test_what_a_proxy_does_around_a_function_is_done():
    proxy = Proxy(lambda x: x * 2)
    assert isinstance(proxy, type(lambda: 0))
    with eager_mode():
        assert tf.function(proxy)(tf.constant(3)).numpy() == 16
        assert tf.function(lambda x: proxy(x) + 1)(tf.constant(3)).numpy() == 17


def test_verbosity(caplog):
    def spoken_of(x):
        return x if x else None

    tf.autograph.set_verbosity(2)
    try:
        with caplog.at_level(logging.INFO, "tensorflow"):
            tf.autograph.to_graph(spoken_of)
    finally:
        tf.autograph.set_verbosity(0)
    assert "def tf__spoken_of(x):" in caplog.text


def test_trace_prints_when_a_function_is_traced(capsys):
    with tf.Graph().as_default():
        tf.function(lambda x: tf.autograph.trace(x, "seen"))(tf.constant(1))
    assert "seen" in capsys.readouterr().out


def test_print_of_tensors_prints_in_the_run(capsys):
    def printing(x):
        print("value", x, sep=": ")
        return x + 1

    made = tf.autograph.to_graph(printing, experimental_optional_features=F.all())
    with tf.Graph().as_default(), tf.Session() as sess:
        assert sess.run(made(tf.constant(2))) == 3
    assert "value: 2\n" in capsys.readouterr().out


def test_else_of_loops():
    def searched(xs, wanted):
        for x in xs:
            if x > wanted:
                found = x
                break
        else:
            found = -1
        return found

    made = tf.autograph.to_graph(searched)
    assert [made([1, 2, 3], n) for n in (1, 5)] == [2, -1]

    def counted(x):
        while x < 10:
            x = x * 2
        else:
            x = x + 100
        return x

    with tf.Graph().as_default(), tf.Session() as sess:
        assert sess.run(tf.autograph.to_graph(counted)(tf.constant(3))) == 112


def test_a_loop_may_come_to_be_decided_by_tensors():
    def until(x):
        n = 0
        while True:
            n += 1
            x = x * 2
            if x > 50:
                break
        return x, n

    with tf.Graph().as_default(), tf.Session() as sess:
        assert sess.run(tf.function(until)(tf.constant(3))) == (96, 5)


def test_effects_of_a_function_that_a_branch_calls():
    v = tf.Variable(0.0, use_resource=True)

    @tf.function
    def up(x):
        v.assign_add(x)
        return v * 1.0

    x = tf.placeholder(tf.float32, [])
    result = tf.cond(x > 0.0, lambda: up(x), lambda: -1.0)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert [sess.run(result, {x: n}) for n in (2.0, -3.0, 4.0)] == [2.0, -1.0, 6.0]


def test_a_tape_in_a_loop_sees_variables_of_outside():
    v = tf.Variable(2.0)

    def body(i, total):
        with tf.GradientTape() as tape:
            y = v * v * tf.cast(i, tf.float32)
        return i + 1, total + tape.gradient(y, v)

    total = tf.while_loop(lambda i, _: i < 4, body, [0, 0.0])[1]

    def branch():
        with tf.GradientTape() as tape:
            y = v * v * 3.0
        return tape.gradient(y, v)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run([total, tf.cond(v > 0.0, branch, lambda: 0.0)]) == [24.0, 12.0]


NOT_LOADED = """
import sys
import minitf as tf
tf.keras.layers.Dense(1)(tf.ones([1, 1])), tf.data.Dataset.range(3).batch(2)
assert "minitf.autograph.convert" not in sys.modules
tf.autograph.to_graph
assert "minitf.autograph.convert" in sys.modules
"""


def test_nothing_is_imported_before_a_function_is_traced():
    done = subprocess.run([sys.executable, "-c", NOT_LOADED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_list_of_tensors_may_be_named():
    def squares(n):
        found = []
        tf.contrib.autograph.set_element_type(entity=found, dtype=tf.int32)
        for i in tf.range(n):
            square = i * i
            found.append(square)
        return tf.contrib.autograph.stack(found)

    made = tf.autograph.to_graph(squares, experimental_optional_features=F.LISTS)
    with tf.Session() as session:
        assert session.run(made(tf.constant(4))).tolist() == [0, 1, 4, 9]
