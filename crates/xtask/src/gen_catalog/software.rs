//! Systems and what they are made of: components, interfaces and resources.

use super::chance::Chance;
use super::definitions::definition;
use super::document::{Document, Ref};
use super::names::{self, TAGS, title};
use super::organisation::{domain_ref, owner_ref, user_ref};
use super::shape::{Shape, Share};

const SYSTEM: u64 = 11;
const COMPONENT: u64 = 12;
const API: u64 = 13;
const RESOURCE: u64 = 14;

const LIFECYCLES: [(&str, usize); 4] = [
    ("production", 70),
    ("experimental", 18),
    ("deprecated", 9),
    ("staging", 3),
];
const API_TYPES: [(&str, usize); 4] = [
    ("openapi", 70),
    ("asyncapi", 12),
    ("graphql", 8),
    ("grpc", 10),
];
const PURPOSES: [&str; 8] = [
    "Keeps the records of",
    "Decides about",
    "Shows people their",
    "Moves data in and out of",
    "Answers questions about",
    "Checks and corrects",
    "Schedules the work on",
    "Tells others about",
];

/// A catalog's software, computed entity by entity.
pub(super) struct Software<'a> {
    pub(super) shape: &'a Shape,
    pub(super) seed: u64,
}

impl Software<'_> {
    /// System `number`. One in sixteen keeps to a namespace of its own, with all that it has.
    fn system_ref(number: usize) -> Ref {
        Ref {
            kind: "System",
            namespace: namespace(number),
            name: names::system(number),
        }
    }

    fn component_ref(&self, number: usize) -> Ref {
        let (system, place) = self.shape.place(Share::Components, number);
        Ref {
            kind: "Component",
            namespace: namespace(system),
            name: names::component(system, place).0,
        }
    }

    fn api_ref(&self, number: usize) -> Ref {
        let (system, place) = self.shape.place(Share::Apis, number);
        Ref {
            kind: "API",
            namespace: namespace(system),
            name: names::api(system, place),
        }
    }

    fn resource_ref(&self, number: usize) -> Ref {
        let (system, place) = self.shape.place(Share::Resources, number);
        Ref {
            kind: "Resource",
            namespace: namespace(system),
            name: names::resource(system, place).0,
        }
    }

    /// Writes system `number`.
    pub(super) fn system(&self, number: usize) -> Document {
        let mut chance = Chance::of(self.seed, SYSTEM, number);
        let id = Self::system_ref(number);
        let about = describe(&id.name, &mut chance);
        let mut system = Document::start(id.clone(), &title(&id.name), &about);
        tags(&mut system, &mut chance);
        system.line(0, "spec:");
        system.reference("owner", "Group", "ownedBy", self.owner(number));
        if chance.percent(92) {
            system.reference(
                "domain",
                "Domain",
                "partOf",
                domain_ref(chance.popular(self.shape.domains)),
            );
        }
        system
    }

    /// The team that owns system `number` and most of what is in it.
    fn owner(&self, number: usize) -> Ref {
        owner_ref(
            self.shape,
            Chance::of(self.seed, SYSTEM + 100, number).popular(self.shape.groups),
        )
    }

    /// Writes the owner of something in `system`: mostly the system's own.
    fn write_owner(&self, document: &mut Document, system: usize, chance: &mut Chance) {
        let owner = match chance.below(100) {
            0..=1 => user_ref(chance.below(self.shape.users)),
            2..=14 => owner_ref(self.shape, chance.popular(self.shape.groups)),
            _ => self.owner(system),
        };
        document.reference("owner", "Group", "ownedBy", owner);
    }

    /// Writes component `number`.
    pub(super) fn component(&self, number: usize) -> Document {
        let mut chance = Chance::of(self.seed, COMPONENT, number);
        let (system, place) = self.shape.place(Share::Components, number);
        let id = self.component_ref(number);
        let about = describe(&id.name, &mut chance);
        let mut component = Document::start(id.clone(), &title(&id.name), &about);
        labels(&mut component, &mut chance);
        annotations(&mut component, system, &mut chance);
        tags(&mut component, &mut chance);
        links(&mut component, &mut chance);
        component.line(0, "spec:");
        component.field(1, "type", names::component(system, place).1);
        component.field(1, "lifecycle", chance.weighted(&LIFECYCLES));
        self.write_owner(&mut component, system, &mut chance);
        component.reference("system", "System", "partOf", Self::system_ref(system));
        if place > 0 && chance.percent(6) {
            let whole = self.shape.of_system(Share::Components, system).start;
            component.reference(
                "subcomponentOf",
                "Component",
                "partOf",
                self.component_ref(whole),
            );
        }
        self.write_uses(&mut component, system, place, &mut chance);
        component
    }

    /// Writes what a component offers and needs.
    fn write_uses(
        &self,
        component: &mut Document,
        system: usize,
        place: usize,
        chance: &mut Chance,
    ) {
        let siblings = self.shape.of_system(Share::Components, system).len();
        let own_apis = self.shape.of_system(Share::Apis, system);
        let provided = own_apis
            .skip(place)
            .step_by(siblings)
            .map(|api| self.api_ref(api))
            .collect();
        component.references("providesApis", "API", "providesApi", provided);
        let consumed =
            (0..chance.popular(6)).map(|_| self.api_ref(chance.popular(self.shape.apis)));
        component.references("consumesApis", "API", "consumesApi", consumed.collect());
        let own_resources = self.shape.of_system(Share::Resources, system);
        let mut needed: Vec<_> = (own_resources.skip(place).step_by(siblings))
            .map(|resource| self.resource_ref(resource))
            .collect();
        for _ in 0..chance.popular(4) {
            needed.push(self.component_ref(chance.popular(self.shape.components)));
        }
        needed.retain(|target| *target != component.id);
        component.references("dependsOn", "none", "dependsOn", needed);
    }

    /// Writes API `number` with its definition.
    pub(super) fn api(&self, number: usize) -> Document {
        let mut chance = Chance::of(self.seed, API, number);
        let (system, _) = self.shape.place(Share::Apis, number);
        let id = self.api_ref(number);
        let about = describe(&id.name, &mut chance);
        let mut api = Document::start(id.clone(), &title(&id.name), &about);
        tags(&mut api, &mut chance);
        links(&mut api, &mut chance);
        let kind = chance.weighted(&API_TYPES);
        api.line(0, "spec:");
        api.field(1, "type", kind);
        api.field(1, "lifecycle", chance.weighted(&LIFECYCLES));
        self.write_owner(&mut api, system, &mut chance);
        api.reference("system", "System", "partOf", Self::system_ref(system));
        let text = definition(kind, &id.name, &mut chance);
        api.block(1, "definition", &text);
        api
    }

    /// Writes resource `number`.
    pub(super) fn resource(&self, number: usize) -> Document {
        let mut chance = Chance::of(self.seed, RESOURCE, number);
        let (system, place) = self.shape.place(Share::Resources, number);
        let id = self.resource_ref(number);
        let about = describe(&id.name, &mut chance);
        let mut resource = Document::start(id.clone(), &title(&id.name), &about);
        labels(&mut resource, &mut chance);
        tags(&mut resource, &mut chance);
        resource.line(0, "spec:");
        resource.field(1, "type", names::resource(system, place).1);
        self.write_owner(&mut resource, system, &mut chance);
        resource.reference("system", "System", "partOf", Self::system_ref(system));
        resource
    }
}

