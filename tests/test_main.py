"""`python -m minitf` runs a program as Python would, with minitf in TensorFlow's place."""
import os
import signal
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from programs import ROOT, output

# ---- what `import tensorflow` gives

SAME = [
    ("import tensorflow as tf", "tf is minitf"),
    ("import tensorflow.compat.v1 as tf", "tf is minitf"),
    ("from tensorflow.compat import v1", "v1 is minitf"),
    ("import tensorflow as tf", "tf.compat.v1 is minitf"),
    ("from tensorflow.compat.v1 import Session", "Session is minitf.Session"),
    ("import tensorflow.compat.v1.train as train", "train is minitf.train"),
    ("import tensorflow.train", "tensorflow.train.AdamOptimizer is minitf.train.AdamOptimizer"),
    ("from tensorflow import nn", "nn is minitf.nn"),
    ("from pydoc import locate; f = locate('tensorflow.nn.dropout')", "f is minitf.nn.dropout"),
    ("import tensorflow.core.graph as g", "g.Graph is minitf.Graph"),
    ("from tensorflow.train import AdamOptimizer", "AdamOptimizer is minitf.train.AdamOptimizer"),
    ("from tensorflow.python.framework import ops", "ops.Tensor is minitf.Tensor"),
    ("from tensorflow.python.framework import ops", "ops.Graph is minitf.Graph"),
    ("from tensorflow.python.framework.ops import name_scope", "name_scope is minitf.name_scope"),
    ("import tensorflow.python.framework.ops as o", "o.Operation is minitf.Operation"),
    ("from tensorflow.python.framework import dtypes", "dtypes.int32 is minitf.int32"),
    ("from tensorflow.python.client import device_lib",
     "device_lib.list_local_devices()[0].name == '/device:CPU:0'"),
    ("from tensorflow.python.framework import device as d", "d.DeviceSpec is minitf.DeviceSpec"),
    ("from tensorflow.python.framework import test_util as t",
     "t.TensorFlowTestCase is minitf.test.TestCase"),
    ("from tensorflow.python.platform import test", "test.main is minitf.test.main"),
    ("from tensorflow.core.protobuf import config_pb2 as c",
     "c.ConfigProto is minitf.ConfigProto"),
    ("from tensorflow.core.protobuf import rewriter_config_pb2 as r", "r.RewriterConfig.OFF == 2"),
    ("from tensorflow.core.protobuf.rewriter_config_pb2 import RewriterConfig as r", "r.ON == 1"),
    ("import tensorflow.core.protobuf.cluster_pb2 as c",
     "c.ClusterDef is minitf.train.ClusterDef"),
    ("from tensorflow.python.ops import math_ops, nn_ops", "math_ops.matmul is minitf.matmul"),
    ("from tensorflow.python.ops import nn_ops", "nn_ops.relu is minitf.nn.relu"),
    ("from tensorflow.python.ops import variable_scope as v",
     "v.get_variable is minitf.get_variable"),
    ("from tensorflow.python.ops import variable_scope as v",
     "v.variable_scope is minitf.variable_scope"),
    ("from tensorflow.python.util import compat", "compat.as_bytes is minitf.compat.as_bytes"),
    ("import tensorflow.python.framework.ops",
     "tensorflow.python.framework.ops.Graph is minitf.Graph"),
    ("import tensorflow.python as p", "p.framework.ops.Graph is minitf.Graph is p.Graph"),
    ("from tensorflow.examples.tutorials.mnist import input_data",
     "input_data is minitf.examples.tutorials.mnist.input_data"),
    ("from tensorflow.examples.tutorials import mnist",
     "mnist.input_data is minitf.examples.tutorials.mnist.input_data"),
    ("from tensorflow.contrib.framework.python.ops import add_arg_scope, arg_scope",
     "arg_scope is minitf.contrib.framework.arg_scope"),
    ("from tensorflow.contrib.framework.python.ops import variables as v",
     "v.get_or_create_global_step is minitf.contrib.framework.get_or_create_global_step"),
    ("from tensorflow.contrib.data.python.ops import batching as b",
     "b.unbatch is minitf.contrib.data.unbatch"),
    ("from tensorflow.contrib.layers.python import layers as l",
     "l.xavier_initializer is minitf.contrib.layers.xavier_initializer"),
    ("from tensorflow.contrib.layers.python.layers import initializers as i",
     "i.xavier_initializer is minitf.contrib.layers.xavier_initializer"),
    ("from tensorflow.python.ops import gen_nn_ops",
     "gen_nn_ops._relu_grad([1.], [2.]).op.type == 'ReluGrad'"),
    ("from tensorflow.python.ops.gen_math_ops import mat_mul as m",
     "m([[1.]], [[2.]], False, True).op.get_attr('transpose_b')"),
    ("from tensorflow.core.framework import summary_pb2, graph_pb2",
     "summary_pb2.Summary is minitf.Summary and graph_pb2.GraphDef is minitf.GraphDef"),
    ("from tensorflow.python.framework import tensor_util as t",
     "t.constant_value is minitf.contrib.util.constant_value"),
    ("from tensorflow.core.util import event_pb2", "event_pb2.Event is minitf.Event"),
    ("from tensorflow.core.example.example_pb2 import Example",
     "Example is minitf.train.Example"),
    ("import tensorflow.examples.tutorials.mnist.input_data as d",
     "d is minitf.examples.tutorials.mnist.input_data"),
    ("from tensorflow.python.estimator.canned import dnn",
     "dnn.DNNClassifier is minitf.estimator.DNNClassifier"),
    ("from tensorflow.python.estimator.inputs import numpy_io as n",
     "n.numpy_input_fn is minitf.estimator.inputs.numpy_input_fn"),
    ("from tensorflow.contrib.estimator.python.estimator.head import multi_class_head as h",
     "h is minitf.contrib.estimator.multi_class_head"),
    ("from tensorflow.contrib.timeseries.python.timeseries import NumpyReader as r",
     "r is minitf.contrib.timeseries.NumpyReader"),
    ("from tensorflow.contrib.timeseries.python.timeseries import estimators, model as m",
     "estimators.ARRegressor is minitf.contrib.timeseries.ARRegressor and "
     "m.SequentialTimeSeriesModel is minitf.contrib.timeseries.model.SequentialTimeSeriesModel"),
    ("from tensorflow.python.feature_column import feature_column_lib as f",
     "f.numeric_column is minitf.feature_column.numeric_column"),
    ("from tensorflow_estimator import estimator as e", "e is minitf.estimator"),
    ("from tensorflow_estimator.python.estimator import estimator as e",
     "e.Estimator is minitf.estimator.Estimator"),
    ("from tensorflow_estimator.python.estimator.head import regression_head as h",
     "h.RegressionHead is minitf.estimator.RegressionHead"),
    ("import keras", "keras is minitf.keras"),
    ("from keras import backend as K", "K is minitf.keras.backend"),
    ("from keras.layers.core import Dense", "Dense is minitf.keras.layers.Dense"),
    ("from keras.layers.merge import concatenate as c", "c is minitf.keras.layers.concatenate"),
    ("from keras.utils.np_utils import to_categorical as c",
     "c is minitf.keras.utils.to_categorical"),
    ("import keras.backend.tensorflow_backend as K", "K is minitf.keras.backend"),
    ("from tensorflow.python.lib.io import file_io",
     "file_io.FileIO is minitf.gfile.GFile and file_io.file_exists is minitf.gfile.Exists"),
    ("from tensorflow.python.compat import v2_compat",
     "v2_compat.disable_v2_behavior is minitf.disable_v2_behavior"),
    ("from tensorflow.contrib.learn.python.learn.datasets import base as b",
     "b.load_csv_with_header is minitf.contrib.learn.datasets.base.load_csv_with_header"),
    ("from tensorflow.python.layers import utils as u",
     "u.smart_cond(True, true_fn=lambda: 1, false_fn=lambda: 2) == 1"),
]


