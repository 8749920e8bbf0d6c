//! Kinds, relations and annotations that files declare.

use serde_json::json;

use super::*;

/// The built-in model with one more file.
fn with(text: &str) -> Result<Kinds, String> {
    let file = ModelFile {
        name: "kinds.yaml".to_owned(),
        text: text.to_owned(),
    };
    Kinds::with(&[file]).map_err(|error| error.to_string())
}

const SERVICE_LEVEL: &str = "\
kind: ServiceLevel
plural: service levels
description: What is promised to those who use a service.
forms:
  - apiVersions: [example.com/v1]
    relations:
      - { path: spec.service, forward: promisedFor, reverse: hasPromise, defaultKind: Component, allowedKinds: [Component, API] }
    spec:
      type: object
      required: [service, availability]
      properties:
        service: { type: string, minLength: 1, description: the service that it is about }
        availability: { type: number, minimum: 0, maximum: 100 }
---
annotation: example.com/tier
description: How much hangs on the entity.
schema: { type: string, enum: [gold, silver] }
";

#[test]
fn a_declared_kind_is_checked_and_related_as_a_built_in_one_is() {
    let kinds = with(SERVICE_LEVEL).unwrap();
    let level = |spec: Value| {
        entity(
            json!({ "apiVersion": "example.com/v1", "kind": "ServiceLevel", "metadata": { "name": "it" }, "spec": spec }),
        )
    };
    let good = level(json!({ "service": "shop", "availability": 99.5 }));
    assert_eq!(kinds.validate(&good), []);
    let (relations, problems) = kinds.relations(&good);
    assert_eq!(problems, []);
    let lines: Vec<String> = relations
        .iter()
        .map(|relation| format!("{} {} {}", relation.source, relation.kind, relation.target))
        .collect();
    assert_eq!(
        lines,
        [
            "component:default/shop hasPromise servicelevel:default/it",
            "servicelevel:default/it promisedFor component:default/shop",
        ]
    );
    let problems = kinds.validate(&level(json!({ "availability": 99 })));
    assert_eq!(
        problems[0].message,
        "`spec.service` is missing, and a ServiceLevel needs one"
    );
    let of_a_group = level(json!({ "service": "group:payments", "availability": 1 }));
    let (relations, problems) = kinds.relations(&of_a_group);
    assert!(relations.is_empty());
    assert_eq!(problems[0].path.as_deref(), Some("spec.service"));
    assert!(
        problems[0]
            .hint
            .as_ref()
            .unwrap()
            .contains("`Component`, `API`")
    );
    assert_eq!(
        kinds.get("ServiceLevel").unwrap().singular(),
        "service level"
    );
}

#[test]
fn a_declared_annotation_is_checked_on_every_kind_and_names_its_line() {
    let kinds = with(SERVICE_LEVEL).unwrap();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\n  annotations:\n    example.com/tier: bronze\nspec: { owner: a }\n";
    let parsed = crate::parse::entities(text.as_bytes(), &kinds, &yaml::Options::default());
    let problem = &parsed.entities[0].problems[0];
    assert_eq!(
        problem.message,
        "`metadata.annotations.example.com/tier` is the string `bronze`, which is none of `gold`, `silver`"
    );
    assert_eq!(problem.span.unwrap().line, 6);
    assert_eq!(
        problem.hint.as_deref(),
        Some("it means: How much hangs on the entity.")
    );
    let good = text.replace("bronze", "gold");
    let parsed = crate::parse::entities(good.as_bytes(), &kinds, &yaml::Options::default());
    assert_eq!(parsed.entities[0].problems, []);
}

