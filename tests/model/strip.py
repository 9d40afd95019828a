#!/usr/bin/env python3
"""Keeps the facts of AWS's models that `tests/surface.rs` judges the kernel by.

    target/venv/bin/python tests/model/strip.py            writes the tables anew
    target/venv/bin/python tests/model/strip.py --check    fails when they are not those of botocore

Which models: those of the botocore that runs it, which `tests/requirements.txt` pins by way of
boto3. Kept are names, members, bounds, patterns, words to choose from, what is required, what is
sensitive, errors and who may call; no prose. One line a shape, so that a change shows as a change.
"""

import json
import pathlib
import sys

import botocore.loaders

SERVICES = ["cognito-identity", "cognito-idp", "cognito-sync", "iam", "sts"]
# Of services that are not Cognito's, what identity pools cannot do without.
WANTED = {
    "iam": [
        "AddClientIDToOpenIDConnectProvider",
        "CreateOpenIDConnectProvider",
        "CreateRole",
        "DeleteOpenIDConnectProvider",
        "DeleteRole",
        "DeleteRolePolicy",
        "GetOpenIDConnectProvider",
        "GetRole",
        "GetRolePolicy",
        "ListOpenIDConnectProviders",
        "ListRolePolicies",
        "ListRoles",
        "PutRolePolicy",
        "RemoveClientIDFromOpenIDConnectProvider",
        "UpdateAssumeRolePolicy",
    ],
    "sts": [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "GetCallerIdentity",
        "GetSessionToken",
    ],
}
HERE = pathlib.Path(__file__).parent
SCALAR_FACTS = ["min", "max", "pattern", "enum", "sensitive", "document"]


def member(facts):
    """The name of a member's shape; where the member is not in the body, that as well."""
    place = {key: facts[key] for key in ("location", "locationName") if key in facts}
    return {"shape": facts["shape"], **place} if place else facts["shape"]


def shape(facts):
    """One shape without its prose."""
    kept = {"type": facts["type"]}
    if facts.get("exception"):
        kept["error"] = {"status": status(facts)}
        if "code" in facts.get("error", {}):
            kept["error"]["code"] = facts["error"]["code"]
    if "members" in facts:
        kept["members"] = {name: member(of) for name, of in facts["members"].items()}
        kept["required"] = facts.get("required", [])
    for key in ("member", "key", "value"):
        if key in facts:
            kept[key] = facts[key]["shape"]
    kept.update({key: facts[key] for key in SCALAR_FACTS if key in facts})
    return kept


def status(facts):
    """The HTTP status of an error; AWS's protocols default to these two."""
    declared = facts.get("error", {}).get("httpStatusCode")
    return declared or (500 if facts.get("fault") else 400)


def operation(facts):
    """One operation without its prose."""
    is_unsigned = facts.get("authtype") == "none" or "smithy.api#noAuth" in facts.get("auth", [])
    return {
        "signed": not is_unsigned,
        "method": facts["http"]["method"],
        "uri": facts["http"]["requestUri"],
        "input": facts["input"]["shape"] if "input" in facts else None,
        "output": facts["output"]["shape"] if "output" in facts else None,
        "errors": sorted(error["shape"] for error in facts.get("errors", [])),
    }


def lines(table):
    """A JSON object with one line an entry."""
    entries = (f"    {json.dumps(name)}: {json.dumps(table[name])}" for name in sorted(table))
    return "{\n" + ",\n".join(entries) + "\n  }"


def reached(model, names):
    """The names of all shapes that those operations are made of."""
    found = set()
    operations = [model["operations"][name] for name in names]
    waiting = []
    for facts in operations:
        parts = [facts.get("input"), facts.get("output"), *facts.get("errors", [])]
        waiting += [part["shape"] for part in parts if part]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            facts = model["shapes"][name]
            waiting += [of["shape"] for of in facts.get("members", {}).values()]
            waiting += [facts[key]["shape"] for key in ("member", "key", "value") if key in facts]
    return found


def only(model, names):
    """The model without all other operations."""
    shapes = reached(model, names)
    return {
        **model,
        "operations": {name: model["operations"][name] for name in names},
        "shapes": {name: model["shapes"][name] for name in shapes},
    }


def strip(model):
    """The table of one service, as text."""
    metadata = model["metadata"]
    wanted = ("apiVersion", "protocol", "targetPrefix")
    head = {key: metadata[key] for key in wanted if key in metadata}
    operations = {name: operation(facts) for name, facts in model["operations"].items()}
    shapes = {name: shape(facts) for name, facts in model["shapes"].items()}
    return (
        f'{{\n  "service": {json.dumps(head)},\n'
        f'  "operations": {lines(operations)},\n'
        f'  "shapes": {lines(shapes)}\n}}\n'
    )


def main():
    """Writes or checks every table."""
    loader = botocore.loaders.Loader()
    stale = []
    for service in SERVICES:
        path = HERE / f"{service}.json"
        model = loader.load_service_model(service, "service-2")
        text = strip(only(model, WANTED[service]) if service in WANTED else model)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"not as in botocore {botocore.__version__}: {', '.join(stale)}; run strip.py")


if __name__ == "__main__":
    main()