def test_imports_resolve_to_minitf_itself(program):
    checks = "\n".join(
        f"{statement}\nimport minitf\nassert {claim}, {f'{statement}: {claim}'!r}"
        for statement, claim in SAME
    )
    output(program(checks))


def test_a_program_of_tests(program):
    source = """
        import tensorflow as tf

        tf.app.flags.DEFINE_integer("side", 3, "a length")

        class SquareTest(tf.test.TestCase):
            def testSquare(self):
                with self.test_session():
                    self.assertAllEqual(tf.square(tf.app.flags.FLAGS.side).eval(), 16)

            def testWrong(self):
                with self.cached_session():
                    self.assertAllClose(tf.constant([1.0, 2.0]), [1.0, 3.0])

        if __name__ == "__main__":
            tf.test.main()
    """
    result = program(source, "--side=4")
    assert result.returncode == 1
    assert "Ran 3 tests" in result.stderr and "FAILED (failures=1, skipped=1)" in result.stderr
    assert "Mismatched value: a is different from b." in result.stderr


def test_modules_are_loaded_once(program):
    source = """
        import tensorflow.compat.v1.train, tensorflow.train, minitf.train, sys
        from tensorflow.compat.v1.train import AdamOptimizer
        twins = {}
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] in ("tensorflow", "minitf") and hasattr(module, "__file__"):
                twins.setdefault(module.__file__, set()).add(id(module))
        assert len(twins) > 5 and all(len(ids) == 1 for ids in twins.values())
        import minitf
        assert minitf.__name__ == minitf.__spec__.name == "minitf"
        assert minitf.train.__spec__.name == "minitf.train"
    """
    output(program(source))