fn namespace(system: usize) -> &'static str {
    const OWN: [&str; 4] = ["retail", "logistics", "platform", "finance"];
    if system % 16 == 5 {
        OWN[system / 16 % OWN.len()]
    } else {
        "default"
    }
}

fn describe(name: &str, chance: &mut Chance) -> String {
    let rest = [
        "",
        "",
        " for every market",
        " around the clock",
        ", in near real time",
        " (see the runbook)",
    ];
    format!(
        "{} {}{}.",
        chance.pick(&PURPOSES),
        title(name).to_lowercase(),
        chance.pick(&rest)
    )
}

fn labels(document: &mut Document, chance: &mut Chance) {
    if chance.percent(70) {
        document.line(1, "labels:");
        document.field(
            2,
            "example.com/tier",
            &format!("tier-{}", 1 + chance.popular(4)),
        );
        if chance.percent(50) {
            document.field(
                2,
                "example.com/cost-center",
                &format!("cc-{}", 1_000 + chance.popular(400)),
            );
        }
    }
}

fn annotations(document: &mut Document, system: usize, chance: &mut Chance) {
    let (name, repository) = (document.id.name.clone(), names::system(system));
    document.line(1, "annotations:");
    document.field(
        2,
        "github.com/project-slug",
        &format!("example/{repository}"),
    );
    let source = format!("url:https://git.example.com/example/{repository}/tree/main/{name}/");
    document.field(2, "backstage.io/source-location", &source);
    if chance.percent(55) {
        document.field(2, "backstage.io/techdocs-ref", "dir:.");
    }
    if chance.percent(40) {
        document.field(2, "backstage.io/kubernetes-id", &name);
    }
    if chance.percent(30) {
        document.field(2, "sonarqube.org/project-key", &format!("example_{name}"));
    }
    if chance.percent(20) {
        document.field(
            2,
            "pagerduty.com/service-id",
            &format!("P{:06}", chance.below(1_000_000)),
        );
    }
}

fn tags(document: &mut Document, chance: &mut Chance) {
    let mut tags: Vec<_> = (0..chance.below(6))
        .map(|_| TAGS[chance.popular(TAGS.len())].to_owned())
        .collect();
    tags.sort();
    tags.dedup();
    document.list(1, "tags", &tags);
}

fn links(document: &mut Document, chance: &mut Chance) {
    let all = [
        ("Dashboard", "dashboard", "grafana"),
        ("Runbook", "docs", "wiki"),
        ("Logs", "search", "logs"),
        ("Chat", "chat", "chat"),
    ];
    let count = chance.popular(all.len());
    if count > 0 {
        document.line(1, "links:");
    }
    for (title, icon, host) in &all[..count] {
        let url = format!("https://{host}.example.com/{}", document.id.name);
        document.line(2, &format!("- url: {url}"));
        document.field(3, "title", title);
        document.field(3, "icon", icon);
    }
}
