//! Writes the table of embedded files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use sha1::{Digest, Sha1};

/// Copies `dist` into `out`, so that a later UI build cannot change files under the compiler, and
/// writes `assets.rs`, which includes the copies.
pub(crate) fn write(dist: Option<&Path>, missing: &str, out: &Path) -> io::Result<()> {
    let mut entries = String::new();
    if let Some(dist) = dist {
        let copies = out.join("dist");
        if copies.exists() {
            fs::remove_dir_all(&copies)?;
        }
        let mut files = Vec::new();
        collect(dist, &mut files)?;
        files.sort();
        for file in &files {
            copy(dist, file, &copies)?;
        }
        for file in files.iter().filter(|file| !is_compressed(file)) {
            entries.push_str(&entry(dist, file, &copies)?);
        }
    }
    let table = format!(
        "pub(crate) const MISSING: &str = {missing:?};\n\
         pub(crate) static ASSETS: &[Asset] = &[\n{entries}];\n"
    );
    fs::write(out.join("assets.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn copy(dist: &Path, file: &Path, copies: &Path) -> io::Result<()> {
    let to = copies.join(relative(dist, file));
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(file, to).map(drop)
}

fn entry(dist: &Path, file: &Path, copies: &Path) -> io::Result<String> {
    let path = relative(dist, file);
    let mut hash = String::new();
    for byte in &Sha1::digest(fs::read(file)?)[..8] {
        let _ = write!(hash, "{byte:02x}");
    }
    let copy = copies.join(&path);
    Ok(format!(
        "    Asset {{ path: {path:?}, hash: {hash:?}, identity: include_bytes!({copy:?}), \
         brotli: {}, gzip: {} }},\n",
        compressed(&copy, "br"),
        compressed(&copy, "gz"),
    ))
}

fn compressed(copy: &Path, extension: &str) -> String {
    let mut path = copy.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    if Path::new(&path).exists() {
        format!("Some(include_bytes!({path:?}))")
    } else {
        "None".to_owned()
    }
}

fn is_compressed(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
}

fn relative(dist: &Path, file: &Path) -> String {
    let path = file.strip_prefix(dist).unwrap_or(file);
    path.to_string_lossy().replace('\\', "/")
}
