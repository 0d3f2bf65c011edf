"""tf.app.run and tf.flags as programs use them: a process of its own for each."""
import subprocess
import sys

import pytest

PROGRAM = '''"""Trains, as %s does."""
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("n", 3, "count")
flags.DEFINE_bool("b", True, "a bool")
FLAGS = flags.FLAGS


def main(argv):
    print(argv[1:], FLAGS.n, FLAGS.b)
    return 4


if __name__ == "__main__":
    tf.app.run()
'''


def ran(tmp_path, program, *arguments):
    script = tmp_path / "train.py"
    script.write_text(program)
    command = [sys.executable, "-m", "minitf", str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ([], "[] 3 True"),
        (["--n=4", "x", "--y=1"], "['x', '--y=1'] 4 True"),  # unknown flags are main's
        (["--nob", "--n", "5"], "[] 5 False"),
        (["-n", "5", "--", "--b=0"], "['--', '--b=0'] 5 True"),
    ],
)
def test_run_parses_the_flags_and_leaves_with_what_main_returns(tmp_path, arguments, printed):
    done = ran(tmp_path, PROGRAM, *arguments)
    assert (done.stdout, done.stderr, done.returncode) == (printed + "\n", "", 4)


def test_a_wrong_value_ends_the_program_with_its_reason(tmp_path):
    done = ran(tmp_path, PROGRAM, "--n=q")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith("IllegalFlagValueError: flag --n=q: invalid literal for int() "
                         "with base 10: 'q'")  # fmt: skip


def test_help_shows_the_programs_flags(tmp_path):
    done = ran(tmp_path, PROGRAM, "--help")
    script = tmp_path / "train.py"
    assert done.returncode == 1
    assert done.stdout == f"""Trains, as {script} does.
flags:

{script}:
  --[no]b: a bool
    (default: 'true')
  --n: count
    (default: '3')
    (an integer)

Try --helpfull to get a list of all flags.
"""


def test_flags_are_parsed_when_first_read(tmp_path):
    program = PROGRAM.replace("tf.app.run()", "print(FLAGS.n, FLAGS.flag_values_dict())")
    done = ran(tmp_path, program, "--n=7")
    assert (done.stdout, done.stderr) == ("7 {'n': 7, 'b': True}\n", "")


def test_reading_a_flag_refuses_unknown_ones(tmp_path):
    done = ran(tmp_path, PROGRAM.replace("tf.app.run()", "FLAGS.n"), "--m=7")
    assert done.returncode == 1
    assert "UnrecognizedFlagError: Unknown command line flag 'm'" in done.stderr


def test_the_old_ways_to_list_flags(tmp_path):
    program = PROGRAM.replace(
        "tf.app.run()",
        "FLAGS._parse_flags()\n    print(sorted((k, v.value) for k, v in FLAGS.__flags.items()))",
    )
    assert ran(tmp_path, program).stdout == "[('b', True), ('n', 3)]\n"


def test_run_takes_main_and_arguments(tmp_path):
    program = PROGRAM.replace("tf.app.run()", "tf.app.run(main=main, argv=['p', '--n=9', 'z'])")
    assert ran(tmp_path, program, "--n=1").stdout == "['z'] 9 True\n"


def test_internal_names_are_the_same_modules(tmp_path):
    program = """
import tensorflow as tf
from tensorflow.python.platform import app, flags, gfile
from tensorflow.python.platform import tf_logging as logging
flags.DEFINE_string("a", "b", "c")
print(flags.FLAGS.a, tf.flags.FLAGS is flags.FLAGS is tf.app.flags.FLAGS)
print(app.run is tf.app.run, gfile.Exists is tf.gfile.Exists, logging.info is tf.logging.info)
"""
    assert ran(tmp_path, program).stdout == "b True\nTrue True True\n"


def test_flagfiles_are_read(tmp_path):
    lines = tmp_path / "flags.txt"
    lines.write_text("# a comment\n--n=12\n\n--nob\n")
    done = ran(tmp_path, PROGRAM, f"--flagfile={lines}", "rest")
    assert done.stdout == "['rest'] 12 False\n"


