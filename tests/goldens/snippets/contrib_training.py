"""tf.contrib.training.HParams, tf.contrib.learn.preprocessing, the projector's messages."""

import os
import tempfile

from goldens.kit import error, said


def _some(tf):
    return tf.contrib.training.HParams(rate=0.1, layers=2, name="x", sizes=[3, 4], on=True)


def values(tf, np):
    h = _some(tf)
    return [
        h.rate, h.layers, h.name, h.sizes, h.on,
        sorted(h.values().items()),
        "rate" in h, "other" in h,
        h.get("rate"), h.get("other"), h.get("other", 5), h.get("layers", 7),
        repr(h),
        h.to_json(sort_keys=True),
        h.to_json(indent=1, sort_keys=True, separators=(";", "=")),
        h.get_model_structure(),
    ]  # fmt: skip


def parsed(tf, np):
    found = []
    for text in (
        "rate=0.5", "rate=1", "layers=3,name=abc", "sizes=[5,6,7]", "sizes=[8 9]", "on=false",
        "on=0", "name=", "", " rate=2", "rate = 3 , layers = 4", "on=True,", "name=a b-c",
        "rate=1e-3", "sizes=[]",
    ):  # fmt: skip
        h = _some(tf)
        how = error(lambda h=h, text=text: h.parse(text))
        found.append([text, how, sorted(h.values().items())])
    return found


def not_parsed(tf, np):
    return [
        said(lambda: _some(tf).parse("layers=0.5"), "Could not parse hparam 'layers' of type 'int' "
             "with value '0.5' in layers=0.5"),
        said(lambda: _some(tf).parse("on=yes"), "Could not parse hparam 'on' of type 'bool'"),
        said(lambda: _some(tf).parse("other=1"), "Unknown hyperparameter type for other"),
        said(lambda: _some(tf).parse("rate"), "Malformed hyperparameter value: rate"),
        said(lambda: _some(tf).parse("rate=1,rate=2"), "Multiple assignments to variable 'rate'"),
        said(lambda: _some(tf).parse("sizes=3"), "Must pass a list for multi-valued parameter: "
             "sizes."),
        said(lambda: _some(tf).parse("rate=[1,2]"), "Must not pass a list for single-valued "
             "parameter: rate"),
        said(lambda: _some(tf).parse("sizes[1]=[1,2]"), "Assignment of a list to a list index."),
        said(lambda: _some(tf).parse("sizes[1]=3,sizes[1]=4"), "Multiple assignments to variable "
             "'sizes[1]'"),
        error(lambda: _some(tf).parse("sizes[1]=3")),
    ]  # fmt: skip


def parsed_values(tf, np):
    parse = tf.contrib.training.parse_values
    kinds = {"a": int, "b": float, "c": str}
    return [
        parse("a=1,b=2", kinds),
        sorted((k, sorted(v.items())) for k, v in parse("a[3]=1,a[1]=2,b[0]=5", kinds).items()),
        parse("a=1,z=2", kinds, ignore_unknown=True),
        parse("c=[x,y z]", kinds),
        said(lambda: parse("a=1,a[2]=3", kinds), "Multiple assignments to variable 'a'"),
    ]


def changed(tf, np):
    h = _some(tf)
    h.set_hparam("rate", 2)
    h.add_hparam("extra", "e")
    h.del_hparam("on")
    h.del_hparam("on")
    h.override_from_dict({"layers": 9, "sizes": [1]})
    h.parse_json('{"name": "json"}')
    return [
        sorted(h.values().items()),
        type(h.rate).__name__,
        said(lambda: h.add_hparam("layers", 1), "Hyperparameter name is reserved: layers"),
        said(lambda: h.add_hparam("values", 1), "Hyperparameter name is reserved: values"),
        said(lambda: h.add_hparam("none", []), "Multi-valued hyperparameters cannot be"),
        said(lambda: h.set_hparam("layers", 1.5), "Could not cast hparam 'layers'"),
        said(lambda: h.set_hparam("layers", True), "Could not cast hparam 'layers'"),
        said(lambda: h.set_hparam("name", 3), "Could not cast hparam 'name'"),
        said(lambda: h.set_hparam("rate", "3"), "Could not cast hparam 'rate'"),
        said(lambda: h.set_hparam("sizes", 3), "Must pass a list"),
        error(lambda: h.set_hparam("unknown", 3)),
        error(lambda: h.override_from_dict({"unknown": 3})),
        said(lambda: h.get("layers", "x"), "is incompatible with default=x"),
        said(lambda: h.get("sizes", 3), "is incompatible with default=3"),
    ]


