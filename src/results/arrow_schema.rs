//! The Arrow schema that a Parquet file carries under `ARROW:schema`, with each column's unit and description.
//!
//! Polars can write the schema but no metadata of single columns, so the message is laid out here: an Arrow IPC
//! `Message` in FlatBuffers (`Message.fbs` and `Schema.fbs` of the Arrow format, version 1), in Base64. Readers built on
//! Arrow then show what a column means: in Python, `pyarrow.parquet.read_schema(file).field("trust").metadata`.

use super::table::{Column, Kind};

/// The key under which Parquet readers look for it.
pub(super) const KEY: &str = "ARROW:schema";

// Values of the format's enumerations.
const VERSION_5: i16 = 4;
const HEADER_SCHEMA: u8 = 1;
const LITTLE_ENDIAN: i16 = 0;
const TYPE_INT: u8 = 2;
const TYPE_FLOATING_POINT: u8 = 3;
const TYPE_UTF8: u8 = 5;
const TYPE_BOOL: u8 = 6;
const PRECISION_DOUBLE: i16 = 2;

/// The value to put under [`KEY`].
pub(super) fn encode(columns: &[Column]) -> String {
    let message = message(columns);
    let mut framed = vec![255; 4];
    framed.extend((message.len() as u32).to_le_bytes());
    framed.extend(message);
    base64(&framed)
}

fn message(columns: &[Column]) -> Vec<u8> {
    let mut flat = Flat(vec![0; 4]);
    let (message, header) = flat.table(&[Slot::I16(VERSION_5), Slot::U8(HEADER_SCHEMA), Slot::Offset, Slot::I64(0)]);
    flat.point(0, message);
    let (schema, fields) = flat.table(&[Slot::I16(LITTLE_ENDIAN), Slot::Offset]);
    flat.point(header[0], schema);
    let entries = flat.vector(fields[0], columns.len());
    for (entry, column) in entries.zip(columns) {
        flat.field(entry * 4, column);
    }
    flat.align(8);
    flat.0
}

/// What stands in one slot of a FlatBuffers table.
#[derive(Clone, Copy)]
enum Slot {
    Absent,
    U8(u8),
    I16(i16),
    I32(i32),
    I64(i64),
    /// To be pointed at something that is written later.
    Offset,
}

impl Slot {
    fn size(self) -> usize {
        match self {
            Self::Absent => 0,
            Self::U8(_) => 1,
            Self::I16(_) => 2,
            Self::I32(_) | Self::Offset => 4,
            Self::I64(_) => 8,
        }
    }
}

/// A FlatBuffers buffer written front to back: who points is written before what is pointed at.
struct Flat(Vec<u8>);

impl Flat {
    fn align(&mut self, to: usize) {
        self.0.resize(self.0.len().next_multiple_of(to), 0);
    }

    /// Lets the offset at `from` point to `to`.
    fn point(&mut self, from: usize, to: usize) {
        self.0[from..from + 4].copy_from_slice(&((to - from) as u32).to_le_bytes());
    }

    /// Writes a table; gives its place and the places of its offsets.
    fn table(&mut self, slots: &[Slot]) -> (usize, Vec<usize>) {
        let vtable_length = 4 + 2 * slots.len();
        let table = (self.0.len() + vtable_length).next_multiple_of(8);
        self.0.resize(table - vtable_length, 0);
        let mut end = 4_usize;
        let places: Vec<usize> = slots
            .iter()
            .map(|slot| match slot.size() {
                0 => 0,
                size => {
                    let place = end.next_multiple_of(size);
                    end = place + size;
                    place
                }
            })
            .collect();
        self.0.extend((vtable_length as u16).to_le_bytes());
        self.0.extend((end as u16).to_le_bytes());
        for place in &places {
            self.0.extend((*place as u16).to_le_bytes());
        }
        self.0.extend((vtable_length as i32).to_le_bytes());
        let mut offsets = Vec::new();
        for (&slot, place) in slots.iter().zip(places) {
            if slot.size() > 0 {
                self.0.resize(table + place, 0);
            }
            match slot {
                Slot::Absent => {}
                Slot::U8(value) => self.0.push(value),
                Slot::I16(value) => self.0.extend(value.to_le_bytes()),
                Slot::I32(value) => self.0.extend(value.to_le_bytes()),
                Slot::I64(value) => self.0.extend(value.to_le_bytes()),
                Slot::Offset => {
                    offsets.push(self.0.len());
                    self.0.extend([0; 4]);
                }
            }
        }
        (table, offsets)
    }

    /// Writes a vector of offsets for the offset at `from`; gives their places, in units of four bytes.
    fn vector(&mut self, from: usize, length: usize) -> std::ops::Range<usize> {
        self.align(4);
        self.point(from, self.0.len());
        self.0.extend((length as u32).to_le_bytes());
        let first = self.0.len() / 4;
        self.0.extend(std::iter::repeat_n(0, 4 * length));
        first..first + length
    }

    fn string(&mut self, from: usize, text: &str) {
        self.align(4);
        self.point(from, self.0.len());
        self.0.extend((text.len() as u32).to_le_bytes());
        self.0.extend(text.bytes());
        self.0.push(0);
    }

    fn field(&mut self, from: usize, column: &Column) {
        let (kind, parameters): (u8, &[Slot]) = match column.kind {
            Kind::Integer => (TYPE_INT, &[Slot::I32(32), Slot::U8(0)]),
            Kind::Partition => (TYPE_INT, &[Slot::I32(32), Slot::U8(1)]),
            Kind::Real => (TYPE_FLOATING_POINT, &[Slot::I16(PRECISION_DOUBLE)]),
            Kind::Flag => (TYPE_BOOL, &[]),
            Kind::Text => (TYPE_UTF8, &[]),
        };
        // name, nullable, kind of type, type, dictionary, children, metadata
        let (field, offsets) = self.table(&[
            Slot::Offset,
            Slot::U8(1),
            Slot::U8(kind),
            Slot::Offset,
            Slot::Absent,
            Slot::Offset,
            Slot::Offset,
        ]);
        self.point(from, field);
        self.string(offsets[0], &column.name);
        let (parameters, _) = self.table(parameters);
        self.point(offsets[1], parameters);
        let _no_children = self.vector(offsets[2], 0);
        let metadata = [("unit", &column.unit), ("description", &column.description)];
        for (entry, (key, value)) in self.vector(offsets[3], metadata.len()).zip(metadata) {
            let (pair, places) = self.table(&[Slot::Offset, Slot::Offset]);
            self.point(entry * 4, pair);
            self.string(places[0], key);
            self.string(places[1], value);
        }
    }
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |i: usize| group.get(i).map_or(0, |b| u32::from(*b));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            text.push(if digit <= group.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_rfc() {
        // RFC 4648, section 10.
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_message_is_whole_and_aligned() {
        let columns = [Column::new("trust", Kind::Real, "0 to 1", "Trust")];
        let message = message(&columns);
        assert_eq!(message.len() % 8, 0);
        let root = u32::from_le_bytes(message[..4].try_into().unwrap()) as usize;
        assert_eq!(root % 8, 0);
        assert!(message.windows(5).any(|w| w == b"trust"));
    }
}
