"""Batches of images, from arrays and from folders, without end."""
import os
import threading
import warnings

import numpy as np

from minitf.keras.backend.config import checked_layout, floatx
from minitf.keras.preprocessing.image.pictures import array_to_img, img_to_array, load_img
from minitf.keras.utils.data_utils import Sequence

FORMATS = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")


class Iterator(Sequence):
    """The base of batches of `n` images; a subclass makes those of given numbers.

    Each batch also seeds NumPy's generator, if there is a `seed`.
    """

    white_list_formats = FORMATS

    def __init__(self, n, batch_size, shuffle, seed):
        self.n, self.batch_size, self.seed, self.shuffle = n, batch_size, seed, shuffle
        self.batch_index = self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array = None
        self.index_generator = self._flow_index()

    def _set_index_array(self):
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def _begin(self):
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)

    def __getitem__(self, idx):
        if idx >= len(self):
            raise ValueError(f"Asked to retrieve element {idx}, but the Sequence has length "
                             f"{len(self)}")  # fmt: skip
        self._begin()
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        first = self.batch_size * idx
        return self._get_batches_of_transformed_samples(
            self.index_array[first : first + self.batch_size]
        )

    def __len__(self):
        return -(-self.n // self.batch_size)

    def on_epoch_end(self):
        """Draw another order of the images."""
        self._set_index_array()

    def reset(self):
        """Begin again with the first batch."""
        self.batch_index = 0

    def _flow_index(self):
        self.reset()
        while True:
            self._begin()
            if self.batch_index == 0:
                self._set_index_array()
            first = self.batch_index * self.batch_size % self.n if self.n else 0
            more = self.n > first + self.batch_size
            self.batch_index = self.batch_index + 1 if more else 0
            self.total_batches_seen += 1
            yield self.index_array[first : first + self.batch_size]

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def next(self):
        """The next batch."""
        with self.lock:
            numbers = next(self.index_generator)
        return self._get_batches_of_transformed_samples(numbers)

    def _get_batches_of_transformed_samples(self, index_array):
        raise NotImplementedError

    def _transformed(self, x):
        maker = self.image_data_generator
        if not maker:
            return x
        return maker.standardize(maker.apply_transform(x, maker.get_random_transform(x.shape)))

    def _keep(self, batch, index_array):
        """Write the images of a batch into the folder `save_to_dir`, if there is one."""
        for x, number in zip(batch, index_array if self.save_to_dir else ()):
            name = f"{self.save_prefix}_{number}_{np.random.randint(10**7)}.{self.save_format}"
            picture = array_to_img(x, self.data_format, scale=True)
            picture.save(os.path.join(self.save_to_dir, name))


class NumpyArrayIterator(Iterator):
    """Batches (images, labels, weights) of arrays; see `ImageDataGenerator.flow`."""

    def __init__(
        self, x, y, image_data_generator, batch_size=32, shuffle=False, sample_weight=None,
        seed=None, data_format=None, save_to_dir=None, save_prefix="", save_format="png",
        subset=None, dtype=None,
    ):  # fmt: skip
        self.dtype, self.data_format = dtype or floatx(), checked_layout(data_format)
        x, more = (x[0], x[1]) if isinstance(x, (tuple, list)) else (x, [])
        more = [np.asarray(each) for each in (more if isinstance(more, list) else [more])]
        self._check(x, y, sample_weight, more)
        kept = _part(subset, len(x), image_data_generator, y)
        self.x = np.asarray(x[kept], dtype=self.dtype)
        self.x_misc = [each[kept] for each in more]
        self.y = None if y is None else np.asarray(y[kept])
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self._check_images()
        self.image_data_generator = image_data_generator
        self.save_to_dir, self.save_prefix = save_to_dir, save_prefix
        self.save_format = save_format
        super().__init__(len(self.x), batch_size, shuffle, seed)

    @staticmethod
    def _check(x, y, sample_weight, more):
        for each in more:
            if len(x) != len(each):
                raise ValueError(
                    "All of the arrays in `x` should have the same length. Found a pair with: "
                    f"len(x[0]) = {len(x)}, len(x[?]) = {len(each)}"
                )
        for name, what, value in (("y", "(labels) ", y), ("sample_weight", "", sample_weight)):
            if value is not None and len(x) != len(value):
                raise ValueError(
                    f"`x` (images tensor) and `{name}` {what}should have the same length. Found: "
                    f"x.shape = {np.shape(x)}, {name}.shape = {np.shape(value)}"
                )

    def _check_images(self):
        if self.x.ndim != 4:
            raise ValueError("Input data in `NumpyArrayIterator` should have rank 4. You passed an "
                             "array with shape", self.x.shape)  # fmt: skip
        axis = 3 if self.data_format == "channels_last" else 1
        if self.x.shape[axis] not in (1, 3, 4):
            warnings.warn(
                f'NumpyArrayIterator is set to use the data format convention "{self.data_format}" '
                f"(channels on axis {axis}), i.e. expected either 1, 3, or 4 channels on axis "
                f"{axis}. However, it was passed an array with shape {self.x.shape} "
                f"({self.x.shape[axis]} channels).",
                stacklevel=4,
            )

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array), *self.x.shape[1:]), dtype=self.dtype)
        for i, number in enumerate(index_array):
            batch[i] = self._transformed(self.x[number].astype(self.dtype))
        self._keep(batch, index_array)
        images = [batch, *(each[index_array] for each in self.x_misc)] if self.x_misc else batch
        if self.y is None:
            return images
        if self.sample_weight is None:
            return images, self.y[index_array]
        return images, self.y[index_array], self.sample_weight[index_array]


