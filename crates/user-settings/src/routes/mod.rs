//! Operations on the settings of whoever calls: those of Backstage's `user-settings` plugin.

mod delete_setting;
mod get_setting;
mod get_settings;
mod set_setting;
mod setting;

use std::mem;

use axum::Extension;
use callboard_http::BodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::UserSettings;
use crate::limits::LARGEST_VALUE;

/// What surrounds a value in the body of a request, spaces included.
const AROUND: usize = 64 * 1024;

/// The operations.
pub(crate) fn routes(settings: &UserSettings) -> OpenApiRouter {
    let mut routes = OpenApiRouter::new()
        .routes(routes!(
            get_setting::get_setting,
            set_setting::set_setting,
            delete_setting::delete_setting
        ))
        .layer(Extension(BodyLimit(LARGEST_VALUE + AROUND)))
        .routes(routes!(get_settings::get_settings))
        .with_state(settings.clone());
    // The description has no word for a part of a path that may have slashes.
    let paths = &mut routes.get_openapi_mut().paths.paths;
    *paths = mem::take(paths)
        .into_iter()
        .map(|(path, operations)| (path.replace("{*", "{"), operations))
        .collect();
    routes
}

#[cfg(test)]
mod tests;
