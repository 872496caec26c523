"""Two rival behaviour rules, to see which conclusions hang on ours: who uses it this week and what they believe.

*threshold*: a person starts when the weighted share of contacts using it is at least theta and stops below theta - h;
levers shift theta (Granovetter 1978). *Bass-like*: starts at hazard p + q x share using, stops at hazard d; levers
multiply p and q (Bass 1969). They stand in for trying, experience and influence; everything else is the same.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, nearby, rule, tilewise
from sim.exposure import mandate_felt
from sim.numeric import clip
from sim.people import Status

ACCESS, ACTIVE, TRIED, SUCCEEDED = int(Status.ACCESS), int(Status.ACTIVE), int(Status.TRIED), int(Status.SUCCEEDED)
COMPLIED, COMMITTED, REACHED = int(Status.COMPLIED), int(Status.COMMITTED), int(Status.REACHED)
THRESHOLD = 1


@rule
def encouragement(support, modelling, help_, training, mandate):
    """All levers together as a rival rule meets them, from 0 (none) to 1 (all in full)."""
    return 0.2 * (max(support, 0.0) + modelling + help_ + training + mandate)


@rule
def follows(share, using, theta, hysteresis):
    """Start at theta, stop below theta - h."""
    return share >= (theta - hysteresis if using else theta)


@rule
def bass_hazard(share, innovation, imitation):
    """Chance to start this week."""
    return clip(innovation + imitation * share, 0.0, 1.0)


@tilewise
def rival(b, now, week, part, tile):
    """Use and belief under the chosen rival rule."""
    people, near, firm, w, scope = b.people, part.near, b.firm, b.world, b.scope
    which = np.int64(b.once.rule)
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        status, scopes = people.status[e], people.scopes[e]
        was = (status & np.uint32(ACTIVE)) != 0
        share = near.peer_use[n]
        mandate = mandate_felt(now, scopes, scope, firm.attention[j])
        pushed = encouragement(near.boss_support[n], near.modelling[n], near.help[n], people.training[e], mandate)
        spread = w.rivals_theta_high[j] - w.rivals_theta_low[j]
        theta = w.rivals_theta_low[j] + spread * people.rank[e] - w.rivals_lever_shift[j] * pushed
        factor = 1.0 + w.rivals_lever_factor[j] * pushed
        u = part.luck.choose[j]
        starts = u < bass_hazard(share, w.rivals_innovation[j] * factor, w.rivals_imitation[j] * factor)
        stays = u >= w.rivals_stopping[j]
        by_bass = stays if was else starts
        chosen = follows(share, was, theta, w.rivals_hysteresis[j]) if which == THRESHOLD else by_bass
        used = (chosen or (status & np.uint32(COMMITTED)) != 0) and (status & np.uint32(ACCESS)) != 0
        kept = status & ~np.uint32(ACTIVE | SUCCEEDED | COMPLIED)
        kept = kept | np.uint32(REACHED) if share > 0.0 else kept
        people.status[e] = kept | np.uint32(ACTIVE | SUCCEEDED | TRIED) if used else kept
        people.tried_week[e] = np.int16(week) if used and people.tried_week[e] < 0 else people.tried_week[e]
        people.trust[e] += w.rivals_belief_speed[j] * ((np.float32(1.0) if used else np.float32(0.0)) - people.trust[e])
