//! Reads the values of one table of a tree that has been walked, with the defaults that the grammar gives.

use super::grammar;
use super::keys::Absent;
use super::problem::Spot;
use super::tree::{Node, Table, Value};

/// A value with its place. No value and a place: it was refused. No value and no place: it is absent and has no default.
#[derive(Clone, Debug)]
pub(crate) struct Given<T> {
    pub value: Option<T>,
    pub at: Option<Spot>,
}

impl<T> Given<T> {
    /// Whether it was written and refused.
    pub fn is_bad(&self) -> bool {
        self.value.is_none() && self.at.is_some()
    }
}

/// Reads the values of one table.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    pub table: Option<&'a Table>,
    /// Its path in the grammar.
    pub path: String,
    /// Where it stands, if it stands there as something else than a table.
    pub refused: Option<Spot>,
}

impl<'a> Reader<'a> {
    pub fn exists(&self) -> bool {
        self.table.is_some() || self.refused.is_some()
    }

    fn below(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub fn inner(&self, key: &str) -> Reader<'a> {
        let node = self.table.and_then(|table| table.get(key));
        let table = node.and_then(Node::table);
        Reader {
            table,
            path: self.below(key),
            refused: match (node, table) {
                (Some(node), None) => Some(node.spot()),
                _ => self.refused.clone(),
            },
        }
    }

    /// The tables of a list with their places, and whether all of its elements are tables.
    pub fn elements(&self, key: &str) -> (Vec<(Reader<'a>, Spot)>, bool) {
        let path = format!("{}[]", self.below(key));
        let Some(node) = self.table.and_then(|table| table.get(key)) else {
            return (Vec::new(), true);
        };
        let all = node.list().unwrap_or_default();
        let tables: Vec<_> = all
            .iter()
            .filter_map(|element| {
                let reader = Reader { table: Some(element.table()?), path: path.clone(), refused: None };
                Some((reader, element.key_spot()))
            })
            .collect();
        let whole = node.list().is_some() && tables.len() == all.len();
        (tables, whole)
    }

    fn absent(&self, key: &str) -> Option<Absent> {
        grammar::leaf(&self.below(key)).map(|leaf| leaf.absent)
    }

    pub fn take<T>(&self, key: &str, value: impl Fn(&'a Node) -> Option<T>) -> Given<T> {
        match self.table.and_then(|table| table.get(key)) {
            Some(node) => Given { value: (!node.bad).then(|| value(node)).flatten(), at: Some(node.spot()) },
            None => Given { value: None, at: self.refused.clone() },
        }
    }

    fn or<T>(&self, given: Given<T>, default: Option<T>) -> Given<T> {
        match given.at {
            Some(_) => given,
            None => Given { value: default, at: None },
        }
    }

    pub fn text(&self, key: &str) -> Given<String> {
        self.take(key, |node| node.text().map(str::to_owned))
    }

    pub fn flag(&self, key: &str) -> Given<bool> {
        let given = self.take(key, |node| match node.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        });
        let default = match self.absent(key) {
            Some(Absent::Flag(flag)) => Some(flag),
            _ => None,
        };
        self.or(given, default)
    }

    pub fn number(&self, key: &str) -> Given<f64> {
        let default = match self.absent(key) {
            Some(Absent::Number(number)) => Some(number),
            _ => None,
        };
        self.or(self.take(key, as_number), default)
    }

    pub fn whole(&self, key: &str) -> Given<usize> {
        let given = self.take(key, |node| as_whole(node).map(|whole| whole as usize));
        let default = match self.absent(key) {
            Some(Absent::Number(number)) => Some(number as usize),
            _ => None,
        };
        self.or(given, default)
    }

    pub fn choice<T: Copy>(&self, key: &str, names: &[(&str, T)]) -> Given<T> {
        let find = |word: &str| names.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        let default = match self.absent(key) {
            Some(Absent::Word(word)) => find(word),
            _ => None,
        };
        self.or(self.take(key, |node| find(node.text()?)), default)
    }
}

pub(crate) fn as_whole(node: &Node) -> Option<u64> {
    match node.value {
        Value::Whole(whole) => u64::try_from(whole).ok(),
        _ => None,
    }
}

pub(crate) fn as_number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Whole(whole) => Some(whole as f64),
        // Adding zero makes -0 the 0 it is meant to be.
        Value::Number(number) => Some(number + 0.0),
        _ => None,
    }
}
