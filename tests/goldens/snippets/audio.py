"""Sound: WAV files, and what the tutorial on speech commands makes of them."""
import struct

from goldens.kit import accepted, attempt, error, run, shapes


def _ops(tf):
    """TensorFlow has them in an internal module alone."""
    if tf.__name__ == "minitf":
        from minitf.contrib.framework import audio_ops
    else:
        from tensorflow.contrib.framework.python.ops import audio_ops
    return audio_ops


def _waves(np, frames=400):
    times = np.arange(frames) / 8000.0
    return np.stack([0.6 * np.sin(2 * np.pi * 440 * times) + 0.3 * np.cos(6000 * times),
                     np.sin(900 * times)], 1).astype(np.float32)  # fmt: skip


def _part(kind, data, size=None):
    return kind + struct.pack("<I", len(data) if size is None else size) + data


def _file(samples=b"\1\0\2\0\3\0\4\0", channels=1, rate=8000, coding=1, bits=16, of_frame=None,
         more=b"", before=b"", after=b"", size=None, kind=b"WAVE"):  # fmt: skip
    of_frame = 2 * channels if of_frame is None else of_frame
    head = struct.pack("<HHIIHH", coding, channels, rate, rate * of_frame % 2**32, of_frame,
                       bits) + more
    chunks = _part(b"fmt ", head) + before + _part(b"data", samples, size) + after
    return _part(b"RIFF", kind + chunks)


def wav_files_written(tf, np):
    values = np.array([[0.0, 0.25], [-1.0, 1.0], [-1.5, 7.0], [1 / 65536.0, -1 / 65536.0],
                       [2.5 / 32768, -3.5 / 32768]], np.float32)  # fmt: skip
    written = [tf.audio.encode_wav(values, 16000), tf.audio.encode_wav(values[:1], 2**31 - 1)]
    audio = tf.placeholder(tf.float32)
    return [str(bytes(each)) for each in run(tf, written)] + [
        accepted(tf, lambda size=size, rate=rate: tf.audio.encode_wav(tf.zeros(size), rate))
        for size in ([1, 1], [0, 1], [1, 0]) for rate in (8000, 0, -5)
    ] + [
        error(lambda: tf.audio.encode_wav(np.zeros([3], np.float32), 8000)),
        error(lambda: tf.audio.encode_wav(np.zeros([3, 1], np.float32), [8000])),
        error(lambda: run(tf, tf.audio.encode_wav(audio, 8000), {audio: np.zeros([3])})),
        shapes(tf.audio.encode_wav(audio, 8000)),
        error(lambda: tf.audio.encode_wav(np.zeros([3, 1]), 8000)),
    ]  # fmt: skip


def wav_files_read(tf, np):
    contents = tf.placeholder(tf.string, [])
    every = [tf.audio.decode_wav(contents, channels, samples)
             for channels in (-1, 1, 3, 0) for samples in (-1, 0, 1, 5)]  # fmt: skip
    chunk = _part(b"LIST", b"whatever")
    files = [_file(), _file(channels=2), _file(more=b"\0\0", before=chunk, after=chunk),
             _file(b"", rate=44100), _file(b"\0\x80\xff\x7f\5"), _file(rate=2**32 - 1, channels=3)]
    found = [attempt(lambda each=each: run(tf, every[0], {contents: each})) for each in files[:5]]
    return [found, run(tf, every, {contents: files[1]}), type(every[0]).__name__,
            [shapes(each.audio, each.sample_rate) for each in every]]  # fmt: skip


def wav_files_refused(tf, np):
    contents = tf.placeholder(tf.string)
    read, good, data = tf.audio.decode_wav(contents), _file(), _part(b"data", b"\1\0")
    bad = [b"", b"RIFF", good[:20], good[:36], good[:40], good[:-1], good + b"\1", good + b"data",
           _file(coding=3), _file(channels=0), _file(bits=8), _file(of_frame=4), _file(more=b"\0"),
           _file(kind=b"AVI "), _file(after=data), _file(size=4), _file(size=100),
           _file(size=2**31), b"RIFX" + good[4:], _part(b"RIFF", b"WAVE" + data)]  # fmt: skip
    return [attempt(lambda each=each: run(tf, read, {contents: each})) for each in bad] + [
        error(lambda: run(tf, read, {contents: [good]})),
        error(lambda: tf.audio.decode_wav([good])),
        error(lambda: tf.audio.decode_wav(good, desired_channels=-2)),
        error(lambda: tf.audio.decode_wav(good, desired_samples=-2)),
    ]


