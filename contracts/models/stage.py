"""The social value checklist of each stage of a contract, and what suppliers are told from it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contracts.models.band import Proportionate
from contracts.models.contract import Stage


class ChecklistQuestion(Proportionate):
    """A question asked of contracts at one stage; kept as data, retired rather than deleted once answered."""

    class Kind(models.TextChoices):
        """How it is answered."""

        YES_NO = "yes_no", "Yes or no, and why"
        TEXT = "text", "In words"
        PERCENTAGE = "percentage", "A percentage, and why"

    stage = models.CharField(max_length=13, choices=Stage.choices)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("question", max_length=250)
    hint = models.TextField(blank=True)
    kind = models.CharField("answered by", max_length=10, choices=Kind.choices, default=Kind.TEXT)
    # Under which heading the answer goes into the statement for suppliers; blank keeps it inside the council.
    statement_heading = models.CharField("heading in the statement for suppliers", max_length=150, blank=True)
    is_active = models.BooleanField("asked", default=True)
    # Of the questions that come with the service, so that each is added once; blank for the council's own.
    key = models.SlugField(max_length=60, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["stage", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="checklist_question_key_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="checklist_stage_known"),
        ]

    def __str__(self):
        return self.text


class ChecklistAnswerQuerySet(models.QuerySet):
    """Questions about answers."""

    def answered(self):
        """Return the answers that say something: the same rule as `ChecklistAnswer.is_answered`."""
        kind = ChecklistQuestion.Kind
        return self.filter(
            Q(verdict=ChecklistAnswer.Verdict.DOES_NOT_APPLY)
            | Q(question__kind=kind.YES_NO) & ~Q(verdict="")
            | Q(question__kind=kind.PERCENTAGE, percentage__isnull=False)
            | Q(question__kind=kind.TEXT) & ~Q(words="")
        )


class ChecklistAnswer(models.Model):
    """What was answered for a contract, last; earlier answers stand in the history."""

    class Verdict(models.TextChoices):
        """The short answer."""

        NONE = "", "No short answer"
        YES = "yes", "Yes"
        NO = "no", "No"
        DOES_NOT_APPLY = "n/a", "Does not apply"

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="checklist_answers"
    )
    question = models.ForeignKey(ChecklistQuestion, on_delete=models.PROTECT, related_name="answers")
    verdict = models.CharField(max_length=3, choices=Verdict.choices, blank=True)
    percentage = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    words = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ChecklistAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "question"], name="checklist_answer_once"),
            models.CheckConstraint(
                condition=Q(percentage=None) | Q(percentage__gte=0, percentage__lte=100),
                name="checklist_percentage_of_a_hundred",
            ),
        ]

    def __str__(self):
        return f"{self.question}: {self.get_verdict_display() or self.words}"

    @property
    def is_answered(self) -> bool:
        """Return whether it answers the question: words alone don't answer yes or no."""
        if self.verdict == self.Verdict.DOES_NOT_APPLY:
            return True
        if self.question.kind == ChecklistQuestion.Kind.YES_NO:
            return bool(self.verdict)
        if self.question.kind == ChecklistQuestion.Kind.PERCENTAGE:
            return self.percentage is not None
        return bool(self.words)


class SupplierStatement(models.Model):
    """What suppliers were told to expect, as published with a tender: kept word for word, never changed."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="supplier_statements"
    )
    number = models.PositiveIntegerField()
    # {"title": ..., "introduction": ..., "sections": [{"heading": ..., "text": ...}]}
    content = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["contract", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="supplier_statement_number_once")
        ]

    def __str__(self):
        return f"Statement {self.number} for {self.contract}"
