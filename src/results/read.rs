//! A table read back one row group at a time, so that memory does not grow with the table. The file is mapped, not
//! loaded: a tool that counts mapped pages shows a part of it, which the system takes back when it needs the room.

use std::any::Any;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, ParallelStrategy, ParquetReader, PolarsError, SerReader,
};

use super::error::{Error, Result};
use super::table::{Batch, Values};

/// Reads some columns of a table, in the order asked for, handing over one row group after the other.
///
/// A missing number comes back as NaN. A damaged file ends in an error, but its bytes are trusted to the extent that
/// the Parquet reader trusts them: to be sure of a run made elsewhere, [`super::verify`] it first.
///
/// # Errors
/// If the file cannot be opened, is no whole Parquet file, lacks a column, or has one that no [`super::Kind`] fits.
pub fn read(path: impl AsRef<Path>, columns: &[&str], mut each: impl FnMut(Batch)) -> Result<()> {
    let path = path.as_ref();
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    if file.metadata().map_err(Error::io("read", path))?.is_dir() {
        return Err(Error::parquet(path, "it is a folder"));
    }
    let (metadata, known) = guarded(path, || {
        let mut reader = ParquetReader::new(&mut file);
        let known: Vec<String> = reader.schema()?.iter_names().map(|n| n.to_string()).collect();
        Ok((reader.get_metadata()?.clone(), known))
    })?;
    if let Some(column) = columns.iter().find(|c| known.iter().all(|k| k != *c)) {
        return Err(Error::NoColumn { path: path.to_path_buf(), column: (*column).to_owned(), known });
    }
    let wanted: Vec<String> = columns.iter().map(|&c| c.to_owned()).collect();
    let mut from = 0;
    for group in &metadata.row_groups {
        let rows = group.num_rows();
        let frame = guarded(path, || {
            let mut reader = ParquetReader::new(&mut file);
            reader.set_metadata(metadata.clone());
            reader
                .with_columns(Some(wanted.clone()))
                .with_slice(Some((from, rows)))
                .read_parallel(ParallelStrategy::None)
                .finish()
        })?;
        from += rows;
        each(to_batch(path, &frame, columns, rows)?);
    }
    Ok(())
}

/// Runs the Parquet reader; what it does not survive becomes an error too.
fn guarded<T>(path: &Path, work: impl FnOnce() -> std::result::Result<T, PolarsError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::parquet(path, error)),
        Err(panic) => Err(Error::parquet(path, said(&*panic))),
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("its pages cannot be decoded")
}

fn to_batch(path: &Path, frame: &DataFrame, columns: &[&str], rows: usize) -> Result<Batch> {
    let columns = columns
        .iter()
        .map(|name| {
            let column = frame.column(name).map_err(|e| Error::parquet(path, e))?;
            let values = to_values(column).map_err(|e| Error::parquet(path, e))?;
            if values.len() == rows {
                Ok(values)
            } else {
                let problem = format!("column `{name}` has {} of {rows} rows", values.len());
                Err(Error::parquet(path, problem))
            }
        })
        .collect::<Result<_>>()?;
    Ok(Batch { rows, columns })
}

