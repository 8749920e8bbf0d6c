//! How an account at a provider becomes a user here.
//!
//! A resolver takes one fact of the account and looks for the user whose entity has it. The table [`ALL`] says which
//! provider has which; what they do is in one file per family.

mod annotation;
mod chain;
mod email_local_part;
mod entity_name;
mod profile_email;
#[cfg(test)]
mod tests;

use callboard_auth::{Directory, Person, PersonQuery};
use callboard_model::{Error, Result};

use crate::account::Account;
use crate::config::ResolverSettings;

pub(crate) use chain::{Comparison, Found, Resolved, Resolvers};

/// What a resolver does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// The address is that of the user's profile.
    ProfileEmail,
    /// What stands before the `@` of the address is the user's name.
    EmailLocalPart,
    /// A name of the account is the user's name.
    EntityName(Name),
    /// The address stands in this annotation of the user.
    EmailAnnotation(&'static str),
    /// The id stands in the annotation of the user that the account names; letter by letter, when it has to.
    IdAnnotation { exactly: bool },
}

/// A name of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Username,
    Preferred,
}

const USERNAME: Family = Family::EntityName(Name::Username);
const PREFERRED: Family = Family::EntityName(Name::Preferred);
const ID: Family = Family::IdAnnotation { exactly: false };

/// Every resolver: its name, what it does, and the providers that have it (all, when there is none).
const ALL: &[(&str, Family, &[&str])] = &[
    (
        "emailMatchingUserEntityProfileEmail",
        Family::ProfileEmail,
        &[],
    ),
    (
        "emailLocalPartMatchingUserEntityName",
        Family::EmailLocalPart,
        &[],
    ),
    (
        "usernameMatchingUserEntityName",
        USERNAME,
        &["github", "gitlab", "oauth2"],
    ),
    (
        "preferredUsernameMatchingUserEntityName",
        PREFERRED,
        &["github", "oidc"],
    ),
    (
        "forwardedUserMatchingUserEntityName",
        USERNAME,
        &["oauth2Proxy"],
    ),
    (
        "forwardedPreferredUsernameMatchingUserEntityName",
        PREFERRED,
        &["oauth2Proxy"],
    ),
    (
        "emailMatchingUserEntityAnnotation",
        Family::EmailAnnotation("google.com/email"),
        &["google", "gcpIap"],
    ),
    (
        "emailMatchingUserEntityAnnotation",
        Family::EmailAnnotation("microsoft.com/email"),
        &["microsoft"],
    ),
    (
        "userIdMatchingUserEntityAnnotation",
        Family::IdAnnotation { exactly: true },
        &["github"],
    ),
    (
        "userIdMatchingUserEntityAnnotation",
        ID,
        &["gitlab", "microsoft"],
    ),
    ("idMatchingUserEntityAnnotation", ID, &["gcpIap"]),
];

/// One way to find the user, as the configuration has it.
#[derive(Clone, Debug)]
struct Resolver {
    name: &'static str,
    family: Family,
    allowed_domains: Option<Vec<String>>,
    /// Whether people come in whom nobody knows.
    unknown_come_in: bool,
}

/// What a resolver looked for.
#[derive(Debug)]
struct Look {
    /// The ways to find the user; the first that finds somebody counts.
    queries: Vec<Query>,
    /// The name of the user when nobody is found and that is allowed.
    name_if_unknown: String,
}

/// One way to find the user, and the same in words.
#[derive(Debug)]
struct Query {
    query: PersonQuery,
    words: String,
}

impl Resolver {
    /// Reads what the configuration says about `provider`.
    fn new(provider: &str, settings: &ResolverSettings) -> Result<Self> {
        let has = |providers: &[&str]| providers.is_empty() || providers.contains(&provider);
        let mut of_provider = ALL.iter().filter(|(_, _, providers)| has(providers));
        let found = of_provider.find(|(name, _, _)| *name == settings.resolver);
        let (name, family, _) = found.ok_or_else(|| unknown(provider, &settings.resolver))?;
        let uses_email = matches!(family, Family::ProfileEmail | Family::EmailLocalPart);
        if settings.allowed_domains.is_some() && !uses_email {
            let message = format!(
                "`auth.providers.{provider}`: the resolver `{name}` has no option `allowedDomains`"
            );
            return Err(Error::invalid("sign-in-resolver", message).hint("remove it"));
        }
        Ok(Self {
            name,
            family: *family,
            allowed_domains: settings.allowed_domains.clone(),
            unknown_come_in: settings.dangerously_allow_sign_in_without_user_in_catalog,
        })
    }

    /// What to look for.
    ///
    /// # Errors
    /// Why this account cannot be looked for: nothing is tried after that.
    fn look(&self, account: &Account) -> Result<Look, String> {
        let domains = self.allowed_domains.as_deref();
        match self.family {
            Family::ProfileEmail => profile_email::look(account, domains),
            Family::EmailLocalPart => email_local_part::look(account, domains),
            Family::EntityName(name) => entity_name::look(account, name),
            Family::EmailAnnotation(annotation) => annotation::by_email(account, annotation),
            Family::IdAnnotation { exactly } => annotation::by_id(account, exactly),
        }
    }
}

/// The people who are like `query`.
fn find(directory: &dyn Directory, query: &PersonQuery) -> Result<Vec<Person>> {
    directory.people(query)
}

/// The address of an account, when it is of one of the domains.
fn email<'a>(account: &'a Account, domains: Option<&[String]>) -> Result<&'a str, String> {
    let email = account
        .profile
        .email
        .as_deref()
        .filter(|email| !email.is_empty());
    let email = email.ok_or("the provider told no verified address")?;
    let domain = email.split_once('@').map_or("", |(_, domain)| domain);
    let is_allowed = |domains: &[String]| {
        domains
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(domain))
    };
    if domains.is_none_or(is_allowed) {
        Ok(email)
    } else {
        Err(format!(
            "the address `{email}` is not of a domain in `allowedDomains`"
        ))
    }
}

fn unknown(provider: &str, name: &str) -> Error {
    let has = |providers: &[&str]| providers.is_empty() || providers.contains(&provider);
    let of_provider = ALL.iter().filter(|(_, _, providers)| has(providers));
    let names: Vec<_> = of_provider
        .map(|(name, _, _)| format!("`{name}`"))
        .collect();
    let message = format!(
        "`auth.providers.{provider}` names the sign-in resolver `{name}`, which does not exist"
    );
    Error::invalid("sign-in-resolver", message).hint(format!(
        "the resolvers of `{provider}` are {}",
        names.join(", ")
    ))
}