@pytest.mark.parametrize(("statement", "asked", "nearest"), [
    ("import tensorflow.trains", "tensorflow.trains", "tensorflow.train"),
    ("import tensorflow.train.adams", "tensorflow.train.adams", "tensorflow.train.adam"),
    ("from tensorflow import placeholdr", "tensorflow.placeholdr", "tensorflow.placeholder"),
    ("from tensorflow.train import AdamOptimiser", "tensorflow.train.AdamOptimiser",
     "tensorflow.train.AdamOptimizer"),
    ("from tensorflow.python.framework import opps", "tensorflow.python.framework.opps", None),
    ("from tensorflow.python.framework.ops import reset_default_grap",
     "tensorflow.python.framework.ops.reset_default_grap",
     "tensorflow.python.framework.ops.reset_default_graph"),
    ("import tensorflow.nowhere.to.be.found", "tensorflow.nowhere", None),
])
def test_what_is_missing_is_named_with_what_is_near(program, statement, asked, nearest):
    result = program(f"import sys\n{statement}\n")
    last = result.stderr.splitlines()[-1]
    assert result.returncode == 1
    assert last.startswith(f"ModuleNotFoundError: No module named '{asked}': minitf has no tf.")
    assert nearest is None or f"The nearest it has: {nearest}" in last
    assert statement in result.stderr.splitlines()[2]
    assert "as_tensorflow" not in result.stderr


def test_a_missing_module_can_be_caught(program):
    source = """
        import importlib.util
        try:
            import tensorflow.nowhere
        except ImportError as error:
            print(type(error).__name__, error.name)
        try:
            from tensorflow import nothing
        except ImportError as error:
            print(type(error).__name__, error.name)
        print(importlib.util.find_spec("tensorflow") is not None)
    """
    assert output(program(source)) == [
        "ModuleNotFoundError tensorflow.nowhere", "ModuleNotFoundError tensorflow.nothing", "True"
    ]


def test_urllib_has_the_modules_that_tensorflow_imports(program):
    source = """
        import urllib, tensorflow
        print(urllib.request.__name__, urllib.parse.quote("a b"), hasattr(urllib, "nothing"))
    """
    assert output(program(source)) == ["urllib.request a%20b False"]


