//! A key to sign with: ES256, made by this process.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use callboard_model::{Error, Result};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

/// A key to sign with.
pub(crate) struct SigningKey {
    id: String,
    made_at: u64,
    private: EncodingKey,
    public: Jwk,
}

impl SigningKey {
    /// A new key, called `id`.
    pub(super) fn new(id: String, made_at: u64) -> Result<Self> {
        let refused = || Error::internal("signing-key", "a key to sign tokens with cannot be made");
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                .map_err(|_| refused())?;
        let private = EncodingKey::from_ec_der(document.as_ref());
        let mut public = Jwk::from_encoding_key(&private, Algorithm::ES256)
            .map_err(|error| refused().source(error))?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            id,
            made_at,
            private,
            public,
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn made_at(&self) -> u64 {
        self.made_at
    }

    pub(super) fn public(&self) -> &Jwk {
        &self.public
    }

    /// A token of the type `typ` that says `claims`.
    pub(crate) fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.id.clone());
        encode(&header, claims, &self.private).map_err(|error| {
            Error::internal("token-signature", "a token cannot be signed").source(error)
        })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}
