"""What Python, NumPy and other libraries have dropped since the years of TensorFlow 1."""
import importlib.util
import os
import sys

import numpy as np
import pytest
from programs import ROOT, output

from minitf.as_tensorflow.former import finder
from minitf.backend import compiler

# -- NumPy and Python -----------------------------------------------------------------------------


def test_names_that_python_and_numpy_have_dropped_are_there(program):
    source = """
        import tensorflow
        import base64, collections, inspect, time
        import numpy as np
        print(np.ones(1, np.float).dtype, np.ones(1, np.int).dtype.kind, np.ones(1, np.object))
        print(np.Inf, np.NaN, np.asscalar(np.ones(1)), np.product([2, 3]), np.in1d([[1, 2]], [2]))
        print(np.asfarray([1], np.int32).dtype, np.msort([[2], [1]]).tolist(), np.trapz([1, 2]))
        print(np.reshape(np.ones(4), newshape=(2, 2)).shape, np.reshape([1, 2], [2, 1]).shape)
        print(np.percentile([1, 2, 4], 60, interpolation="lower"), np.quantile([1, 2], 0.5))
        print(np.maximum_sctype("f4") is np.sctypes["float"][-1], np.cast[np.int8]([1.5]).tolist())
        print(np.find_common_type([np.float32], [np.float64]), np.find_common_type([], ["i4"]),
              np.find_common_type([np.int32], [np.float32]))
        print(issubclass(dict, collections.Mapping), time.clock() >= 0, base64.encodestring(b"a"))
        print(inspect.getargspec(lambda a, b=1, *c: 0))
        print(np.array([[1, 2], [3]]).dtype, np.asarray([(np.ones(3), [0, 1])] * 4).shape)
        print(np.array([1, 2], copy=False).shape, np.array([-1, 256], np.uint8).tolist())
        print(np.math.ceil(1.5), np.lib.pad([1], 1, "constant"), np.random.random_integers(3, 3),
              np.random.random_integers(1), np.bool8, np.ComplexWarning.__name__)
        try:
            np.array([[1, 2], [3]], np.float32)
        except ValueError:
            print("refused")
        try:
            tensorflow.constant([[1, 2], [3]])
        except ValueError:
            print("refused")
        try:
            inspect.getargspec(lambda *, a: 0)
        except ValueError:
            print("refused")
    """
    assert output(program(source, flags=("-W", "error::FutureWarning"))) == [
        "float64 i [1]",
        "inf nan 1.0 6 [False  True]",
        "float64 [[1], [2]] 1.5",
        "(2, 2) (2, 1)",
        "2 1.5",
        "True [1]", "float32 int32 float64",
        "True True b'YQ==\\n'",
        "ArgSpec(args=['a', 'b'], varargs='c', keywords=None, defaults=(1,))",
        "object (4, 2)", "(2,) [255, 0]",
        "2 [0 1 0] 3 1 <class 'numpy.bool'> ComplexWarning",
        "refused", "refused",
        "refused",
    ]


@pytest.mark.skipif(compiler.compiler() is None, reason="no C compiler")
def test_an_array_with_one_element_is_a_number(program):
    lines = output(program("""
        import numpy as np, tensorflow as tf
        with tf.Session() as session:
            loss, classes = session.run([tf.constant([[2.5]]), tf.argmax([[1, 2, 0]], 1)])
        print(float(loss), int(classes), "%.2f and %d" % (loss, classes), round(float(loss[0])))
        for refused in (lambda: float(np.zeros(2)), lambda: int(np.zeros(0)),
                        lambda: float(np.array([None])), lambda: int(np.array(["a"]))):
            try:
                refused()
            except (TypeError, ValueError) as error:
                print(type(error).__name__, error)
    """))
    assert lines[0] == "2.5 1 2.50 and 1 2"
    assert [line.split()[0] for line in lines[1:]] == ["TypeError"] * 3 + ["ValueError"]
    assert "only 0-dimensional" in lines[1] or "only length-1" in lines[1]