def test_an_installed_tensorflow_is_not_taken(program, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tensorflow.py").write_text("raise SystemExit('the wrong one')")
    env = {"PYTHONPATH": f"{tmp_path / 'other'}{os.pathsep}{ROOT}"}
    output(program("import tensorflow as tf, minitf\nassert tf is minitf", env=env))


def test_install_refuses_to_come_too_late(program, tmp_path):
    (tmp_path / "tensorflow.py").write_text("")
    result = program(command=["-c", "import tensorflow, minitf.as_tensorflow as a; a.install()"])
    assert "ImportError: minitf.as_tensorflow: another tensorflow is imported" in result.stderr
    assert "tensorflow.py: call install() before the first `import tensorflow`" in result.stderr


def test_install_twice_is_install_once(program):
    code = (
        "import sys, minitf.as_tensorflow as a; a.install(); n = len(sys.meta_path); a.install();"
        "assert len(sys.meta_path) == n; import tensorflow, minitf; assert tensorflow is minitf"
    )
    output(program(command=["-c", code]))


def test_tensorboard_takes_its_own_stub(program, tmp_path):
    folder = tmp_path / "tensorboard" / "compat"
    folder.mkdir(parents=True)
    (tmp_path / "tensorboard" / "__init__.py").write_text("")
    # As in tensorboard/compat/__init__.py.
    (folder / "__init__.py").write_text(textwrap.dedent("""
        try:
            from tensorboard.compat import notf
            found = "stub"
        except ImportError:
            import tensorflow
            found = "tensorflow"
    """))
    env = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    source = "import tensorboard.compat; print(tensorboard.compat.found)"
    assert output(program(source, env=env)) == ["stub"]


# ---- as Python runs a program


AS_PYTHON = """
    import sys, os
    module = sys.modules["__main__"]
    print(__name__, __file__, __spec__, __package__, type(__loader__).__name__)
    print(__builtins__, module.__dict__ is globals(), module.__file__ == __file__, __doc__)
    print(sys.argv, sys.path[0], os.getcwd())
    print(sorted(name for name in globals() if not name.startswith("__")))
"""


@pytest.mark.parametrize("arguments", [(), ("--epochs", "2", "-h", "--version", "-m")])
def test_main_argv_and_path_are_as_python_sets_them(program, arguments):
    ours = program(AS_PYTHON, *arguments)
    python = program(AS_PYTHON, *arguments, command=["folder/prog.py"])
    assert output(ours) == output(python)


def test_a_link_is_followed_for_the_path(program, tmp_path):
    (tmp_path / "link.py").symlink_to(tmp_path / "folder" / "prog.py")
    ours = program(AS_PYTHON, command=["-m", "minitf", "link.py"])
    assert output(ours) == output(program(AS_PYTHON, command=["link.py"]))


def test_modules_beside_the_program_are_found(program, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "model.py").write_text("import tensorflow as tf\nname = tf.__name__")
    assert output(program("import model; print(model.name)")) == ["minitf"]


def test_source_encodings(program, tmp_path):
    (tmp_path / "latin.py").write_bytes("# coding: latin-1\nprint(ascii('é'))".encode("latin-1"))
    assert output(program(command=["-m", "minitf", "latin.py"])) == ["'\\xe9'"]


@pytest.mark.parametrize("source", [
    "import sys; sys.exit(3)",
    "import sys; sys.exit('a word')",
    "import sys; sys.exit()",
    "raise SystemExit(True)",
    "exit(4)",
    "def f():\n    1 / 0\nf()",
    "try:\n    {}['x']\nexcept KeyError as e:\n    raise ValueError('no') from e",
    "x = (\n1 +\n",
    "import nothing_of_this_name",
    "raise KeyboardInterrupt",
    "import threading\nthreading.Thread(target=lambda: print('late')).start()\n1 / 0",
    "import atexit\natexit.register(lambda: print('bye', __name__))\nprint('end')",
    "import sys\nsys.excepthook = lambda *a: print('mine', a[0].__name__)\n1 / 0",
    "raise ExceptionGroup('both', [ValueError(1), TypeError(2)])",
])
def test_ends_and_tracebacks_are_pythons(program, source):
    ours, python = program(source), program(source, command=["folder/prog.py"])
    assert ours.returncode == python.returncode
    assert (ours.stdout, ours.stderr) == (python.stdout, python.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX says by which signal a process ended")
def test_an_interrupt_ends_as_in_python(program):
    result = program("""
        import os, signal
        signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
        os.kill(os.getpid(), signal.SIGINT)
        input()
    """)
    assert result.returncode == -signal.SIGINT
    assert result.stderr.startswith("Traceback (most recent call last):\n  File ")
    assert "folder/prog.py" in result.stderr.splitlines()[1]


def test_errors_of_minitf_show_the_programs_line(program):
    result = program("""
        import tensorflow as tf
        a = tf.constant([1.0, 2.0])
        tf.matmul(a, tf.constant([[1.0]]))
    """)
    lines = result.stderr.splitlines()
    assert "folder/prog.py\", line 4, in <module>" in lines[1]
    assert "tf.matmul(a, tf.constant([[1.0]]))" in lines[2]
    assert "prog.py:4" in result.stderr


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_functions_of_the_program_travel_to_other_processes(program, method):
    if sys.platform == "win32" and method != "spawn":
        pytest.skip("Windows starts processes by spawn only")
    source = f"""
        import multiprocessing
        import pickle
        import tensorflow as tf

        def double(x):
            return tf.__name__, 2 * x

        if __name__ == "__main__":
            assert pickle.loads(pickle.dumps(double)) is double
            with multiprocessing.get_context({method!r}).Pool(1) as pool:
                print(pool.map(double, [1, 2]))
    """
    assert output(program(source)) == ["[('minitf', 2), ('minitf', 4)]"]


@pytest.mark.parametrize("where", ["beside the checkout", "in it"])
def test_programs_that_the_program_starts_find_minitf(program, tmp_path, where):
    env = {}
    child = "import tensorflow as tf, os; print(tf.__name__, os.path.isdir(tf.__path__[0]))"
    source = f"""
        import subprocess, sys
        print(subprocess.check_output([sys.executable, "-c", {child!r}], cwd="/", text=True))
    """
    if where == "in it":  # not on PYTHONPATH, and installed nowhere: found by the current folder
        (tmp_path / "minitf").symlink_to(ROOT / "minitf")
        env = {"PYTHONPATH": ""}
    assert output(program(source, env=env))[0] == "minitf True"


def test_a_notebook_can_load_it_as_an_extension(program):
    source = """
        import minitf.as_tensorflow
        minitf.as_tensorflow.load_ipython_extension(None)
        import tensorflow as tf
        print(tf is minitf)
    """
    result = program(source, command=["folder/prog.py"])
    assert output(result) == ["True"]


def test_without_a_display_pictures_are_drawn_to_files(program):
    source = "import os; print(os.environ.get('MPLBACKEND'))"
    bare = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "MPLBACKEND": ""}
    no_display = "None" if sys.platform in ("win32", "darwin") else "Agg"
    code = "import os, runpy, sys; del os.environ['MPLBACKEND'];" \
        "runpy.run_module('minitf', run_name='__main__')"
    assert output(program(source, "folder/prog.py", command=["-c", code], env=bare)) == [no_display]
    own = {**bare, "MPLBACKEND": "svg"}
    assert output(program(source, env=own)) == ["svg"]


# ---- the command line


def test_the_command_does_the_same_in_any_folder(program, tmp_path):
    """Even where a file is named as a module that Python needs to start."""
    (tmp_path / "types.py").write_text("raise SystemExit('a file of the program')")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/minitf").write_text(
        "import sys\nfrom minitf.__main__ import command\nsys.exit(command())"
    )
    command = ["bin/minitf", "folder/prog.py", "a"]
    result = program("import sys, tensorflow as tf; print(sys.argv, tf.__name__)", command=command)
    assert output(result) == ["['folder/prog.py', 'a'] minitf"]
    failed = program("import tensorflow as tf\ntf.matmul([[1.0]], [[1.0, 2.0], [3.0, 4.0]])",
                     command=command)  # fmt: skip
    assert failed.returncode == 1
    frames = [line for line in failed.stderr.splitlines() if line.startswith("  File")]
    assert "folder/prog.py" in frames[0], failed.stderr


