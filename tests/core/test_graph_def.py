"""Nodes bear TensorFlow's attributes, so that others can read a GraphDef."""
import json

import pytest
from goldens.collect import HERE
from known_differences import OWN_OPS

import minitf as tf
from minitf.core.op import REGISTRY
from minitf.core.proto.signatures import signature

tf.data, tf.lookup  # noqa: B018  these declare their ops when they are asked for
with open(f"{HERE}/op_attrs.json") as file:
    ATTRS = json.load(file)
OTHERWISE = {  # (what TensorFlow has, what is here instead)
    "Bitcast": ((), ("size",)),
    "DecodeAndCropJpeg": (("acceptable_fraction", "dct_method", "fancy_upscaling",
                           "try_recover_truncated"), ()),
    "DecodeJpeg": (("acceptable_fraction", "dct_method", "fancy_upscaling",
                    "try_recover_truncated"), ()),
    "DynamicStitch": (("N",), ()),
    "Equal": (("incompatible_shape_error",), ()),
    # Of functions: what they are given besides their arguments comes with their captured tensors.
    "GeneratorDataset": (
        ("Tfinalize_func_args", "Tnext_func_args", "finalize_func", "init_func",
         "next_func"),
        ("generator",),
    ),
    "GroupByReducerDataset": (
        ("Tfinalize_func_other_arguments", "Tinit_func_other_arguments",
         "Tkey_func_other_arguments", "Treduce_func_other_arguments"), ()
    ),
    "GroupByWindowDataset": (
        ("Tkey_func_other_arguments", "Treduce_func_other_arguments",
         "Twindow_size_func_other_arguments"), ()
    ),
    "NotEqual": (("incompatible_shape_error",), ()),
    "PaddedBatchDatasetV2": (("N",), ()),
    "ParallelDynamicStitch": (("N",), ()),
    "ParseExample": (("Ndense", "Nsparse"),  # the names of features are inputs there
                     ("dense_keys", "dense_types", "num_sparse", "sparse_keys")),
    "ParseSingleExample": ((), ("dense_types",)),
    "ParseSingleSequenceExample": (
        ("Ncontext_dense", "Nfeature_list_dense", "Tcontext_dense"),
        ("Tdense", "context_dense_keys", "context_dense_types", "context_sparse_keys",
         "feature_list_dense_keys", "feature_list_dense_missing_assumed_empty",
         "feature_list_sparse_keys"),
    ),
    "EagerPyFunc": (("Tin", "is_async", "token"), ("T", "func")),
    "PyFunc": (("Tin", "token"), ("T", "func")),
    "PyFuncStateless": (("Tin", "token"), ("T", "func")),
    "ReduceDataset": (("Tstate",), ()),
    "ScanDataset": (("Tstate",), ()),
    "SparseCross": (("dense_types", "sparse_types"), ("T",)),
}  # fmt: skip


def attributes(definition):
    """The names that a node's attributes may have."""
    types = [getattr(param.type, "attr", "_") for param in definition.schema.params]
    variadic = [param for param in definition.schema.params
                if param.variadic and not getattr(param.type, "each", False)]  # fmt: skip
    numbers = _numbers(definition) if variadic else set()
    counted = () if numbers & set(definition.schema.attrs) else numbers
    return {name for name in (*types, *definition.schema.attrs, *counted)
            if not name.startswith("_")}  # fmt: skip


def _numbers(definition):
    """The attributes that say how many tensors there are."""
    known = signature(definition.type)
    return {each.number for each in known.inputs if each.number} if known else set()


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_attributes_have_tensorflows_names(name):
    if name in OWN_OPS:
        assert name not in ATTRS
        return
    lacking, more = OTHERWISE.get(name, ((), ()))
    assert attributes(REGISTRY[name]) == (set(ATTRS[name]) - set(lacking)) | set(more)


def test_what_only_python_holds_is_left_out():
    y = tf.py_func(lambda x: x, [tf.constant(1.0)], tf.float32)
    assert "func" not in y.op.node_def.attr and y.op.node_def.attr["Tout"].list.type == [1]


def test_a_graph_begins_with_the_nodes_after_a_version():
    tf.constant(1, name="a")
    version = tf.get_default_graph().version
    tf.constant(2, name="b")
    nodes = tf.get_default_graph().as_graph_def(from_version=version).node
    assert [node.name for node in nodes] == ["b"]