def test_arrays_of_tensors(program):
    lines = output(program("""
        import numpy as np, tensorflow as tf
        a, b = tf.constant(1.0), tf.constant([2.0, 3.0])
        array = np.array([[a, b, 4], [b, a, a]])
        print(array.dtype, array.shape, array[1, 0] is b)
        with tf.Session() as session:
            print(session.run(np.array([a, b]).sum()))
        try:
            np.array(a)
        except NotImplementedError as error:
            print(error)
    """))
    assert lines[:2] == ["object (2, 3) True", "[3. 4.]"]
    assert lines[2].startswith("Cannot convert a symbolic Tensor")



def test_methods_that_arrays_had(program):
    assert output(program("""
        import numpy as np, tensorflow
        a = np.zeros((2, 3), np.int16)
        a.itemset(1, 5)
        a.itemset((1, 2), 7)
        single = np.zeros((1, 1))
        single.itemset(4)
        print(a.tolist(), single, a.tostring() == a.tobytes(), a.tostring("F") == a.tobytes("F"))
        print(a.newbyteorder().tolist()[0], a.ptp(), a.ptp(0), a.ptp(axis=1, keepdims=True).shape)
        print(np.int16(5).tostring(), np.float32(2).ptp(), np.matrix([[1, 4]]).ptp())
        print(np.int32(5).newbyteorder(">"), np.float64(5).newbyteorder("L"))
    """)) == [
        "[[0, 5, 0], [0, 0, 7]] [[4.]] True True",
        "[0, 1280, 0] 7 [0 5 7] (2, 1)",
        "b'\\x05\\x00' 0.0 3",
        "83886080 5.0",
    ]


def test_types_of_python_stood_for_kinds_of_numbers(program):
    assert output(program("""
        import numpy as np, tensorflow
        kinds = np.float16, np.float64, np.int32, np.uint8, np.complex64
        for kind in float, int, complex, np.float:
            print([np.issubdtype(each, kind) for each in kinds])
        print(np.issubdtype(np.dtype("f4"), float), np.issubdtype(np.float32, np.float64))
    """)) == [
        "[True, True, False, False, False]", "[False, False, True, False, False]",
        "[False, False, False, False, True]", "[True, True, False, False, False]", "True False",
    ]  # fmt: skip


def test_functions_give_what_they_gave(program):
    assert output(program("""
        import numpy as np, tensorflow
        print(np.fromstring(b"ab", np.uint8), np.fromstring("1,2", sep=","),
              np.fromstring(b"abcd", "i1", 2).flags.writeable)
        print(np.unique([[5, 7], [7, 5]], return_inverse=True))
        print(np.unique([[5, 7]], True, True, True)[2:],
              np.unique([[5, 7], [5, 7]], return_inverse=True, axis=0)[1].shape)
        print(type(np.meshgrid([1], [2])), type(np.atleast_2d(1, 2)), type(np.gradient([1, 2])))
        print(np.vstack(map(list, [(1, 2)])), np.hstack(x for x in [[1], [2]]))
        print(np.histogram([1, 1, 3], bins=2, normed=True)[0])
        try:
            np.fromstring(b"abc", np.int16)
        except ValueError as error:
            print(error)
    """)) == [
        "[97 98] [1. 2.] True",
        "(array([5, 7]), array([0, 1, 1, 0]))",
        "(array([0, 1]), array([1, 1])) (2,)",
        "<class 'list'> <class 'list'> <class 'numpy.ndarray'>",
        "[[1 2]] [1 2]",
        "[0.66666667 0.33333333]",
        "buffer size must be a multiple of element size",
    ]


