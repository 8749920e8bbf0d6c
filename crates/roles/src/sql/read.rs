//! Everything that is stored, at one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callboard_auth::Conditions;
use callboard_db::{Database, Tx};
use callboard_model::{EntityRef, Error, Result};
use serde_json::Value;

use crate::conditions;
use crate::model::{About, Conditional, Effect, Place, Policy, Role, Source, Verb};

/// Everything that is stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    pub(crate) version: i64,
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) plugins: BTreeSet<String>,
}

/// The number of the last change.
pub(crate) async fn version(database: &Database) -> Result<i64> {
    const SQL: &str = "SELECT value FROM role_state WHERE key = 'version'";
    let rows: Vec<(i64,)> = database.fetch(SQL, &[]).await?;
    super::version_of(&rows)
}

/// Reads everything, between changes.
pub(crate) async fn all(tx: &mut Tx) -> Result<Stored> {
    const VERSION: &str = "SELECT value FROM role_state WHERE key = 'version' FOR UPDATE";
    let rows: Vec<(i64,)> = tx.fetch(VERSION, &[]).await?;
    let mut stored = Stored {
        version: super::version_of(&rows)?,
        ..Stored::default()
    };
    roles(tx, &mut stored).await?;
    members(tx, &mut stored).await?;
    policies(tx, &mut stored).await?;
    conditionals(tx, &mut stored).await?;
    let plugins: Vec<(String,)> = tx.fetch("SELECT id FROM role_plugins", &[]).await?;
    stored.plugins = plugins.into_iter().map(|row| row.0).collect();
    Ok(stored)
}

async fn roles(tx: &mut Tx, stored: &mut Stored) -> Result<()> {
    const SQL: &str =
        "SELECT name, description, owner, author, modified_by, created_at, modified_at
        FROM roles ORDER BY name";
    type Row = (String, String, String, String, String, i64, i64);
    let rows: Vec<Row> = tx.fetch(SQL, &[]).await?;
    for (name, description, owner, author, modified_by, created_at, modified_at) in rows {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let mut role = Role::new(name.clone(), Source::Rest);
        role.about = About {
            description: some(description),
            owner: some(owner),
            author: some(author),
            modified_by: some(modified_by),
            created_at: Some(created_at),
            modified_at: Some(modified_at),
        };
        stored.roles.insert(name, role);
    }
    Ok(())
}

async fn members(tx: &mut Tx, stored: &mut Stored) -> Result<()> {
    const SQL: &str = "SELECT role, member FROM role_members ORDER BY role, member";
    let rows: Vec<(String, String)> = tx.fetch(SQL, &[]).await?;
    for (role, member) in rows {
        let member: EntityRef = member
            .parse()
            .map_err(|error| unreadable("role_members").source(error))?;
        if let Some(role) = stored.roles.get_mut(&role) {
            role.members.insert(member);
        }
    }
    Ok(())
}

async fn policies(tx: &mut Tx, stored: &mut Stored) -> Result<()> {
    const SQL: &str = "SELECT role, permission, action, effect FROM role_policies
        ORDER BY role, permission, action, effect";
    let rows: Vec<(String, String, String, String)> = tx.fetch(SQL, &[]).await?;
    let place = Place::from("the database");
    for (role, target, verb, effect) in rows {
        let (Some(verb), Some(effect)) = (Verb::named(&verb), Effect::named(&effect)) else {
            return Err(unreadable("role_policies"));
        };
        if let Some(role) = stored.roles.get_mut(&role) {
            role.policies
                .push(Policy::new(target, verb, effect, &place));
        }
    }
    Ok(())
}

async fn conditionals(tx: &mut Tx, stored: &mut Stored) -> Result<()> {
    const SQL: &str = "SELECT id, role, plugin_id, resource_type, mapping, conditions
        FROM role_conditions ORDER BY id";
    let rows: Vec<(i64, String, String, String, String, String)> = tx.fetch(SQL, &[]).await?;
    for (id, role, plugin_id, resource_type, mapping, tree) in rows {
        let conditional = Conditional {
            id,
            plugin_id,
            resource_type,
            mapping: conditions::mapping(&json(&mapping)?)?,
            conditions: Arc::new(Conditions::parse(&json(&tree)?)?),
            place: Place::from(format!("the database, condition {id}")),
        };
        if let Some(role) = stored.roles.get_mut(&role) {
            role.conditionals.push(conditional);
        }
    }
    Ok(())
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| unreadable("role_conditions").source(error))
}

fn unreadable(table: &str) -> Error {
    Error::internal("role-stored", format!("a row of {table} cannot be read"))
}
