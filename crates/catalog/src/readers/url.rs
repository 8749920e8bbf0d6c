//! Reads `url` locations: one file of another machine, or several where its host can search (CAT-40).

use std::sync::Arc;

use async_trait::async_trait;
use callboard_model::kinds::Kinds;
use callboard_model::{Error, ErrorKind, LocationRef, Problem, Result, parse, yaml};
use callboard_source::{Answer, File, Source};
use futures::StreamExt;
use futures::stream;
use url::Url;

use super::url_fingerprint::Fingerprint;
use crate::processor::{
    DocumentRequest, FetchedDocument, LocationReader, Part, PartContent, PartSink, ReadRequest,
};

/// Files of one location that are read beside each other.
const AT_ONCE: usize = 8;

/// Reads `url` locations through the hosts of a [`Source`].
pub(crate) struct UrlReader {
    source: Source,
    kinds: Arc<Kinds>,
    options: yaml::Options,
}

impl UrlReader {
    pub(crate) fn new(source: Source, kinds: Arc<Kinds>, options: yaml::Options) -> Self {
        Self {
            source,
            kinds,
            options,
        }
    }

    async fn read_part(&self, url: Url, known: Option<&String>) -> Result<Part> {
        let known = known.and_then(|text| Fingerprint::parse(text, &self.options));
        let validators = known
            .as_ref()
            .map(Fingerprint::validators)
            .unwrap_or_default();
        let answer = self.source.read(&url, &validators).await?;
        let location = LocationRef::new("url", url);
        let unchanged = |fingerprint: String| Part {
            location: location.clone(),
            fingerprint,
            content: PartContent::Unchanged,
        };
        let File {
            content,
            validators,
        } = match (answer, &known) {
            (Answer::Found(file), _) => file,
            (Answer::NotModified, Some(known)) => return Ok(unchanged(known.to_string())),
            (Answer::NotModified, None) => return Err(unasked(&location)),
        };
        let fingerprint = Fingerprint::new(&content, validators, &self.options);
        if known.as_ref() == Some(&fingerprint) {
            return Ok(unchanged(fingerprint.to_string()));
        }
        Ok(Part {
            location,
            fingerprint: fingerprint.to_string(),
            content: PartContent::Read(self.parse(content).await?),
        })
    }

    async fn parse(&self, content: Vec<u8>) -> Result<parse::Parsed> {
        let (kinds, options) = (Arc::clone(&self.kinds), self.options.clone());
        tokio::task::spawn_blocking(move || parse::entities(&content, &kinds, &options))
            .await
            .map_err(|error| Error::internal("url-reader", "while parsing a file").source(error))
    }
}

/// The address that `target` means where `base` is.
fn resolve(source: &Source, target: &str, base: &LocationRef) -> Result<Url> {
    match base.kind.as_str() {
        "url" => source.resolve(target, &Source::parse(&base.target)?),
        _ => Source::parse(target),
    }
}

/// A server that says "as you know it" to somebody who knows nothing.
fn unasked(location: &LocationRef) -> Error {
    let message = format!(
        "`{}` says that it did not change, and was not asked that",
        location.target
    );
    Error::unavailable("url-status", message)
        .hint("look at the server, or at a cache in front of it")
}

#[async_trait]
impl LocationReader for UrlReader {
    fn location_type(&self) -> &'static str {
        "url"
    }

    fn aliases(&self) -> &[&str] {
        &["UrlReaderProcessor"]
    }

    async fn read(&self, request: ReadRequest<'_>, parts: PartSink) -> Result<Vec<Problem>> {
        let url = resolve(&self.source, request.target, request.base)?;
        let found = if url.path().contains('*') {
            self.source.search(&url).await?
        } else {
            vec![url.clone()]
        };
        if found.is_empty() && !request.optional {
            let message = format!("no file matches `{url}`");
            return Ok(vec![Problem::new("pattern-without-match", message)]);
        }
        let reading = found.into_iter().map(|url| {
            let known = request.known.get(&format!("url:{url}"));
            self.read_part(url, known)
        });
        let mut reading = stream::iter(reading).buffered(AT_ONCE);
        while let Some(part) = reading.next().await {
            match part {
                Ok(part) => {
                    if !parts.give(part).await {
                        break;
                    }
                }
                Err(error) if request.optional && error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Vec::new())
    }

    async fn fetch(&self, request: DocumentRequest<'_>) -> Result<FetchedDocument> {
        let url = Source::parse(&request.place.target)?;
        let known = Fingerprint::parse(request.known, &self.options);
        let validators = known
            .as_ref()
            .map(Fingerprint::validators)
            .unwrap_or_default();
        match self.source.read(&url, &validators).await? {
            Answer::NotModified if known.is_some() => Ok(FetchedDocument::Unchanged),
            Answer::NotModified => Err(unasked(request.place)),
            Answer::Found(File {
                content,
                validators,
            }) => Ok(FetchedDocument::Read {
                fingerprint: Fingerprint::new(&content, validators, &self.options).to_string(),
                content,
            }),
        }
    }
}
