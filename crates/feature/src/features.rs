//! All features.

use crate::contributions::Contributions;
use crate::{Feature, Parts};

/// All features, and what they contribute to each other.
#[derive(Debug, Default)]
pub struct Features {
    features: Vec<Parts>,
    contributions: Contributions,
}

impl Features {
    /// Collects `features`, in their order.
    pub fn collect(features: impl IntoIterator<Item = Feature>) -> Self {
        let mut all = Self::default();
        features.into_iter().for_each(|feature| all.add(feature));
        all
    }

    /// Adds one more: such as one that was built from the contributions of the others.
    pub fn add(&mut self, feature: Feature) {
        self.contributions.append(feature.contributions);
        self.features.push(feature.parts);
    }

    /// Takes every value of type `P` that a feature contributed, in the order of the features.
    pub fn take<P: Send + 'static>(&mut self) -> Vec<P> {
        self.contributions.take()
    }

    /// The features so far, to look at: which permissions they declare, and which things conditions can be about.
    pub fn parts(&self) -> &[Parts] {
        &self.features
    }

    /// The features, taken apart.
    pub fn into_parts(self) -> Vec<Parts> {
        self.features
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    trait Provider: Send + Sync {
        fn name(&self) -> &'static str;
    }

    struct Named(&'static str);

    impl Provider for Named {
        fn name(&self) -> &'static str {
            self.0
        }
    }

    #[test]
    fn a_port_takes_what_every_feature_contributes_in_their_order_and_once() {
        let provider = |name| -> Arc<dyn Provider> { Arc::new(Named(name)) };
        let mut features = Features::collect([
            Feature::new("files")
                .contribute(provider("files"))
                .contribute(7_u8),
            Feature::new("github").contribute(provider("github")),
        ]);

        let providers = features.take::<Arc<dyn Provider>>();

        let names: Vec<_> = providers.iter().map(|provider| provider.name()).collect();
        assert_eq!(names, ["files", "github"]);
        assert_eq!(features.take::<Arc<dyn Provider>>().len(), 0);
        assert_eq!(features.take::<u8>(), [7]);
    }
}
