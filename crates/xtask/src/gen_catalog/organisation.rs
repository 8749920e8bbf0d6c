//! Groups, users and domains.

use super::chance::Chance;
use super::document::{Document, Ref};
use super::names;
use super::shape::Shape;

const GROUP: u64 = 1;
const USER: u64 = 2;
const DOMAIN: u64 = 3;

/// Group `number`.
pub(super) fn group_ref(number: usize) -> Ref {
    Ref {
        kind: "Group",
        namespace: "default",
        name: names::group(number),
    }
}

/// The group that owns much, when `rank` is small: teams own more than divisions do.
pub(super) fn owner_ref(shape: &Shape, rank: usize) -> Ref {
    group_ref(shape.groups - 1 - rank)
}

/// User `number`.
pub(super) fn user_ref(number: usize) -> Ref {
    Ref {
        kind: "User",
        namespace: "default",
        name: names::user(number),
    }
}

/// Domain `number`.
pub(super) fn domain_ref(number: usize) -> Ref {
    Ref {
        kind: "Domain",
        namespace: "default",
        name: names::domain(number),
    }
}

/// Writes group `number`, its place in the tree and its profile.
pub(super) fn group(shape: &Shape, seed: u64, number: usize) -> Document {
    let mut chance = Chance::of(seed, GROUP, number);
    let id = group_ref(number);
    let title = names::title(&id.name);
    let about = match number {
        0 => "Everybody who works here.".to_owned(),
        _ => format!("Builds and runs {}.", title.to_lowercase()),
    };
    let mut group = Document::start(id, &title, &about);
    if chance.percent(60) {
        group.line(1, "annotations:");
        let slug = format!("example/{}", group.id.name);
        group.field(2, "github.com/team-slug", &slug);
    }
    group.line(0, "spec:");
    group.field(1, "type", kind_of_group(number));
    group.line(1, "profile:");
    group.field(2, "displayName", &title);
    let email = format!("{}@example.com", group.id.name);
    group.field(2, "email", &email);
    if number > 0 {
        group.reference("parent", "Group", "childOf", group_ref((number - 1) / 8));
    }
    let children: Vec<_> = shape.children(number).map(group_ref).collect();
    if children.is_empty() {
        group.line(1, "children: []");
    } else {
        group.references("children", "Group", "parentOf", children);
    }
    group
}

/// The tree of groups has eight branches at each fork; the first three levels are not teams.
fn kind_of_group(number: usize) -> &'static str {
    match number {
        0 => "organization",
        1..=8 => "division",
        9..=72 => "department",
        _ => "team",
    }
}

/// Writes user `number`, a member of `group` and now and then of a second one.
pub(super) fn user(shape: &Shape, seed: u64, number: usize, group: usize) -> Document {
    let mut chance = Chance::of(seed, USER, number);
    let id = user_ref(number);
    let title = names::title(&id.name);
    let mut user = Document::start(
        id,
        &title,
        &format!("Works at {}.", names::title(&names::group(group))),
    );
    user.line(1, "annotations:");
    let login = user.id.name.replace('.', "-");
    user.field(2, "github.com/user-login", &login);
    user.line(0, "spec:");
    user.line(1, "profile:");
    user.field(2, "displayName", &title);
    let email = format!("{}@example.com", user.id.name);
    user.field(2, "email", &email);
    let mut groups = vec![group_ref(group)];
    if chance.percent(10) {
        groups.push(group_ref(chance.below(shape.groups)));
    }
    user.references("memberOf", "Group", "memberOf", groups);
    user
}

/// Writes domain `number`; two of three are part of a larger one.
pub(super) fn domain(shape: &Shape, seed: u64, number: usize) -> Document {
    let mut chance = Chance::of(seed, DOMAIN, number);
    let id = domain_ref(number);
    let title = names::title(&id.name);
    let mut domain = Document::start(
        id,
        &title,
        &format!("All that the company does about {}.", title.to_lowercase()),
    );
    domain.line(0, "spec:");
    domain.reference(
        "owner",
        "Group",
        "ownedBy",
        owner_ref(shape, chance.popular(shape.groups)),
    );
    if number > 7 && chance.percent(66) {
        domain.reference(
            "subdomainOf",
            "Domain",
            "partOf",
            domain_ref(chance.below(number.min(40))),
        );
    }
    domain
}
