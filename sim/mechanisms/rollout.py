"""Rollout: who has access. Waves open by calendar, or when the latest one shows use (crawl, walk, run; article C).

Access and training are different things. A person's place in the queue is drawn before time starts; a wave is a stretch
of the queue. First access brings curiosity in proportion to endorsement, which fades within weeks.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import TILE, element, kernel, rule, tilewise
from sim.exposure import scoped
from sim.people import Status

ACCESS = int(Status.ACCESS)
BIG_BANG, FIXED_WAVES, EVIDENCE_GATED = 0, 1, 2
LEAST_EVIDENCE_PEOPLE, LEAST_EVIDENCE_WEEKS = np.float32(10.0), np.float32(4.0)


@rule
def next_wave_opens(style, age, gap, use, gate, deadline, people):
    """Whether the next wave opens, by the latest one's age and its four-week mean use."""
    by_date = style == FIXED_WAVES and age >= gap
    seen = people >= LEAST_EVIDENCE_PEOPLE and age >= max(gap, LEAST_EVIDENCE_WEEKS)
    by_evidence = style == EVIDENCE_GATED and ((seen and use >= gate) or age >= deadline)
    return by_date or by_evidence


@kernel
def open_waves(b, now, week, part):
    """Open the first wave at the start week and later ones by date or evidence (once for all people)."""
    firm, once = b.firm, b.once
    last = np.float32(b.waves.shape[0] - 1)
    for j in range(TILE):
        if week < once.rollout_start_week:
            continue
        wave, age = firm.wave[j], firm.wave_age[j] + 1.0
        if wave < 1.0:
            opens = True
        else:
            k = np.int64(wave)
            people = b.waves[k, j] - b.waves[k - 1, j]
            opens = wave < last and next_wave_opens(
                np.int64(once.rollout_style),
                age,
                once.rollout_gap,
                firm.wave_use[j],
                once.rollout_gate,
                once.rollout_deadline,
                people,
            )
        if opens:
            wave = wave + 1.0
            firm.wave[j] = wave
            firm.wave_age[j] = 0.0
            firm.wave_use[j] = 0.0
            firm.wave_from[j] = firm.opened[j]
            firm.opened[j] = b.waves[np.int64(wave), j]
        else:
            firm.wave_age[j] = age


@tilewise
def give_access(b, now, week, part, tile):
    """Give access to the open part of the queue, as far as the licence seats reach."""
    people, firm, w = b.people, b.firm, b.world
    seats = np.float32(np.floor(now.rollout_seats * np.float32(b.graph.unit.shape[0]) + 0.5))
    changes = 0
    for j in range(TILE):
        e = element(tile, j)
        changes += (people.queue[e] < min(firm.opened[j], seats)) != ((people.status[e] & np.uint32(ACCESS)) != 0)
    if changes == 0:
        return
    for j in range(TILE):
        e = element(tile, j)
        status = people.status[e]
        reached = people.queue[e] < min(firm.opened[j], seats)
        first = reached & (people.access_week[e] < 0)
        endorsed = scoped(now.leaders_endorsement, people.scopes[e], b.scope.leaders_endorsement)
        curious = w.trying_curiosity_base[j] + w.trying_curiosity[j] * endorsed
        people.enthusiasm[e] = min(people.enthusiasm[e] + (curious if first else np.float32(0.0)), 2.0)
        people.access_week[e] = np.int16(week) if first else people.access_week[e]
        people.status[e] = (status | np.uint32(ACCESS)) if reached else (status & ~np.uint32(ACCESS))
