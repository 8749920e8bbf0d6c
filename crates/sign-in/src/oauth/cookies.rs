//! The cookies of one provider, named and placed as in Backstage.

use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use callboard_identity::Urls;
use time::Duration;
use url::Url;

use super::BrowserSecret;

/// The longest value of one cookie; what is longer is cut into several.
const LONGEST: usize = 4_000;
/// The most pieces.
const MOST_PIECES: usize = 10;
/// How long somebody may take to sign in.
const ATTEMPT: Duration = Duration::minutes(10);

/// The cookies of one provider.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    provider: &'static str,
    path: String,
    callback: Url,
    app: Url,
    lasts: Duration,
}

impl Cookies {
    pub(crate) fn new(
        provider: &'static str,
        callback: &Url,
        urls: &Urls,
        lasts: Duration,
    ) -> Self {
        let path = callback.path();
        let own = path.strip_suffix("/handler/frame");
        let own = own.filter(|own| own.ends_with(&format!("/{provider}")));
        let path = own.map_or_else(|| format!("{path}/{provider}"), str::to_owned);
        Self {
            provider,
            path,
            callback: callback.clone(),
            app: urls.app_base.clone(),
            lasts,
        }
    }

    /// The secret of an attempt to sign in.
    pub(crate) fn secret(&self, jar: &CookieJar) -> Option<BrowserSecret> {
        let cookie = jar.get(&self.name("nonce"))?;
        let value = cookie.value().to_owned();
        (!value.is_empty()).then(|| BrowserSecret::of_cookie(value))
    }

    pub(crate) fn keep_secret(
        &self,
        jar: CookieJar,
        secret: &BrowserSecret,
        origin: Option<&str>,
    ) -> CookieJar {
        let mut cookie = self.cookie(self.name("nonce"), secret.expose().to_owned(), origin);
        cookie.set_path(format!("{}/handler", self.path));
        cookie.set_max_age(ATTEMPT);
        jar.add(cookie)
    }

    /// An attempt is over: what came back with it once does not work again.
    pub(crate) fn forget_secret(&self, jar: CookieJar, origin: Option<&str>) -> CookieJar {
        let mut cookie = self.gone(self.name("nonce"), origin);
        cookie.set_path(format!("{}/handler", self.path));
        jar.add(cookie)
    }

    /// What is kept under one of our names, put together from its pieces.
    fn get(&self, jar: &CookieJar, what: &str) -> Option<String> {
        let name = self.name(what);
        let pieces = pieces(jar, &name);
        if pieces > 0 {
            let all = (0..pieces).filter_map(|piece| jar.get(&format!("{name}-{piece}")));
            return Some(all.map(Cookie::value).collect());
        }
        let value = jar.get(&name)?.value();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Keeps `value`, in place of what was kept before.
    fn set(&self, jar: CookieJar, what: &str, value: &str, origin: Option<&str>) -> CookieJar {
        let mut jar = self.remove(jar, what, origin);
        let name = self.name(what);
        let mut put = |name: String, value: &str| {
            let mut cookie = self.cookie(name, value.to_owned(), origin);
            cookie.set_max_age(self.lasts);
            jar = jar.clone().add(cookie);
        };
        let characters: Vec<char> = value.chars().collect();
        if characters.len() <= LONGEST {
            put(name, value);
        } else {
            for (piece, part) in characters.chunks(LONGEST).take(MOST_PIECES).enumerate() {
                put(format!("{name}-{piece}"), &part.iter().collect::<String>());
            }
        }
        jar
    }

    fn remove(&self, mut jar: CookieJar, what: &str, origin: Option<&str>) -> CookieJar {
        let name = self.name(what);
        for piece in 0..pieces(&jar, &name) {
            jar = jar.add(self.gone(format!("{name}-{piece}"), origin));
        }
        if jar.get(&name).is_some() {
            jar = jar.add(self.gone(name, origin));
        }
        jar
    }

    pub(crate) fn refresh_token(&self, jar: &CookieJar) -> Option<String> {
        self.get(jar, "refresh-token")
    }

    pub(crate) fn keep_refresh_token(
        &self,
        jar: CookieJar,
        token: &str,
        origin: Option<&str>,
    ) -> CookieJar {
        self.set(jar, "refresh-token", token, origin)
    }

    pub(crate) fn granted_scope(&self, jar: &CookieJar) -> String {
        self.get(jar, "granted-scope").unwrap_or_default()
    }

    pub(crate) fn keep_granted_scope(
        &self,
        jar: CookieJar,
        scope: &str,
        origin: Option<&str>,
    ) -> CookieJar {
        self.set(jar, "granted-scope", scope, origin)
    }

    /// Forgets everything but an attempt that is under way.
    pub(crate) fn clear(&self, jar: CookieJar, origin: Option<&str>) -> CookieJar {
        let jar = self.remove(jar, "refresh-token", origin);
        self.remove(jar, "granted-scope", origin)
    }

    fn name(&self, what: &str) -> String {
        format!("{}-{what}", self.provider)
    }

    fn gone(&self, name: String, origin: Option<&str>) -> Cookie<'static> {
        let mut cookie = self.cookie(name, String::new(), origin);
        cookie.set_max_age(Duration::ZERO);
        cookie
    }

