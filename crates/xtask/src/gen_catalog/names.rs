//! Names that look like those of a large company, each computed from its number alone.

/// What a part of the company works on.
const AREAS: [&str; 64] = [
    "accounts",
    "ads",
    "analytics",
    "audit",
    "backup",
    "basket",
    "billing",
    "booking",
    "campaign",
    "cards",
    "catalog",
    "chat",
    "checkout",
    "claims",
    "compliance",
    "consent",
    "content",
    "contracts",
    "credit",
    "customer",
    "delivery",
    "device",
    "discount",
    "dispatch",
    "document",
    "energy",
    "events",
    "expense",
    "finance",
    "fleet",
    "fraud",
    "freight",
    "fulfilment",
    "gateway",
    "identity",
    "insights",
    "insurance",
    "inventory",
    "invoice",
    "kitchen",
    "ledger",
    "lending",
    "loyalty",
    "mail",
    "maps",
    "media",
    "merchant",
    "metering",
    "mobile",
    "network",
    "offers",
    "orders",
    "partner",
    "payments",
    "payroll",
    "pricing",
    "product",
    "returns",
    "risk",
    "search",
    "shipping",
    "storefront",
    "travel",
    "warehouse",
];

/// What a system in an area does.
const NOUNS: [&str; 48] = [
    "adapter",
    "allocation",
    "archive",
    "balance",
    "bridge",
    "calendar",
    "capture",
    "clearing",
    "console",
    "desk",
    "directory",
    "discovery",
    "engine",
    "exchange",
    "explorer",
    "feed",
    "forecast",
    "hub",
    "import",
    "intake",
    "journal",
    "lookup",
    "mesh",
    "monitor",
    "notices",
    "onboarding",
    "planner",
    "policy",
    "portal",
    "profiles",
    "quotes",
    "ranking",
    "reconciler",
    "recommender",
    "registry",
    "reports",
    "routing",
    "rules",
    "scoring",
    "settlement",
    "signals",
    "statements",
    "studio",
    "timeline",
    "tracker",
    "transfer",
    "vault",
    "workflow",
];

/// What a component of a system is, and its `spec.type`.
const ROLES: [(&str, &str); 32] = [
    ("api", "service"),
    ("worker", "service"),
    ("web", "website"),
    ("gateway", "service"),
    ("client", "library"),
    ("scheduler", "service"),
    ("consumer", "service"),
    ("publisher", "service"),
    ("admin", "website"),
    ("importer", "service"),
    ("model", "library"),
    ("exporter", "service"),
    ("bff", "service"),
    ("sdk", "library"),
    ("notifier", "service"),
    ("indexer", "service"),
    ("pipeline", "data-pipeline"),
    ("schemas", "library"),
    ("proxy", "service"),
    ("cache", "service"),
    ("app", "mobile-app"),
    ("validator", "service"),
    ("migrator", "job"),
    ("docs", "documentation"),
    ("auth", "service"),
    ("metrics", "service"),
    ("reports", "data-pipeline"),
    ("theme", "library"),
    ("cleanup", "job"),
    ("stream", "service"),
    ("lambda", "function"),
    ("infra", "infrastructure"),
];

/// What a resource of a system is, and its `spec.type`.
const RESOURCES: [(&str, &str); 12] = [
    ("db", "database"),
    ("events", "kafka-topic"),
    ("cache", "cache"),
    ("files", "s3-bucket"),
    ("jobs", "queue"),
    ("search", "search-index"),
    ("replica", "database"),
    ("cdn", "cdn"),
    ("secrets", "vault"),
    ("cluster", "kubernetes-cluster"),
    ("lake", "dataset"),
    ("dns", "dns-zone"),
];

/// What an interface of a system is for.
const INTERFACES: [&str; 10] = [
    "public",
    "internal",
    "admin",
    "events",
    "reporting",
    "partner",
    "batch",
    "query",
    "webhooks",
    "sync",
];

const TEAMS: [&str; 32] = [
    "core",
    "platform",
    "experience",
    "reliability",
    "growth",
    "data",
    "foundations",
    "integrations",
    "operations",
    "enablement",
    "insights",
    "mobile",
    "tooling",
    "quality",
    "security",
    "markets",
    "partners",
    "automation",
    "research",
    "delivery",
    "edge",
    "services",
    "design",
    "support",
    "discovery",
    "finance",
    "compliance",
    "storage",
    "messaging",
    "identity",
    "web",
    "labs",
];

const FIRST_NAMES: [&str; 64] = [
    "ada", "aisha", "alan", "alma", "amir", "ana", "anders", "aoife", "astrid", "ben", "bianca",
    "carlos", "chen", "chloe", "dana", "david", "deniz", "diego", "elena", "emeka", "emma", "erik",
    "fatima", "felix", "freya", "grace", "hana", "hugo", "ines", "isaac", "ivan", "jana", "jonas",
    "julia", "kai", "karim", "kofi", "lara", "leila", "liam", "linh", "lucas", "maja", "marco",
    "mei", "mila", "nadia", "nils", "noor", "olga", "omar", "paula", "priya", "rafael", "rosa",
    "sami", "sara", "sofia", "tariq", "tessa", "tomas", "wen", "yuki", "zoe",
];

