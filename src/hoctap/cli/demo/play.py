"""Playing the demo story: whole, or up to the morning on which the served demo begins."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from hoctap.cli.demo.people import PASSWORD, SIGN_INS
from hoctap.cli.demo.script import STOPS_AT, UNTIL_FRIDAY_MORNING, UNTIL_THE_END, moment
from hoctap.cli.demo.story import Story
from hoctap.cli.demo.world import make_world
from hoctap.kernel import clock, journal
from hoctap.kernel.models import Act
from hoctap.rollup.actions import fold_busy_rounds

MADE = "demo.seed"


def whole_story(seed: int) -> Story:
    """From the opening of the round to the amendment after the signing; folded on the way, as the worker would."""
    with clock.frozen(moment("02/10 08:00")):
        story = Story(make_world(), seed)
    for script in (UNTIL_FRIDAY_MORNING, UNTIL_THE_END):
        story.play(script)
        fold_busy_rounds()
    return story


def seeded() -> dict:
    """The world as of 13/10/2023 09:20, made once; all of it or nothing.

    ``clock_shift``: seconds by which clocks run late, so that the demo goes on from that morning.
    """
    made = Act.objects.filter(verb=MADE).first()
    if made:
        return _kept(made.details["clock_shift"])
    with transaction.atomic():
        with clock.frozen(moment("02/10 08:00")):
            story = Story(make_world())
        story.play(UNTIL_FRIDAY_MORNING)
        shift = round((moment(STOPS_AT) - timezone.now()) / timedelta(seconds=1))
        journal.record(MADE, clock_shift=shift)
    fold_busy_rounds()
    return _kept(shift)


def _kept(shift: int) -> dict:
    return {"clock_shift": shift, "sign_ins": [(name, PASSWORD, who) for name, who in SIGN_INS]}
