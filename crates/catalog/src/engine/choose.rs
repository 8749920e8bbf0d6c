//! Leaves out and orders what was contributed, as the configuration says (CAT-28).

use std::collections::BTreeMap;

use super::Ports;
use crate::config::{Names, ProcessorOptions, warn_of_unknown};

/// All resolvers of placeholders together, as the one processor that they are in Backstage.
const PLACEHOLDERS: Names<'static> = Names {
    own: "placeholders",
    aliases: &["PlaceholderProcessor"],
};

impl Ports {
    /// What `options` leave of the processors and readers, in the order that they give.
    pub(crate) fn choose(mut self, options: &BTreeMap<String, ProcessorOptions>) -> Self {
        self.warn(options);
        let is_left_out =
            |names: &Names<'_>| names.choose(options).is_some_and(|chosen| chosen.disabled);
        self.readers.retain(|location_type, reader| {
            let own = reader_name(location_type);
            !is_left_out(&Names {
                own: &own,
                aliases: reader.aliases(),
            })
        });
        if is_left_out(&PLACEHOLDERS) {
            self.placeholders.clear();
        }
        let names = |processor: &std::sync::Arc<dyn crate::EntityProcessor>| {
            let names = Names {
                own: processor.name(),
                aliases: processor.aliases(),
            };
            (
                is_left_out(&names),
                names.choose(options).and_then(|chosen| chosen.priority),
            )
        };
        self.processors.retain(|processor| !names(processor).0);
        self.processors
            .sort_by_key(|processor| names(processor).1.unwrap_or_else(|| processor.priority()));
        self
    }

    fn warn(&self, options: &BTreeMap<String, ProcessorOptions>) {
        let readers: Vec<String> = self.readers.keys().map(|key| reader_name(key)).collect();
        let processors = self.processors.iter().map(|processor| Names {
            own: processor.name(),
            aliases: processor.aliases(),
        });
        let known: Vec<Names<'_>> = processors
            .chain(
                readers
                    .iter()
                    .zip(self.readers.values())
                    .map(|(own, reader)| Names {
                        own,
                        aliases: reader.aliases(),
                    }),
            )
            .chain([PLACEHOLDERS])
            .collect();
        warn_of_unknown("processorOptions", options, &known);
    }
}

fn reader_name(location_type: &str) -> String {
    format!("{location_type}-reader")
}
