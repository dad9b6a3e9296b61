"""A person at a terminal: runs a program in one, waits for what it shows, and types.

Reads from standard input: {"command": [...], "folder": "...", "steps": [{"until": "text", "type": "keys"}, ...]}.
Prints all that the terminal showed. A text that does not come ends it with an error.
"""

import json
import os
import pty
import select
import sys
import time

PATIENCE = 30

plan = json.load(sys.stdin)
child, terminal = pty.fork()
if child == 0:
    os.chdir(plan["folder"])
    os.execvpe(plan["command"][0], plan["command"], {"TERM": "xterm", "PATH": os.environ["PATH"]})

shown = ""
seen = 0


def read(wait):
    """Takes in what the terminal shows; false where it has ended."""
    global shown
    if not select.select([terminal], [], [], wait)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data.decode("utf-8", "replace")
    return bool(data)


for step in plan["steps"]:
    until = time.monotonic() + PATIENCE
    while step["until"] not in shown[seen:]:
        if time.monotonic() > until or not read(0.1) and step["until"] not in shown[seen:]:
            sys.exit(f"{step['until']!r} does not come: {shown}")
    seen = shown.index(step["until"], seen) + len(step["until"])
    os.write(terminal, step["type"].encode())

until = time.monotonic() + PATIENCE
while read(0.1) and time.monotonic() < until:
    pass
_, status = os.waitpid(child, 0)
sys.stdout.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
