"""How many people a manager leads: the skewed distribution of real firms, cut to fit a headcount."""

from __future__ import annotations

import numpy as np

from sim.organisation import draws

# Share of managers by span. Made to agree with what is reported of real firms: median 5 to 6, mean 11 to 12, 37 % below
# five and 13 % at 25 or more. (lowest span, highest span, share of managers)
_BANDS = (
    (1, 1, 0.07), (2, 2, 0.09), (3, 3, 0.10), (4, 4, 0.11), (5, 5, 0.08), (6, 6, 0.08), (7, 7, 0.06), (8, 8, 0.05),
    (9, 9, 0.04), (10, 10, 0.035), (11, 15, 0.08), (16, 24, 0.075), (25, 34, 0.06), (35, 49, 0.035), (50, 79, 0.025),
    (80, 120, 0.01),
)  # fmt: skip

MEAN_SPAN = sum((low + high) / 2 * share for low, high, share in _BANDS)
"""Mean of the distribution as it stands, about 11.7."""

FEWEST_MANAGERS = 3
"""Even ten people get one at the top and two who lead, so that every role is there."""


def quantile(u: np.ndarray) -> np.ndarray:
    """Span at each quantile u in [0, 1), float64, by straight lines inside the bands."""
    edges = np.concatenate([[0.0], np.cumsum([share for _, _, share in _BANDS])])
    band = np.minimum(np.searchsorted(edges, u, side="right") - 1, len(_BANDS) - 1)
    low = np.array([band[0] for band in _BANDS], dtype=np.float64)
    high = np.array([band[1] + 1 for band in _BANDS], dtype=np.float64)
    within = (u - edges[band]) / (edges[band + 1] - edges[band])
    return np.floor(low[band] + within * (high[band] - low[band]))


def draw_spans(headcount: int, seed: int, mean_span: float) -> np.ndarray:
    """Spans of all managers, int64 ascending, that add up to ``headcount - 1`` exactly.

    One draw from each of as many equal slices of the distribution as there are managers: the shape is then the same at
    300 people as at 300,000, and only the details differ between seeds.
    """
    places = headcount - 1
    count = max(FEWEST_MANAGERS, round(places / mean_span))
    slices = (np.arange(count) + draws.uniform(seed, "span", np.arange(count))) / count
    spans = np.maximum(1, np.rint(quantile(slices) * (mean_span / MEAN_SPAN))).astype(np.int64)
    spans.sort()
    return _fit(spans, places)


def _fit(spans: np.ndarray, places: int) -> np.ndarray:
    """Add or take people from the larger teams, in proportion, until the spans fill the places exactly."""
    spans = spans.copy()
    while (excess := int(spans.sum()) - places) != 0:
        # Teams of middling size and more give way: the many small ones are the shape to be kept.
        room = np.maximum(spans - 5, 0) if excess > 0 else np.where(spans >= min(7, spans.max()), spans, 0)
        if not room.any():
            room = np.maximum(spans - 1, 0)
        total = int(room.sum())
        step = np.minimum(room * min(abs(excess), total) // total, room)
        if not step.any():
            step[-min(abs(excess), int(np.count_nonzero(room))) :] = 1
        spans += -step if excess > 0 else step
        spans.sort()
    return spans