def as_message(tf, np):
    h = tf.contrib.training.HParams(rate=0.5, layers=2, name="x", sizes=[3, 4], on=True,
                                    words=["a", "b"], flags=[True, False], odds=[0.25])  # fmt: skip
    message = h.to_proto()
    again = tf.contrib.training.HParams(hparam_def=message)
    kinds = sorted((name, each.WhichOneof("kind")) for name, each in message.hparam.items())
    return [
        kinds,
        sorted(again.values().items()),
        error(lambda: tf.contrib.training.HParams(hparam_def=message, a=1)),
        error(lambda: tf.contrib.training.HParams(a=None).to_proto()),
    ]


_TEXTS = ("The quick brown fox", "jumps over the lazy dog's dog", "HTML ParserError x-ray, the the")


def vocabulary_processor(tf, np):
    make = tf.contrib.learn.preprocessing.VocabularyProcessor
    processor = make(5)
    rows = np.array(list(processor.fit_transform(_TEXTS)))
    other = make(4, min_frequency=1)
    few = np.array(list(other.fit_transform(_TEXTS)))
    cut = make(3, tokenizer_fn=lambda texts: (text.split("e") for text in texts))
    parts = np.array(list(cut.fit_transform(_TEXTS)))
    path = os.path.join(tempfile.mkdtemp(), "vocabulary")
    processor.save(path)
    again = make.restore(path)
    return [
        rows, few, parts, len(processor.vocabulary_), len(other.vocabulary_),
        list(processor.reverse(rows)), list(other.reverse(few)),
        np.array(list(again.transform(["lazy fox unknown"]))),
        sorted(processor.vocabulary_._mapping.items()),
        again.max_document_length,
    ]  # fmt: skip


def vocabulary(tf, np):
    v = tf.contrib.learn.preprocessing.CategoricalVocabulary("?")
    for word in "b a c a b a d".split():
        v.add(word)
    v.add("d", 5)
    before = [v.get(word) for word in "abcdx"]
    v.trim(1)
    after = [v.get(word) for word in "dab"]
    v.freeze()
    frozen = [v.get(word) for word in ("c", "new")]
    reverse = [v.reverse(i) for i in range(3)]
    blind = tf.contrib.learn.preprocessing.CategoricalVocabulary(support_reverse=False)
    return [before, after, frozen, reverse, len(v), error(lambda: blind.reverse(0))]


def other_processors(tf, np):
    p = tf.contrib.learn.preprocessing
    made = p.ByteProcessor(6)
    rows = np.array(list(made.transform(["abc", "a longer one", b"\xff", "\xe4"])))
    x = np.array([["0", "Male"], ["1", "Female"], ["1", "Male"]], object)
    return [
        rows, rows.dtype.name, list(made.reverse(rows[:1])),
        list(p.tokenizer(["it's a-b HTMLParser", "FooBar"])),
        np.array(list(p.CategoricalProcessor().fit_transform(x))),
        np.array(list(p.CategoricalProcessor(min_frequency=1).fit_transform(x))),
        np.array(list(p.CategoricalProcessor(share=True).fit_transform(x))),
    ]  # fmt: skip


def projector(tf, np):
    p = tf.contrib.tensorboard.plugins.projector
    config = p.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = "words:0"
    embedding.metadata_path = "meta \"data\".tsv"
    embedding.sprite.image_path = "sprite.png"
    embedding.sprite.single_image_dim.extend([28, 28])
    config.embeddings.add().tensor_name = "other"
    config.model_checkpoint_path = "model.ckpt"
    folder = tempfile.mkdtemp()
    writer = tf.summary.FileWriter(folder)
    p.visualize_embeddings(writer, config)
    writer.close()
    with open(os.path.join(folder, "projector_config.pbtxt")) as file:
        text = file.read()
    return [text, config.SerializeToString().decode("latin-1"), p.EmbeddingInfo(tensor_shape=[2]) ==
            p.EmbeddingInfo(tensor_shape=[2])]  # fmt: skip
