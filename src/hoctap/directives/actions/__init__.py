"""Everything that changes documents."""

from hoctap.directives.actions.composing import compose
from hoctap.directives.actions.entry import DirectiveData, DuplicateNumber, edit_directive, register_directive
from hoctap.directives.actions.flow import issue, recall, supersede
from hoctap.directives.actions.links import link_citation
from hoctap.directives.actions.numbering import NumberGap
from hoctap.directives.actions.reading import (
    add_item,
    begin_reading,
    drop_reading,
    finish_reading,
    found_named,
    keep_choices,
)
from hoctap.directives.actions.sending import acknowledge, deliver, mark_seen

__all__ = [
    "DirectiveData",
    "DuplicateNumber",
    "NumberGap",
    "acknowledge",
    "add_item",
    "begin_reading",
    "compose",
    "deliver",
    "drop_reading",
    "edit_directive",
    "finish_reading",
    "found_named",
    "issue",
    "keep_choices",
    "link_citation",
    "mark_seen",
    "recall",
    "register_directive",
    "supersede",
]
