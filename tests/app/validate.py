"""Holds what a command printed to docs/domicile.schema.json: validate.py SCHEMA COMMAND json|ndjson|document."""
import json
import sys

import jsonschema


def no_floats(text):
    raise ValueError("a float: " + text)


def main():
    path, command, form = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    record = {"$ref": "#/$defs/" + command, "$defs": schema["$defs"]}
    text = sys.stdin.read()
    records = {
        "json": lambda: json.loads(text, parse_float=no_floats),
        "ndjson": lambda: [json.loads(line, parse_float=no_floats) for line in text.splitlines()],
        "document": lambda: [json.loads(text, parse_float=no_floats)],
    }[form]()
    if not isinstance(records, list) or not records:
        sys.exit("nothing to validate")
    validator = jsonschema.Draft202012Validator(record)
    for number, item in enumerate(records):
        for error in validator.iter_errors(item):
            sys.exit(f"record {number}, {'/'.join(map(str, error.path))}: {error.message[:300]}")


main()
