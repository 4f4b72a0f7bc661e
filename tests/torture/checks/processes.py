"""What runs ends when it is told to, and does not end by itself."""


def check_everybody_ended_when_told(seen):
    """Every worker that was told to end did, within half a minute, and so did the desk."""
    late = [f"a worker did not end when it was told to; see {fault['log']}" for fault in seen.done("does not end")]
    statuses = [fault["status"] for fault in seen.done("desk ended")]
    return late + [f"the desk ended with status {status}" for status in statuses if status]


def check_nobody_ended_unasked(seen):
    """No worker ended that nobody had killed or told to."""
    unasked = seen.done("ended by itself")
    return [f"a worker ended with status {fault['status']}; see {fault['log']}" for fault in unasked]
