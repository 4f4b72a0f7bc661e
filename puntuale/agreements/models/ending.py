"""That the managers were told that a contract ends soon."""

from django.db import models

from puntuale.agreements.models.contract import Contract


class EndingNotice(models.Model):
    """Told once for each end a contract has had."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "ends_at"], name="told_once_an_ending")]

    def __str__(self) -> str:
        return f"the end of {self.contract}"
