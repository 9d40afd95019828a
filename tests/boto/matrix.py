"""Records which step of the main job boto3 was seen to take; `sdk/matrix.mjs` prints the table."""

import functools
import json
import os

FILE = os.environ.get("COGNATE_MATRIX")


def step(name, client="boto3"):
    """Marks a test method as that step of the main job."""

    def marked(method):
        @functools.wraps(method)
        def run(self):
            outcome = "fail"
            try:
                method(self)
                outcome = "pass"
            finally:
                if FILE:
                    with open(FILE, "a", encoding="utf-8") as file:
                        line = {"client": client, "step": name, "outcome": outcome}
                        file.write(json.dumps(line) + "\n")

        run.__doc__ = name
        return run

    return marked
