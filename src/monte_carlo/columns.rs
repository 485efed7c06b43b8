//! Rows, one value after the other, into columns.

use std::sync::Arc;

use crate::results::Values;

/// Columns under construction, in the table's order.
#[derive(Default)]
pub(super) struct Columns {
    values: Vec<Values>,
    at: usize,
}

impl Columns {
    pub(super) fn row(&mut self) -> &mut Self {
        self.at = 0;
        self
    }

    pub(super) fn integer(&mut self, value: usize) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Integer(column)) => column.push(value as u32),
            _ => self.values.push(Values::Integer(vec![value as u32])),
        }
        self.at += 1;
        self
    }

    pub(super) fn real(&mut self, value: f64) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Real(column)) => column.push(value),
            _ => self.values.push(Values::Real(vec![value])),
        }
        self.at += 1;
        self
    }

    pub(super) fn flag(&mut self, value: bool) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Flag(column)) => column.push(value),
            _ => self.values.push(Values::Flag(vec![value])),
        }
        self.at += 1;
        self
    }

    pub(super) fn text(&mut self, value: &Arc<str>) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Text(column)) => column.push(value.clone()),
            _ => self.values.push(Values::Text(vec![value.clone()])),
        }
        self.at += 1;
        self
    }

    pub(super) fn reals(&mut self, values: impl IntoIterator<Item = f64>) -> &mut Self {
        for value in values {
            self.real(value);
        }
        self
    }

    /// The columns; none at all where there was no row.
    pub(super) fn values(self) -> Vec<Values> {
        self.values
    }
}
