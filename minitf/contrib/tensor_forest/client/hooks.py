"""What looks after the training of a forest: an early end, something at the end."""
from minitf import logging
from minitf.train.global_step import get_global_step
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook


class TensorForestRunOpAtEndHook(SessionRunHook):
    """Runs `op_dict`, {name: op}, in the order of the names when training ends, and logs it."""

    def __init__(self, op_dict):
        self._ops = op_dict

    def end(self, session):
        for name in sorted(self._ops):
            logging.info(f"{name}: {session.run(self._ops[name])}")


class TensorForestLossHook(SessionRunHook):
    """Stops when the loss has not gone down, by a part of itself, for so many steps."""

    def __init__(self, early_stopping_rounds, early_stopping_loss_threshold=None, loss_op=None):
        self.early_stopping_rounds = early_stopping_rounds
        self.early_stopping_loss_threshold = early_stopping_loss_threshold
        self.loss_op, self.min_loss, self.last_step, self.steps = loss_op, None, -1, 0

    def before_run(self, run_context):
        loss = self.loss_op
        if loss is None:
            graph = run_context.session.graph
            loss = graph.get_operation_by_name("rf_training_loss").outputs[0]
        return SessionRunArgs({"global_step": get_global_step(), "current_loss": loss})

    def after_run(self, run_context, run_values):
        loss, step = (run_values.results[key] for key in ("current_loss", "global_step"))
        self.steps += 1
        if self.last_step == -1 or self.last_step > step:  # it may have been restored
            self.last_step, self.steps, self.min_loss = step, 0, None
            return
        self.last_step = step
        least = self.min_loss
        if least is None or loss < least - least * self.early_stopping_loss_threshold:
            self.min_loss, self.steps = loss, 0
        if self.steps > self.early_stopping_rounds:
            run_context.request_stop()
