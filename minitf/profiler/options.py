"""`tf.profiler.ProfileOptionBuilder`: what a profile is to show."""
import copy

TRAINABLE_VARIABLES = "_trainable_variables"  # the type of these, beside their op


def _options(**changes):
    plain = {"max_depth": 10000, "min_bytes": 0, "min_micros": 0, "min_params": 0,
             "min_float_ops": 0, "min_occurrence": 0, "order_by": "name",
             "account_type_regexes": [".*"], "start_name_regexes": [".*"],
             "trim_name_regexes": [], "show_name_regexes": [".*"], "hide_name_regexes": [],
             "account_displayed_op_only": True, "select": ["micros"], "step": -1,
             "output": "stdout"}  # fmt: skip
    return plain | changes


def options_or_defaults(given):
    """Options in which all is said; `dump_to_file` is an older way to ask for a file."""
    plain = _options(max_depth=10, account_displayed_op_only=False, account_type_regexes=[],
                     start_name_regexes=[], show_name_regexes=[], select=[])  # fmt: skip
    if given.get("dump_to_file"):
        plain["output"] = f"file:outfile={given['dump_to_file']}"
        given = {key: value for key, value in given.items() if key != "output"}
    return plain | given


class ProfileOptionBuilder:
    """Makes the dict of options that `tf.profiler.profile` takes: each method returns the builder.

    >>> opts = tf.profiler.ProfileOptionBuilder.float_operation()
    >>> opts = tf.profiler.ProfileOptionBuilder(opts).with_empty_output().build()
    """

    def __init__(self, options=None):
        if options is not None:
            self._options = copy.deepcopy(options)
        else:
            self._options = _options(max_depth=100, account_displayed_op_only=False)

    @staticmethod
    def trainable_variables_parameter():
        """Options that count the parameters of the trainable variables."""
        return _options(account_type_regexes=[TRAINABLE_VARIABLES], select=["params"])

    @staticmethod
    def float_operation():
        """Options that count float operations: of ops whose shapes are all known."""
        return _options(min_float_ops=1, order_by="float_ops", select=["float_ops"])

    @staticmethod
    def time_and_memory(min_micros=1, min_bytes=1, min_accelerator_micros=0, min_cpu_micros=0,
                        min_peak_bytes=0, min_residual_bytes=0, min_output_bytes=0):
        """Options that show the time and the memory that a traced run took."""
        return _options(
            min_bytes=min_bytes, min_peak_bytes=min_peak_bytes,
            min_residual_bytes=min_residual_bytes, min_output_bytes=min_output_bytes,
            min_micros=min_micros, min_accelerator_micros=min_accelerator_micros,
            min_cpu_micros=min_cpu_micros, order_by="micros", select=["micros", "bytes"],
        )  # fmt: skip

    def build(self):
        """The options, in a copy."""
        return copy.deepcopy(self._options)

    def _with(self, **options):
        self._options.update(options)
        return self

    def with_max_depth(self, max_depth):
        """Show scopes down to this depth only."""
        return self._with(max_depth=max_depth)

    def with_min_memory(self, min_bytes=0, min_peak_bytes=0, min_residual_bytes=0,
                        min_output_bytes=0):
        """Show what takes so many bytes or more."""
        return self._with(min_bytes=min_bytes, min_peak_bytes=min_peak_bytes,
                          min_residual_bytes=min_residual_bytes,
                          min_output_bytes=min_output_bytes)  # fmt: skip

    def with_min_execution_time(self, min_micros=0, min_accelerator_micros=0, min_cpu_micros=0):
        """Show what takes so many microseconds or more."""
        return self._with(min_micros=min_micros, min_accelerator_micros=min_accelerator_micros,
                          min_cpu_micros=min_cpu_micros)  # fmt: skip

    def with_min_parameters(self, min_params):
        """Show what has so many parameters or more."""
        return self._with(min_params=min_params)

    def with_min_occurrence(self, min_occurrence):
        """Show what occurs so many times or more: of several nodes shown together."""
        return self._with(min_occurrence=min_occurrence)

    def with_min_float_operations(self, min_float_ops):
        """Show what takes so many float operations or more."""
        return self._with(min_float_ops=min_float_ops)

    def with_accounted_types(self, account_type_regexes):
        """Count nodes of these types only: an op, a device, `_trainable_variables`."""
        return self._with(account_type_regexes=copy.copy(account_type_regexes))

    def with_node_names(self, start_name_regexes=None, show_name_regexes=None,
                        hide_name_regexes=None, trim_name_regexes=None):
        """Begin at, show, hide, or go no further below nodes of such names."""
        given = {"start_name_regexes": start_name_regexes, "show_name_regexes": show_name_regexes,
                 "hide_name_regexes": hide_name_regexes, "trim_name_regexes": trim_name_regexes}
        return self._with(**{k: copy.copy(v) for k, v in given.items() if v is not None})

    def with_empty_output(self):
        """Print nothing."""
        return self._with(output="none")

    def with_stdout_output(self):
        """Print the profile."""
        return self._with(output="stdout")

    def with_file_output(self, outfile):
        """Write the profile into a file."""
        return self._with(output=f"file:outfile={outfile}")

    def with_timeline_output(self, timeline_file):
        """Write it as a timeline: `tf.profiler.profile` refuses that here."""
        return self._with(output=f"timeline:outfile={timeline_file}")

    def with_pprof_output(self, pprof_file):
        """Write it for pprof: `tf.profiler.profile` refuses that here."""
        return self._with(output=f"pprof:outfile={pprof_file}")

    def order_by(self, attribute):
        """Sort by name, params, float_ops, bytes, micros, ..."""
        return self._with(order_by=attribute)

    def select(self, attributes):
        """Show these: params, float_ops, bytes, micros, ..."""
        return self._with(select=copy.copy(attributes))

    def with_step(self, step):
        """Show the step that `Profiler.add_step` was given under this number; -1 for their mean."""
        return self._with(step=step)

    def account_displayed_op_only(self, is_true):
        """Whether what is not shown does not count in what is above it."""
        return self._with(account_displayed_op_only=is_true)
