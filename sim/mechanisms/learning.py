"""Learning: skill rises through use up to a ceiling, and falls to it always.

The ceiling is what the surroundings hold up: live support is the largest part, so unsupported people plateau at
mediocre results and fall back when support ends (article A: training alone fades).
"""

from __future__ import annotations

from sim.compiled import TILE, element, kernel, rule
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


@kernel
def learn(b, now, week, part):
    """Everyone's skill this week."""
    people, w = b.people, b.world
    for tile in range(part.tile0, part.tile1):
        for j in range(TILE):
            e = element(tile, j)
            ceiling = skill_ceiling(
                w.learning_base[j],
                w.learning_training[j] * people.training[e],
                w.learning_coaching[j] * people.coached[e],
                w.learning_boss[j] * max(people.boss_support[e], 0.0),
                w.learning_peers[j] * people.peer_use[e],
                w.learning_champion[j] * people.help[e],
                w.learning_library[j] * people.library[e],
            )
            used = has(people.status[e], ACTIVE)
            people.skill[e] = skill_drift(people.skill[e], ceiling, used, w.learning_gain[j], w.learning_decay[j])
