//! Chunks into bytes and back, to the bit: what a run that is cut off goes on from.
//!
//! A parcel is a sequence of chunks, each encoded by [postcard](https://docs.rs/postcard) and preceded by its length as eight
//! bytes, lowest first. Labels are written once per column.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Failed;
use super::clerk::Chunk;
use crate::results::Values;
use crate::study::observation::Course;

/// A chunk as it is written: from where it lies, and owned where it is read.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    first: u64,
    count: u64,
    rows: Vec<Vec<Column<'a>>>,
    courses: Cow<'a, [Vec<Course>]>,
    failures: Cow<'a, [Failed]>,
}

#[derive(Serialize, Deserialize)]
enum Column<'a> {
    Integer(Cow<'a, [u32]>),
    Real(Cow<'a, [f64]>),
    Flag(Cow<'a, [bool]>),
    Text { words: Vec<Cow<'a, str>>, rows: Vec<u32> },
}

/// Appends a chunk to a parcel.
///
/// # Errors
/// What could not be encoded.
pub fn append(parcel: &mut Vec<u8>, chunk: &Chunk) -> Result<(), String> {
    let written = Written {
        first: chunk.replications.start,
        count: chunk.replications.end - chunk.replications.start,
        rows: chunk.rows.iter().map(|table| table.iter().map(column).collect()).collect(),
        courses: Cow::Borrowed(&chunk.courses),
        failures: Cow::Borrowed(&chunk.failures),
    };
    let bytes = postcard::to_stdvec(&written).map_err(|error| error.to_string())?;
    parcel.extend((bytes.len() as u64).to_le_bytes());
    parcel.extend(bytes);
    Ok(())
}

/// The chunks of a parcel; nothing unless it is whole and holds just these replications, in order.
pub fn open(parcel: &[u8], replications: &Range<u64>) -> Option<Vec<Chunk>> {
    let mut next = replications.start;
    let chunks = split(parcel)?.into_iter().map(|bytes| {
        let chunk = read(&parcel[bytes])?;
        (chunk.replications.start == next).then(|| next = chunk.replications.end)?;
        Some(chunk)
    });
    let chunks = chunks.collect::<Option<_>>()?;
    (next == replications.end).then_some(chunks)
}

/// The replications of each chunk of a parcel and where its bytes are, for [`read`]; nothing unless it holds just these replications, in
/// order. What is between their heads is not looked at.
pub fn places(parcel: &[u8], replications: &Range<u64>) -> Option<Vec<(Range<u64>, Range<usize>)>> {
    let mut next = replications.start;
    let places = split(parcel)?.into_iter().map(|bytes| {
        // As `Written` begins.
        let ((first, count), _) = postcard::take_from_bytes::<(u64, u64)>(&parcel[bytes.clone()]).ok()?;
        (first == next).then_some(())?;
        next = first.checked_add(count)?;
        Some((first..next, bytes))
    });
    let places = places.collect::<Option<_>>()?;
    (next == replications.end).then_some(places)
}

/// Where the bytes of each chunk are.
fn split(parcel: &[u8]) -> Option<Vec<Range<usize>>> {
    let (mut all, mut at) = (Vec::new(), 0);
    while at < parcel.len() {
        let (length, rest) = parcel[at..].split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        (length <= rest.len()).then_some(())?;
        all.push(at + 8..at + 8 + length);
        at += 8 + length;
    }
    Some(all)
}

/// The chunk that these bytes of a parcel are; nothing if they are none.
pub fn read(bytes: &[u8]) -> Option<Chunk> {
    let Written { first, count, rows, courses, failures } = postcard::from_bytes(bytes).ok()?;
    let rows = rows.into_iter().map(|table| table.into_iter().map(values).collect()).collect::<Option<_>>()?;
    ((courses.len() + failures.len()) as u64 == count).then_some(())?;
    let (courses, failures) = (courses.into_owned(), failures.into_owned());
    Some(Chunk { replications: first..first.checked_add(count)?, rows, courses, failures })
}

fn column(values: &Values) -> Column<'_> {
    match values {
        Values::Integer(values) => Column::Integer(Cow::Borrowed(values)),
        Values::Real(values) => Column::Real(Cow::Borrowed(values)),
        Values::Flag(values) => Column::Flag(Cow::Borrowed(values)),
        Values::Text(values) => {
            let mut known: BTreeMap<&str, u32> = BTreeMap::new();
            let mut words = Vec::new();
            let rows = values.iter().map(|word| {
                *known.entry(word).or_insert_with(|| {
                    words.push(Cow::Borrowed(&**word));
                    words.len() as u32 - 1
                })
            });
            let rows = rows.collect();
            Column::Text { words, rows }
        }
    }
}

fn values(column: Column<'_>) -> Option<Values> {
    Some(match column {
        Column::Integer(values) => Values::Integer(values.into_owned()),
        Column::Real(values) => Values::Real(values.into_owned()),
        Column::Flag(values) => Values::Flag(values.into_owned()),
        Column::Text { words, rows } => {
            let words: Vec<Arc<str>> = words.into_iter().map(Arc::from).collect();
            Values::Text(rows.into_iter().map(|row| words.get(row as usize).cloned()).collect::<Option<_>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunk(first: u64, count: u64, reals: &[u64], words: &[String]) -> Chunk {
        let reals: Vec<f64> = reals.iter().map(|bits| f64::from_bits(*bits)).collect();
        let course = Course { everyone: Some(1), arm: 2, weeks: vec![[0.1, f64::NAN, -0.0, f64::INFINITY, 1e-310]] };
        Chunk {
            replications: first..first + count,
            rows: vec![
                vec![
                    Values::Integer(vec![0, u32::MAX]),
                    Values::Real(reals),
                    Values::Flag(vec![true, false]),
                    Values::text(words.iter().map(String::as_str)),
                ],
                vec![],
            ],
            courses: vec![vec![course]; count as usize - 1],
            failures: vec![Failed { number: first, message: words.concat(), place: "a.rs:1".into() }],
        }
    }

    /// Equal to the bit: NaN is not equal to itself.
    fn bits(chunks: &[Chunk]) -> Vec<u8> {
        let mut parcel = Vec::new();
        chunks.iter().for_each(|chunk| append(&mut parcel, chunk).unwrap());
        parcel
    }

    proptest! {
        #[test]
        fn a_parcel_gives_back_every_bit(
            reals in prop::collection::vec(any::<u64>(), 0..20),
            words in prop::collection::vec("[a-cÜ\u{0}]{0,3}", 0..20),
            counts in prop::collection::vec(1..5_u64, 1..5),
        ) {
            let mut first = 7;
            let mut chunks = Vec::new();
            for count in counts {
                chunks.push(chunk(first, count, &reals, &words));
                first += count;
            }
            let parcel = bits(&chunks);
            let found = open(&parcel, &(7..first)).unwrap();
            prop_assert_eq!(bits(&found), parcel.clone());
            let Values::Real(back) = &found[0].rows[0][1] else { panic!("a column of reals") };
            prop_assert_eq!(back.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), reals);
            let Values::Text(back) = &found[0].rows[0][3] else { panic!("a column of texts") };
            prop_assert!(back.iter().map(|word| &**word).eq(words.iter().map(String::as_str)));
            // Each chunk can be had alone.
            let places = places(&parcel, &(7..first)).unwrap();
            let alone: Vec<Chunk> = places.iter().map(|(_, bytes)| read(&parcel[bytes.clone()]).unwrap()).collect();
            prop_assert!(places.iter().zip(&found).all(|(place, chunk)| place.0 == chunk.replications));
            prop_assert_eq!(bits(&alone), parcel.clone());
            prop_assert!(super::places(&parcel, &(7..first + 1)).is_none() && super::places(&parcel, &(6..first)).is_none());
            // Of other replications, or a part of it, it is none.
            prop_assert!(open(&parcel, &(7..first + 1)).is_none() && open(&parcel, &(6..first)).is_none());
            prop_assert!(open(&parcel[..parcel.len() - 1], &(7..first)).is_none());
        }

        #[test]
        fn bytes_of_any_kind_are_a_parcel_or_none(bytes in prop::collection::vec(any::<u8>(), 0..400), length in 0..400_u64) {
            let mut parcel = length.to_le_bytes().to_vec();
            parcel.extend(bytes);
            let _ = open(&parcel, &(0..1));
            let _ = places(&parcel, &(0..1));
        }

        #[test]
        fn a_changed_byte_never_panics(place in any::<prop::sample::Index>(), value in any::<u8>()) {
            let mut parcel = bits(&[chunk(0, 2, &[1, 2], &["a".to_owned(), "b".to_owned()])]);
            let place = place.index(parcel.len());
            parcel[place] = value;
            if let Some(found) = open(&parcel, &(0..2)) {
                prop_assert_eq!(found[0].replications.clone(), 0..2);
            }
        }
    }
}
