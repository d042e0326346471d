"""Runs one of Probity's programs that print a JSON object a line."""

import json
import subprocess


def probity(binary: str, *arguments: str) -> list[dict]:
    output = subprocess.run([binary, *arguments], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines()]
