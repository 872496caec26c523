"""Experience: whether a week's use succeeds, and what people come to believe from it.

Trust learns from own outcomes with early weight and negativity; safety softens failure. A failure at low trust makes a
person give up, until colleagues' evidence reopens it (article C: most try once, get a mediocre result, reject it).
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, nearby, rule, tilewise
from sim.exposure import scoped, speed_pressure, within
from sim.numeric import faded, happens
from sim.people import Status

ACTIVE, SUCCEEDED, REJECTED = int(Status.ACTIVE), int(Status.SUCCEEDED), int(Status.REJECTED)
COMMITTED = int(Status.COMMITTED)
MOST_WEIGHT = np.float32(0.9)


@rule
def first_try_fit(specificity, experiences, fade):
    """A recipe ('do this task this way') counts on the first tries."""
    return specificity / (1.0 + fade * experiences)


@rule
def learning_rate(experiences, prior, floor, failed, negativity, safety):
    """``max(1 / (n0 + n), a_min)``, after a failure times ``neg (1 - safety / 2)``, at most 0.9."""
    rate = max(1.0 / (prior + experiences), floor)
    return min(rate * negativity * (1.0 - 0.5 * safety), MOST_WEIGHT) if failed else rate


@tilewise
def experience(b, now, week, part, tile):
    """Outcomes of this week's use, and trust that learns from them."""
    people, near, firm, w, scope, once = b.people, part.near, b.firm, b.world, b.scope, b.once
    incident = once.circumstances_incident_week > 0.0 and week == np.int64(once.circumstances_incident_week)
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        status, scopes = people.status[e], people.scopes[e]
        active = (status & np.uint32(ACTIVE)) != 0
        tries = people.experiences[e]
        speed = speed_pressure(now, once, scope, scopes, week)
        clarity = within(now.environment_clarity, once.environment_clarity, scopes, scope.environment_clarity)
        reliability = within(
            now.environment_reliability, once.environment_reliability, scopes, scope.environment_reliability
        )
        specificity = scoped(now.training_specificity, scopes, scope.training_specificity)
        support = near.boss_support[n]
        utility = (
            w.experience_base[j]
            + people.fit[e]
            + w.experience_skill[j] * people.skill[e]
            + w.experience_task_fit[j] * people.training[e]
            + w.experience_clarity[j] * clarity
            + w.experience_first_tries[j] * first_try_fit(specificity, tries, w.experience_first_tries_fade[j])
            + w.experience_governance[j] * firm.governance[j]
            + w.experience_reliability[j] * reliability
            + w.experience_support[j] * max(support, 0.0)
            + w.experience_help[j] * near.help[n]
            + w.experience_library[j] * near.library[n]
            - w.experience_sinking[j] * max(-support, 0.0)
            - w.experience_speed[j] * speed
        )
        succeeded = active & happens(part.luck.succeed[j], utility, np.float32(1.0))
        failed = active & (not succeeded)
        rate = learning_rate(
            tries, w.experience_prior[j], w.experience_floor[j], failed, w.experience_negativity[j], near.safety[n]
        )
        outcome = np.float32(1.0) if succeeded else np.float32(0.0)
        trust = people.trust[e]
        trust = trust + rate * (outcome - trust) if active else trust
        trust = trust * (1.0 - w.experience_incident[j] * (1.0 - 0.5 * near.safety[n])) if incident else trust
        people.trust[e] = faded(trust)
        people.experiences[e] = tries + (np.float32(1.0) if active else np.float32(0.0))
        steadfast = (status & np.uint32(COMMITTED)) != 0
        gives_up = failed & (trust < w.experience_rejection[j]) & (not steadfast)
        status = status & ~np.uint32(SUCCEEDED)
        status = status | np.uint32(SUCCEEDED) if succeeded else status
        people.status[e] = status | np.uint32(REJECTED) if gives_up else status
