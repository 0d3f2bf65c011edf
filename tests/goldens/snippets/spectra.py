"""Fourier transforms and what is made of them."""

from goldens.kit import error, run, shape


def _signal(np, *sizes):
    count = int(np.prod(sizes))
    return (np.cos(np.arange(count) * 1.7) + np.arange(count) % 3).reshape(sizes)


def _complex(np, *sizes):
    x = _signal(np, *sizes)
    return x + 1j * np.flip(x, -1)


def transforms(tf, np):
    found = []
    for name in ("fft", "ifft", "fft2d", "ifft2d", "fft3d", "ifft3d"):
        for dtype in (np.complex64, np.complex128):
            z = tf.constant(_complex(np, 2, 3, 4, 2).astype(dtype))
            y = getattr(tf.signal, name)(z)
            slope = tf.gradients(tf.abs(y - 1), z)[0] if dtype is np.complex128 else y
            found.append(run(tf, [y, slope]))
    return [*found, error(lambda: tf.fft([1.0, 2.0])), error(lambda: tf.fft2d(np.complex64([1]))),
            shape(tf.fft(tf.placeholder(tf.complex64, [None, 3]))),
            tf.fft3d(z).op.type]  # fmt: skip


def real_transforms(tf, np):
    x = _signal(np, 2, 4, 5).astype(np.float32)
    found = []
    for name, lengths in (
        ("rfft", [None, [5], [8], [3]]),
        ("rfft2d", [None, [4, 5], [6, 8], [2, 3]]),
        ("rfft3d", [None, [2, 4, 5], [1, 3, 8]]),
    ):
        for length in lengths:
            y = getattr(tf.signal, name)(x, length)
            found.append([shape(y), run(tf, y)])
    return [*found, error(lambda: tf.signal.rfft(x.astype(np.float64))),
            error(lambda: tf.signal.rfft2d([1.0])), error(lambda: tf.signal.rfft(x, [2, 3])),
            shape(tf.signal.rfft(tf.placeholder(tf.float32, [None, 7]))),
            shape(tf.signal.rfft(tf.placeholder(tf.float32)))]  # fmt: skip


def inverse_real_transforms(tf, np):
    z = _complex(np, 2, 4, 5).astype(np.complex64)
    found = []
    for name, lengths in (
        ("irfft", [None, [8], [9], [4], [12]]),
        ("irfft2d", [None, [4, 8], [4, 7], [2, 6]]),
        ("irfft3d", [None, [2, 4, 8], [2, 3, 6]]),
    ):
        for length in lengths:
            y = getattr(tf.spectral, name)(z, length)
            found.append([shape(y), run(tf, y)])
    return [*found, shape(tf.signal.irfft(tf.placeholder(tf.complex64, [None, 3]))),
            error(lambda: tf.signal.irfft([1.0, 2.0]))]  # fmt: skip


def real_gradients(tf, np):
    found = []
    for sizes, lengths in (((2, 6), [None, [6]]), ((2, 5), [None, [5]])):
        for length in lengths:
            x = tf.constant(_signal(np, *sizes).astype(np.float32))
            z = tf.signal.rfft(x)
            found.append(run(tf, tf.gradients(tf.abs(tf.signal.rfft(x, length) - 1), x)))
            back = tf.signal.irfft(z, [sizes[-1]])
            found.append(run(tf, tf.gradients(back**2, z)))
    for sizes, lengths in (((2, 4, 6), [None, [4, 6]]), ((2, 3, 5), [None, [3, 5]])):
        for length in lengths:
            x = tf.constant(_signal(np, *sizes).astype(np.float32))
            z = tf.signal.rfft2d(x)
            found.append(run(tf, tf.gradients(tf.abs(tf.signal.rfft2d(x, length) - 1), x)))
            back = tf.signal.irfft2d(z, sizes[1:])
            found.append(run(tf, tf.gradients(back**2, z)))
    x = tf.constant(_signal(np, 2, 3, 4).astype(np.float32))
    return [*found, error(lambda: tf.gradients(tf.abs(tf.signal.rfft3d(x)), x))]