#[test]
fn a_kind_is_added_to() {
    let kinds = with(
        "\
extend: Component
relations:
  - { path: spec.storedIn, forward: storedIn, reverse: stores, defaultKind: Resource }
spec:
  required: [costCentre]
  properties:
    costCentre: { type: string, pattern: '^C[0-9]+$', description: 'who pays, such as `C100`' }
forms:
  - apiVersions: [backstage.io/v1alpha1]
    specType: model
    inherit: true
    spec:
      required: [trainedOn]
      properties: { trainedOn: { type: string } }
",
    )
    .unwrap();
    let component = |spec: Value| {
        let problems = kinds.validate(&of("Component", spec));
        problems
            .into_iter()
            .map(|problem| problem.message)
            .collect::<Vec<_>>()
    };
    let common = |more: Value| {
        let mut spec =
            json!({ "type": "service", "lifecycle": "b", "owner": "c", "costCentre": "C1" });
        spec.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        spec
    };
    assert_eq!(component(common(json!({}))), [""; 0]);
    assert_eq!(
        component(common(json!({ "costCentre": "7" }))),
        ["`spec.costCentre` is the string `7`, which does not match `^C[0-9]+$`"]
    );
    assert_eq!(
        component(common(json!({ "type": "model", "owner": "" }))),
        [
            "`spec.trainedOn` is missing, and a Component needs one",
            "`spec.owner` is empty",
        ]
    );
    let model = of(
        "Component",
        common(json!({ "type": "model", "storedIn": "lake", "system": "s" })),
    );
    let (relations, _) = kinds.relations(&model);
    let forward: Vec<&str> = relations
        .iter()
        .filter(|relation| relation.source.name() == "it")
        .map(|relation| relation.kind.as_str())
        .collect();
    assert_eq!(forward, ["ownedBy", "partOf", "storedIn"]);
}

#[test]
fn a_model_file_that_is_wrong_says_where_and_why() {
    let reason = |text: &str| with(text).unwrap_err();
    let cases = [
        (
            "kind: [",
            "kinds.yaml:1:7: a bracket opens and never closes",
        ),
        (
            "- kind: A",
            "kinds.yaml:1:1: a declaration is a mapping, but this is a list of 1",
        ),
        (
            "title: A",
            "kinds.yaml:1:1: this document declares nothing that is known (it has one of the keys",
        ),
        (
            "kind: A\nplural: as\ndescription: A.\nform: []\nforms: [{ apiVersions: [v1] }]\n",
            "kinds.yaml:4:1: `form` is not a known field (did you mean `forms`?)",
        ),
        (
            "kind: A\nplural: as\ndescription: A.\nforms:\n  - { apiVersions: v1 }\n",
            "kinds.yaml:5:20: `forms[0].apiVersions` must be a list, but it is the string `v1` (write it as a list: `[v1]`)",
        ),
        (
            "kind: A\nplural: as\ndescription: A.\nforms:\n  - { apiVersions: [v1], spec: { type: 7 } }\n",
            "kinds.yaml:5:40: `forms[0].spec` is not a JSON Schema: ",
        ),
        (
            "kind: component\nplural: as\ndescription: A.\nforms: [{ apiVersions: [v1] }]\n",
            "kinds.yaml:1:7: the kind `Component` exists already (add to it with `extend: Component`",
        ),
        (
            "extend: Compnent\nspec: {}\n",
            "kinds.yaml:1:9: there is no kind `Compnent` to add to",
        ),
        (
            "extend: System\nforms: [{ apiVersions: [backstage.io/v1beta1] }]\n",
            "kinds.yaml:2:9: the kind `System` has a form for this `apiVersion` already",
        ),
        (
            "extend: System\nspec: { properties: { owner: { type: number } } }\n",
            "kinds.yaml:2:38: `spec.properties.owner.type` says something else than the schema that it is added to",
        ),
        (
            "extend: System\nrelations:\n  - { path: spec.x, forward: ownedBy, reverse: owns }\n",
            "kinds.yaml:3:48: `ownedBy` and `owns` cannot be each other's reverse: `ownedBy` and `ownerOf` are",
        ),
        (
            "annotation: a/b\ndescription: A.\n---\nannotation: a/b\ndescription: B.\n",
            "kinds.yaml:4:13: the annotation `a/b` is declared already",
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (reason(text), expected))
        .filter(|(found, expected)| !found.starts_with(*expected))
        .map(|(found, expected)| format!("{found}\nexpected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn another_text_is_another_model() {
    let fingerprint = |text| with(text).unwrap().fingerprint();
    let label = "label: tier\ndescription: A.\n";
    assert_eq!(fingerprint(label), fingerprint(label));
    assert_ne!(
        fingerprint(label),
        fingerprint("label: tier\ndescription: B.\n")
    );
    assert_eq!(
        Kinds::built_in().fingerprint(),
        Kinds::with(&[]).unwrap().fingerprint()
    );
}
