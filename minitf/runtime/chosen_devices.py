"""What a program has chosen among the devices, for the sessions that it makes later: see
`tf.config.experimental`."""
from __future__ import annotations

from minitf.backend.devices import Card, Found


class Chosen:
    """How many CPUs there seem to be, which GPUs are to be used (by number, None for all), and how
    many MiB may be taken of each."""

    def __init__(self) -> None:
        self.cpus = 1
        self.gpus: tuple[int, ...] | None = None
        self.memory: dict[int, float] = {}

    def among(self, found: Found) -> Found:
        """The GPUs that are to be used."""
        if self.gpus is None or not found.cards:
            return found
        cards = tuple(card for i, card in enumerate(found.cards) if i in self.gpus)
        missing = "" if cards else "tf.config.experimental.set_visible_devices hides the GPUs"
        return Found(cards, missing)

    def fraction(self, cards: tuple[Card, ...]) -> float:
        """What may be taken of a GPU's memory, 0 for no limit."""
        limits = [self.memory[card.ordinal] * (1 << 20) / card.memory for card in cards
                  if card.ordinal in self.memory]  # fmt: skip
        return min(limits, default=0.0)


CHOSEN = Chosen()
