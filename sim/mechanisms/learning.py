"""Learning: skill rises through use up to a ceiling, and falls to it always.

The ceiling is what the surroundings hold up: live support is the largest part, so unsupported people plateau at
mediocre results and fall back when support ends (article A: training alone fades).
"""

from __future__ import annotations

from sim.compiled import TILE, element, nearby, rule, tilewise
from sim.exposure import has
from sim.numeric import clip
from sim.people import Status

ACTIVE = int(Status.ACTIVE)


@rule
def skill_ceiling(base, training, coaching, support, peers, champion, library):
    """What skill the surroundings hold up, each argument in units of skill."""
    return clip(base + training + coaching + support + peers + champion + library, 0.0, 1.0)


@rule
def skill_drift(skill, ceiling, used, gain, decay):
    """Up through use, down always."""
    gap = ceiling - skill
    return skill + (gain * used * gap if gap > 0.0 else decay * gap)


@tilewise
def learn(b, now, week, part, tile):
    """Everyone's skill this week."""
    people, near, w = b.people, part.near, b.world
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        ceiling = skill_ceiling(
            w.learning_base[j],
            w.learning_training[j] * people.training[e],
            w.learning_coaching[j] * near.coached[n],
            w.learning_boss[j] * max(near.boss_support[n], 0.0),
            w.learning_peers[j] * near.peer_use[n],
            w.learning_champion[j] * near.help[n],
            w.learning_library[j] * near.library[n],
        )
        used = has(people.status[e], ACTIVE)
        people.skill[e] = skill_drift(people.skill[e], ceiling, used, w.learning_gain[j], w.learning_decay[j])
