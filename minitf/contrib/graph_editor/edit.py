"""Parts of a graph taken off what is around them, or joined."""
from minitf.contrib.graph_editor.placeholders import (
    make_placeholder_from_tensor,
    placeholder_name,
)
from minitf.contrib.graph_editor.reroute import (
    remove_control_inputs,
    reroute_inputs,
    reroute_ts,
    swap_inputs,
    swap_outputs,
)
from minitf.contrib.graph_editor.subgraph import SubGraphView, make_view
from minitf.contrib.graph_editor.util import ControlOutputs, check_graphs
from minitf.contrib.graph_editor.walks import check_cios
from minitf.ops.state.placeholder import placeholder


def detach_control_inputs(sgv):
    """Let the operations of a view wait for none that is outside of it."""
    sgv = make_view(sgv)
    for op in sgv.ops:
        remove_control_inputs(op, [each for each in op.control_inputs if each not in sgv.ops])


def detach_control_outputs(sgv, control_outputs):
    """Let no operation from outside wait for one of the view; `control_outputs` knows them.
    TypeError for what is no ControlOutputs."""
    if not isinstance(control_outputs, ControlOutputs):
        raise TypeError(f"Expected a util.ControlOutputs, got: {type(control_outputs)}")
    control_outputs.update()
    sgv = make_view(sgv)
    for op in sgv.ops:
        for waiting in control_outputs.get(op):
            if waiting not in sgv.ops:
                remove_control_inputs(waiting, op)


def detach_inputs(sgv, control_inputs=False):
    """(the view, placeholders that it reads in place of its inputs)."""
    sgv = make_view(sgv)
    with sgv.graph.as_default():
        made = [placeholder(each.dtype, name=placeholder_name(each)) for each in sgv.inputs]
    swap_inputs(sgv, made)
    if control_inputs:
        detach_control_inputs(sgv)
    return sgv, made


def detach_outputs(sgv, control_outputs=None):
    """(the view, placeholders that are read in place of its outputs)."""
    sgv = make_view(sgv)
    read = sgv.remap_outputs([i for i, each in enumerate(sgv.outputs) if each.consumers()])
    readers = SubGraphView(read.consumers())
    readers = readers.remap_inputs(
        [i for i, each in enumerate(readers.inputs) if each in read.outputs]
    )
    with read.graph.as_default():
        made = [make_placeholder_from_tensor(each) for each in readers.inputs]
    swap_outputs(read, made)
    if control_outputs is not None:
        detach_control_outputs(read, control_outputs)
    return read, made


def detach(sgv, control_inputs=False, control_outputs=None, control_ios=None):
    """(the view, placeholders for its inputs, and for its outputs): see `detach_inputs`,
    `detach_outputs`; also from control edges as these arguments say."""
    control_inputs, control_outputs = check_cios(control_inputs, control_outputs, control_ios)
    _, inputs = detach_inputs(sgv, control_inputs)
    _, outputs = detach_outputs(sgv, control_outputs)
    return sgv, inputs, outputs


def connect(sgv0, sgv1, disconnect_first=False):
    """Let `sgv1` read the outputs of `sgv0`, which others do not read any more if
    `disconnect_first`. Both views."""
    sgv0, sgv1 = make_view(sgv0), make_view(sgv1)
    check_graphs(sgv0, sgv1)
    if disconnect_first:
        detach_outputs(sgv0)
    reroute_inputs(SubGraphView(passthrough_ts=sgv0.outputs), sgv1)
    return sgv0, sgv1


def bypass(sgv):
    """Let what reads the outputs of a view read its inputs. (The view, placeholders that it now
    reads itself)."""
    sgv = make_view(sgv)
    inputs = sgv.inputs
    sgv, made = detach_inputs(sgv)
    reroute_ts(inputs, sgv.outputs)
    return sgv, made
