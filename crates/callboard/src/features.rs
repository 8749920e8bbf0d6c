//! Every feature, each by name in this one place.

use std::sync::Arc;

use callboard_catalog::{Catalog, CatalogConfig};
use callboard_config::{Config, Section, Watch};
use callboard_feature::Features;
use callboard_source::{AllowList, Client, FetchHost, Host, Limits, ReadingConfig, Source};

use crate::settings::{AppSettings, BackendSettings};
use crate::{Failure, Foundations, memory, reload};

/// The parts of the configuration that this program knows.
pub fn sections() -> Vec<Section> {
    vec![
        Section::of::<AppSettings>("app").not_used(&AppSettings::NOT_USED),
        Section::of::<BackendSettings>("backend").not_used(&BackendSettings::NOT_USED),
        Section::of::<CatalogConfig>("catalog").not_used(&CatalogConfig::NOT_USED),
    ]
}

/// Opens what features hold and collects what they hand over.
///
/// # Errors
/// When a section of the configuration is wrong, or the database refuses.
pub async fn collect(
    config: &Config,
    foundations: &Foundations,
    watch: Option<Watch>,
) -> Result<Features, Failure> {
    let settings: CatalogConfig = config.read("catalog")?;
    let backend: BackendSettings = config.read("backend")?;
    let source = hosts(&backend.reading)?;
    let catalog = Catalog::open(foundations.for_catalog(source), settings).await?;
    let mut features = Features::collect([callboard_catalog::feature(&catalog)]);
    // After all others: it takes the ports that they contributed.
    let pipeline = callboard_catalog::pipeline(&catalog, &mut features)?;
    features.add(pipeline);
    features.add(memory::feature());
    if let Some(watch) = watch {
        features.add(reload::feature(watch, &catalog));
    }
    Ok(features)
}

/// Every host that files are read from; the first that knows an address reads it.
fn hosts(reading: &ReadingConfig) -> Result<Source, Failure> {
    let allow = AllowList::new(reading);
    let client = Client::new(allow.clone(), Limits::default())?;
    let any_server: Arc<dyn Host> = Arc::new(FetchHost::new(client, allow));
    Ok(Source::new([any_server]))
}
