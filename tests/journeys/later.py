"""Run a program of the house on a later day: python -m tests.journeys.later DAYS uvicorn ... | celery ... | manage ...

The clock of the process is moved and goes on ticking, so that a journey need not wait ten weeks for its proof.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    days, program, *arguments = sys.argv[1:]
    sys.argv = [program, *arguments]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=float(days)), tick=True):
        match program:
            case "uvicorn":
                from uvicorn.main import main as run

                run()
            case "celery":
                from celery.__main__ import main as run

                run()
            case "manage":
                from django.core.management import execute_from_command_line

                execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
