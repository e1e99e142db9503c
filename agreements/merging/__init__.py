"""Two records that tell of one thing: what moves to the one that stays, and in which steps."""

from agreements.merging.carrying_out import Outcome, merge
from agreements.merging.moves import Move
from agreements.merging.plan import MERGEABLE, Changed, Plan, Stage, plan_of

__all__ = ["MERGEABLE", "Changed", "Move", "Outcome", "Plan", "Stage", "merge", "plan_of"]