    /// A page on another host than ours needs cookies that are sent from everywhere, which browsers allow where
    /// nobody listens.
    fn cookie(&self, name: String, value: String, origin: Option<&str>) -> Cookie<'static> {
        let is_secure = self.callback.scheme() == "https";
        let page = origin.and_then(|origin| origin.parse::<Url>().ok());
        let page = page.as_ref().unwrap_or(&self.app);
        let same_site = if is_secure && page.host_str() != self.callback.host_str() {
            SameSite::None
        } else {
            SameSite::Lax
        };
        Cookie::build((name, value))
            .path(self.path.clone())
            .http_only(true)
            .secure(is_secure)
            .same_site(same_site)
            .build()
    }
}

/// How many pieces a value was cut into.
fn pieces(jar: &CookieJar, name: &str) -> usize {
    let has = |piece: &usize| {
        let cookie = jar.get(&format!("{name}-{piece}"));
        cookie.is_some_and(|cookie| !cookie.value().is_empty())
    };
    (0..MOST_PIECES).take_while(has).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookies(callback: &str) -> Cookies {
        let url = |text: &str| text.parse().unwrap();
        let urls = Urls::new(
            url("https://api.example.com"),
            url("https://portal.example.com"),
            &[],
        )
        .unwrap();
        Cookies::new("github", &url(callback), &urls, Duration::days(1000))
    }

    const CALLBACK: &str = "https://api.example.com/api/auth/github/handler/frame";

    #[test]
    fn a_cookie_is_for_its_provider_alone() {
        let cookie = cookies(CALLBACK).cookie("a".to_owned(), "b".to_owned(), None);

        assert_eq!(
            cookie.to_string(),
            "a=b; HttpOnly; SameSite=None; Secure; Path=/api/auth/github"
        );
        let own = cookies(CALLBACK).cookie(
            "a".to_owned(),
            "b".to_owned(),
            Some("https://api.example.com"),
        );
        assert_eq!(own.same_site(), Some(SameSite::Lax));
        let elsewhere =
            cookies("http://api.example.com/back").cookie("a".to_owned(), "b".to_owned(), None);
        assert_eq!(
            elsewhere.to_string(),
            "a=b; HttpOnly; SameSite=Lax; Path=/back/github"
        );
    }

    #[test]
    fn a_long_value_is_cut_and_put_together_again() {
        let cookies = cookies(CALLBACK);
        let long = "ü".repeat(LONGEST) + &"x".repeat(LONGEST) + "end";

        let jar = cookies.keep_refresh_token(CookieJar::new(), &long, None);

        assert_eq!(jar.iter().count(), 3);
        assert_eq!(cookies.refresh_token(&jar), Some(long));
        let jar = cookies.keep_refresh_token(jar, "short", None);
        assert_eq!(cookies.refresh_token(&jar).as_deref(), Some("short"));
        let jar = cookies.clear(jar, None);
        assert_eq!(cookies.refresh_token(&jar), None);
    }
}
