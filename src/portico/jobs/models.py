from django.db import models


class ScheduledJob(models.Model):
    """When a job of the schedule is due next. The row is its lock: the worker that moves it on does the job."""

    job = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()

    class Meta:
        db_table = "jobs_appointment"

    def __str__(self) -> str:
        return f"{self.job} at {self.due_at:%Y-%m-%d %H:%M}"
