//! Reads every case of `yaml_like_javascript/cases.json` and compares with what the npm package
//! `yaml` made of it. `yaml_like_javascript/generate.mjs` says how the cases were made.

use callboard_model::yaml::{self, Options};
use serde::Deserialize;
use serde_json::Value;

const CASES: &str = include_str!("yaml_like_javascript/cases.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    input: String,
    #[serde(default)]
    merge_keys: bool,
    documents: Vec<Outcome>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outcome {
    #[serde(default)]
    value: Value,
    #[serde(default)]
    refused: bool,
}

impl Case {
    /// What differs, if anything does.
    fn difference(&self) -> Option<String> {
        let options = Options {
            merge_keys: self.merge_keys,
            ..Options::default()
        };
        let stream = yaml::parse(&self.input, &options);
        let good: Vec<&Value> = self
            .documents
            .iter()
            .filter(|outcome| !outcome.refused)
            .map(|o| &o.value)
            .collect();
        let refused = self.documents.iter().any(|outcome| outcome.refused);
        let ours: Vec<&Value> = stream
            .documents
            .iter()
            .map(|document| &document.value)
            .collect();
        let same = ours == good && refused != stream.problems.is_empty();
        (!same).then(|| {
            format!(
                "{}\n{}\n  theirs {good:?} refused: {refused}\n  ours   {ours:?} {:?}",
                self.name, self.input, stream.problems
            )
        })
    }
}

#[test]
fn every_case_reads_as_javascript_reads_it() {
    let cases: Vec<Case> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() > 100, "only {} cases were found", cases.len());
    let differences: Vec<String> = cases.iter().filter_map(Case::difference).collect();
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n\n{}",
        differences.len(),
        cases.len(),
        differences.join("\n\n")
    );
}