def cosine_transforms(tf, np):
    x = tf.constant(_signal(np, 2, 6).astype(np.float32))
    found = []
    for type in (1, 2, 3):
        for norm in (None,) if type == 1 else (None, "ortho"):
            for n in (None, 4, 9):
                y = tf.signal.dct(x, type=type, n=n, norm=norm)
                found.append([shape(y), run(tf, y)])
            back = tf.signal.idct(tf.signal.dct(x, type=type, norm=norm), type=type, norm=norm)
            found.append(run(tf, back))
    slope = tf.gradients(tf.signal.dct(x) ** 2, x)[0]
    return [*found, run(tf, slope), error(lambda: tf.signal.dct(x, type=4)),
            error(lambda: tf.signal.dct(x, axis=0)), error(lambda: tf.signal.dct(x, norm="other")),
            error(lambda: tf.signal.dct(x, type=1, norm="ortho"))]  # fmt: skip


def windows(tf, np):
    found = []
    for make in (tf.signal.hann_window, tf.signal.hamming_window):
        for length in (1, 2, 5, 8):
            for periodic in (True, False):
                found.append(run(tf, make(length, periodic)))
        found.append(run(tf, make(6, dtype=tf.float64)))
        found.append(error(lambda m=make: m(6, dtype=tf.int32)))
    return found


def frames(tf, np):
    x = tf.constant(_signal(np, 2, 11).astype(np.float32))
    found = []
    for length, step in ((4, 2), (5, 3), (3, 4), (11, 1), (12, 1)):
        for pad in (False, True):
            y = tf.signal.frame(x, length, step, pad_end=pad, pad_value=-1.0)
            found.append([shape(y), run(tf, y)])
    y = tf.signal.frame(x, 2, 1, axis=0)
    return [*found, shape(y), run(tf, [y, tf.gradients(y * y, x)[0]]),
            error(lambda: tf.signal.frame(x, [1], 1))]  # fmt: skip


def overlaps(tf, np):
    x = tf.constant(_signal(np, 2, 3, 5).astype(np.float32))
    found = []
    for step in (1, 2, 5, 7):
        y = tf.signal.overlap_and_add(x, step)
        found.append(run(tf, [y, tf.gradients(y * y, x)[0]]))
    return [*found, error(lambda: tf.signal.overlap_and_add(x, 2.0))]


def short_time(tf, np):
    x = tf.constant(_signal(np, 2, 30).astype(np.float32))
    found = []
    for options in ({}, {"fft_length": 16}, {"window_fn": None}, {"pad_end": True}):
        y = tf.signal.stft(x, 10, 4, **options)
        found.append([shape(y), run(tf, y)])
    z = tf.signal.stft(x, 8, 4)
    window = tf.signal.inverse_stft_window_fn(4)
    back = tf.signal.inverse_stft(z, 8, 4, window_fn=window)
    other = tf.signal.inverse_stft(z, 6, 3, fft_length=8)
    return [*found, run(tf, [back, other, window(8, tf.float32), tf.gradients(tf.abs(z), x)[0]])]


def mel(tf, np):
    found = [run(tf, tf.signal.linear_to_mel_weight_matrix(5, 33)),
             run(tf, tf.signal.linear_to_mel_weight_matrix(3, 20, 16000, 20.0, 8000.0, tf.float64)),
             run(tf, tf.signal.mfccs_from_log_mel_spectrograms(_signal(np, 2, 6)))]  # fmt: skip
    cases = ({"num_mel_bins": 0}, {"lower_edge_hertz": 4000.0}, {"upper_edge_hertz": 5000.0},
             {"sample_rate": -1.0})  # fmt: skip
    make = tf.signal.linear_to_mel_weight_matrix
    return [*found, *(error(lambda c=case: make(**c)) for case in cases)]


def shifts(tf, np):
    x, y = _signal(np, 5), _signal(np, 3, 4)
    return run(tf, [tf.signal.fftshift(x), tf.signal.ifftshift(x), tf.signal.fftshift(y),
                    tf.signal.fftshift(y, 1), tf.signal.ifftshift(y, [0])])  # fmt: skip


def lengths_refused(tf, np):
    x = np.zeros((4, 4, 4), np.float32)
    ways = (tf.spectral.rfft, tf.spectral.rfft2d, tf.spectral.irfft, tf.spectral.irfft3d)
    given = [4, [[4]], [4, 4, 4, 4], [4], [4, 4]]
    inputs = [x, x, x.astype(np.complex64), x.astype(np.complex64)]
    return [[error(lambda way=way, value=value, n=n: way(value, n)) for n in given]
            for way, value in zip(ways, inputs)]  # fmt: skip
