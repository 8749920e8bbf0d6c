//! Each resolver: the account, and who it is.

use serde_json::{Value, json};

use super::{ALL, Resolved, Resolvers};
use crate::account::{Account, Profile};
use crate::config::SignInOptions;
use crate::tests::Town;

fn town() -> Town {
    Town::of(&[
        (
            "user:default/ada",
            &[
                "spec.profile.email=ada@example.com",
                "metadata.annotations.google.com/email=ada@gmail.com",
                "metadata.annotations.microsoft.com/email=ada@outlook.com",
                "metadata.annotations.github.com/user-id=U_Ada",
                "metadata.annotations.git.example.com/user-id=7",
            ],
        ),
        (
            "user:default/bob",
            &["spec.profile.email=twins@example.com"],
        ),
        (
            "user:default/bill",
            &["spec.profile.email=twins@example.com"],
        ),
    ])
}

fn account(email: &str) -> Account {
    Account {
        profile: Profile {
            email: Some(email.to_owned()).filter(|email| !email.is_empty()),
            ..Profile::default()
        },
        ..Account::default()
    }
}

fn named(name: &str) -> Account {
    Account {
        username: Some(name.to_owned()),
        preferred_username: Some(format!("the-{name}")),
        ..Account::default()
    }
}

fn with_id(id: &str, annotation: &str) -> Account {
    Account {
        id: Some(id.to_owned()),
        id_annotation: Some(annotation.to_owned()),
        ..Account::default()
    }
}

/// Who an account is by these resolvers; or what was compared last, and what came of it.
fn who(provider: &str, resolvers: Value, account: &Account) -> String {
    let options: SignInOptions = serde_json::from_value(json!({ "resolvers": resolvers })).unwrap();
    let resolvers = Resolvers::new(provider, &options).unwrap();
    match resolvers.resolve(&town(), account).unwrap() {
        Resolved::User(found) => found
            .ownership
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" "),
        Resolved::Nobody(comparisons) => comparisons.last().map_or_else(String::new, |last| {
            format!("{}: {}", last.result, last.compared)
        }),
    }
}

fn one(name: &str) -> Value {
    json!([{ "resolver": name }])
}

fn free(name: &str) -> Value {
    json!([{ "resolver": name, "dangerouslyAllowSignInWithoutUserInCatalog": true }])
}

const ADA: &str = "user:default/ada group:default/crew";

#[test]
fn the_address_is_that_of_the_profile() {
    let by_email = "emailMatchingUserEntityProfileEmail";
    let who = |resolvers, email| who("github", resolvers, &account(email));

    assert_eq!(who(one(by_email), "Ada@example.com"), ADA);
    assert_eq!(who(one(by_email), "ada+news@example.com"), ADA);
    assert_eq!(
        who(one(by_email), "twins@example.com"),
        "several: a user of whom `spec.profile.email` is `twins@example.com`"
    );
    assert_eq!(
        who(one(by_email), "eve@example.com"),
        "nobody: a user of whom `spec.profile.email` is `eve@example.com`"
    );
    assert_eq!(
        who(one(by_email), ""),
        "refused: the provider told no verified address"
    );
    assert_eq!(
        who(free(by_email), "eve+1@example.com"),
        "user:default/eve@example.com"
    );
    assert_eq!(
        who(free(by_email), "twins@example.com"),
        "several: a user of whom `spec.profile.email` is `twins@example.com`"
    );
    let of_us = json!([{ "resolver": by_email, "allowedDomains": ["example.org"] }]);
    assert_eq!(
        who(of_us, "ada@example.com"),
        "refused: the address `ada@example.com` is not of a domain in `allowedDomains`"
    );
}

#[test]
fn the_first_part_of_the_address_is_the_name() {
    let local = "emailLocalPartMatchingUserEntityName";
    let of_us = json!([{ "resolver": local, "allowedDomains": ["Example.com"] }]);
    let who = |resolvers, email| who("google", resolvers, &account(email));

    assert_eq!(who(one(local), "ADA@anywhere.org"), ADA);
    assert_eq!(who(of_us.clone(), "ada@example.com"), ADA);
    for other in [
        "ada@anywhere.org",
        "ada@example.com.evil.org",
        "ada",
        "ada@evil.org@example.com",
    ] {
        assert!(
            who(of_us.clone(), other).starts_with("refused: the address"),
            "{other}"
        );
    }
    assert_eq!(who(free(local), "eve@example.com"), "user:default/eve");
    assert_eq!(
        who(free(local), "e/e@example.com"),
        "refused: the name at the provider cannot be the name of a user"
    );
}

