"""tf.flags: defining, parsing, reading, refusing."""

from enum import Enum

from goldens.kit import attempt, error, said


class _Color(Enum):
    RED = 1
    BLUE = 2


def _some(tf):
    f, values = tf.flags, tf.flags.FlagValues()
    f.DEFINE_integer("n", 3, "a count", flag_values=values)
    f.DEFINE_float("rate", 0.1, "the rate", lower_bound=0, flag_values=values)
    f.DEFINE_boolean("fast", True, "be fast", flag_values=values)
    f.DEFINE_bool("notes", False, "write notes", flag_values=values)
    f.DEFINE_string("dir", "/tmp", "where", flag_values=values)
    f.DEFINE_string("none", None, None, flag_values=values)
    f.DEFINE_list("names", ["a"], "names", flag_values=values)
    f.DEFINE_spaceseplist("words", "x y", "words", flag_values=values)
    f.DEFINE_enum("kind", "x", ["x", "y"], "kind", flag_values=values)
    f.DEFINE_multi_string("many", None, "many", flag_values=values)
    f.DEFINE_multi_integer("numbers", [1, 2], "numbers", flag_values=values)
    f.DEFINE_enum_class("color", _Color.RED, _Color, "color", flag_values=values)
    return values


def _values(values):
    found = values.flag_values_dict()
    found["color"] = found["color"].name
    return found


def defaults(tf, np):
    values = _some(tf)
    rest = values(["prog"])
    return [rest, _values(values), values.n, values.dir, values.none]


def parsed(tf, np):
    lines = (
        ["--n=5", "--rate=1e-3", "--nofast", "--notes", "--dir=/data", "--kind=y"],
        ["--n", "5", "-n=6", "--rate", "2", "--dir", "a b", "--none="],
        ["--names=p,q,r", "--words=a  b", "--many=1", "--many=2", "--numbers=7", "--color=blue"],
        ["--fast=false", "--notes=1", "pos", "--n=9", "more"],
        ["--n=1", "--", "--n=2", "rest"],
        ["--n=0x10", '--names="a,b",c', "--names="],
        ["-", "--notes", "true", "--undefok=zz", "--zz=3"],
    )
    found = []
    for line in lines:
        values = _some(tf)
        found.append([values(["prog"] + line), _values(values)])
    return found


def unknown(tf, np):
    values = _some(tf)
    return [
        said(lambda: values(["prog", "--nope=3"]), "Unknown command line flag 'nope'"),
        values(["prog", "--nope=3", "--n=4", "-z", "x"], known_only=True),
        values.n,
        error(lambda: values.nope),
        error(lambda: setattr(values, "nope", 3)),
        error(lambda: values.set_default("nope", 3)),
    ]


def refused(tf, np):
    def parse(*arguments):
        return said(
            lambda: _some(tf)(["prog"] + list(arguments)),
            "Missing value for flag",
            "flag --n=x: invalid literal for int()",
            "-1.0 is not a non-negative number",
            "value should be one of <x|y>",
            "Non-boolean argument to boolean flag",
            "does not take an argument",
        )

    return [
        parse("--n"),
        parse("--n=x"),
        parse("--n=1.5"),
        parse("--rate=-1"),
        parse("--kind=z"),
        parse("--fast=maybe"),
        parse("--nofast=1"),
        parse("--color=green"),
        error(lambda: _some(tf)("prog --n=3")),
        error(lambda: _some(tf)([])),
    ]


def before_parsing(tf, np):
    values = _some(tf)
    first = error(lambda: values.n)
    values.n = 8
    values.mark_as_parsed()
    return [first, values.is_parsed(), values.n, values["n"].value, values["n"].default]


def set_and_unparsed(tf, np):
    values = _some(tf)
    values(["prog", "--n=5"])
    values.n = 7
    values.set_default("rate", 0.5)
    changed = [values.n, values.rate, values["n"].present, values["n"].using_default_value]
    values.unparse_flags()
    values(["prog"])
    return [changed, values.n, values.rate]


def inspected(tf, np):
    values = _some(tf)
    flag = values["n"]
    return [
        "n" in values,
        "m" in values,
        len(values),
        sorted(values),
        [flag.name, flag.help, flag.boolean, flag.flag_type(), flag.serialize()],
        [values["none"].help, values["kind"].help, values["many"].flag_type()],
        error(lambda: bool(flag)),
    ]


def as_lines(tf, np):
    values = _some(tf)
    values(["prog", "--nofast", "--many=a", "--many=b"])
    return sorted(values.flags_into_string().split())


def defining_refused(tf, np):
    f, values = tf.flags, _some(tf)
    return [
        said(lambda: f.DEFINE_integer("n", 1, "again", flag_values=values), "is defined twice"),
        error(lambda: f.DEFINE_integer("k", "x", "text", flag_values=values)),
        error(lambda: f.DEFINE_string("k", 3, "no text", flag_values=values)),
        error(lambda: f.DEFINE_enum("k", "z", ["x"], "no such", flag_values=values)),
        error(lambda: f.DEFINE_enum("k", None, [], "none", flag_values=values)),
        error(lambda: f.DEFINE_boolean("k", "maybe", "what", flag_values=values)),
        error(lambda: f.DEFINE_float("k", -1.0, "low", lower_bound=0.0, flag_values=values)),
        error(lambda: f.DEFINE_alias("k", "nope", flag_values=values)),
    ]


