"""`tf.test.assert_equal_graph_def`: what differs between two graphs."""
import re

from minitf.core.proto.graph_def import GraphDef


def assert_equal_graph_def(actual, expected, checkpoint_v2=False, hash_table_shared_name=False):
    """AssertionError unless two GraphDefs have the same nodes, in any order; TypeError for others.

    `checkpoint_v2` and `hash_table_shared_name` leave out what is random in the names of files and
    of tables.
    """
    for what, given in (("actual", actual), ("expected", expected)):
        if not isinstance(given, GraphDef):
            raise TypeError(f"Expected tf.GraphDef for {what}, got {type(given).__name__}")
    found, wanted = ({node.name: node for node in graph.node} for graph in (actual, expected))
    for name, node in wanted.items():
        if name not in found:
            raise AssertionError(f"Did not find expected node '{name}' of type {node.op}")
        _compare(found[name], node, checkpoint_v2, hash_table_shared_name)
    for name, node in found.items():
        if name not in wanted:
            raise AssertionError(f"Found unexpected node '{name}' of type {node.op}")


def _compare(found, wanted, checkpoint_v2, hash_table_shared_name):
    for what in ("op", "device"):
        ours, theirs = getattr(found, what), getattr(wanted, what)
        if ours != theirs:
            raise AssertionError(f"Node named '{wanted.name}' has {what} '{ours}' that is not "
                                 f"expected '{theirs}'")  # fmt: skip
    if _inputs(found) != _inputs(wanted):
        raise AssertionError(f"Node named '{wanted.name}' has inputs {list(found.input)} that are "
                             f"not expected {list(wanted.input)}")  # fmt: skip
    skipped = {"shared_name"} if hash_table_shared_name and "HashTable" in wanted.op else set()
    for key in sorted({*found.attr, *wanted.attr} - {"_output_shapes"} - skipped):
        if key not in found.attr or key not in wanted.attr:
            where = "missing" if key not in found.attr else "unexpected"
            raise AssertionError(f"Node named '{wanted.name}' has {where} attr '{key}'")
        ours, theirs = str(found.attr[key]), str(wanted.attr[key])
        if checkpoint_v2:
            ours, theirs = (re.sub(r"_temp_[0-9a-z]{32}/part", "/part", s) for s in (ours, theirs))
        if ours != theirs:
            raise AssertionError(f"Node named '{wanted.name}' has attr '{key}' with value: {ours} "
                                 f"that does not match expected: {theirs}")  # fmt: skip


def _inputs(node):
    """The inputs in order, then what goes before in any order."""
    named = [name for name in node.input if not name.startswith("^")]
    return named, sorted(name for name in node.input if name.startswith("^"))
