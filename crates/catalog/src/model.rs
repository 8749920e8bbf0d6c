//! The model that the configuration names: the built-in kinds, and what the operator's files add.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use callboard_model::kinds::{Kinds, ModelFile};
use callboard_model::{Error, LocationRef, Result};

use crate::CatalogConfig;
use crate::readers::FileTarget;

/// A file of this size declares more than anybody reads.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads the files of `catalog.model` and puts them together with the built-in kinds.
///
/// # Errors
/// When a file is missing or unreadable, or when the files contradict each other: every place is named.
pub fn model(config: &CatalogConfig, working_directory: &Path) -> Result<Arc<Kinds>> {
    if config.model.files.is_empty() {
        return Ok(Arc::clone(Kinds::built_in()));
    }
    let base = LocationRef::file(
        working_directory
            .join("app-config.yaml")
            .display()
            .to_string(),
    );
    let mut files: Vec<ModelFile> = Vec::new();
    for (index, target) in config.model.files.iter().enumerate() {
        let paths = FileTarget::resolve(target, &base)?.files()?;
        if paths.is_empty() {
            let message = format!("`catalog.model.files[{index}]`: there is no file `{target}`");
            return Err(Error::invalid("catalog-model-missing", message)
                .hint("paths begin in the folder in which the portal is started"));
        }
        for path in paths {
            let name = path.strip_prefix(working_directory).unwrap_or(&path);
            let name = name.display().to_string();
            // A file that two patterns match is one file.
            if !files.iter().any(|file| file.name == name) {
                let text = read(&path)?;
                files.push(ModelFile { name, text });
            }
        }
    }
    let kinds = Kinds::with(&files).map_err(|error| {
        Error::invalid(
            "catalog-model",
            format!("the model of the catalog is wrong:\n{error}"),
        )
        .hint("correct the files that `catalog.model.files` names")
    })?;
    Ok(Arc::new(kinds))
}

fn read(path: &Path) -> Result<String> {
    let unreadable = |why: &dyn std::fmt::Display| {
        let message = format!("`{}` cannot be read: {why}", path.display());
        Error::invalid("catalog-model-unreadable", message)
            .hint("it is named by `catalog.model.files`")
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable(&"it has more than 4 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| unreadable(&"it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KIND: &str = "kind: Gadget\nplural: gadgets\ndescription: A.\nforms: [{ apiVersions: [example.com/v1] }]\n";

    fn read_model(files: &[(&str, &str)], patterns: &[&str]) -> Result<Arc<Kinds>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let config = json!({ "model": { "files": patterns } });
        model(&serde_json::from_value(config).unwrap(), folder.path())
    }

    #[test]
    fn files_come_in_the_order_of_the_configuration_and_of_their_names() {
        let extension = "extend: Gadget\nspec: { required: [x] }\n";
        let files = [("kinds/a.yaml", KIND), ("kinds/b.yaml", extension)];
        let kinds = read_model(&files, &["kinds/*.yaml", "./kinds/b.yaml"]).unwrap();
        assert_eq!(
            kinds.get("Gadget").unwrap().forms()[0].schema()["required"],
            json!(["x"])
        );
        let error = read_model(&files, &["kinds/b.yaml", "kinds/a.yaml"]).unwrap_err();
        assert_eq!(
            error.message(),
            "the model of the catalog is wrong:\nkinds/b.yaml:1:9: there is no kind `Gadget` to add to (declare it first, in this file or in one before it)"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read_model(&[], &["kinds/*.yaml"]).unwrap_err();
        assert_eq!(
            error.message(),
            "`catalog.model.files[0]`: there is no file `kinds/*.yaml`"
        );
    }
}