def old_argument_names(tf, np):
    f, values = tf.flags, tf.flags.FlagValues()
    f.DEFINE_string(flag_name="a", default_value="b", docstring="c", flag_values=values)
    values(["prog"])
    return [values.a, values["a"].help]


def holders(tf, np):
    f, values = tf.flags, tf.flags.FlagValues()
    holder = f.DEFINE_integer("n", 3, "a count", flag_values=values)
    early = error(lambda: holder.value)
    values(["prog", "--n=4"])
    return [early, holder.value, holder.name, holder.default, error(lambda: bool(holder))]


def aliases(tf, np):
    f, values = tf.flags, _some(tf)
    f.DEFINE_alias("count", "n", flag_values=values)
    values(["prog", "--count=11"])
    return [values.n, values.count]


def validators(tf, np):
    f, values = tf.flags, _some(tf)
    f.register_validator("n", lambda n: n < 100, "too large", flag_values=values)
    f.mark_flag_as_required("none", flag_values=values)

    @f.validator("dir", "must be absolute", flag_values=values)
    def absolute(value):
        return value.startswith("/")

    words = ("too large", "must have a value other than None", "must be absolute")
    return [
        said(lambda: values(["prog"]), *words),
        said(lambda: values(["prog", "--none=x", "--n=200"]), *words),
        said(lambda: values(["prog", "--none=x", "--n=20", "--dir=rel"]), *words),
        values(["prog", "--none=x", "--n=20", "--dir=/rel"]),
        said(lambda: setattr(values, "n", 300), *words),
        values.n,
        attempt(lambda: f.DEFINE_integer("k", 3, "both", required=True, flag_values=values)),
    ]


def numbers_help(tf, np):
    f = tf.flags
    bounds = ((None, None), (0, None), (None, 0), (1, None), (None, -1), (2, 5), (3, None),
              (None, 7))  # fmt: skip
    return [
        [f.IntegerParser(*pair).syntactic_help, f.FloatParser(*pair).syntactic_help]
        for pair in bounds
    ]


def help_text(tf, np):
    values = tf.flags.FlagValues()
    f = tf.flags
    f.DEFINE_integer("n", 3, "a count", flag_values=values, module_name="mine")
    f.DEFINE_boolean("fast", True, "be fast", flag_values=values, module_name="mine")
    f.DEFINE_string("long", None, "very " * 30 + "long", flag_values=values, module_name="mine")
    f.DEFINE_list("names", ["a", "b"], "some", flag_values=values, module_name="mine")
    lines = values.get_help().split("\n")
    return [line for line in lines if "flagfile" not in line][:14]


def _exclusive(tf, required):
    f, values = tf.flags, tf.flags.FlagValues()
    f.DEFINE_string("a", None, "a", flag_values=values)
    f.DEFINE_integer("b", None, "b", flag_values=values)
    f.DEFINE_bool("c", False, "c", flag_values=values)
    f.DEFINE_bool("d", False, "d", flag_values=values)
    f.mark_flags_as_mutual_exclusive(["a", "b"], required=required, flag_values=values)
    f.mark_bool_flags_as_mutual_exclusive(["c", "d"], flag_values=values)
    return values


def flags_that_exclude_each_other(tf, np):
    given = [[], ["--a=x"], ["--b=1"], ["--a=x", "--b=1"], ["--a=", "--c"], ["--a=x", "--c", "--d"]]
    found = [attempt(lambda each=each, required=required: _exclusive(tf, required)(["p", *each]))
             for required in (False, True) for each in given]  # fmt: skip
    values = _exclusive(tf, True)
    values(["p", "--a=x"])
    return found, error(lambda: setattr(values, "b", 3)), values.b, [
        error(lambda: tf.flags.mark_bool_flags_as_mutual_exclusive(["a", "c"], flag_values=values)),
        said(lambda: _exclusive(tf, True)(["p"]), "Exactly one of (a, b) must have a value other"),
        said(lambda: _exclusive(tf, False)(["p", "--a=x", "--c", "--d"]), "one of (c, d) must be"),
    ]


def flags_checked_together(tf, np):
    f, values = tf.flags, tf.flags.FlagValues()
    low = f.DEFINE_integer("low", 1, "low", flag_values=values)
    f.DEFINE_integer("high", 2, "high", flag_values=values)
    f.DEFINE_multi_enum_class("colors", None, _Color, "colors", flag_values=values)
    seen = []

    @f.multi_flags_validator(["low", "high"], "low < high", flag_values=values)
    def ordered(given):
        seen.append(dict(given))
        return given["low"] < given["high"]

    f.register_multi_flags_validator(
        [low, "high"], lambda given: given["high"] < 10, "too high", flag_values=values
    )
    rest = values(["p", "--low=3", "--high=4", "--colors=blue", "--colors", "RED"])
    return [rest, seen[-1], ordered({"low": 1, "high": 0}), [each.name for each in values.colors],
            error(lambda: setattr(values, "low", 5)), values.low,
            said(lambda: values(["p", "--high=1"]), "low < high", "too high"),
            said(lambda: values(["p", "--high=12"]), "low < high", "too high"),
            error(lambda: values(["p", "--colors=green"]))]
