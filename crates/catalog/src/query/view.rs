//! What one caller sees of the catalog: some of its entities, and the relations between those.
//!
//! An entity's relations name others, also such as the caller may not read. So a narrow view has other relations than
//! the catalog: those to entities that are in it. What is hidden and what does not exist look the same.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use callboard_model::{Error, Result};
use roaring::RoaringBitmap;

use super::expression::Expression;
use crate::index::{Index, RELATION};

/// What one caller sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct View {
    /// True for the entities that the caller may see. It is the policy's, so that it is asked of all relations: whoever
    /// may see what a group owns need not see the group.
    visible: Arc<Expression>,
}

/// A condition with the view of the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    condition: Expression,
    view: View,
}

/// The index, and the entities to which relations lead.
#[derive(Clone, Copy)]
pub(super) struct Sight<'a, 's> {
    pub(super) index: &'a Index,
    /// `None` where relations lead anywhere.
    narrow: Option<(&'s View, &'s RoaringBitmap)>,
}

/// Whether a lower-cased key is about relations.
pub(super) fn is_relation(key: &str) -> bool {
    key.starts_with(RELATION)
}

impl View {
    /// What somebody sees who may see the entities for which `visible` is true.
    pub(super) fn new(visible: Expression) -> Self {
        Self {
            visible: Arc::new(visible),
        }
    }

    /// Whether it is the whole catalog.
    pub(super) fn is_whole(&self) -> bool {
        *self.visible == Expression::EVERYTHING
    }

    /// The entities in it.
    pub(super) fn entities(&self, index: &Index) -> Arc<RoaringBitmap> {
        // Each request asks, and the rules of a policy name dozens of groups.
        index.set(self, self.changed(index), || {
            self.visible.evaluate(index).into_owned()
        })
    }

    /// Whether an entity is in it.
    pub(super) fn has(&self, index: &Index, id: u32) -> bool {
        self.is_whole() || self.entities(index).contains(id)
    }

    /// Grows whenever the entities in it may be others.
    pub(super) fn changed(&self, index: &Index) -> u64 {
        self.visible.changed(index)
    }

    /// Refuses to look into the texts of relations, or to sort by them.
    ///
    /// The columns for that have the relations of all entities. Others would have to be made for each view, of all
    /// relations that there are, while the index is held; and hardly anybody asks.
    pub(super) fn check<'k>(&self, searched: impl IntoIterator<Item = &'k String>) -> Result<()> {
        if self.is_whole() {
            return Ok(());
        }
        let Some(key) = searched.into_iter().find(|key| is_relation(key)) else {
            return Ok(());
        };
        let message = format!(
            "`{key}` can be neither sorted by nor searched for parts of texts by those who may not read all entities"
        );
        Err(Error::invalid("relations-not-searchable", message)
            .hint(format!("ask for whole references, such as `{key}=group:default/payments`, or sort by another field")))
    }

    /// How many bytes it takes, roughly.
    pub(super) fn size(&self) -> usize {
        self.visible.size()
    }
}

impl Asked {
    /// What somebody asks who sees `view`.
    ///
    /// # Errors
    /// `Invalid`, when it looks into texts that the view does not have.
    pub(super) fn new(condition: Option<Expression>, view: &View) -> Result<Self> {
        let condition = condition.unwrap_or(Expression::EVERYTHING);
        if !view.is_whole() {
            view.check(&condition.searched())?;
        }
        Ok(Self {
            condition,
            view: view.clone(),
        })
    }

    /// The view of the one who asks.
    pub(super) fn view(&self) -> &View {
        &self.view
    }

    /// Whether it is true for every entity.
    pub(super) fn is_everything(&self) -> bool {
        self.view.is_whole() && self.condition == Expression::EVERYTHING
    }

    /// The entities in the view for which it is true.
    pub(super) fn evaluate<'a>(&self, index: &'a Index) -> Cow<'a, RoaringBitmap> {
        if self.view.is_whole() {
            return self.condition.evaluate(index);
        }
        let entities = self.view.entities(index);
        let sight = Sight {
            index,
            narrow: Some((&self.view, &entities)),
        };
        Cow::Owned(self.condition.evaluate_among(sight, &entities))
    }

    /// Grows whenever what it is true for may be others.
    pub(super) fn changed(&self, index: &Index) -> u64 {
        let changed = self.condition.changed(index);
        if self.view.is_whole() {
            return changed;
        }
        changed.max(self.view.changed(index))
    }

    /// Keys into whose texts it looks.
    pub(super) fn searched(&self) -> BTreeSet<String> {
        self.condition.searched()
    }

    /// The kind that every matching entity has, when one is plain to see.
    pub(super) fn kind(&self) -> Option<&str> {
        self.condition.kind().or_else(|| self.view.visible.kind())
    }
}

impl<'a> Sight<'a, '_> {
    /// All of the index.
    pub(super) fn whole(index: &'a Index) -> Self {
        Self {
            index,
            narrow: None,
        }
    }

    /// Whether somebody may have a value of a key: a relation leads nowhere but to what is in the view.
    pub(super) fn has_value(self, key: &str, value: &str) -> bool {
        let Some((_, entities)) = self.narrow.filter(|_| is_relation(key)) else {
            return true;
        };
        let id = self.index.id_of(value);
        id.is_some_and(|id| entities.contains(id))
    }

    /// Whether the texts of a key are not those of the view.
    pub(super) fn lacks_texts(self, key: &str) -> bool {
        self.narrow.is_some() && is_relation(key)
    }

    /// Who has a relation that leads to somebody; `None` when the index knows.
    pub(super) fn related(self, key: &str) -> Option<Arc<RoaringBitmap>> {
        let (view, entities) = self.narrow.filter(|_| is_relation(key))?;
        let index = self.index;
        let changed = view.changed(index).max(index.changed(key));
        Some(index.set((view, key), changed, || leading_to(index, key, entities)))
    }
}

/// Who has a value of a relation that is among `entities`: looks at every value or at every entity, whichever are fewer.
fn leading_to(index: &Index, key: &str, entities: &RoaringBitmap) -> RoaringBitmap {
    let mut found = RoaringBitmap::new();
    let Some(field) = index.field(key) else {
        // Flags have no references.
        return found;
    };
    if field.has_texts() && field.values() <= entities.len() {
        field.each_value(|value, posting| {
            if index.id_of(value).is_some_and(|id| entities.contains(id)) {
                posting.add_to(&mut found);
            }
        });
        return found;
    }
    for id in entities {
        if let Some(posting) = index.posting(key, index.entity_ref(id)) {
            posting.add_to(&mut found);
        }
    }
    found
}
