//! The table of this crate: nobody else reads or writes it.

use callboard_db::{Database, Migration, Migrations, Rows};
use callboard_model::Result;

use crate::limits::MOST_SETTINGS;

/// The steps of the table.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "user_settings",
    steps: &[Migration {
        number: 1,
        name: "settings of people",
        sqlite: include_str!("migrations/0001_sqlite.sql"),
        postgres: include_str!("migrations/0001_postgres.sql"),
    }],
};

/// A setting: (bucket, key, value as JSON).
pub(crate) type SettingRow = (String, String, String);

/// Those of the settings `asked`, each a bucket and a key, that somebody has.
pub(crate) async fn get(
    database: &Database,
    user: &str,
    asked: &[(&str, &str)],
) -> Result<Vec<SettingRow>> {
    const SQL: &str = "WITH item (bucket, key) AS ($rows)
        SELECT s.bucket, s.key, s.value FROM item JOIN user_settings s
        ON s.user_entity_ref = $1 AND s.bucket = item.bucket AND s.key = item.key";
    let rows = Rows::of_texts(asked.iter().map(|(bucket, _)| *bucket))
        .texts(asked.iter().map(|(_, key)| *key));
    database.fetch_rows(SQL, &[user.into()], &rows).await
}

/// Keeps a value instead of what was there, unless somebody would have too many settings then; whether it is kept.
pub(crate) async fn set(
    database: &Database,
    user: &str,
    (bucket, key): (&str, &str),
    json: &str,
) -> Result<bool> {
    const CHANGE: &str = "UPDATE user_settings SET value = $4
        WHERE user_entity_ref = $1 AND bucket = $2 AND key = $3";
    const ADD: &str = "INSERT INTO user_settings (user_entity_ref, bucket, key, value)
        SELECT $1, $2, $3, $4
        WHERE (SELECT COUNT(*) FROM user_settings WHERE user_entity_ref = $1) < $5
        ON CONFLICT (user_entity_ref, bucket, key) DO UPDATE SET value = excluded.value";
    let setting = [user.into(), bucket.into(), key.into(), json.into()];
    let mut tx = database.begin().await?;
    let mut kept = tx.execute(CHANGE, &setting).await?;
    if kept == 0 {
        let [user, bucket, key, json] = setting;
        let params = [user, bucket, key, json, MOST_SETTINGS.into()];
        kept = tx.execute(ADD, &params).await?;
    }
    tx.commit().await?;
    Ok(kept > 0)
}

/// Removes a setting.
pub(crate) async fn remove(database: &Database, user: &str, bucket: &str, key: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM user_settings
        WHERE user_entity_ref = $1 AND bucket = $2 AND key = $3";
    let mut tx = database.begin().await?;
    tx.execute(SQL, &[user.into(), bucket.into(), key.into()])
        .await?;
    tx.commit().await
}
