//! Parquet into typed columns.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use polars::io::parquet::read::{FileMetadata, infer_schema};
use polars::prelude::{
    ArrowDataType, Column as PolarsColumn, DataFrame, DataType, Field, ParallelStrategy, ParquetReader, ParquetWriter,
    PolarsError, PolarsResult, Schema, SerReader,
};

use super::CELLS;
use super::cell::Cell;
use super::error::DataError;

/// What a Parquet file begins with.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// A column as its file has it.
#[derive(Clone, Debug)]
pub(super) enum Typed {
    Number(Vec<Option<f64>>),
    Integer(Vec<Option<i128>>),
    Flag(Vec<Option<bool>>),
    Text(Vec<Option<String>>),
    /// A type that is no number, label or flag.
    Other(String),
}

impl Typed {
    /// A cell, or the name of a type that has none.
    pub fn cell(&self, row: usize) -> Result<Cell<'_>, &str> {
        Ok(match self {
            Typed::Number(values) => values[row].map_or(Cell::Missing, Cell::Number),
            Typed::Integer(values) => values[row].map_or(Cell::Missing, Cell::Integer),
            Typed::Flag(values) => values[row].map_or(Cell::Missing, Cell::Flag),
            Typed::Text(values) => values[row].as_deref().map_or(Cell::Missing, |text| Cell::Text(text.trim())),
            Typed::Other(kind) => return Err(kind),
        })
    }
}

type Table = (Vec<String>, Vec<Typed>, usize);

pub(super) fn read(name: &str, bytes: Vec<u8>) -> Result<Table, DataError> {
    let refused = |problem: String| DataError::NotParquet { name: name.to_owned(), problem };
    if !bytes.starts_with(MAGIC) {
        return Err(refused("its first bytes are not PAR1".to_owned()));
    }
    // A damaged file can make the reader panic: that is an error like others.
    let read = catch_unwind(AssertUnwindSafe(|| columns(bytes)));
    let (header, columns, rows) = match read {
        Ok(Ok(Some(table))) => table,
        Ok(Ok(None)) => return Err(DataError::TooManyCells { name: name.to_owned() }),
        Ok(Err(error)) => return Err(refused(error.to_string())),
        Err(_) => return Err(refused("its pages cannot be decoded".to_owned())),
    };
    if rows == 0 {
        return Err(DataError::HeaderOnly { name: name.to_owned(), columns: header.len() });
    }
    Ok((header, columns, rows))
}

/// Nothing where there is more than is read.
fn columns(bytes: Vec<u8>) -> PolarsResult<Option<Table>> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = reader.get_metadata()?.clone();
    let schema = infer_schema(&metadata)?;
    let kinds: Vec<(String, ArrowDataType)> =
        schema.iter_values().map(|field| (field.name.to_string(), field.dtype.clone())).collect();
    if kinds.iter().any(|(_, kind)| !plain(kind) && stored(kind).is_some()) {
        reader.set_metadata(Arc::new(as_stored(&metadata, &kinds)?));
    }
    let wanted: Vec<String> = kinds.iter().filter(|(_, kind)| readable(kind)).map(|(name, _)| name.clone()).collect();
    let rows = metadata.num_rows;
    if rows.checked_mul(kinds.len()).is_none_or(|cells| cells > CELLS) {
        return Ok(None);
    }
    let frame = reader.with_columns(Some(wanted)).read_parallel(ParallelStrategy::None).finish()?;
    let typed = |(name, kind): &(String, ArrowDataType)| {
        if !readable(kind) {
            let words = format!("{kind:?}");
            return Ok(Typed::Other(words.split(['(', ' ']).next().unwrap_or_default().to_owned()));
        }
        let typed = typed(frame.column(name)?)?;
        if typed.len().is_some_and(|found| found != rows) {
            return Err(PolarsError::ComputeError(format!("column `{name}` is cut off").into()));
        }
        Ok(typed)
    };
    let columns = kinds.iter().map(typed).collect::<PolarsResult<Vec<_>>>()?;
    Ok(Some((kinds.into_iter().map(|(name, _)| name.trim().to_owned()).collect(), columns, rows)))
}

