"""Habit: strength follows successful use and decays; breadth follows relief; enthusiasm fades.

Habit strength grows towards 1 with each successful week (Lally et al. 2010) and fades without. Relief from dreaded work
makes people curious about the rest. Mandated activity is logged without choice and, at the default, forms no habit.
"""

from __future__ import annotations

from sim.compiled import TILE, element, nearby, rule, tilewise
from sim.exposure import dread_relief, has
from sim.numeric import clip, faded
from sim.people import Status

ACTIVE, SUCCEEDED, COMPLIED = int(Status.ACTIVE), int(Status.SUCCEEDED), int(Status.COMPLIED)


@rule
def habit_drift(habit, used, succeeded, complied, gain, decay, mandated):
    """Grows with success, fades in weeks without use; complying adds what ``mandated`` says."""
    grown = habit + (gain * succeeded + mandated * complied) * (1.0 - habit)
    return faded(clip(grown - decay * (1.0 - used) * habit, 0.0, 1.0))


@rule
def breadth_drift(breadth, start, used, succeeded, relief, gain, relief_weight, decay):
    """Spreads to more of the work when it works, faster with relief; shrinks towards where it was introduced."""
    grows = gain * succeeded * (1.0 + relief_weight * relief) * (1.0 - breadth)
    shrinks = decay * (1.0 - used) * max(breadth - start, 0.0)
    return breadth + grows - shrinks


@tilewise
def settle(b, now, week, part, tile):
    """Habit, breadth and enthusiasm after this week."""
    people, near, firm, w, scope = b.people, part.near, b.firm, b.world, b.scope
    for j in range(TILE):
        e, n = element(tile, j), nearby(part, tile, j)
        status = people.status[e]
        used, succeeded, complied = has(status, ACTIVE), has(status, SUCCEEDED), has(status, COMPLIED)
        people.habit[e] = habit_drift(
            people.habit[e], used, succeeded, complied, w.habit_gain[j], w.habit_decay[j], w.habit_mandated[j]
        )
        relief = dread_relief(now, scope, people.scopes[e], people.dread[e], people.breadth[e])
        people.breadth[e] = breadth_drift(
            people.breadth[e],
            w.traits_breadth_start[j],
            used,
            succeeded,
            relief,
            w.habit_breadth_gain[j],
            w.habit_breadth_dread[j],
            w.habit_breadth_decay[j],
        )
        kept = faded(people.enthusiasm[e] * firm.enthusiasm_kept[j])
        asked = w.habit_asked_buzz[j] * near.inspected[n]
        people.enthusiasm[e] = min(kept + w.habit_success_buzz[j] * succeeded + asked, 2.0)
