"""What is refused of version 2, and the files beside a program."""
import os

import pytest

import minitf as tf


@pytest.mark.parametrize("name", ["enable_v2_behavior",
                                  "enable_control_flow_v2", "enable_tensor_equality",
                                  "enable_v2_tensorshape"])  # fmt: skip
def test_version_2_is_refused_aloud(name):
    with pytest.raises(NotImplementedError, match=f"tf.{name}: minitf has the behavior of Tensor"):
        getattr(tf, name)()


def test_resources_lie_beside_the_file_that_asks(tmp_path):
    here = os.path.dirname(__file__)
    assert tf.resource_loader.get_data_files_path() == here
    assert tf.resource_loader.get_path_to_datafile("a.txt") == os.path.join(here, "a.txt")
    assert tf.resource_loader.get_root_dir_with_all_resources() == here
    assert tf.resource_loader.readahead_file_path("a", readahead="1M") == "a"
    assert tf.resource_loader.load_resource("compat/behavior.py").startswith(b'"""Which of')


def test_the_root_of_a_program_of_bazel_is_below_runfiles(tmp_path):
    place = tmp_path / "train.runfiles" / "project" / "deep" / "train.py"
    code = compile("asked = loader.get_root_dir_with_all_resources()", str(place), "exec")
    names = {"loader": tf.resource_loader}
    exec(code, names)
    assert names["asked"] == str(tmp_path / "train.runfiles" / "project")
