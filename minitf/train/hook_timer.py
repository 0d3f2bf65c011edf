"""When a hook is to do something: `tf.train.SecondOrStepTimer`."""
import time

from minitf.train.global_step import global_step_read


class SecondOrStepTimer:
    """Says whether it is time again: after `every_secs` seconds, or after `every_steps` steps.

    The first time it is. ValueError unless one of both is given.
    """

    def __init__(self, every_secs=None, every_steps=None):
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs, self._every_steps = every_secs, every_steps
        self.reset()

    def reset(self):
        """Begin anew."""
        self._last_triggered_step = self._last_triggered_time = None

    def should_trigger_for_step(self, step):
        """Whether it is time, at this step."""
        last = self._last_triggered_step
        if last is None or last == step:
            return last is None
        if self._every_secs is not None:
            return time.time() >= self._last_triggered_time + self._every_secs
        return step >= last + self._every_steps

    def update_last_triggered_step(self, step):
        """Say that it was done, at this step: (seconds, steps) since the last time, or Nones."""
        now, before = time.time(), (self._last_triggered_time, self._last_triggered_step)
        self._last_triggered_time, self._last_triggered_step = now, step
        return (None, None) if before[0] is None else (now - before[0], step - before[1])

    def last_triggered_step(self):
        """The step of the last time."""
        return self._last_triggered_step


class NeverTriggerTimer:
    """A timer for which it is never time."""

    def reset(self):
        """Nothing to do."""

    def should_trigger_for_step(self, step):
        return False

    def update_last_triggered_step(self, step):
        return None, None

    def last_triggered_step(self):
        return None


def read_step_for(hook):
    """The tensor that reads the global step. RuntimeError, which names the hook, when there is no
    global step."""
    step = global_step_read()
    if step is None:
        raise RuntimeError(f"Global step should be created to use {type(hook).__name__}.")
    return step
