"""Functions and classes that take the arguments of others."""
import pickle
from inspect import signature

import pytest

import minitf as tf
from minitf.core.arguments import inherited_init, takes


def drawn(x, width=2, color="black", *, name=None, **kwargs):
    """What the functions below take the arguments of."""
    return x, width, color, name, kwargs


def all_given(**given):
    return given


def test_the_signature_is_that_of_the_other_function_with_what_is_different():
    taken = takes(drawn, without=["width"], before={"color": {"depth": 3}}, name="line")(all_given)
    assert str(signature(taken)) == "(x, depth=3, color='black', *, name='line', **kwargs)"
    assert taken(1, 4, other=5) == {"x": 1, "depth": 4, "color": "black", "name": "line",
                                    "other": 5}  # fmt: skip


def test_parameters_of_its_own_stand_around_those_it_takes():
    @takes(tf.layers.Flatten, without=["kwargs"])
    def flat(first, data_format, *, last=None, **kwargs):
        return first, data_format, last, kwargs

    assert str(signature(flat)) == "(first, data_format=None, name=None, last=None)"
    assert flat(1, "channels_last", "a", 2) == (1, "channels_last", 2, {"name": "a"})


def test_into_a_dictionary_goes_all_but_what_the_other_does_not_name():
    @takes(drawn, into="arguments")
    def taken(arguments, **kwargs):
        return arguments, kwargs

    found = {"x": 1, "width": 2, "color": "red", "name": None}
    assert taken(1, color="red", other=3) == (found, {"other": 3})


def test_names_that_the_other_does_not_have_are_refused():
    for changes in ({"without": ["height"]}, {"before": {"height": {}}}, {"height": 1}):
        with pytest.raises(TypeError, match=r"no parameters \['height'\]"):
            takes(drawn, **changes)(all_given)


@pytest.mark.parametrize(
    "call",
    [
        lambda f: f(), lambda f: f(1), lambda f: f(1, 2, 3, 4, 5), lambda f: f(1, 2, height=3),
        lambda f: f(1, width=2, x=3), lambda f: f(1, 2, color=3, name=4, x=5),
    ],
)  # fmt: skip
def test_wrong_calls_are_refused_in_the_words_of_python(call):
    def plain(x, width, color="black", *, name=None):
        return x

    @takes(plain)
    def taken(**given):
        return given

    with pytest.raises(TypeError) as expected:
        call(plain)
    with pytest.raises(TypeError) as error:
        call(taken)
    assert str(error.value) == str(expected.value).replace("plain", "taken")


def test_wrong_calls_name_the_function():
    with pytest.raises(TypeError, match=r"convolution2d\(\) missing .* argument: 'kernel_size'"):
        tf.contrib.layers.conv2d(None, 3)
    with pytest.raises(TypeError, match=r"Conv2D.__init__\(\) missing 1 required positional arg"):
        tf.keras.layers.Conv2D(3)
    with pytest.raises(TypeError, match=r"^conv1d\(\) got an unexpected keyword argument 'units'"):
        tf.layers.conv1d(None, 3, 4, units=4)


class Shape:
    def __init__(self, sides, size=1):
        self.sides, self.size = sides, size


@inherited_init(lambda given: {**given, "sides": 4}, without=["sides"], size=2)
class Square(Shape):
    pass


class Large(Square):
    def __init__(self, **kwargs):
        super().__init__(size=5, **kwargs)


def test_classes_are_made_as_their_base_but_for_what_is_different():
    assert str(signature(Square)) == "(size=2)"
    assert (Square(3).sides, Square(3).size, Square().size, Large().size) == (4, 3, 2, 5)
    assert Square.__init__.__qualname__ == "Square.__init__"
    with pytest.raises(TypeError, match=r"Square.__init__\(\) takes from 1 to 2 positional arg"):
        Square(3, 4)


def test_arg_scope_sets_arguments_that_are_taken():
    layers = tf.contrib.layers
    assert tf.contrib.framework.arg_scoped_arguments(layers.conv2d)[:3] == (
        "stride", "padding", "data_format")  # fmt: skip
    images = tf.ones([1, 4, 4, 1])
    with tf.contrib.framework.arg_scope([layers.conv2d], stride=2, activation_fn=None):
        outputs = layers.conv2d(images, 3, 3)
    assert outputs.shape.as_list() == [1, 2, 2, 3]
    assert outputs.op.type == "BiasAdd"


def test_functions_that_take_arguments_can_be_pickled():
    for function in (tf.contrib.layers.conv2d_transpose, tf.metrics.recall, tf.layers.conv1d):
        assert pickle.loads(pickle.dumps(function)) is function


def test_a_cell_with_arguments_of_its_own_tells_those_of_its_base():
    class Narrow(tf.keras.layers.LSTMCell):
        def __init__(self, **kwargs):
            super().__init__(2, **kwargs)

    config = Narrow(name="narrow").get_config()
    assert list(config)[:4] == ["name", "trainable", "dtype", "units"]
    assert config["units"] == 2 and config["implementation"] == 1
