"""Monitors as hooks: `tf.contrib.learn.monitors.replace_monitors_with_hooks`."""
import inspect

from minitf.core.graph import get_default_graph
from minitf.train.global_step import get_global_step
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class RunHookAdapterForMonitors(SessionRunHook):
    """Monitors as a hook."""

    def __init__(self, monitors):
        self._monitors = monitors

    def begin(self):
        """See SessionRunHook."""
        self._last_step, self._step = None, get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context):
        """See SessionRunHook. ValueError for a monitor that asks for what is no list."""
        # Of its own, since a run tells the step as it was before the update.
        self._last_step = run_context.session.run(self._step) + 1
        asked = []
        for monitor in self._monitors:
            more = monitor.step_begin(self._last_step)
            if more and not isinstance(more, list):
                raise ValueError("Monitor.step_begin should return a list.")
            asked += more or []
        elements = [_as_graph_element(each) for each in asked]
        return SessionRunArgs({"monitors": dict(zip(asked, elements))} if asked else None)

    def after_run(self, run_context, run_values):
        """See SessionRunHook."""
        results = (run_values.results or {}).get("monitors", {})
        for monitor in self._monitors:
            if monitor.step_end(self._last_step, results):
                run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._last_step, run_context.session)

    def end(self, session):
        """See SessionRunHook."""
        self._last_step = None
        for monitor in self._monitors:
            takes = "session" in inspect.signature(monitor.end).parameters
            monitor.end(session=session) if takes else monitor.end()


def replace_monitors_with_hooks(monitors_or_hooks, estimator):
    """The hooks of a list, with all monitors of it as one."""
    given = monitors_or_hooks or []
    hooks = [each for each in given if isinstance(each, SessionRunHook)]
    monitors = [each for each in given if not isinstance(each, SessionRunHook)]
    if not estimator.config.is_chief:
        monitors = [each for each in monitors if each.run_on_all_workers]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return [*hooks, RunHookAdapterForMonitors(monitors)] if monitors else hooks


def _as_graph_element(found):
    graph = get_default_graph()
    if not isinstance(found, str):
        if getattr(found, "graph", None) is not graph:
            raise ValueError(f"Passed {found} should have graph attribute that is equal to current "
                             f"graph {graph}.")  # fmt: skip
        return found
    if ":" in found:
        return graph.as_graph_element(found)
    if len(graph.get_operation_by_name(found).outputs) > 1:
        raise ValueError(f"Name {found} is ambiguous, as this `Operation` has multiple outputs "
                         "(at least 2).")  # fmt: skip
    return graph.as_graph_element(f"{found}:0")
