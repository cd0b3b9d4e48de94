"""`scripts/adopt`: what a vendor's document says of the contract, however it is written; and what it writes there."""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from _adoption import Adoption
from _contract_edit import add, raise_grades
from _vendor_document import VendorDocument, VendorError
from _vendor_operations import VendorOperations

from contract_tests.markdown_blocks import blocks
from contract_tests.spec_lint import structure
from contract_tests.spec_lint.navigation import located_operations
from contract_tests.spec_lint.yaml_lines import DocumentError, YamlDocument
from contract_tests.support.checkout import ROOT, SPEC
from contract_tests.support.scripts import Run, load_script, run_script
from contract_tests.vendor_document import OPERATIONS, build

Json = Any

PAGE = ROOT / "docs" / "how-to" / "adopt-the-vendors-document.md"
CONTRACT = YamlDocument(SPEC)
SAID = (
    'components.schemas.Contact.properties.age.type: is read as "integer"',
    "components.schemas.NewContact.properties.name.maxLength: is read as 50",
    "components.schemas.NewContact.properties.name.minlength: is no known keyword of a schema; it is ignored",
    "components.schemas.Diagnose.required: no such properties, they are ignored: code",
    "components.schemas.Form.properties.pages: an array without items, which may be anything",
    "components.schemas.Form.properties.next['$ref']: expected a reference to something of its kind; it is ignored",
    "components.schemas.Charge.properties.amount.format: is no known format",
    "paths: 1 of 120 operations have no summary and no description",
    "components.schemas.Charge.properties.amount: an example does not match the schema",
    "paths['/patients/:id/documents']: is read as /patients/{id}/documents",
    "paths['/patients/{id}/charges'].get.operationId: the operation is called listAllergies2 here",
    "paths['/patients/{id}/contacts'].get: has no operationId",
    "paths['/patients/{id}/tasks'].get.operationId: the operation is called listTasks here",
    "paths['/labs/{lab_id}'].get: the path parameter lab_id is not described; it may be any text",
    "paths['/notes/{note_id}'].get.responses.oops: expected a status; it is ignored",
    "paths['/patients/{id}/problems'].get.parameters[1]: the parameter tags is there twice",
)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        return True


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vendor") / "vendor.yaml"
    file.write_text(yaml.dump(build(), Dumper=_Dumper, sort_keys=False), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def vendor(file: Path) -> VendorDocument:
    return VendorDocument(file, CONTRACT.content)


@pytest.fixture(scope="module")
def adoption(vendor: VendorDocument) -> Adoption:
    return Adoption(CONTRACT.content, vendor)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `scripts/adopt` and `scripts/generate` read."""
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _adopt(checkout: Path, *arguments: str) -> Run:
    """Run the script in this process, which knows schemas that the linter has checked before."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(checkout)
        patch.setattr(sys, "argv", ["adopt", "--root", ".", *arguments])
        code = load_script("adopt").main()
    return Run(arguments, code, out.getvalue(), err.getvalue())


def _vendor(folder: Path, document: Json) -> VendorDocument:
    (file := folder / "vendor.json").write_text(json.dumps(document), encoding="utf-8")
    return VendorDocument(file, CONTRACT.content)


def _minimal(**members: Json) -> Json:
    return {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}, **members}


def test_document_of_120_operations_is_reported(checkout: Path, file: Path) -> None:
    assert len([*located_operations(build())]) == OPERATIONS
    run = _adopt(checkout, str(file))
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert lines[0] == "Example EHR API 2026.11: 120 operations, 10 of them in the contract"
    assert "only in the contract: listSecureMessages" in lines
    assert "New operations (110): --add OPERATION_ID writes them" in lines
    assert [line for line in lines if len(line) > 120 and " " in line.strip()] == []


