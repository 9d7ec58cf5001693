"""Score: how the scores of a person changed."""

from types import MappingProxyType

from webui.vocabulary.kinds import ActivityType, Family, labels_of

SCORE = Family(
    "score",
    labels_of("Score", "スコア"),
    icon="score",
    columns=("activity-type", "score-name", "change", "new-score"),
    about="score-name",
    choice="score",
    is_global=False,
)

NUMBERS = ("change", "old-score", "new-score")  # fields
CHANGED_SCORE = "changed-score"
MAIN_SCORES = ("lead score", "person score")  # folded; a subscription has the one or the other

TYPES = (
    ActivityType(
        key=CHANGED_SCORE,
        family="score",
        labels=labels_of("Changed Score", "スコアを変更"),
        fields=("score-name", "change", "old-score", "new-score", "reason"),
        statuses=(),
        icon="score",
        listed_globally=False,
        names=("Change Score",),
        classic_id=22,
        told=MappingProxyType({"reason": "reason", "oldvalue": "old-score"}),
    ),
)


def is_main_score(name: str) -> bool:
    """Whether a score is a subscription's main one, however the letters of its name are written."""
    return name.casefold() in MAIN_SCORES
