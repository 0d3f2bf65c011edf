"""Shows what a graph does: what flows through it and back, and where a run's time goes.

    from minitf import explain

    print(explain.graph())
    print(explain.flow(loss, feed_dict={x: images, y: labels}))
    with explain.watch() as found:  # or, of a script as it is: minitf --explain page.html script.py
        train()
    found.save("page.html")
    print(explain.profile([train_op, loss], feed_dict={x: images, y: labels}))
    explain.flow(loss, feed_dict, train_op=train_op).diagram("step.gif")

Text needs nothing else, nor does the drawing of `graph`, which a notebook shows for each tf.Graph;
`.plot()` (a list with histograms) and `.diagram()` (boxes and circles) of a flow draw with
matplotlib (the extra `plot`), and a notebook shows the list by itself. What the program became is
`tf.Session.source`.
"""

from minitf.explain.flow import Flow, Node, flow
from minitf.explain.phases import Phase, Phases, phases
from minitf.explain.profile import Profile, profile
from minitf.explain.scopes import Box, Scopes, graph
from minitf.explain.statistics import Statistics
from minitf.explain.watch import Curve, Runs, Watch, watch

__all__ = [
    "Box", "Curve", "Flow", "Node", "Phase", "Phases", "Profile", "Runs", "Scopes", "Statistics",
    "Watch", "flow", "graph", "phases", "profile", "watch",
]  # fmt: skip