def test_without_arguments_it_says_how_to_use_it(program):
    result = program(command=["-m", "minitf"])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: python -m minitf script.py [arguments]")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(program, option):
    result = program(command=["-m", "minitf", option])
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("usage: python -m minitf script.py [arguments]")


def test_version(program):
    assert output(program(command=["-m", "minitf", "--version"]))[0].startswith("minitf ")


@pytest.mark.parametrize("option", ["-x", "--frobnicate"])
def test_an_unknown_option_is_refused(program, option):
    result = program(command=["-m", "minitf", option])
    assert result.returncode == 2
    assert result.stderr.startswith(f"unknown option {option}\nusage:")


@pytest.mark.parametrize("option", ["-m", "-c"])
def test_an_option_without_its_argument_is_refused(program, option):
    result = program(command=["-m", "minitf", option])
    assert result.returncode == 2
    assert result.stderr.startswith(f"Argument expected for the {option} option\nusage:")


@pytest.mark.parametrize("name", ["no_such.py", "folder"])
def test_a_program_that_cannot_be_read(program, name, tmp_path):
    result = program(command=["-m", "minitf", name])
    assert result.returncode == 2
    assert f"can't open file {str(tmp_path / name)!r}: [Errno " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [(), ("a", "-m", "b")])
def test_code(program, arguments):
    code = "import sys; print(sys.argv, repr(sys.path[0]), __name__, '__file__' in globals())"
    ours = program(command=["-m", "minitf", "-c", code, *arguments])
    assert output(ours) == output(program(command=["-c", code, *arguments]))
    check = "import tensorflow, minitf; assert tensorflow is minitf"
    output(program(command=["-m", "minitf", "-c", check]))