LOGGING = """
import tensorflow as tf
tf.logging.info("unseen"); tf.logging.debug("unseen")
tf.logging.warn("warn %d", 1); tf.logging.error("err"); tf.logging.fatal("fat")
print(tf.logging.get_verbosity())
tf.logging.set_verbosity(tf.logging.INFO)
tf.logging.info("loss = %.2f, step = %d", 0.25, 3); tf.logging.warning("w")
tf.logging.log(tf.logging.ERROR, "x"); tf.logging.vlog(tf.logging.INFO, "v")
for i in range(5):
    tf.logging.log_every_n(tf.logging.INFO, "every %d", 2, i)
    tf.logging.log_first_n(tf.logging.INFO, "first %d", 2, i)
    tf.logging.log_if(tf.logging.INFO, "if %d", i == 3, i)
tf.logging.set_verbosity(tf.logging.ERROR)
tf.logging.warn("unseen")
print(tf.logging.DEBUG, tf.logging.INFO, tf.logging.WARN, tf.logging.ERROR, tf.logging.FATAL)
print(tf.get_logger().name)
"""


def test_logging_writes_to_standard_error_as_tensorflow_does(tmp_path):
    done = ran(tmp_path, LOGGING)
    assert done.stdout == "30\n10 20 30 40 50\ntensorflow\n"
    assert done.stderr.splitlines() == [
        "WARNING:tensorflow:warn 1",
        "ERROR:tensorflow:err",
        "CRITICAL:tensorflow:fat",
        "INFO:tensorflow:loss = 0.25, step = 3",
        "WARNING:tensorflow:w",
        "ERROR:tensorflow:x",
        "INFO:tensorflow:v",
        "INFO:tensorflow:every 0",
        "INFO:tensorflow:first 0",
        "INFO:tensorflow:first 1",
        "INFO:tensorflow:every 2",
        "INFO:tensorflow:if 3",
        "INFO:tensorflow:every 4",
    ]


def test_logging_leaves_the_format_to_a_root_logger_that_is_set_up(tmp_path):
    program = """
import logging
logging.basicConfig(format="%(levelname)s %(module)s:%(lineno)d %(message)s", level=logging.INFO)
import tensorflow as tf
tf.logging.info("here")
"""
    assert ran(tmp_path, program).stderr == "INFO train:5 here\n"


HIDDEN = """import importlib.machinery as m
there = m.PathFinder.find_spec
m.PathFinder.find_spec = lambda *a: None if a[0][:4] == "absl" else there(*a)
"""
MIXED = """import tensorflow as tf
tf.app.flags.DEFINE_integer("c", 7, "before"); tf.flags.DEFINE_multi_string("m", ["x"], "several")
held = tf.flags.FLAGS
from absl import app, flags
flags.DEFINE_bool("d", False, "of Abseil")
tf.flags.DEFINE_float("e", default_value=1.5, docstring="after")
def main(argv):
    print(argv[1:], held.c, held.m, held.d, flags.FLAGS.e, flags.FLAGS.c, "d" in held)
    print(flags is tf.flags)
"""


@pytest.mark.parametrize("runner", ["tf.app.run()", "app.run(main)"])
@pytest.mark.parametrize("hidden", ["", HIDDEN])
def test_flags_of_abseil_are_those_of_tensorflow(tmp_path, runner, hidden):
    if not hidden:
        pytest.importorskip("absl")
    given = "--c=9", "--m=1", "--m=2", "--d", "--e", "2.5", "x"
    done = ran(tmp_path, hidden + MIXED + runner, *given)
    assert done.stdout == f"['x'] 9 ['1', '2'] True 2.5 9 True\n{bool(hidden)}\n", done.stderr


def test_flags_of_abseil_are_read_before_main(tmp_path):
    pytest.importorskip("absl")
    program = """from absl import flags
import tensorflow as tf
flags.DEFINE_integer("a", 1, "")
print(tf.flags.FLAGS.a)
"""
    assert ran(tmp_path, program, "--a=5").stdout == "5\n"