def test_faults_of_a_vendor_document_are_named_by_line(vendor: VendorDocument) -> None:
    prefix = re.compile(re.escape(str(vendor.path)) + r":(\d+): ")
    assert all(prefix.match(problem) for problem in vendor.problems)
    said = [prefix.sub("", problem) for problem in vendor.problems]
    assert [text for text in SAID if text not in said] == []
    lines = vendor.path.read_text(encoding="utf-8").splitlines()
    (problem,) = (each for each in vendor.problems if "properties.age.type" in each)
    assert lines[int(prefix.match(problem)[1]) - 1].strip() == "type: int"  # type: ignore[index]


def test_operations_match_by_id_else_by_method_and_path(adoption: Adoption) -> None:
    matched = {match.operation_id: match.vendor_keys for match in adoption.matches}
    assert matched["createPatientDocument"][1:] == ("/patients/{pt_id}/documents", "post")
    assert matched["createPatientQuestionnaire"][1:] == ("/patients/{pt_id}/questionnaires", "post")
    assert len(matched) == 10
    assert adoption.missing == ["listSecureMessages"]
    assert "addQuestionnaire" not in adoption.new
    renamed = {(change.operation, change.pointer) for change in adoption.changes if change.pointer == "/operationId"}
    assert renamed == {("createPatientQuestionnaire", "/operationId")}


@pytest.mark.parametrize(
    ("keys", "is_confirmed"),
    [
        (("schemas", "NewPrescription", "properties", "notes"), True),
        (("schemas", "PortalRequestList", "properties", "data"), True),
        (("schemas", "SecureMessageResult", "properties", "message"), True),
        (("parameters", "Enqueue"), True),
        (("schemas", "NewSecureMessage", "properties", "subject"), False),  # another length
        (("schemas", "NewPrescription", "properties", "drug_id"), False),  # no range
        (("schemas", "PortalRequest", "properties", "details"), False),  # is not there
        (("schemas", "Error", "properties", "message"), False),
        (("parameters", "PatientId"), False),  # documented already
        (("responses", "PortalRequestNotFound"), False),  # has alternatives
    ],
)
def test_a_guess_is_confirmed_where_the_document_says_the_same(
    keys: tuple[str, ...], is_confirmed: bool, adoption: Adoption
) -> None:
    assert (("components", *keys) in adoption.confirmed) == is_confirmed


def test_no_guess_is_confirmed_that_one_operation_contradicts(tmp_path: Path) -> None:
    document = build()
    body = document["paths"]["/patients/{pt_id}/rxs"]["post"]["responses"][200]
    body["content"]["application/json"]["schema"]["properties"]["message"] = {"type": "integer"}
    found = Adoption(CONTRACT.content, _vendor(tmp_path, document))
    assert ("components", "schemas", "CreationResult", "properties", "message") not in found.confirmed
    assert ("components", "schemas", "CreationResult", "properties", "result") in found.confirmed


