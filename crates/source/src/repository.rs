//! Which repository an address lies in, as far as the address itself tells.

use url::Url;

/// A repository on a git host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The host that has it.
    pub host: String,
    /// Its owner and name, as in `acme/shop`.
    pub full_name: String,
}

/// The names after which hosts write the branch and the path of a file.
const VIEWS: [&str; 5] = ["blob", "raw", "src", "tree", "edit"];

/// The repository of a file at `url`; nothing when `url` has not the shape of a file in one.
pub(crate) fn of(url: &Url) -> Option<Repository> {
    let host = url.host_str()?;
    let names: Vec<&str> = url
        .path_segments()?
        .filter(|name| !name.is_empty())
        .collect();
    let full_name = bitbucket_server(&names)
        .or_else(|| azure(host, &names, url))
        .or_else(|| raw_host(host, &names))
        .or_else(|| plain(&names))?;
    Some(Repository {
        host: canonical(host).to_owned(),
        full_name,
    })
}

/// `raw.githubusercontent.com` serves the files of `github.com`.
fn canonical(host: &str) -> &str {
    match host {
        "raw.githubusercontent.com" => "github.com",
        other => other,
    }
}

fn raw_host(host: &str, names: &[&str]) -> Option<String> {
    match names {
        [owner, name, _branch, _path, ..] if host == "raw.githubusercontent.com" => {
            Some(format!("{owner}/{name}"))
        }
        _ => None,
    }
}

/// `/owner/name/blob/main/file`, and GitLab's `/group/sub/name/-/blob/main/file`.
fn plain(names: &[&str]) -> Option<String> {
    let view = names.iter().skip(2).position(|name| VIEWS.contains(name))? + 2;
    let has_path = names.len() > view + 2;
    let end = if names[view - 1] == "-" {
        view - 1
    } else {
        view
    };
    (has_path && end >= 2).then(|| names[..end].join("/"))
}

/// `/projects/KEY/repos/name/browse/file`, or with `raw`.
fn bitbucket_server(names: &[&str]) -> Option<String> {
    let at = names
        .iter()
        .position(|name| matches!(*name, "projects" | "users"))?;
    match &names[at..] {
        ["users", user, "repos", name, "browse" | "raw", _, ..] => Some(format!("~{user}/{name}")),
        ["projects", key, "repos", name, "browse" | "raw", _, ..] => Some(format!("{key}/{name}")),
        _ => None,
    }
}

/// `/organization/project/_git/name?path=/file`.
fn azure(host: &str, names: &[&str], url: &Url) -> Option<String> {
    let is_azure = host == "dev.azure.com" || host.ends_with(".visualstudio.com");
    let at = names.iter().position(|name| *name == "_git")?;
    let has_path = url.query_pairs().any(|(key, _)| key == "path");
    let name = names.get(at + 1)?;
    (is_azure && has_path).then(|| format!("{}/_git/{name}", names[..at].join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(url: &str) -> Option<String> {
        of(&Url::parse(url).unwrap()).map(|found| format!("{} {}", found.host, found.full_name))
    }

    #[test]
    fn the_usual_shapes_tell_their_repository() {
        for (url, expected) in [
            (
                "https://github.com/acme/shop/blob/main/a/b.yaml",
                "github.com acme/shop",
            ),
            (
                "https://raw.githubusercontent.com/acme/shop/main/b.yaml",
                "github.com acme/shop",
            ),
            (
                "https://gitlab.com/acme/team/shop/-/blob/main/b.yaml",
                "gitlab.com acme/team/shop",
            ),
            (
                "https://bitbucket.org/acme/shop/src/main/b.yaml",
                "bitbucket.org acme/shop",
            ),
            (
                "https://git.example.com/projects/AC/repos/shop/browse/b.yaml?at=main",
                "git.example.com AC/shop",
            ),
            (
                "https://dev.azure.com/acme/p/_git/shop?path=/b.yaml",
                "dev.azure.com acme/p/_git/shop",
            ),
        ] {
            assert_eq!(repository(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn another_shape_tells_nothing() {
        for url in [
            "https://example.com/catalog-info.yaml",
            "https://example.com/a/b/c.yaml",
            "https://github.com/acme/shop",
            "https://github.com/acme/shop/blob/main",
            "https://example.com/",
        ] {
            assert_eq!(repository(url), None, "{url}");
        }
    }
}
