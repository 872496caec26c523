"""The order of a week: one line a step, with its reason.

``STEPS`` says which steps run once for all people and which can be shared out among threads; ``step`` runs one of them
and ``weeks`` runs them all, in the same order. The Mesa model, ensembles and single large runs all come through here.
"""

from __future__ import annotations

from sim.compiled import entry
from sim.mechanisms.building import build, stock
from sim.mechanisms.champions import appoint, count_helpers, offer_help
from sim.mechanisms.enablement import plan_training, train
from sim.mechanisms.experience import experience
from sim.mechanisms.habit import settle
from sim.mechanisms.influence import gather, show, sway
from sim.mechanisms.leadership import lead, surround
from sim.mechanisms.learning import learn
from sim.mechanisms.managers import manage
from sim.mechanisms.measuring import feel, log_actions, survey
from sim.mechanisms.reporting import report
from sim.mechanisms.rivals import rival
from sim.mechanisms.rollout import give_access, open_waves
from sim.mechanisms.traits import turn_over
from sim.mechanisms.trying import choose

ONCE, SHARED = "once", "shared"
STEPS: tuple[tuple[str, str, str], ...] = (
    ("turn_over", ONCE, "leavers go before anything is decided"),
    ("open_waves", ONCE, "the programme decides who may use it"),
    ("give_access", SHARED, "access comes with curiosity"),
    ("plan_training", ONCE, "how far this week's capacity reaches; governance learned so far"),
    ("train", SHARED, "access and training are different things"),
    ("appoint", ONCE, "champions are found among those trained by now"),
    ("count_helpers", SHARED, "their hours, and who could use them, unit by unit"),
    ("lead", ONCE, "executives learn, attend and model; it travels down"),
    ("manage", ONCE, "managers take a stance on what they see above and below"),
    ("surround", SHARED, "what each person meets from above"),
    ("offer_help", SHARED, "and at hand: help, the unit's library"),
    ("gather", SHARED, "and around: what colleagues showed last week"),
    ("choose", SHARED, "whether to use it, or only to comply"),
    ("experience", SHARED, "whether it worked, and what to believe"),
    ("sway", SHARED, "what others' examples do to belief"),
    ("learn", SHARED, "skill towards what the surroundings hold up"),
    ("settle", SHARED, "habit, breadth, fading excitement"),
    ("build", SHARED, "use cases built"),
    ("stock", ONCE, "and carried between units"),
    ("log_actions", SHARED, "one more week of history"),
    ("feel", SHARED, "how it feels"),
    ("show", SHARED, "what others will see next week"),
    ("survey", SHARED, "counted, person by person"),
    ("report", ONCE, "and summed: the books, and what leaders see"),
)


@entry
def step(number, b, now, week, part):
    """Run step ``number`` of ``STEPS`` on this part of the people."""
    on = b.once
    ours = on.rule < 0.5
    if number == 0:
        turn_over(b, now, week, part)
    elif number == 1:
        open_waves(b, now, week, part)
    elif number == 2:
        give_access(b, now, week, part)
    elif number == 3 and on.on_enablement > 0.0:
        plan_training(b, now, week, part)
    elif number == 4 and on.on_enablement > 0.0:
        train(b, now, week, part)
    elif number == 5 and on.on_champions > 0.0:
        appoint(b, now, week, part)
    elif number == 6 and on.on_champions > 0.0:
        count_helpers(b, now, week, part)
    elif number == 7 and on.on_leadership > 0.0:
        lead(b, now, week, part)
    elif number == 8 and on.on_managers > 0.0:
        manage(b, now, week, part)
    elif number == 9:
        surround(b, now, week, part)
    elif number == 10:
        offer_help(b, now, week, part)
    elif number == 11 and on.on_influence > 0.0:
        gather(b, now, week, part)
    elif number == 12 and on.on_trying > 0.0:
        if ours:
            choose(b, now, week, part)
        else:
            rival(b, now, week, part)
    elif number == 13 and on.on_experience > 0.0 and ours:
        experience(b, now, week, part)
    elif number == 14 and on.on_influence > 0.0 and ours:
        sway(b, now, week, part)
    elif number == 15 and on.on_learning > 0.0:
        learn(b, now, week, part)
    elif number == 16 and on.on_habit > 0.0:
        settle(b, now, week, part)
    elif number == 17 and on.on_building > 0.0:
        build(b, now, week, part)
    elif number == 18 and on.on_building > 0.0:
        stock(b, now, week, part)
    elif number == 19:
        log_actions(b, now, week, part)
    elif number == 20:
        feel(b, now, week, part)
    elif number == 21:
        show(b, now, week, part)
    elif number == 22:
        survey(b, now, week, part)
    elif number == 23:
        report(b, now, week, part)


N_STEPS = len(STEPS)


@entry
def weeks(b, tracks, first, stop, part):
    """Run weeks ``first`` to ``stop - 1`` on all people: the only stepping loop of an ensemble."""
    for week in range(first, stop):
        now = tracks[week]
        for number in range(N_STEPS):
            step(number, b, now, week, part)