def spectrograms(tf, np):
    audio_ops, sound = _ops(tf), _waves(np)
    made = [audio_ops.audio_spectrogram(sound[:, :1], size, stride, magnitude_squared=squared)
            for size, stride in ((64, 64), (100, 60), (2, 150), (400, 1), (401, 5))
            for squared in (False, True)]  # fmt: skip
    apart = audio_ops.audio_spectrogram(sound, window_size=50, stride=50)
    return [shapes(*made), [value[:, :2] for value in run(tf, made)], run(tf, apart)[:, ::3]]


def spectrograms_refused(tf, np):
    make, sound = _ops(tf).audio_spectrogram, tf.placeholder(tf.float32)
    return [shapes(make(sound, 480, 160), make(tf.zeros([16000, 1]), 480, 160),
                   make(tf.placeholder(tf.float32, [None, 2]), 5, 3), make(tf.zeros([3, 2]), 8, 1)),
            error(lambda: make(tf.zeros([5]), 2, 1)),
            accepted(tf, lambda: make(tf.zeros([5, 1]), 2, -1)),
            error(lambda: run(tf, make(sound, 2, 1), {sound: np.zeros([3])})),
            error(lambda: make(tf.zeros([5, 1], tf.float64), 2, 1)),
            accepted(tf, lambda: make(tf.zeros([5, 1]), 1, 1)),
            accepted(tf, lambda: tf.gradients(make(sound, 2, 1), sound)[0])]  # fmt: skip


def cepstra(tf, np):
    audio_ops = _ops(tf)
    squares = audio_ops.audio_spectrogram(_waves(np)[:, :1], 256, 72, magnitude_squared=True)
    made = [
        audio_ops.mfcc(squares, 8000),
        audio_ops.mfcc(squares, 16000, dct_coefficient_count=40),
        audio_ops.mfcc(squares, 8000, 3000, 0, filterbank_channel_count=10,
                       dct_coefficient_count=4),
        audio_ops.mfcc(squares, 8000, 3000.5, 1500.25, 100),
        audio_ops.mfcc(squares, 2000),
        audio_ops.mfcc(tf.zeros_like(squares), 8000, dct_coefficient_count=2),
        audio_ops.mfcc(-squares, 8000, dct_coefficient_count=2),
    ]  # fmt: skip
    return shapes(squares, *made), run(tf, made)


def cepstra_refused(tf, np):
    make, squares = _ops(tf).mfcc, tf.ones([1, 2, 33])
    sound = tf.placeholder(tf.float32)
    return [
        shapes(make(sound, 8000), make(tf.placeholder(tf.float32, [None, 3, None]), 8000)),
        error(lambda: make(tf.zeros([2, 3]), 8000)), error(lambda: make(squares, [8000])),
        error(lambda: run(tf, make(sound, 8000), {sound: np.zeros([3])})),
    ] + [
        accepted(tf, lambda given=given: make(squares, **given))
        for given in [
            {"sample_rate": 8000}, {"sample_rate": 0}, {"sample_rate": -1},
            {"sample_rate": 8000, "upper_frequency_limit": 20},
            {"sample_rate": 8000, "lower_frequency_limit": -1},
            {"sample_rate": 8000, "filterbank_channel_count": 0},
            {"sample_rate": 8000, "dct_coefficient_count": 0},
            {"sample_rate": 8000, "filterbank_channel_count": 12},
        ]
    ] + [accepted(tf, lambda: make(tf.ones([1, 2, 1]), 8000))]  # fmt: skip


def speech_commands(tf, np):
    """What the tutorial's input_data.py and freeze.py build."""
    audio_ops = _ops(tf)
    contents = tf.placeholder(tf.string, [], name="wav_data")
    decoder = audio_ops.decode_wav(contents, desired_channels=1, desired_samples=1600,
                                   name="decoded_sample_data")  # fmt: skip
    louder = tf.multiply(decoder.audio, 0.8)
    moved = tf.slice(tf.pad(louder, [[100, 0], [0, 0]]), [0, 0], [1600, -1])
    noise = tf.multiply(tf.constant(_waves(np, 1600)[:, 1:]), 0.1)
    clipped = tf.clip_by_value(tf.add(noise, moved), -1.0, 1.0)
    spectrogram = audio_ops.audio_spectrogram(clipped, window_size=480, stride=160,
                                              magnitude_squared=True)  # fmt: skip
    features = audio_ops.mfcc(spectrogram, decoder.sample_rate, dct_coefficient_count=40)
    flat = tf.reshape(features, [-1, 8 * 40])
    written = tf.audio.encode_wav(_waves(np, 900), 16000)
    with tf.Session() as sess:
        return (sess.run(flat, {contents: sess.run(written)}),
                shapes(decoder.audio, clipped, spectrogram, features), features.name,
                decoder.audio.name)  # fmt: skip
