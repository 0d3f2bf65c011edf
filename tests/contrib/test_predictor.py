"""What a predictor says of signatures that are not there: TensorFlow takes an empty one."""
import pytest

import minitf as tf


def test_a_signature_of_former_estimators_and_none(tmp_path):
    build = tf.saved_model.signature_def_utils.predict_signature_def
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [])
        builder = tf.saved_model.builder.SavedModelBuilder(str(tmp_path / "saved"))
        signatures = {"default_input_alternative:twice": build({"x": x}, {"y": x * 2})}
        builder.add_meta_graph_and_variables(sess, ["serve"], signatures)
        builder.save()
    load = tf.contrib.predictor.from_saved_model
    assert load(str(tmp_path / "saved"), "twice")({"x": 3.0}) == {"y": 6.0}
    with pytest.raises(ValueError, match=r"Available signatures are .*twice"):
        load(str(tmp_path / "saved"), "thrice")
    with pytest.raises(ValueError, match="Could not find MetaGraphDef with tags a,b"):
        tf.contrib.predictor.saved_model_predictor.get_meta_graph_def(
            str(tmp_path / "saved"), "a,b"
        )