def test_numbers_are_printed_as_they_were(program):
    assert output(program("""
        import numpy as np, tensorflow as tf
        with tf.Session() as session:
            print(session.run([tf.constant(3.0), tf.constant(4), tf.constant([1.5])]))
        print([np.float64(0.1), np.bool_(True)], {"a": np.int64(2)})
    """)) == ["[3.0, 4, array([1.5], dtype=float32)]", "[0.1, True] {'a': 2}"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes were spawned then, too")
@pytest.mark.parametrize("chosen", ["", "multiprocessing.set_start_method('fork')"])
def test_processes_take_over_what_the_program_has_made(program, chosen):
    assert output(program(f"""
        import multiprocessing, tensorflow as tf
        {chosen}
        queue = multiprocessing.Queue()
        process = multiprocessing.Process(target=lambda: queue.put(5))
        process.start()
        print(queue.get(), process.join())
    """, flags=("-W", "ignore"))) == ["5 None"]


def test_assertions_and_threads_have_their_former_names(program):
    assert output(program("""
        import threading, unittest, tensorflow as tf

        class Test(tf.test.TestCase):
            def test(self):
                self.assertEquals(1, 1)
                self.assertNotAlmostEquals(1, 2)
                self.assertRegexpMatches("ab", "b")
                with self.assertRaisesRegexp(ValueError, "invalid"):
                    int("x")
                with self.assertRaises(AssertionError):
                    self.assert_(False)

        print(unittest.TextTestRunner().run(Test("test")).wasSuccessful())
        print(threading.Thread().isAlive())
    """)) == ["True", "False"]


# -- modules that are gone ------------------------------------------------------------------------


def loaded(name):
    """The module that stands in for one that Python no longer has."""
    spec = finder.DROPPED.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_modules_that_are_gone_are_found(program):
    assert output(program("""
        import tensorflow, imp, pipes
        import distutils.version, xml.etree.cElementTree as ET
        from distutils.util import strtobool
        from distutils.spawn import find_executable
        print(distutils.version.LooseVersion("1.10") > "1.9", strtobool("yes"), pipes.quote("a b"))
        print(ET.fromstring("<a/>").tag, imp.new_module("m").__name__, find_executable("no such"))
        try:
            import distutils.nothing
        except ModuleNotFoundError as error:
            print(error)
    """, flags=("-W", "ignore"))) == [
        "True 1 'a b'", "a m None", "No module named 'distutils.nothing'"
    ]  # fmt: skip


def test_imp(tmp_path):
    imp = loaded("imp")
    (tmp_path / "one.py").write_text("x = 5")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("y = 6")
    assert imp.load_source("of_imp", str(tmp_path / "one.py")).x == 5
    for name, kind in ("one", imp.PY_SOURCE), ("pack", imp.PKG_DIRECTORY):
        file, path, description = imp.find_module(name, [str(tmp_path)])
        assert description[2] == kind and imp.load_module("of_imp", file, path, description)
    assert imp.load_module("of_imp", file, path, description).y == 6
    with pytest.raises(ImportError, match="'nowhere'"):
        imp.find_module("nowhere", [str(tmp_path)])
    (tmp_path / "wrong.py").write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        imp.load_source("of_imp_wrong", str(tmp_path / "wrong.py"))


def test_versions():
    version = loaded("distutils.version")
    Loose, Strict = version.LooseVersion, version.StrictVersion
    assert Loose("1.15.5-rc1").version == [1, 15, 5, "-", "rc", 1]
    assert Loose("1.10") > Loose("1.9") and Loose("1.4.0") >= "1.4" and Loose("2") != "2.0"
    assert repr(Loose("1.2")) == "LooseVersion ('1.2')"
    with pytest.raises(TypeError):
        assert Loose("1.a") < "1.2"
    with pytest.raises(TypeError):
        assert Loose("1") < 2
    assert Strict("1.4") < "1.4.1" and Strict("1.0a1") < Strict("1.0b1") < "1.0" == Strict("1.0.0")
    assert [str(Strict(text)) for text in ("1.0.0", "1.2.3b4")] == ["1.0", "1.2.3b4"]
    with pytest.raises(ValueError, match="invalid version number '1'"):
        Strict("1")


def test_truth_values():
    strtobool = loaded("distutils.util").strtobool
    assert [strtobool(word) for word in ("Yes", "on", "1", "n", "FALSE")] == [1, 1, 1, 0, 0]
    with pytest.raises(ValueError, match="invalid truth value 'maybe'"):
        strtobool("maybe")


# -- pictures -------------------------------------------------------------------------------------


def test_names_that_pillow_had(program):
    pytest.importorskip("PIL")
    assert output(program("""
        import tensorflow
        from PIL import Image, ImageDraw, ImageFont
        image, font = Image.new("RGB", (40, 30)), ImageFont.load_default()
        print(image.resize((10, 20), Image.ANTIALIAS).size)
        print(font.getsize("abc") == ImageDraw.Draw(image).textsize("abc", font=font))
        print(font.getsize("abc")[0] > font.getsize("a")[0] > 0)
    """)) == ["(10, 20)", "True", "True"]


# -- files ----------------------------------------------------------------------------------------


def test_what_h5py_gave(program, tmp_path):
    """As 2.10 did: it can be told from what was written what is read."""
    pytest.importorskip("h5py")
    assert output(program(f"""
        import os
        import tensorflow
        import h5py, numpy as np
        os.chdir({str(tmp_path)!r})
        text, data = h5py.special_dtype(vlen=str), h5py.special_dtype(vlen=bytes)
        with h5py.File("x.h5") as file:
            file.attrs["bytes"], file.attrs["text"] = "2.3".encode("utf8"), "2.3"
            file.attrs["texts"] = np.array(["a", "b"], text)
            file.attrs["data"] = np.array([b"a", b"b"], data)
            file.attrs["fixed"], file.attrs["n"] = [b"ab", b"c"], 3
            file["x"], file["text"], file["bytes"] = np.arange(3), "text", np.array([b"a", b"bc"])
            file["texts"] = np.array(["a", "b"], text)
        with h5py.File("x.h5") as file:
            file["y"] = [1.5]
            for key in "bytes", "text", "texts", "data", "fixed", "n":
                value = file.attrs[key]
                print(value.tolist() if hasattr(value, "tolist") else value)
            print(file.attrs["fixed"].dtype, file.attrs["data"].dtype)
            print(file["x"].value.tolist(), file["text"].value, file["texts"][0])
            print(file["texts"][:].tolist(), file["bytes"].value.tolist(), file["y"].value[0])
        os.chmod("x.h5", 0o444)
        print(h5py.File("x.h5", "r").mode, sorted(h5py.File("x.h5", "r")))
    """)) == [
        "b'2.3'", "2.3", "['a', 'b']", "[b'a', b'b']", "[b'ab', b'c']", "3", "|S2 object",
        "[0, 1, 2] text a", "['a', 'b'] [b'a', b'bc'] 1.5",
        "r ['bytes', 'text', 'texts', 'x', 'y']",
    ]  # fmt: skip


@pytest.fixture
def misc(tmp_path, monkeypatch):
    """`scipy.misc`, of which SciPy itself, if it is installed, gives functions of numbers only."""
    pytest.importorskip("PIL")
    folder = tmp_path / "scipy"
    folder.mkdir()
    (folder / "__init__.py").write_text("__version__ = '1.17.0'")
    names = ["comb", "factorial", "factorial2", "factorialk", "logsumexp"]
    (folder / "special.py").write_text(" = ".join(names) + " = None")
    with monkeypatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.partition(".")[0] == "scipy"]:
            patch.delitem(sys.modules, name)
        importlib.import_module("scipy")
        spec = finder.REPLACED.find_spec("scipy.misc")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
        for name in "scipy", "scipy.special":
            del sys.modules[name]


