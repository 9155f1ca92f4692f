"""What is printed of jobs that are done at the same time."""


class Printer:
    """Prints each job's lines together: one job's as they come, those of the others when it has ended."""

    def __init__(self):
        # The lines that are to be printed yet of each job, in the order in which they began.
        self._kept, self._ended = {}, set()

    def begin(self, job):
        self._kept[job] = []

    def say(self, job, line):
        self._kept[job].append(line)
        self._print()

    def end(self, job):
        self._ended.add(job)
        self._print()

    def _print(self):
        while self._kept:
            job = next(iter(self._kept))
            for line in self._kept[job]:
                print(line, flush=True)
            self._kept[job].clear()
            if job not in self._ended:
                return
            del self._kept[job]
