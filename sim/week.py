"""The order of a week: one line a step, with its reason.

Steps stand in phases. What a phase does *once* needs the whole organisation; a *shared* phase can be shared out among
threads, and takes people tile by tile through all its steps while they are in the cache; nobody reads there what a
step does to somebody else. The Mesa model, ensembles and single large runs all come through ``weeks``.
"""

from __future__ import annotations

from sim.compiled import TILE, entry, kernel, tilewise
from sim.mechanisms.building import build, stock
from sim.mechanisms.champions import appoint, count_helpers, offer_help
from sim.mechanisms.enablement import forget, plan_training, train
from sim.mechanisms.experience import experience
from sim.mechanisms.habit import settle
from sim.mechanisms.influence import gather, look_ahead, show, sway
from sim.mechanisms.leadership import lead, surround
from sim.mechanisms.learning import learn
from sim.mechanisms.managers import manage
from sim.mechanisms.measuring import MOST_SUMMED, begin_sums, count_units, feel, log_actions, survey, tally
from sim.mechanisms.reporting import report
from sim.mechanisms.rivals import rival
from sim.mechanisms.rollout import give_access, open_waves
from sim.mechanisms.traits import turn_over
from sim.mechanisms.trying import choose, explain
from sim.rng import Slot, draw

ONCE, SHARED = "once", "shared"
WEEK: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        ONCE,
        (
            ("turn_over", "leavers go before anything is decided"),
            ("open_waves", "the programme decides who may use it"),
            ("plan_training", "how far this week's capacity reaches; governance learned so far"),
        ),
    ),
    (
        SHARED,
        (
            ("give_access", "access comes with curiosity"),
            ("train", "access and training are different things"),
        ),
    ),
    (ONCE, (("appoint", "champions are found among those trained by now"),)),
    (SHARED, (("count_helpers", "their hours, and who could use them, unit by unit"),)),
    (
        ONCE,
        (
            ("lead", "executives learn, attend and model; it travels down"),
            ("manage", "managers take a stance on what they see above and below"),
        ),
    ),
    (
        SHARED,
        (
            ("gather", "what colleagues showed last week"),
            ("surround", "what each person meets from above"),
            ("offer_help", "and at hand: help, the unit's library"),
            ("choose", "whether to use it, or only to comply"),
            ("experience", "whether it worked, and what to believe"),
            ("sway", "what others' examples do to belief"),
            ("learn", "skill towards what the surroundings hold up"),
            ("forget", "what training left fades"),
            ("settle", "habit, breadth, fading excitement"),
            ("log_actions", "one more week of history"),
            ("feel", "how it feels"),
            ("survey", "counted, person by person"),
        ),
    ),
    (
        SHARED,
        (
            ("show", "what others will see next week, once everyone has looked"),
            ("build", "use cases built"),
        ),
    ),
    (
        ONCE,
        (
            ("stock", "and carried between units"),
            ("report", "the books, and what leaders see"),
        ),
    ),
)
PHASES = len(WEEK)
LIVING = 5
"""The phase in which people decide, and learn from it."""
TRY_SUCCEED, COMPLY_ACT = int(Slot.TRY_SUCCEED), int(Slot.COMPLY_ACT)


@kernel
def enrol(b, now, week, part):
    """Access and training."""
    begin_sums(b, part)
    for tile in range(part.tile0, part.tile1):
        give_access(b, now, week, part, tile)
        if b.once.on_enablement > 0.0:
            train(b, now, week, part, tile)


@tilewise
def glance(b, now, week, part, tile):
    """What the people of a tile see around them."""
    if b.once.on_influence > 0.0:
        gather(b, now, week, part, tile)


@tilewise
def meet(b, now, week, part, tile):
    """What else surrounds them."""
    surround(b, now, week, part, tile)
    offer_help(b, now, week, part, tile)


@tilewise
def live(b, now, week, part, tile):
    """A tile of people, through the week."""
    on = b.once
    ours = on.rule < 0.5
    draw(part.luck.choose, part.luck.succeed, b, part, tile, week, TRY_SUCCEED)
    draw(part.luck.comply, part.luck.act, b, part, tile, week, COMPLY_ACT)
    if part.near_stride == 0:
        glance(b, now, week, part, tile)
    meet(b, now, week, part, tile)
    if on.on_influence > 0.0:
        look_ahead(b, tile + 1)
    if on.on_trying > 0.0:
        if ours:
            choose(b, now, week, part, tile)
        else:
            rival(b, now, week, part, tile)
    if on.on_experience > 0.0 and ours:
        experience(b, now, week, part, tile)
    if on.on_influence > 0.0 and ours:
        sway(b, now, week, part, tile)
    if on.on_learning > 0.0:
        learn(b, now, week, part, tile)
    if on.on_enablement > 0.0:
        forget(b, now, week, part, tile)
    if on.on_habit > 0.0:
        settle(b, now, week, part, tile)
    log_actions(b, now, week, part, tile)
    feel(b, now, week, part, tile)
    survey(b, now, week, part, tile)


@kernel
def all_live(b, now, week, part):
    """Everyone of a part, tile by tile; glances at colleagues first, where there is room to keep what was seen."""
    if part.near_stride > 0:
        for tile in range(part.tile0, part.tile1):
            glance(b, now, week, part, tile)
    for tile in range(part.tile0, part.tile1):
        live(b, now, week, part, tile)
        if (tile - part.tile0) % MOST_SUMMED == MOST_SUMMED - 1:
            tally(b, part)
    tally(b, part)


@kernel
def look_back(b, now, week, part):
    """What the week leaves for others to see and use."""
    for tile in range(part.tile0, part.tile1):
        show(b, now, week, part, tile)
    if b.once.on_building > 0.0:
        build(b, now, week, part)
    count_units(b, now, week, part)


@entry
def weeks(b, tracks, first, stop, part, first_phase, last_phase):
    """Run phases ``first_phase`` to ``last_phase`` of weeks ``first`` to ``stop - 1``: the only stepping loop."""
    on = b.once
    for week in range(first, stop):
        now = tracks[week]
        for phase in range(first_phase, last_phase + 1):
            if phase == 0:
                turn_over(b, now, week, part)
                open_waves(b, now, week, part)
                if on.on_enablement > 0.0:
                    plan_training(b, now, week, part)
            elif phase == 1:
                enrol(b, now, week, part)
            elif phase == 2 and on.on_champions > 0.0:
                appoint(b, now, week, part)
            elif phase == 3 and on.on_champions > 0.0:
                count_helpers(b, now, week, part)
            elif phase == 4:
                if on.on_leadership > 0.0:
                    lead(b, now, week, part)
                if on.on_managers > 0.0:
                    manage(b, now, week, part)
            elif phase == 5:
                all_live(b, now, week, part)
            elif phase == 6:
                look_back(b, now, week, part)
            elif phase == 7:
                if on.on_building > 0.0:
                    stock(b, now, week, part)
                report(b, now, week, part)


@entry
def explained(b, now, week, part, elements, out):
    """The terms of people's choices (``trying.TERMS``) and the chance of each: ``out`` float32 [people, terms + 1].

    Called between the phases before people's week and that phase; it changes nothing that is kept. What surrounds a
    tile is found once for those of ``elements`` int64 [people] who follow each other in it.
    """
    seen = -1
    for k in range(elements.shape[0]):
        tile = elements[k] // TILE
        if tile != seen:
            glance(b, now, week, part, tile)
            meet(b, now, week, part, tile)
            seen = tile
        explain(b, now, week, part, tile, elements[k] % TILE, out[k])
