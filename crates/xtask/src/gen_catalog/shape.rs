//! How many of everything there are, and which system each belongs to.
//!
//! The proportions are those of a large company's catalog: 11 other entities for every 14
//! components. A few systems are large and most are small.

/// The counts of a catalog and where each system's share begins.
pub(super) struct Shape {
    pub(super) components: usize,
    pub(super) apis: usize,
    pub(super) resources: usize,
    pub(super) users: usize,
    pub(super) groups: usize,
    pub(super) systems: usize,
    pub(super) domains: usize,
    /// The first component of each system, then the number of components.
    first_component: Vec<usize>,
}

/// Which systems' shares are meant.
#[derive(Clone, Copy)]
pub(super) enum Share {
    Components,
    Apis,
    Resources,
}

impl Shape {
    /// The shape of a catalog with `components` components.
    pub(super) fn of(components: usize) -> Self {
        let per_14_000 = |count: usize| (components * count).div_ceil(14_000);
        let systems = per_14_000(1_100).min(components).max(1);
        Self {
            components,
            apis: per_14_000(4_200),
            resources: per_14_000(2_400),
            users: per_14_000(2_600).max(1),
            groups: per_14_000(600).max(1),
            systems,
            domains: per_14_000(100).max(1),
            first_component: first_components(components, systems),
        }
    }

    /// The numbers of the things that system `system` has.
    pub(super) fn of_system(&self, share: Share, system: usize) -> std::ops::Range<usize> {
        self.scaled(share, self.first_component[system])
            ..self.scaled(share, self.first_component[system + 1])
    }

    /// The system that has thing `number`, and the thing's place in it.
    pub(super) fn place(&self, share: Share, number: usize) -> (usize, usize) {
        let system = self
            .first_component
            .partition_point(|&first| self.scaled(share, first) <= number)
            - 1;
        (system, number - self.of_system(share, system).start)
    }

    /// The users who belong to group `group`.
    pub(super) fn members(&self, group: usize) -> std::ops::Range<usize> {
        group * self.users / self.groups..(group + 1) * self.users / self.groups
    }

    /// The groups directly below group `group`: a tree with eight branches at each fork.
    pub(super) fn children(&self, group: usize) -> std::ops::Range<usize> {
        (group * 8 + 1).min(self.groups)..(group * 8 + 9).min(self.groups)
    }

    /// All entities.
    #[cfg(test)]
    pub(super) fn entities(&self) -> usize {
        self.components
            + self.apis
            + self.resources
            + self.users
            + self.groups
            + self.systems
            + self.domains
    }

    fn scaled(&self, share: Share, components: usize) -> usize {
        let of = match share {
            Share::Components => return components,
            Share::Apis => self.apis,
            Share::Resources => self.resources,
        };
        (components * of).checked_div(self.components).unwrap_or(0)
    }
}

/// Gives every system one component and shares the others out by `1 / (rank + 20)`.
fn first_components(components: usize, systems: usize) -> Vec<usize> {
    let weight = |rank: usize| 1_000_000_000 / (rank as u128 + 20);
    let total: u128 = (0..systems).map(weight).sum();
    let spare = components.saturating_sub(systems) as u128;
    let mut firsts = Vec::with_capacity(systems + 1);
    let mut before = 0;
    for system in 0..=systems {
        let one_each = system.min(components);
        firsts.push(one_each + (spare * before / total) as usize);
        before += weight(system);
    }
    firsts[systems] = components;
    firsts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fourteen_thousand_components_make_about_twenty_five_thousand_entities() {
        let entities = Shape::of(14_000).entities();
        assert!((24_900..=25_100).contains(&entities), "{entities}");
    }

    #[test]
    fn every_thing_belongs_to_exactly_one_system() {
        for components in [0, 1, 13, 400, 14_000] {
            let shape = Shape::of(components);
            for (share, count) in [
                (Share::Components, shape.components),
                (Share::Apis, shape.apis),
                (Share::Resources, shape.resources),
            ] {
                let shared: usize = (0..shape.systems)
                    .map(|system| shape.of_system(share, system).len())
                    .sum();
                assert_eq!(shared, count, "with {components} components");
                for number in (0..count).step_by(7) {
                    let (system, place) = shape.place(share, number);
                    assert_eq!(shape.of_system(share, system).start + place, number);
                }
            }
        }
    }

    #[test]
    fn the_largest_system_has_many_times_the_components_of_the_smallest() {
        let shape = Shape::of(14_000);
        let sizes: Vec<_> = (0..shape.systems)
            .map(|system| shape.of_system(Share::Components, system).len())
            .collect();
        assert!(
            sizes[0] > 20 * sizes[shape.systems - 1],
            "{} and {}",
            sizes[0],
            sizes[shape.systems - 1]
        );
    }
}