# What SciPy 1.2.3 gives, with Pillow 9.5.
GREYS = np.random.RandomState(1).rand(3, 4)
PICTURE = np.arange(24, dtype=np.uint8).reshape(2, 4, 3) * 10
BYTES = [[148, 255, 0, 107], [52, 33, 66, 122], [140, 191, 148, 243]]
LIMITED = [[92, 200, 10, 49], [10, 10, 10, 65], [85, 139, 93, 194]]
OF_ONE = [[106, 184, 0, 77], [37, 24, 47, 88], [101, 137, 107, 175]]
NEAREST = [[[150, 160, 170], [210, 220, 230]]]
BILINEAR = [[[21, 31, 41], [69, 79, 89]], [[81, 91, 101], [129, 139, 149]],
            [[141, 151, 161], [189, 199, 209]]]  # fmt: skip


def test_arrays_become_bytes(misc):
    assert misc.bytescale(PICTURE) is PICTURE
    assert misc.bytescale(GREYS).tolist() == BYTES
    assert misc.bytescale(GREYS, 0.2, 0.7, 200, 10).tolist() == LIMITED
    for limits, message in (({"high": 300}, "are bytes"), ({"low": -1}, "are bytes"),
                            ({"cmin": 2, "cmax": 1}, "should be larger")):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            misc.bytescale(GREYS, **limits)