def test_apply_changes_grades_and_sources_alone(checkout: Path, file: Path) -> None:
    spec = checkout / "openapi" / SPEC.name
    spec.write_text(
        re.sub(r"(x-provenance: \w+)\n", r"\1  # why\n", spec.read_text(encoding="utf-8")), encoding="utf-8"
    )
    before = spec.read_text(encoding="utf-8")
    run = _adopt(checkout, str(file), "--apply")
    assert re.fullmatch(r"\d+ grades raised in openapi/cerbo-portal.yaml\n", run.stdout)
    after = spec.read_text(encoding="utf-8")
    assert before != after
    # A property without a grade gets one.
    stated = re.compile(r"^ *x-(source|provenance): .*\n", re.MULTILINE)
    assert stated.sub("", before) == stated.sub("", after)
    assert after.count("  # why\n") == before.count("  # why\n")
    notes = YamlDocument(spec).content["components"]["schemas"]["NewPrescription"]["properties"]["notes"]
    assert notes["x-provenance"] == "documented"
    assert notes["x-source"] == "the vendor's OpenAPI document Example EHR API 2026.11"
    assert [*structure.differences(YamlDocument(spec).content)] == []
    assert _adopt(checkout, str(file), "--apply").stdout.startswith("0 grades raised")
    assert spec.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: {x-provenance: assumed, b: 1}\n", "a: {x-provenance: documented, x-source: 'A, 1', b: 1}\n"),
        ("a: {b: {description: c}}\n", "a: {b: {description: c}, x-provenance: documented, x-source: 'A, 1'}\n"),
        (
            "a:\n  description: >-\n    b\n    c\n\n  # d\n",
            "a:\n  description: >-\n    b\n    c\n  x-provenance: documented\n  x-source: A, 1\n\n  # d\n",
        ),
        (
            "a:\n  x-source: >-\n    b\n    c\n  x-provenance: inferred # d\n",
            "a:\n  x-source: A, 1\n  x-provenance: documented # d\n",
        ),
        (
            "a:\n  items:\n    - b\n# c\nd: e\n",
            "a:\n  items:\n    - b\n  x-provenance: documented\n  x-source: A, 1\n# c\nd: e\n",
        ),
    ],
    ids=["flow", "flow without a grade", "folded", "comment", "last is a list"],
)
def test_a_grade_is_raised_in_any_style_of_yaml(before: str, after: str, tmp_path: Path) -> None:
    (file := tmp_path / "a.yaml").write_text(before, encoding="utf-8")
    assert raise_grades(YamlDocument(file), [("a",)], "A, 1") == after


def test_additions_come_to_the_end_of_their_objects(tmp_path: Path) -> None:
    (file := tmp_path / "a.yaml").write_text("a:\n  b:\n    c: 1\n\n# end\nd: [1]\ne:\n  - f: 2\n", encoding="utf-8")
    additions = [
        (("a", "g"), {"h": [3, 4]}),
        (("a", "b", "i"), "200"),
        (("a", "b", "j"), {"k": "l"}),
        (("e", "m"), {"n": 5}),
    ]
    added = "a:\n  b:\n    c: 1\n    i: '200'\n    j:\n      k: l\n  g:\n    h: [3, 4]\n"
    assert add(YamlDocument(file), additions) == f"{added}\n# end\nd: [1]\ne:\n  - f: 2\n  - n: 5\n"


def test_added_operations_are_generated_and_answered_by_the_mock(
    checkout: Path, file: Path, adoption: Adoption
) -> None:
    shutil.copytree(
        ROOT / "mock_server", checkout / "mock_server", ignore=shutil.ignore_patterns("__pycache__", "tests")
    )
    spec = checkout / "openapi" / SPEC.name
    before = spec.read_text(encoding="utf-8")
    run = _adopt(checkout, str(file), "--add", *adoption.new)
    assert (run.returncode, run.stderr) == (0, "")
    assert "to do" not in run.stdout, "the linter does not accept the contract"
    after = spec.read_text(encoding="utf-8")
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())
    assert [text for text in ("award-winning", "vendor.example", "12.50") if text in after] == []
    assert run_script("generate", "--root", str(checkout)).returncode == 0
    path = os.pathsep.join(str(checkout / name) for name in ("generated", "mock_server"))
    calls = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "contract_tests" / "support" / "call_each.py"), str(spec)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": path},
        cwd=checkout,
    )
    assert (calls.returncode, calls.stdout) == (0, f"{len(adoption.new)}\n"), calls.stderr


def test_added_again_operations_share_the_components_that_are_there(checkout: Path, file: Path) -> None:
    spec = checkout / "openapi" / SPEC.name
    for names in (["createAllergie"], ["createGoal", "listGoals"], ["listTasks"]):
        assert _adopt(checkout, str(file), "--add", *names).returncode == 0
    content = YamlDocument(spec).content
    new = content["components"]["schemas"].keys() - CONTRACT.content["components"]["schemas"].keys()
    # Result has a member `result`, which no class of that name may have.
    assert new == {"NewAllergie", "NewGoal", "Goal", "GoalList", "Task", "TaskList", "Result2"}
    parameters = content["paths"]["/patients/{id}/goals"]["get"]["parameters"]
    assert [each["$ref"].rpartition("/")[2] for each in parameters] == ["id", "Limit", "Offset"]
    assert _adopt(checkout, str(file), "--add", "createGoal").returncode == 2