#[test]
fn a_name_of_the_account_is_the_name() {
    for (provider, resolver) in [
        ("github", "usernameMatchingUserEntityName"),
        ("gitlab", "usernameMatchingUserEntityName"),
        ("oauth2", "usernameMatchingUserEntityName"),
        ("oauth2Proxy", "forwardedUserMatchingUserEntityName"),
    ] {
        assert_eq!(who(provider, one(resolver), &named("Ada")), ADA);
        assert_eq!(
            who(provider, one(resolver), &named("eve")),
            "nobody: a user of whom the entity is `user:default/eve`"
        );
        assert_eq!(
            who(provider, free(resolver), &named("eve")),
            "user:default/eve"
        );
        assert_eq!(
            who(provider, one(resolver), &account("ada@example.com")),
            "refused: the provider told no user name"
        );
    }
    for (provider, resolver) in [
        ("github", "preferredUsernameMatchingUserEntityName"),
        ("oidc", "preferredUsernameMatchingUserEntityName"),
        (
            "oauth2Proxy",
            "forwardedPreferredUsernameMatchingUserEntityName",
        ),
    ] {
        assert_eq!(
            who(provider, free(resolver), &named("ada")),
            "user:default/the-ada"
        );
    }
}

#[test]
fn an_address_or_an_id_stands_in_an_annotation() {
    let by_email = "emailMatchingUserEntityAnnotation";
    assert_eq!(who("google", one(by_email), &account("Ada@gmail.com")), ADA);
    assert_eq!(who("gcpIap", one(by_email), &account("ada@gmail.com")), ADA);
    assert_eq!(
        who("microsoft", one(by_email), &account("ada@outlook.com")),
        ADA
    );
    assert!(who("microsoft", one(by_email), &account("ada@gmail.com")).starts_with("nobody"));
    let by_id = "userIdMatchingUserEntityAnnotation";
    let github = "github.com/user-id";
    assert_eq!(who("github", one(by_id), &with_id("U_Ada", github)), ADA);
    assert_eq!(
        who("github", one(by_id), &with_id("u_ada", github)),
        "nobody: a user of whom `metadata.annotations.github.com/user-id` is exactly `u_ada`"
    );
    assert_eq!(
        who(
            "gitlab",
            one(by_id),
            &with_id("7", "git.example.com/user-id")
        ),
        ADA
    );
    assert_eq!(
        who(
            "gitlab",
            free(by_id),
            &with_id("8", "git.example.com/user-id")
        ),
        "user:default/8"
    );
    assert_eq!(
        who("gitlab", one(by_id), &named("ada")),
        "refused: the provider told no id of the account"
    );
    assert!(
        who(
            "gcpIap",
            one("idMatchingUserEntityAnnotation"),
            &with_id("9", "google.com/user-id")
        )
        .starts_with("nobody")
    );
}

#[test]
fn nobody_comes_in_as_a_user_whom_the_catalog_knows_otherwise() {
    let by_id = "userIdMatchingUserEntityAnnotation";

    let refused = who(
        "gitlab",
        free(by_id),
        &with_id("bob", "git.example.com/user-id"),
    );

    assert_eq!(refused, "refused: the name is that of another user");
}

#[test]
fn resolvers_are_tried_in_their_order_until_one_finds_somebody_or_refuses() {
    let two = json!([
        { "resolver": "usernameMatchingUserEntityName" },
        { "resolver": "emailMatchingUserEntityProfileEmail" },
    ]);
    let both = |name: &str, email: &str| Account {
        username: Some(name.to_owned()),
        ..account(email)
    };

    assert_eq!(
        who("github", two.clone(), &both("eve", "ada@example.com")),
        ADA
    );
    assert!(
        who("github", two.clone(), &both("bob", "ada@example.com")).starts_with("user:default/bob")
    );
    assert!(
        who("github", two.clone(), &both("eve", "eve@example.com"))
            .starts_with("nobody: a user of whom `spec.profile")
    );
    let nameless = Account {
        username: None,
        ..account("ada@example.com")
    };
    assert!(
        who("github", two, &nameless).starts_with("refused"),
        "as in Backstage, only that nobody is found lets the next one try"
    );
}

#[test]
fn every_resolver_of_the_table_can_be_written_down() {
    for (name, _, providers) in ALL {
        for provider in providers
            .iter()
            .chain(&["google"][..usize::from(providers.is_empty())])
        {
            assert!(
                !who(provider, one(name), &Account::default()).is_empty(),
                "{provider} {name}"
            );
        }
    }
}
