//! What is asked of a catalog of 25,000 entities, and of one of 1.75 million.

/// How good a figure has to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// Milliseconds that 99 of 100 answers may take.
    P99(f64),
}

/// The targets for one size; those for sizes in between are those for the larger one.
#[derive(Clone, Copy)]
pub(super) struct Targets {
    large: bool,
    postgres: bool,
}

impl Targets {
    /// The targets for a catalog of `entities`.
    pub(super) fn of(entities: usize, postgres: bool) -> Self {
        Self {
            large: entities > 30_000,
            postgres,
        }
    }

    fn pick(self, small: Target, large: Target) -> Option<Target> {
        Some(if self.large { large } else { small })
    }

    /// Seconds until a first start shows everything.
    pub(super) fn first_load(self) -> Option<Target> {
        self.pick(Target::AtMost(3.0), Target::AtMost(240.0))
    }

    /// Seconds until a restart answers with everything.
    pub(super) fn restart(self) -> Option<Target> {
        self.pick(Target::AtMost(0.5), Target::AtMost(20.0))
    }

    /// Megabytes at rest.
    pub(super) fn memory(self) -> Option<Target> {
        self.pick(Target::AtMost(150.0), Target::AtMost(2_147.0))
    }

    /// Answers a second to a list with a filter.
    pub(super) fn filtered(self) -> Option<Target> {
        self.pick(Target::AtLeast(10_000.0), Target::AtLeast(8_000.0))
    }

    /// The share of what nginx answers, with the same bytes in a file.
    pub(super) fn beside_nginx(self) -> Option<Target> {
        (!self.large).then_some(Target::AtLeast(0.5))
    }

    /// A list with two filters, full text and an order.
    pub(super) fn searched(self) -> Option<Target> {
        self.pick(Target::AtLeast(5_000.0), Target::P99(20.0))
    }

    /// Five facets.
    pub(super) fn facets(self) -> Option<Target> {
        self.pick(Target::AtLeast(5_000.0), Target::P99(20.0))
    }

    /// A hundred entities by their references.
    pub(super) fn by_refs(self) -> Option<Target> {
        self.pick(Target::AtLeast(6_000.0), Target::P99(10.0))
    }

    /// One entity by its name.
    pub(super) fn by_name(self) -> Option<Target> {
        self.pick(Target::AtLeast(40_000.0), Target::AtLeast(30_000.0))
    }

    /// Milliseconds until a change is seen; on PostgreSQL by a second replica.
    pub(super) fn change(self) -> Option<Target> {
        match self.postgres {
            true => self.pick(Target::AtMost(250.0), Target::AtMost(500.0)),
            false => self.pick(Target::AtMost(50.0), Target::AtMost(100.0)),
        }
    }

    /// The share of the answers that are left when conditions say what somebody sees.
    pub(super) fn conditional(self) -> Option<Target> {
        Some(Target::AtLeast(0.7))
    }

    /// Microseconds that finding out who asks and what they may adds to a request.
    pub(super) fn authorized(self) -> Option<Target> {
        Some(Target::AtMost(50.0))
    }
}