def test_component_whose_name_is_taken_gets_another(tmp_path: Path) -> None:
    entry = {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "self": {"$ref": "#/components/schemas/Error"}},
    }
    operation = {
        "operationId": "show",
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}},
    }
    vendor = _vendor(tmp_path, _minimal(paths={"/a": {"get": operation}}, components={"schemas": {"Error": entry}}))
    operations = VendorOperations(CONTRACT.content, vendor)
    operations.add([("paths", "/a", "get")])
    written = operations.additions["components", "schemas", "Error2"]
    assert written["properties"]["self"] == {"$ref": "#/components/schemas/Error2"}
    success = operations.additions["paths", "/a", "get"]["responses"]["200"]
    assert success["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error2"}


def test_of_a_response_only_id_and_data_stay_required(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {}, "name": {"enum": ["a", "b", None]}},
    }
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "put it", "requestBody": content, "responses": {"200": content, "409": {}}}
    operations = VendorOperations(CONTRACT.content, _vendor(tmp_path, _minimal(paths={"/a": {"put": operation}})))
    operations.add([("paths", "/a", "put")])
    sent, received = (operations.additions["components", "schemas", f"PutIt{kind}"] for kind in ("Body", "Response"))
    assert (sent["required"], received["required"]) == (["id", "name"], ["id"])
    assert received["properties"]["name"]["x-extensible-enum"] == ["a", "b"]
    written = operations.additions["paths", "/a", "put"]
    assert written["responses"].keys() == {"200", "400", "401", "403", "409", "429", "500", "503"}
    assert (written["operationId"], written["x-idempotent"]) == ("putIt", False)


def test_boolean_schemas_are_adopted_as_objects(tmp_path: Path) -> None:
    content = {"content": {"application/json": {"schema": True}}}
    named = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Any"}}}}
    parameter = {"name": "a", "in": "query", "schema": False}
    operation = {"operationId": "a", "parameters": [parameter], "requestBody": content, "responses": {"200": named}}
    document = _minimal(paths={"/a": {"post": operation}}, components={"schemas": {"Any": True}})
    operations = VendorOperations(CONTRACT.content, _vendor(tmp_path, document))
    operations.add([("paths", "/a", "post")])
    written = operations.additions["paths", "/a", "post"]
    assert written["parameters"][0]["schema"] == {"not": {}}
    assert operations.additions["components", "schemas", "Any"]["x-provenance"] == "documented"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.yaml", "swagger: '2.0'", "a.yaml:1: expected an OpenAPI document of version 3.0 or 3.1"),
        ("a.yaml", "[]", "a.yaml:1: expected an OpenAPI document"),
        ("a.yaml", "", "a.yaml:1: expected an OpenAPI document"),
        ("a.yaml", "a: [", "a.yaml:2: not YAML"),
        ("a.json", '{"a": "\\ud800"}', "a.json"),
        (
            "a.yaml",
            "openapi: 3.0.0\npaths:\n  /b: {get: {parameters: [{$ref: 'b.yaml#/a'}]}}",
            "a.yaml:3: paths['/b'].get.parameters[0]['$ref']: expected a reference within the document",
        ),
        (
            "a.yaml",
            "a: &a ["
            + "x, " * 9
            + "]\nb: &b ["
            + "*a, " * 9
            + "]\n"
            + "".join(f"{chr(99 + i)}: &{chr(99 + i)} [{f'*{chr(98 + i)}, ' * 9}]\n" for i in range(6)),
            "nodes",
        ),
        ("a.json", '{"openapi": "3.0.0", "x": ' + "[" * 5000 + "]" * 5000 + "}", "a.json"),
    ],
    ids=["swagger", "list", "empty", "broken", "surrogate", "references", "aliases", "deep"],
)
def test_document_that_cannot_be_adopted_is_refused(name: str, content: str, said: str, checkout: Path) -> None:
    (checkout / name).write_text(f"{content}\n", encoding="utf-8")
    run = _adopt(checkout, name)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("adopt: ")
    assert said in run.stderr