const LAST_NAMES: [&str; 64] = [
    "abebe", "adams", "ahmed", "alvarez", "andersen", "baker", "bauer", "becker", "berg",
    "bianchi", "braun", "castro", "chan", "costa", "cruz", "dahl", "diaz", "dubois", "evans",
    "farah", "fischer", "garcia", "gupta", "haas", "hansen", "hoang", "ito", "ivanova", "jansen",
    "jensen", "kaya", "khan", "kim", "kowalski", "kumar", "larsen", "lee", "lopez", "martin",
    "mendes", "meyer", "moreau", "mori", "mwangi", "nguyen", "novak", "okafor", "olsen", "park",
    "patel", "petrov", "quinn", "reyes", "rossi", "sato", "schmidt", "silva", "singh", "smith",
    "tanaka", "torres", "weber", "wilson", "zhang",
];

/// Tags from the most to the least common.
pub(super) const TAGS: [&str; 48] = [
    "java",
    "kubernetes",
    "postgres",
    "typescript",
    "react",
    "kafka",
    "spring-boot",
    "go",
    "python",
    "grpc",
    "rest",
    "terraform",
    "aws",
    "redis",
    "node",
    "graphql",
    "pci",
    "internal",
    "critical",
    "gdpr",
    "kotlin",
    "batch",
    "public",
    "legacy",
    "rust",
    "c++",
    "c#",
    "scala",
    "helm",
    "argo",
    "machine-learning",
    "airflow",
    "spark",
    "s3",
    "dynamodb",
    "lambda",
    "vue",
    "angular",
    "swift",
    "android",
    "ios",
    "elixir",
    "ruby",
    "php",
    "soap",
    "mainframe",
    "poc",
    "team:shared",
];

/// Name `number` of a family built from two word lists; past all pairs, rounds are numbered.
fn pair(first: &[&str], second: &[&str], number: usize, joint: &str) -> String {
    let pairs = first.len() * second.len();
    // An odd prime shares no factor with the word lists, so every pair comes up once a round.
    let spread = number.wrapping_mul(7_919) % pairs;
    let (left, right) = (first[spread % first.len()], second[spread / first.len()]);
    match number / pairs {
        0 => format!("{left}{joint}{right}"),
        round => format!("{left}{joint}{right}-{}", round + 1),
    }
}

/// `role`, with a number when the list of roles has been used up.
fn numbered(role: &str, round: usize) -> String {
    if round == 0 {
        role.to_owned()
    } else {
        format!("{role}-{}", round + 1)
    }
}

/// The name of system `number`, for example `payments-ledger`.
pub(super) fn system(number: usize) -> String {
    pair(&AREAS, &NOUNS, number, "-")
}

/// The name of domain `number`, for example `payments` or `payments-2`.
pub(super) fn domain(number: usize) -> String {
    numbered(AREAS[number % AREAS.len()], number / AREAS.len())
}

/// The name and type of component `place` in `system`.
pub(super) fn component(system_number: usize, place: usize) -> (String, &'static str) {
    let (role, kind) = ROLES[(place + system_number * 5) % ROLES.len()];
    (
        format!(
            "{}-{}",
            system(system_number),
            numbered(role, place / ROLES.len())
        ),
        kind,
    )
}

/// The name and type of resource `place` in `system`.
pub(super) fn resource(system_number: usize, place: usize) -> (String, &'static str) {
    let (role, kind) = RESOURCES[(place + system_number * 5) % RESOURCES.len()];
    (
        format!(
            "{}-{}",
            system(system_number),
            numbered(role, place / RESOURCES.len())
        ),
        kind,
    )
}

/// The name of interface `place` in `system`.
pub(super) fn api(system_number: usize, place: usize) -> String {
    let purpose = INTERFACES[(place + system_number * 3) % INTERFACES.len()];
    format!(
        "{}-{}",
        system(system_number),
        numbered(purpose, place / INTERFACES.len())
    )
}

/// The name of group `number`; the first is the whole company.
pub(super) fn group(number: usize) -> String {
    match number {
        0 => "everyone".to_owned(),
        _ => pair(&AREAS, &TEAMS, number - 1, "-"),
    }
}

/// The name of user `number`, for example `ada.kowalski`.
pub(super) fn user(number: usize) -> String {
    pair(&FIRST_NAMES, &LAST_NAMES, number, ".")
}

/// A name as people write it: `payments-ledger` becomes `Payments Ledger`.
pub(super) fn title(name: &str) -> String {
    let words = name.split(['-', '.']).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
    });
    words.flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn distinct(count: usize, name: impl Fn(usize) -> String) {
        let names: HashSet<_> = (0..count).map(&name).collect();
        assert_eq!(names.len(), count);
        assert!(
            names.iter().all(|name| name.len() <= 63),
            "a name is too long"
        );
    }

    #[test]
    fn names_stay_distinct_past_the_word_lists() {
        distinct(90_000, system);
        distinct(90_000, group);
        distinct(200_000, user);
        distinct(10_000, domain);
        distinct(40_000, |number| component(number / 400, number % 400).0);
        distinct(40_000, |number| resource(number / 400, number % 400).0);
        distinct(40_000, |number| api(number / 400, number % 400));
    }

    #[test]
    fn a_title_has_words_with_capitals() {
        assert_eq!(title("payments-ledger-2"), "Payments Ledger 2");
    }
}
