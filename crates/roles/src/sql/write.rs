//! Changes of what is stored. What is allowed was found out before, in the same transaction.

use callboard_db::{Rows, Tx};
use callboard_model::{EntityRef, Error, Result};

use crate::conditions::mapping_json;
use crate::model::{Conditional, Policy, Role};

/// Adds a role, or says something else about it.
pub(crate) async fn role(tx: &mut Tx, role: &Role) -> Result<()> {
    const SQL: &str = "INSERT INTO roles
            (name, description, owner, author, modified_by, created_at, modified_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET
            description = excluded.description, owner = excluded.owner,
            modified_by = excluded.modified_by, modified_at = excluded.modified_at";
    let about = &role.about;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let params = [
        role.name.as_str().into(),
        text(&about.description).into(),
        text(&about.owner).into(),
        text(&about.author).into(),
        text(&about.modified_by).into(),
        about.created_at.unwrap_or_default().into(),
        about.modified_at.unwrap_or_default().into(),
    ];
    tx.execute(SQL, &params).await?;
    Ok(())
}

/// Gives everything that a role has to one of another name.
pub(crate) async fn rename(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    for sql in [
        "UPDATE roles SET name = $2 WHERE name = $1",
        "UPDATE role_members SET role = $2 WHERE role = $1",
        "UPDATE role_policies SET role = $2 WHERE role = $1",
        "UPDATE role_conditions SET role = $2 WHERE role = $1",
    ] {
        tx.execute(sql, &[from.into(), to.into()]).await?;
    }
    Ok(())
}

/// Removes a role with everything that it has.
pub(crate) async fn remove_role(tx: &mut Tx, name: &str) -> Result<()> {
    for sql in [
        "DELETE FROM roles WHERE name = $1",
        "DELETE FROM role_members WHERE role = $1",
        "DELETE FROM role_policies WHERE role = $1",
        "DELETE FROM role_conditions WHERE role = $1",
    ] {
        tx.execute(sql, &[name.into()]).await?;
    }
    Ok(())
}

/// Adds members.
pub(crate) async fn add_members(tx: &mut Tx, role: &str, members: &[EntityRef]) -> Result<()> {
    const SQL: &str = "WITH item (member) AS ($rows)
        INSERT INTO role_members (role, member) SELECT CAST($1 AS TEXT), member FROM item WHERE true
        ON CONFLICT (role, member) DO NOTHING";
    let rows = Rows::of_texts(members.iter().map(EntityRef::as_str));
    tx.execute_rows(SQL, &[role.into()], &rows).await?;
    Ok(())
}

/// Removes members.
pub(crate) async fn remove_members(tx: &mut Tx, role: &str, members: &[EntityRef]) -> Result<()> {
    const SQL: &str = "WITH item (member) AS ($rows)
        DELETE FROM role_members WHERE role = $1 AND member IN (SELECT member FROM item)";
    let rows = Rows::of_texts(members.iter().map(EntityRef::as_str));
    tx.execute_rows(SQL, &[role.into()], &rows).await?;
    Ok(())
}

/// Policies with the role of each.
pub(crate) type OfRoles<'a> = [(&'a str, &'a Policy)];

/// Adds policies.
pub(crate) async fn add_policies(tx: &mut Tx, policies: &OfRoles<'_>) -> Result<()> {
    const SQL: &str = "WITH item (role, permission, action, effect) AS ($rows)
        INSERT INTO role_policies (role, permission, action, effect)
        SELECT role, permission, action, effect FROM item WHERE true
        ON CONFLICT (role, permission, action, effect) DO NOTHING";
    tx.execute_rows(SQL, &[], &rows(policies)).await?;
    Ok(())
}

/// Removes policies.
pub(crate) async fn remove_policies(tx: &mut Tx, policies: &OfRoles<'_>) -> Result<()> {
    const SQL: &str = "WITH item (role, permission, action, effect) AS ($rows)
        DELETE FROM role_policies WHERE EXISTS (SELECT 1 FROM item
            WHERE item.role = role_policies.role AND item.permission = role_policies.permission
            AND item.action = role_policies.action AND item.effect = role_policies.effect)";
    tx.execute_rows(SQL, &[], &rows(policies)).await?;
    Ok(())
}

fn rows<'a>(policies: &'a OfRoles<'a>) -> Rows<'a> {
    Rows::of_texts(policies.iter().map(|(role, _)| *role))
        .texts(policies.iter().map(|(_, policy)| policy.target.as_str()))
        .texts(policies.iter().map(|(_, policy)| policy.verb.as_str()))
        .texts(policies.iter().map(|(_, policy)| policy.effect.as_str()))
}

/// Adds a condition, and says its id.
pub(crate) async fn add_condition(tx: &mut Tx, role: &str, new: &Conditional) -> Result<i64> {
    const SQL: &str = "INSERT INTO role_conditions
            (role, plugin_id, resource_type, mapping, conditions)
        VALUES ($1, $2, $3, $4, $5) RETURNING id";
    let params = [
        role.into(),
        new.plugin_id.as_str().into(),
        new.resource_type.as_str().into(),
        mapping_json(&new.mapping).to_string().into(),
        new.conditions.to_string().into(),
    ];
    let rows: Vec<(i64,)> = tx.fetch(SQL, &params).await?;
    rows.first()
        .map(|row| row.0)
        .ok_or_else(|| Error::internal("role-condition", "the condition got no id"))
}

/// Says something else in a condition.
pub(crate) async fn change_condition(tx: &mut Tx, role: &str, new: &Conditional) -> Result<()> {
    const SQL: &str = "UPDATE role_conditions SET role = $2, plugin_id = $3, resource_type = $4,
            mapping = $5, conditions = $6 WHERE id = $1";
    let params = [
        new.id.into(),
        role.into(),
        new.plugin_id.as_str().into(),
        new.resource_type.as_str().into(),
        mapping_json(&new.mapping).to_string().into(),
        new.conditions.to_string().into(),
    ];
    tx.execute(SQL, &params).await?;
    Ok(())
}

/// Removes a condition.
pub(crate) async fn remove_condition(tx: &mut Tx, id: i64) -> Result<()> {
    const SQL: &str = "DELETE FROM role_conditions WHERE id = $1";
    tx.execute(SQL, &[id.into()]).await?;
    Ok(())
}

/// Lists plugins as having permissions.
pub(crate) async fn add_plugins(tx: &mut Tx, ids: &[String]) -> Result<()> {
    const SQL: &str = "WITH item (id) AS ($rows)
        INSERT INTO role_plugins (id) SELECT id FROM item WHERE true ON CONFLICT (id) DO NOTHING";
    tx.execute_rows(SQL, &[], &Rows::of_texts(ids.iter().map(String::as_str)))
        .await?;
    Ok(())
}

/// No longer lists plugins.
pub(crate) async fn remove_plugins(tx: &mut Tx, ids: &[String]) -> Result<()> {
    const SQL: &str = "WITH item (id) AS ($rows)
        DELETE FROM role_plugins WHERE id IN (SELECT id FROM item)";
    tx.execute_rows(SQL, &[], &Rows::of_texts(ids.iter().map(String::as_str)))
        .await?;
    Ok(())
}