@pytest.mark.parametrize("name", ["showPortalRequests", "nothing"])
def test_an_operation_that_is_not_new_is_not_added(name: str, checkout: Path, file: Path) -> None:
    before = (checkout / "openapi" / SPEC.name).read_bytes()
    run = _adopt(checkout, str(file), "--apply", "--add", "listTasks", name)
    assert run.returncode == 2
    assert run.stderr == f"adopt: --add: expected operations that only the document has, not {name}\n"
    assert (checkout / "openapi" / SPEC.name).read_bytes() == before


def test_yaml_and_json_that_the_contract_may_not_have_are_read(tmp_path: Path) -> None:
    text = "\ufeffopenapi: 3.0.0\nx: &x {summary: a}\npaths:\n  /a: {get: {<<: *x, operationId: a, operationId: b}}\n"
    (file := tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    document = VendorDocument(file, CONTRACT.content)
    assert document.content["paths"]["/a"]["get"]["operationId"] == "b"
    assert f"{file}:4: expected each key once, 'operationId' is repeated" in document.problems
    (file := tmp_path / "a.json").write_text('{\n\t"openapi": "3.0.0",\n\t"info": {"title": "\\ud83d\\ude00"}\n}')
    assert VendorDocument(file, CONTRACT.content).title == "😀"


def _places(node: Json, keys: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*keys, key)
        yield from _places(child, (*keys, key))


GARBAGE: tuple[Json, ...] = (
    None,
    5,
    "x",
    [],
    {},
    [None],
    {"$ref": 5},
    {"$ref": "#/nope"},
    {"$ref": "#/components/parameters/id"},
    True,
)


@pytest.mark.parametrize("offset", range(4))
def test_garbage_anywhere_in_a_document_is_tolerated(offset: int, tmp_path: Path) -> None:
    document = json.loads(json.dumps(build()))
    names = ("portal", "allerg", "images", "encounters")
    document["paths"] = {path: item for path, item in document["paths"].items() if any(each in path for each in names)}
    for index, keys in enumerate([*_places(document)][1 + offset :: 121]):
        changed = deepcopy(document)
        node = changed
        for key in keys[:-1]:
            node = node[key]
        node[keys[-1]] = GARBAGE[(index + offset) % len(GARBAGE)]
        try:
            vendor = _vendor(tmp_path, changed)
        except (VendorError, DocumentError):
            continue
        adoption = Adoption(CONTRACT.content, vendor)
        operations = VendorOperations(CONTRACT.content, vendor)
        operations.add(adoption.new.values())


def test_the_page_on_the_vendors_document_is_true(checkout: Path) -> None:
    assert PAGE.name == "adopt-the-vendors-document.md"
    printed: list[str] = []
    for block in blocks(PAGE):
        if block.file:
            (checkout / block.file).write_text(block.code, encoding="utf-8")
        elif block.language == "sh":
            for line in block.code.splitlines():
                script, *arguments = shlex.split(line.removeprefix("./scripts/"))
                if script == "generate":
                    assert run_script(script, "--root", str(checkout)).returncode == 0
                else:
                    assert script == "adopt"
                    printed = _unnumbered(_adopt(checkout, *arguments).stdout)
        else:
            shown = iter(printed)
            assert [line for line in _unnumbered(block.code) if line not in ("...", "") and line not in shown] == []


def _unnumbered(text: str) -> list[str]:
    return re.sub(r"(?<=cerbo-portal.yaml:)\d+", "1", text).splitlines()