def _part(subset, count, maker, y=None):
    """The images that are for training, or for validation, or all."""
    if subset is None:
        return slice(None)
    if subset not in ("training", "validation"):
        raise ValueError("Invalid subset name:", subset, '; expected "training" or "validation".')
    edge = int(count * maker._validation_split)
    if y is not None and not np.array_equal(np.unique(y[:edge]), np.unique(y[edge:])):
        raise ValueError(
            "Training and validation subsets have different number of classes after the split. If "
            "your numpy arrays are sorted by the label, you might want to shuffle them."
        )
    return slice(edge) if subset == "validation" else slice(edge, None)


_CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}


class DirectoryIterator(Iterator):
    """Batches (images, labels) of a folder with one folder for each class; see
    `ImageDataGenerator.flow_from_directory`."""

    allowed_class_modes = ("categorical", "binary", "sparse", "input", None)

    def __init__(
        self, directory, image_data_generator, target_size=(256, 256), color_mode="rgb",
        classes=None, class_mode="categorical", batch_size=32, shuffle=True, seed=None,
        data_format=None, save_to_dir=None, save_prefix="", save_format="png",
        follow_links=False, subset=None, interpolation="nearest", dtype=None,
    ):  # fmt: skip
        if color_mode not in _CHANNELS:
            raise ValueError("Invalid color mode:", color_mode,
                             '; expected "rgb", "rgba", or "grayscale".')  # fmt: skip
        if class_mode not in self.allowed_class_modes:
            raise ValueError(f"Invalid class_mode: {class_mode}; expected one of: "
                             f"{self.allowed_class_modes}")  # fmt: skip
        self.directory, self.image_data_generator = directory, image_data_generator
        self.target_size, self.color_mode = tuple(target_size), color_mode
        self.data_format, self.dtype = checked_layout(data_format), dtype or floatx()
        channels = (_CHANNELS[color_mode],)
        first = self.data_format == "channels_first"
        self.image_shape = channels + self.target_size if first else self.target_size + channels
        self.save_to_dir, self.save_prefix = save_to_dir, save_prefix
        self.save_format, self.interpolation = save_format, interpolation
        self.class_mode, self.subset = class_mode, subset
        names = classes or sorted(
            name for name in os.listdir(directory) if os.path.isdir(os.path.join(directory, name))
        )
        self.num_classes, self.class_indices = len(names), dict(zip(names, range(len(names))))
        self._find(names, follow_links)
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _find(self, names, follow_links):
        self.filenames, numbers = [], []
        for name in names:
            found = list(_pictures(os.path.join(self.directory, name), follow_links))
            found = found[_part(self.subset, len(found), self.image_data_generator)]
            below = os.path.basename(name)
            self.filenames += [os.path.join(below, path) for path in found]
            numbers += [self.class_indices[below]] * len(found)
        self.samples, self.classes = len(numbers), np.array(numbers, "int32")
        self.filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        print(f"Found {self.samples} images belonging to {self.num_classes} classes.")

    @property
    def labels(self):
        """The number of the class of each image."""
        return self.classes

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array), *self.image_shape), dtype=self.dtype)
        for i, number in enumerate(index_array):
            with load_img(self.filepaths[number], color_mode=self.color_mode,
                          target_size=self.target_size,
                          interpolation=self.interpolation) as picture:  # fmt: skip
                x = img_to_array(picture, data_format=self.data_format)
            batch[i] = self._transformed(x)
        self._keep(batch, index_array)
        if self.class_mode is None:
            return batch
        return batch, self._labels(batch, self.classes[index_array])

    def _labels(self, batch, classes):
        if self.class_mode == "input":
            return batch.copy()
        if self.class_mode == "categorical":
            return np.eye(self.num_classes, dtype=self.dtype)[classes]
        return classes.astype(self.dtype)


def _pictures(folder, follow_links):
    """The paths of the pictures below a folder, from there."""
    for root, _, names in sorted(os.walk(folder, followlinks=follow_links), key=lambda x: x[0]):
        for name in sorted(names):
            if name.lower().endswith(".tiff"):
                warnings.warn('Using ".tiff" files with multiple bands will cause distortion. '
                              "Please verify your output.", stacklevel=4)  # fmt: skip
            if name.lower().endswith(FORMATS):
                yield os.path.relpath(os.path.join(root, name), folder)
