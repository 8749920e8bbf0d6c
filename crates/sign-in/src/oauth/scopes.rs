//! What is asked for at a provider, besides who somebody is.

/// Which scopes a provider is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScopeRules {
    /// Those that are always needed.
    pub(crate) required: Vec<String>,
    /// Those that the configuration adds.
    pub(crate) additional: Vec<String>,
    /// Whether the browser remembers what was granted, because the provider does not.
    pub(crate) persist: bool,
    /// Whether scopes of another resource stand alone (Microsoft's do).
    pub(crate) resource_alone: bool,
}

impl ScopeRules {
    /// All that is asked for, when `requested` is wanted and `granted` was given before.
    pub(crate) fn ask(&self, requested: &str, granted: &str) -> String {
        let requested = split(requested);
        let all = if self.resource_alone && requested.iter().any(|scope| scope.contains('/')) {
            requested
                .into_iter()
                .chain(["offline_access".to_owned()])
                .collect()
        } else {
            let kept = [
                split(granted),
                self.required.clone(),
                self.additional.clone(),
            ];
            requested.into_iter().chain(kept.concat()).collect()
        };
        once(all).join(" ")
    }
}

/// Whether everything that is asked for was granted.
pub(crate) fn has_been_granted(granted: &str, asked: &str) -> bool {
    let granted = split(granted);
    split(asked).iter().all(|scope| granted.contains(scope))
}

/// The scopes of a text.
pub(crate) fn split(text: &str) -> Vec<String> {
    let parts = text
        .split([' ', '\t', '\n', '|', ','])
        .filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

fn once(scopes: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::with_capacity(scopes.len());
    for scope in scopes {
        if !seen.contains(&scope) {
            seen.push(scope);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_granted_stays_granted() {
        let rules = ScopeRules {
            required: vec!["read:user".to_owned()],
            additional: vec!["read:org".to_owned()],
            persist: true,
            resource_alone: false,
        };

        assert_eq!(
            rules.ask("repo", "gist,repo"),
            "repo gist read:user read:org"
        );
        assert!(has_been_granted("a b c", "c a"));
        assert!(!has_been_granted("a b", "a c"));
    }

    #[test]
    fn scopes_of_another_resource_stand_alone_at_microsoft() {
        let rules = ScopeRules {
            required: vec!["openid".to_owned()],
            resource_alone: true,
            ..ScopeRules::default()
        };

        assert_eq!(rules.ask("api://x/read", ""), "api://x/read offline_access");
        assert_eq!(rules.ask("", ""), "openid");
    }
}
