"""Reads a JUnit XML file with junitparser and prints as JSON what it says, and what its cases add up to."""

import json
import sys

from junitparser import Error, Failure, JUnitXml, Skipped, TestSuite


def totals(element):
    return {
        "tests": element.tests,
        "failures": element.failures,
        "errors": element.errors,
        "skipped": element.skipped,
        "time": element.time,
    }


def added(cases):
    kinds = {"failures": Failure, "errors": Error, "skipped": Skipped}
    sums = {k: sum(isinstance(r, kind) for c in cases for r in c.result) for k, kind in kinds.items()}
    return {"tests": len(cases), **sums, "time": round(sum((c.time or 0.0 for c in cases), 0.0), 3)}


xml = JUnitXml.fromfile(sys.argv[1])
suites = list(xml)
assert all(isinstance(s, TestSuite) for s in suites)
cases = [c for s in suites for c in s]
print(
    json.dumps(
        {
            "totals": totals(xml),
            "added": added(cases),
            "suites": [
                {
                    "name": s.name,
                    "totals": totals(s),
                    "added": added(list(s)),
                    "timestamp": s.timestamp,
                    "hostname": s.hostname,
                    "properties": {p.name: p.value for p in s.properties()},
                }
                for s in suites
            ],
            "cases": [
                {
                    "classname": c.classname,
                    "name": c.name,
                    "file": c._elem.get("file"),
                    "line": c._elem.get("line"),
                    "time": c._elem.get("time"),
                    "results": [
                        {"kind": r._tag, "message": r.message, "type": r.type, "text": r.text} for r in c.result
                    ],
                    "out": c.system_out,
                }
                for c in cases
            ],
        }
    )
)