fn to_values(column: &PolarsColumn) -> std::result::Result<Values, String> {
    let explain = |error: PolarsError| error.to_string();
    let series = column.as_materialized_series();
    if series.null_count() > 0 && *series.dtype() != DataType::Float64 {
        return Err(format!("column `{}` has missing values", series.name()));
    }
    Ok(match series.dtype() {
        DataType::UInt32 => {
            let values = series.u32().map_err(explain)?;
            Values::Integer(values.into_no_null_iter().collect())
        }
        DataType::Int32 => {
            let values = series.i32().map_err(explain)?;
            let whole = |value| u32::try_from(value).map_err(|_| format!("column `{}` has {value}", series.name()));
            Values::Integer(values.into_no_null_iter().map(whole).collect::<std::result::Result<_, _>>()?)
        }
        DataType::Float64 => {
            let values = series.f64().map_err(explain)?;
            Values::Real(values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
        }
        DataType::Boolean => {
            let values = series.bool().map_err(explain)?;
            Values::Flag(values.iter().flatten().collect())
        }
        DataType::String => {
            let mut labels: BTreeMap<&str, Arc<str>> = BTreeMap::new();
            let values = series.str().map_err(explain)?.iter().flatten();
            Values::Text(values.map(|text| labels.entry(text).or_insert_with(|| text.into()).clone()).collect())
        }
        other => {
            return Err(format!("column `{}` is of type {other}", series.name()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::{Folder, example, example_rows};
    use crate::results::{Kind, TableWriter, row_group};

    /// Of the example table's four columns.
    const ROW_GROUP: usize = row_group(4);

    fn write(path: &Path, rows: u32) {
        let mut writer = TableWriter::create(path, &example()).unwrap();
        writer.append(&example_rows(0, rows)).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn what_was_written_comes_back_group_by_group() {
        let folder = Folder::new("read ünd back");
        let path = folder.join("with spaces é.parquet");
        let rows = ROW_GROUP as u32 * 2 + 5;
        write(&path, rows);
        let (mut sizes, mut arms, mut estimates) = (Vec::new(), Values::empty(Kind::Text), Vec::new());
        let mut flags = Vec::new();
        read(&path, &["arm", "estimate", "failed"], |batch| {
            sizes.push(batch.rows);
            arms.extend(&batch.columns[0], 0..batch.rows);
            estimates.extend_from_slice(batch.reals(1));
            flags.extend_from_slice(batch.flags(2));
        })
        .unwrap();
        assert_eq!(sizes, [ROW_GROUP, ROW_GROUP, 5]);
        let expected = example_rows(0, rows);
        assert_eq!(arms, expected[3]);
        assert_eq!(Values::Flag(flags), expected[2]);
        let Values::Real(expected) = &expected[1] else { panic!() };
        assert_eq!(estimates.len(), expected.len());
        for (found, expected) in estimates.iter().zip(expected) {
            assert!(found == expected || found.is_nan() && expected.is_nan());
        }
        let mut integers = Vec::new();
        read(&path, &["replication"], |batch| {
            integers.extend_from_slice(batch.integers(0));
            assert!(batch.texts(0).is_empty());
        })
        .unwrap();
        assert!(integers.into_iter().eq(0..rows));
    }

    #[test]
    fn what_is_no_table_is_an_error() {
        let folder = Folder::new("no table");
        let path = folder.join("a.parquet");
        assert!(matches!(read(&path, &["arm"], |_| {}), Err(Error::Io { .. })));
        write(&path, 1000);
        let whole = std::fs::read(&path).unwrap();
        for length in [0, 3, 4, 11, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
            std::fs::write(&path, &whole[..length]).unwrap();
            let message = read(&path, &["arm"], |_| {}).unwrap_err().to_string();
            assert!(message.contains("a.parquet") && message.contains("make the run again"), "{message}");
        }
        std::fs::write(&path, "replication,estimate\n1,0.5\n").unwrap();
        assert!(matches!(read(&path, &["arm"], |_| {}), Err(Error::Parquet { .. })));
        assert!(matches!(read(&*folder, &["arm"], |_| {}), Err(Error::Parquet { .. })));
        std::fs::write(&path, &whole).unwrap();
        let message = read(&path, &["arms"], |_| {}).unwrap_err().to_string();
        assert!(message.contains("no column `arms`; it has replication, estimate"), "{message}");
    }

    #[test]
    fn a_flipped_byte_never_panics() {
        let folder = Folder::new("flipped");
        let path = folder.join("a.parquet");
        write(&path, 300);
        let whole = std::fs::read(&path).unwrap();
        let mut refused = 0;
        for place in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0x55;
            std::fs::write(&path, &bytes).unwrap();
            let columns = ["replication", "estimate", "failed", "arm"];
            refused += usize::from(read(&path, &columns, |_| {}).is_err());
        }
        assert!(refused > 0);
    }
}