def test_module(program, tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "train.py").write_text(textwrap.dedent("""
        import sys
        print(sys.argv, sys.path[0], __name__, __file__, __package__, __spec__.name)
        print(sys.modules["__main__"].__dict__ is globals())
    """))
    ours = program(command=["-m", "minitf", "-m", "pack.train", "-v", "x"])
    assert output(ours) == output(program(command=["-m", "pack.train", "-v", "x"]))


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P came with Python 3.11")
def test_safe_path(program):
    source = "import sys, os; print(os.path.dirname(__file__) in sys.path, '' in sys.path)"
    assert output(program(source, flags=["-P"])) == ["False False"]


TEXT = """
    import tensorflow as tf
    from google.protobuf import text_format
    graph = text_format.Parse('node { name: "a" op: "NoOp" }', tf.GraphDef())
    text_format.Merge("versions { producer: 1 }", graph)
    print(text_format.MessageToString(graph, as_one_line=True), len(graph.node))
    try:
        text_format.Merge("no: 1", graph)
    except text_format.ParseError as error:
        print(error)
"""


@pytest.mark.parametrize("flags", [(), ("-S",)], ids=["with what is installed", "without"])
def test_text_of_messages_is_read_whether_protobuf_is_installed_or_not(program, flags):
    numpy = str(Path(np.__file__).parents[1])  # -S: nothing is installed but what we name
    kept = {"PYTHONPATH": f"{ROOT}"} if not flags else None
    if flags:
        folder = Path(program(command=["-c", "import os; print(os.getcwd())"]).stdout.strip())
        (folder / "only").mkdir()
        (folder / "only" / "numpy").symlink_to(Path(numpy) / "numpy")
        libraries = Path(numpy) / "numpy.libs"
        if libraries.exists():
            (folder / "only" / "numpy.libs").symlink_to(libraries)
        kept = {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder / 'only'}"}
    first, second = output(program(TEXT, flags=flags, env=kept))
    assert first == 'node { name: "a" op: "NoOp" } versions { producer: 1 } 1'
    assert 'Message type "tensorflow.GraphDef" has no field named "no"' in second


# ---- --explain

EXPLAINED = """
    import os, sys
    import tensorflow as tf

    x = tf.placeholder(tf.float32, [], name="x")
    os.chdir("/")
    with tf.Session() as sess:
        print([float(sess.run(x * 2, {x: i})) for i in range(int(sys.argv[1]))])
    %s
"""


def explained(program, tmp_path, end="", path="page.html"):
    arguments = ["-m", "minitf", "--explain", path, "folder/prog.py", "3"]
    return program(EXPLAINED % end, command=arguments), tmp_path / path


def test_explain_writes_a_page_when_the_program_has_ended(program, tmp_path):
    result, page = explained(program, tmp_path)
    assert output(result) == ["[0.0, 2.0, 4.0]"]
    assert result.stderr.endswith("minitf: what was run is shown in page.html\n")
    text = page.read_text(encoding="utf-8")
    assert "<h1>folder/prog.py</h1>" in text and "in 3 runs of sessions" in text


def test_explain_leaves_a_program_its_status_and_its_error(program, tmp_path):
    result, page = explained(program, tmp_path, "sys.exit(5)")
    assert result.returncode == 5 and "in 3 runs" in page.read_text(encoding="utf-8")
    result, page = explained(program, tmp_path, "1 / 0")
    assert result.returncode == 1 and "ZeroDivisionError" in result.stderr
    assert "<pre class=error>ZeroDivisionError" in page.read_text(encoding="utf-8")


def test_explain_wants_a_file_that_can_be_written_and_a_program(program, tmp_path):
    result, _ = explained(program, tmp_path, path="nowhere/page.html")
    assert result.returncode == 2 and "[0.0" not in result.stdout
    assert "--explain: can't write 'nowhere/page.html': No such file" in result.stderr
    result = program(command=["-m", "minitf", "--explain", "page.html"])
    assert result.returncode == 2 and "Expected a file and a program" in result.stderr