impl Typed {
    fn len(&self) -> Option<usize> {
        match self {
            Typed::Number(values) => Some(values.len()),
            Typed::Integer(values) => Some(values.len()),
            Typed::Flag(values) => Some(values.len()),
            Typed::Text(values) => Some(values.len()),
            Typed::Other(_) => None,
        }
    }
}

fn readable(kind: &ArrowDataType) -> bool {
    stored(kind).is_some()
}

/// Whether Polars as it is built here has a column of this type.
fn plain(kind: &ArrowDataType) -> bool {
    use ArrowDataType::*;
    let numbers = matches!(kind, UInt8 | UInt16 | UInt32 | UInt64 | Int32 | Int64 | Float32 | Float64 | Boolean);
    numbers || matches!(kind, Utf8 | LargeUtf8 | Utf8View)
}

/// The type under which a column is read. Parquet has neither categories nor integers below 32 bits: the texts of a category, and
/// 32 bits of a small integer, are what its pages hold, and the rest is a remark in the file.
fn stored(kind: &ArrowDataType) -> Option<DataType> {
    use ArrowDataType::*;
    Some(match kind {
        UInt8 => DataType::UInt8,
        UInt16 => DataType::UInt16,
        UInt32 => DataType::UInt32,
        UInt64 => DataType::UInt64,
        Int8 | Int16 | Int32 => DataType::Int32,
        Int64 => DataType::Int64,
        Float32 => DataType::Float32,
        Float64 => DataType::Float64,
        Boolean => DataType::Boolean,
        Utf8 | LargeUtf8 | Utf8View => DataType::String,
        Dictionary(_, value, _) => return stored(value).filter(|value| *value == DataType::String),
        _ => return None,
    })
}

/// What the file says of itself, with the types its columns are read under. The schema is that of an empty table of these types, as
/// Polars writes it; a column that is not read keeps its place.
fn as_stored(metadata: &FileMetadata, kinds: &[(String, ArrowDataType)]) -> PolarsResult<FileMetadata> {
    let schema: Schema = kinds
        .iter()
        .map(|(name, kind)| Field::new(name.as_str().into(), stored(kind).unwrap_or(DataType::Boolean)))
        .collect();
    let mut empty = Vec::new();
    ParquetWriter::new(&mut empty).finish(&mut DataFrame::empty_with_schema(&schema))?;
    let key_value_metadata = ParquetReader::new(Cursor::new(empty)).get_metadata()?.key_value_metadata.clone();
    Ok(FileMetadata { key_value_metadata, ..metadata.clone() })
}

fn typed(column: &PolarsColumn) -> PolarsResult<Typed> {
    let series = column.as_materialized_series();
    macro_rules! integers {
        ($values:expr) => {
            Typed::Integer($values.iter().map(|value| value.map(i128::from)).collect())
        };
    }
    Ok(match series.dtype() {
        DataType::UInt8 => integers!(series.u8()?),
        DataType::UInt16 => integers!(series.u16()?),
        DataType::UInt32 => integers!(series.u32()?),
        DataType::UInt64 => integers!(series.u64()?),
        DataType::Int32 => integers!(series.i32()?),
        DataType::Int64 => integers!(series.i64()?),
        DataType::Float32 => Typed::Number(series.f32()?.iter().map(|value| value.map(f64::from)).collect()),
        DataType::Float64 => Typed::Number(series.f64()?.iter().collect()),
        DataType::Boolean => Typed::Flag(series.bool()?.iter().collect()),
        DataType::String => Typed::Text(series.str()?.iter().map(|text| text.map(str::to_owned)).collect()),
        other => Typed::Other(other.to_string()),
    })
}
