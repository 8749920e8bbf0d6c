//! The ports that turn what was handed over into what people see: [`EntityProcessor`] and [`LocationReader`].
//!
//! A processor is a pure function, so that any number run beside each other and any run can be repeated.
//! What has to be fetched first is fetched by a reader; that is the one place where processing waits.

use std::collections::HashMap;

use async_trait::async_trait;
use callboard_model::parse::Parsed;
use callboard_model::{Entity, EntityRef, Error, LocationRef, Problem, Relation, Result};
use tokio::sync::mpsc;

/// One step in the processing of every entity (CAT-25). Every hook may be left out.
pub trait EntityProcessor: Send + Sync + 'static {
    /// A stable name, for logs, metrics and the configuration.
    fn name(&self) -> &str;

    /// What it is called in Backstage, so that `catalog.processorOptions` may name it so.
    fn aliases(&self) -> &[&str] {
        &[]
    }

    /// Lower runs earlier.
    fn priority(&self) -> i32 {
        20
    }

    /// Another number when the same entity may be processed differently: all are processed again then.
    fn version(&self) -> u64 {
        0
    }

    /// Completes the entity before it is checked.
    fn pre_process(
        &self,
        _entity: &mut Entity,
        _context: &ProcessContext<'_>,
    ) -> Result<(), Problem> {
        Ok(())
    }

    /// Checks the entity when this processor knows its kind; `None` leaves the kind to others.
    fn validate_kind(&self, _entity: &Entity) -> Option<Vec<Problem>> {
        None
    }

    /// Reads relations off the checked entity.
    fn post_process(&self, _entity: &Entity, _emit: &mut Emitted) {}
}

/// What a processor may know besides the entity.
#[derive(Debug)]
pub struct ProcessContext<'a> {
    /// Where the entity is written down.
    pub location: &'a LocationRef,
    /// The registered location that led there.
    pub origin: &'a LocationRef,
}

/// What processors found in one entity (CAT-27).
#[derive(Debug, Default)]
pub struct Emitted {
    /// Relations in both directions.
    pub relations: Vec<Relation>,
    /// Locations to read further entities from.
    pub locations: Vec<EmittedLocation>,
    /// Further entities, which are there for as long as this one says so (CAT-27).
    pub entities: Vec<Entity>,
    /// What else the entity depends on, such as `url:https://example.com/teams.json`: when somebody refreshes that
    /// key, the entity is processed again (CAT-38).
    pub refresh_keys: Vec<String>,
    /// What is wrong without making the entity unusable.
    pub problems: Vec<Problem>,
}

/// A location that an entity names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedLocation {
    /// `file`, `url`; the type of the place where the entity itself is written when missing.
    pub location_type: Option<String>,
    /// A path or address, perhaps relative, perhaps with wildcards.
    pub target: String,
    /// Whether it may be missing without that being an error.
    pub optional: bool,
}

/// Reads the locations of one type, such as `file`.
#[async_trait]
pub trait LocationReader: Send + Sync + 'static {
    /// The location type that it reads.
    fn location_type(&self) -> &str;

    /// Whether it tells by itself when something that it read has changed. What others read is looked at again
    /// by the clock (`catalog.processingInterval`).
    fn watches(&self) -> bool {
        false
    }

    /// What it is called in Backstage; `catalog.processorOptions` also knows it as `<type>-reader`.
    fn aliases(&self) -> &[&str] {
        &[]
    }

    /// Whether people may register locations of this type by the API, and locations of any type may name one.
    fn can_be_registered(&self) -> bool {
        self.location_type() == "url"
    }

    /// Reads `request.target` and gives each of its parts to `parts` as soon as it is read; returns what is
    /// wrong with the location as a whole. A part that was not given is gone, with its entities.
    ///
    /// An error means that not everything is known about the location now: what was read from it before
    /// stays, with the error beside it.
    async fn read(&self, request: ReadRequest<'_>, parts: PartSink) -> Result<Vec<Problem>>;

    /// Reads one document that entities name, such as the text behind a placeholder.
    async fn fetch(&self, request: DocumentRequest<'_>) -> Result<FetchedDocument> {
        let message = format!("`{}` cannot be read for an entity", request.place);
        Err(Error::invalid("document-type", message).hint("name a file or an address of the web"))
    }
}

/// Takes parts while more are being read, so that a large location is never held in memory as a whole.
///
/// When several sources name the same entity the part that is given first counts, so parts are given in an order
/// that is the same each time.
#[derive(Clone, Debug)]
pub struct PartSink(mpsc::Sender<Part>);

impl PartSink {
    pub(crate) fn new(parts: mpsc::Sender<Part>) -> Self {
        Self(parts)
    }

    /// Gives a part, and waits while too many wait to be written. False when nobody takes parts any more and
    /// reading may end.
    pub async fn give(&self, part: Part) -> bool {
        self.0.send(part).await.is_ok()
    }

    /// The same on a thread that may block.
    pub fn give_blocking(&self, part: Part) -> bool {
        self.0.blocking_send(part).is_ok()
    }
}

/// What is to be read.
#[derive(Debug)]
pub struct ReadRequest<'a> {
    /// The entity that names the location.
    pub on_behalf_of: &'a EntityRef,
    /// Where that entity is written down: relative targets start there.
    pub base: &'a LocationRef,
    /// The registered location that led there: nothing outside its folder is read.
    pub origin: &'a LocationRef,
    /// A path or address, perhaps with wildcards.
    pub target: &'a str,
    /// Whether the target may be missing without that being an error.
    pub optional: bool,
    /// The parts read last time, by key, with their fingerprints.
    pub known: &'a HashMap<String, String>,
    /// When only some parts may have changed, those, by key: a reader that can read them alone gives no others, and
    /// says nothing about the location as a whole.
    pub only: Option<&'a [String]>,
}

/// A document that is to be read.
#[derive(Debug)]
pub struct DocumentRequest<'a> {
    /// Where it is.
    pub place: &'a LocationRef,
    /// The folder that a file has to lie in; empty for others.
    pub root: &'a str,
    /// The fingerprint of last time; empty for none.
    pub known: &'a str,
}

/// A document as it was read.
#[derive(Debug)]
pub enum FetchedDocument {
    /// The same as last time.
    Unchanged,
    /// Read now.
    Read {
        /// Changes whenever the content may have changed.
        fingerprint: String,
        /// What is in it.
        content: Vec<u8>,
    },
}

/// One piece of a location that is read and cached by itself: a file.
#[derive(Debug)]
pub struct Part {
    /// Its own location, such as `file:/srv/catalog-info.yaml`.
    pub location: LocationRef,
    /// Changes whenever the content may have changed: a time and size, an etag.
    pub fingerprint: String,
    /// What is in it.
    pub content: PartContent,
}

/// The content of a [`Part`].
#[derive(Debug)]
pub enum PartContent {
    /// The same as last time.
    Unchanged,
    /// Read and parsed now.
    Read(Parsed),
    /// It is there and cannot be read; what it held before stays.
    Unreadable(Problem),
}