def test_arrays_become_images(misc):
    def back(*args, **how):
        return misc.fromimage(misc.toimage(*args, **how)).tolist()

    assert back(GREYS) == BYTES and back(GREYS, mode="P")[0][0] == [BYTES[0][0]] * 3
    assert back(GREYS, cmin=0, cmax=1) == OF_ONE
    assert back(GREYS, mode="I") == [[int(255 * (x - GREYS.min()) / np.ptp(GREYS)) for x in row]
                                     for row in GREYS]  # fmt: skip
    assert back(np.moveaxis(PICTURE, 2, 0)) == PICTURE.tolist()
    assert misc.toimage(np.ones((2, 2, 4))).mode == "RGBA"
    flat = misc.fromimage(misc.toimage(PICTURE), flatten=True)
    assert flat.dtype == np.float32 and flat[0, 1] == pytest.approx(38.15, abs=1e-3)
    for array, how in ((GREYS * 1j, {}), (np.ones((2, 2, 2)), {}), (PICTURE, {"mode": "L"}),
                       (GREYS, {"mode": "RGB"}), (np.ones((2, 3, 3)), {"channel_axis": 0})):
        with pytest.raises(ValueError):  # fmt: skip
            misc.toimage(array, **how)
    with pytest.raises(TypeError, match="not a PIL image"):
        misc.fromimage(GREYS)


def test_pictures_in_other_sizes(misc):
    assert misc.imresize(PICTURE, (1, 2), "nearest").tolist() == NEAREST
    assert misc.imresize(GREYS, 200, "nearest").shape == (6, 8)
    assert misc.imresize(GREYS, 0.5).shape == (1, 2)
    near = misc.imresize(PICTURE, (3, 2)).astype(int)
    assert abs(near - BILINEAR).max() <= 1  # versions of Pillow round differently
    assert misc.imresize(GREYS, (2, 2), mode="F").dtype == np.float32
    assert misc.imrotate(PICTURE, 180).tolist() == PICTURE[::-1, ::-1].tolist()
    assert misc.imfilter(PICTURE, "sharpen").shape == PICTURE.shape
    with pytest.raises(KeyError):
        misc.imresize(PICTURE, 50, "other")
    with pytest.raises(ValueError, match="Unknown filter"):
        misc.imfilter(PICTURE, "other")


def test_pictures_in_files(misc, tmp_path):
    file = str(tmp_path / "a.png")
    misc.imsave(file, PICTURE)
    np.testing.assert_array_equal(misc.imread(file), PICTURE)
    assert misc.imread(file, mode="L").shape == (2, 4)
    assert misc.imread(file, flatten=True).dtype == np.float32
    misc.imsave(tmp_path / "b", GREYS, "png")
    assert misc.imread(tmp_path / "b").tolist() == BYTES


def test_scipy_misc_is_ours_where_scipy_has_left_it(program, tmp_path):
    pytest.importorskip("PIL")
    (tmp_path / "scipy").mkdir()
    (tmp_path / "scipy" / "special.py").write_text("comb = factorial = factorial2 = factorialk = 1;"
                                                   "logsumexp = 2")  # fmt: skip
    for version, expected in ("1.17.1", "True 2"), ("1.2.3", "its own"):
        (tmp_path / "scipy" / "__init__.py").write_text(f"__version__ = '{version}'")
        (tmp_path / "scipy" / "misc.py").write_text("imread, logsumexp = 'its', 'own'")
        lines = output(program("""
            import tensorflow
            from scipy.misc import imread, logsumexp
            print(imread if isinstance(imread, str) else callable(imread), logsumexp)
        """, env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}))  # fmt: skip
        assert lines == [expected]
