//! The file of conditions that the RBAC plugin reads: one YAML document for each.

use callboard_model::{Error, Result, yaml};
use serde_json::Value;

use super::{Said, Wrong};
use crate::conditions::{self, collision};
use crate::config::ValidationSettings;
use crate::model::{Place, Source};

/// Adds the conditions in `text`, which is called `file`, to the roles of the CSV file.
pub(crate) fn add(said: &mut Said, text: &str, file: &str, limits: &ValidationSettings) {
    let most = limits.conditional_policies_file;
    let options = yaml::Options {
        max_bytes: most.max_bytes,
        ..yaml::Options::default()
    };
    let stream = yaml::parse(text, &options);
    for problem in &stream.problems {
        let place = place(file, problem.span.map_or(1, |span| span.line));
        said.problems.push(Wrong::new(&place, &problem.message));
    }
    for (number, document) in stream.documents.iter().enumerate() {
        let place = place(file, document.span.line);
        if number == most.max_documents {
            let message = format!(
                "the file has more than {} documents: the rest does not count",
                most.max_documents
            );
            said.problems.push(Wrong::new(&place, message));
            return;
        }
        if document.value.is_null() {
            continue;
        }
        if let Err(error) = add_one(said, &document.value, limits, &place) {
            said.problems.push(Wrong::of(&place, &error));
        }
    }
}

fn place(file: &str, line: usize) -> Place {
    Place::from(format!("{file}:{line}"))
}

fn add_one(
    said: &mut Said,
    json: &Value,
    limits: &ValidationSettings,
    place: &Place,
) -> Result<()> {
    let written = conditions::read(json, limits.conditional_policies, place)?;
    let mut roles = said.roles.iter_mut();
    let role = roles
        .find(|role| role.source == Source::CsvFile && role.name == written.role)
        .ok_or_else(|| {
            let message = format!("`{}` is no role of the CSV file", written.role);
            Error::invalid("role-condition", message)
        })?;
    if let Some(known) = collision(&role.conditionals, &written.conditional) {
        let message = format!(
            "`{}` has another condition for the same, at {}",
            role.name, known.place
        );
        return Err(Error::invalid("role-condition", message));
    }
    role.conditionals.push(written.conditional);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::csv_file;

    fn said(text: &str) -> Said {
        let mut said = csv_file::read("g, user:default/ada, role:default/a\n", "p.csv");
        add(&mut said, text, "c.yaml", &ValidationSettings::default());
        said
    }

    fn document(role: &str, actions: &str, rule: &str) -> String {
        format!(
            "---\nresult: CONDITIONAL\nroleEntityRef: {role}\npluginId: catalog\nresourceType: catalog-entity\npermissionMapping: [{actions}]\nconditions:\n  {rule}\n"
        )
    }

    const OWNS: &str =
        "{rule: IS_ENTITY_OWNER, resourceType: catalog-entity, params: {claims: [$ownerRefs]}}";

    #[test]
    fn documents_become_conditions_of_roles() {
        let text = document("role:default/a", "read, {name: x, action: use}", OWNS);
        let mixed = said(&text);
        assert_eq!(mixed.problems.len(), 1);

        let text = document("role:default/a", "read, update", OWNS)
            + &document("role:default/a", "delete", &format!("not: {OWNS}"));
        let said = said(&text);

        assert_eq!(said.problems, []);
        let conditionals = &said.roles[0].conditionals;
        assert_eq!(conditionals.len(), 2);
        assert_eq!(&*conditionals[1].place, "c.yaml:9");
        assert!(conditionals[0].is_about("catalog-entity", ("any", crate::model::Verb::Update)));
    }

    #[test]
    fn a_wrong_document_is_named_and_the_rest_counts() {
        let good = document("role:default/a", "read", OWNS);
        for (wrong, message) in [
            (
                document("role:default/b", "read", OWNS),
                "`role:default/b` is no role of the CSV file",
            ),
            (
                document("role:default/a", "look", OWNS),
                "`look` in `permissionMapping` is none of",
            ),
            (
                document("role:default/a", "read", OWNS),
                "has another condition for the same, at c.yaml:1",
            ),
            (document("role:default/a", "update", "{allOf: []}"), "allOf"),
            (
                document("role:default/a", "update", "{rule: A, resourceType: other}"),
                "the rule `A` is about `other`",
            ),
            ("---\n7\n".to_owned(), "`roleEntityRef` is missing"),
            ("---\na: [\n".to_owned(), ""),
        ] {
            let said = said(&(good.clone() + &wrong));
            assert_eq!(said.problems.len(), 1, "{wrong}");
            assert!(
                said.problems[0].message.contains(message),
                "{}",
                said.problems[0]
            );
            assert_eq!(said.roles[0].conditionals.len(), 1);
        }
    }
}
