//! How a table is put into Parquet: types, compression, statistics, and what the file says of itself.

use polars::prelude::{
    BatchedWriter, BooleanChunked, Column as PolarsColumn, DataType, Field, Float64Chunked, Int32Chunked, IntoColumn,
    KeyValueMetadata, NewChunkedArray, ParquetCompression, ParquetWriter, PolarsError, Schema, StatisticsOptions,
    StringChunked, UInt32Chunked,
};

use super::arrow_schema;
use super::checksum::Sink;
use super::table::{Kind, Table, Values};

/// Opens a Parquet writer that leaves nothing to defaults which an environment variable could move.
pub(super) fn open(sink: Sink, table: &Table) -> std::result::Result<BatchedWriter<Sink>, PolarsError> {
    let schema: Schema = table
        .columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Kind::Integer => DataType::UInt32,
                Kind::Partition => DataType::Int32,
                Kind::Real => DataType::Float64,
                Kind::Flag => DataType::Boolean,
                Kind::Text => DataType::String,
            };
            Field::new(column.name.as_str().into(), kind)
        })
        .collect();
    ParquetWriter::new(sink)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions {
            min_value: true,
            max_value: true,
            distinct_count: false,
            null_count: true,
            binary_statistics_truncate_length: Some(64),
        })
        .with_data_page_size(Some(1 << 20))
        .with_key_value_metadata(Some(metadata(table)))
        .set_parallel(false)
        .batched(&schema)
}

/// What the file says of itself: `peerlab.table`, `peerlab.grain`, `peerlab.columns`, and the Arrow schema.
fn metadata(table: &Table) -> KeyValueMetadata {
    let columns: serde_json::Map<String, serde_json::Value> = table
        .columns
        .iter()
        .map(|column| {
            let said = serde_json::json!({"unit": column.unit, "description": column.description});
            (column.name.clone(), said)
        })
        .collect();
    KeyValueMetadata::from_static(vec![
        (arrow_schema::KEY.into(), arrow_schema::encode(&table.columns)),
        ("peerlab.table".into(), table.name.into()),
        ("peerlab.grain".into(), table.grain.clone()),
        ("peerlab.columns".into(), serde_json::Value::Object(columns).to_string()),
    ])
}

/// One column of one row group.
pub(super) fn to_polars(name: &str, kind: Kind, values: Values) -> PolarsColumn {
    match values {
        // No dataset has folders beyond the range.
        Values::Integer(values) if kind == Kind::Partition => {
            let signed = values.into_iter().map(|value| i32::try_from(value).unwrap_or(i32::MAX)).collect();
            Int32Chunked::from_vec(name.into(), signed).into_column()
        }
        Values::Integer(values) => UInt32Chunked::from_vec(name.into(), values).into_column(),
        Values::Flag(values) => BooleanChunked::from_slice(name.into(), &values).into_column(),
        Values::Text(values) => StringChunked::from_slice(name.into(), &values).into_column(),
        Values::Real(mut values) => {
            // Adding 0 turns −0 into 0 and changes nothing else: the least and the greatest value in the footer are
            // then the same bits whichever zero came first.
            values.iter_mut().for_each(|value| *value += 0.0);
            if values.iter().any(|value| value.is_nan()) {
                let present = values.iter().map(|v| (!v.is_nan()).then_some(*v));
                let present: Float64Chunked = present.collect();
                present.with_name(name.into()).into_column()
            } else {
                Float64Chunked::from_vec(name.into(), values).into_column()
            }
        }
    }
}
